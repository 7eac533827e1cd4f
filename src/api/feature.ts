import type { Resource } from '../data/permissions.ts';
import type { AnyCommand } from '../engine/command.ts';
import type { Kind } from '../kernel/kind.ts';
import type { Route } from './route.ts';
import type { View } from './view.ts';

/** All that one noun brings: what the registry lists. */
export interface Feature {
  readonly name: string;
  /**
   * The permission that restricted keys need for its routes, and to be shown its objects; null: none lets them in. A route
   * may name another.
   */
  readonly resource: Resource | null;
  // biome-ignore-start lint/suspicious/noExplicitAny: each kind and view is of its own type of object
  readonly kinds?: readonly Kind<any>[];
  readonly views?: readonly View<any>[];
  // biome-ignore-end lint/suspicious/noExplicitAny: as above
  readonly routes?: readonly Route[];
  /** Work that the schedule calls for, by the name it is scheduled under. */
  readonly jobs?: { readonly [job: string]: AnyCommand };
}

export const feature = (definition: Feature): Feature => definition;

import { type Grants, type Level, permits, type Resource } from '../data/permissions.ts';
import { type Refusal, refuse } from '../kernel/refusal.ts';
import type { Principal } from './auth.ts';
import { Refused } from './errors.ts';
import type { Feature } from './feature.ts';
import type { Route } from './route.ts';

/** Balance transactions are rows and no stored objects, so no feature has their kind. */
const linePrefix = 'txn';

/**
 * What keys of limited reach may do: of a route what its feature says, or it itself; of an object what its kind's feature
 * says. Our own routes and pages are for secret keys alone.
 */
export class Permissions {
  readonly #ofRoute = new Map<Route, Resource | null>();
  readonly #ofPrefix = new Map<string, Resource | null>([[linePrefix, 'balance_transaction_source']]);

  constructor(features: readonly Feature[]) {
    for (const { resource, routes = [], kinds = [] } of features) {
      for (const route of routes) {
        const isClosed = route.kind === 'admin' || route.kind === 'page';
        this.#ofRoute.set(route, isClosed ? null : (route.resource ?? resource));
      }
      for (const prefix of kinds.flatMap((kind) => kind.prefixes)) this.#ofPrefix.set(prefix, resource);
    }
  }

  ofRoute(route: Route): Resource | null {
    return this.#ofRoute.get(route) ?? null;
  }

  /**
   * Before anything of the request is looked up, so that a key learns nothing of what it may not see.
   *
   * @throws Refused
   */
  admit({ kind, grants, maskedKey, env }: Principal, route: Route): void {
    if (kind === 'publishable' && !route.publishable) throw new Refused(refuse('key_publishable'));
    if (kind !== 'restricted') return;
    const resource = this.ofRoute(route);
    const level = route.method === 'GET' ? 'read' : 'write';
    if (permits(grants, resource, level)) return;
    throw new Refused(lacks({ key: maskedKey, account: env.platform }, resource, level));
  }

  /** Why an object of this kind, by the prefix of its ids, may not be shown; null when it may. */
  refuseToShow(prefix: string, grants: Grants | null, who: Who): Refusal | null {
    const resource = this.#ofPrefix.get(prefix) ?? null;
    return permits(grants, resource, 'read') ? null : lacks(who, resource, 'read');
  }
}

/** The key as messages may show it, and the account that it is of. */
interface Who {
  readonly key: string;
  readonly account: string;
}

const lacks = (who: Who, resource: Resource | null, level: Level): Refusal =>
  resource === null
    ? refuse('key_not_allowed', { ...who })
    : refuse('key_permission', { ...who, permission: `rak_${resource}_${level}` });

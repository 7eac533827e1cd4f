import type { Id } from '../kernel/id.ts';
import type { StoredObject } from '../kernel/kind.ts';

/** What delivering needs to know of an endpoint. `account` is the account that it belongs to. */
export interface Endpoint extends StoredObject {
  readonly id: Id<'we'>;
  readonly url: string;
  /** Names of types, or `*` alone. */
  readonly enabled_events: readonly string[];
  /** It is told of connected accounts' events, and not of the platform's own. */
  readonly connect?: true;
  readonly status: 'enabled' | 'disabled';
  /** whsec_…, of endpoints that were made before secrets followed from the encryption key: see secret.ts. */
  readonly secret?: string;
  /** The version that it asked for; absent: the default. */
  readonly api_version?: string;
  readonly deleted?: true;
}

/** Stored endpoints only differ in this from other objects; what is deleted is disabled as well. */
export const isEnabled = (object: StoredObject): object is Endpoint => (object as Endpoint).status === 'enabled';

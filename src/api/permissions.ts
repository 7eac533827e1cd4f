import { type Grants, type Level, permits, type Resource } from '../data/permissions.ts';
import { prefixOf } from '../kernel/id.ts';
import { type Refusal, refuse } from '../kernel/refusal.ts';
import type { Principal } from './auth.ts';
import { Refused } from './errors.ts';
import type { Feature } from './feature.ts';
import type { Route } from './route.ts';
import { Sight } from './sight.ts';
import type { Wire } from './view.ts';

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
   * @param isOwn whether the path names the acting account itself, which is not one of those connected to it
   * @throws Refused
   */
  admit({ kind, grants, maskedKey, env }: Principal, route: Route, isOwn = false): void {
    if (kind === 'publishable' && !route.publishable) throw new Refused(refuse('key_publishable'));
    if (kind !== 'restricted') return;
    const resource = ownOr(this.ofRoute(route), isOwn);
    const level = route.method === 'GET' ? 'read' : 'write';
    if (permits(grants, resource, level)) return;
    throw new Refused(lacks({ key: maskedKey, account: env.platform }, resource, level));
  }

  /** What a key of these grants may see, acting as this account. */
  sightOf(grants: Grants | null, acting: string, who: Who): Sight {
    return new Sight(grants, {
      ofWire: (wire) => this.#ofWire(wire, acting),
      lacks: (resource) => lacks(who, resource, 'read'),
    });
  }

  /** What it takes to read what stands on the wire, of which no more than the id may be known. */
  #ofWire({ id, object, account }: Wire, acting: string): Resource | null {
    if (partsOfAccounts.has(object) && account !== undefined) return ownOr('connected_account', account === acting);
    const resource = typeof id === 'string' ? this.#ofPrefix.get(prefixOf(id)) : undefined;
    return ownOr(resource ?? null, (object === 'person' ? account : id) === acting);
  }
}

/** What accounts are made of, with ids like those of what customers have, or with names for ids. Each says its account. */
const partsOfAccounts: ReadonlySet<unknown> = new Set(['bank_account', 'capability', 'card']);

const ownOr = (resource: Resource | null, isOwn: boolean): Resource | null =>
  isOwn && resource === 'connected_account' ? 'account' : resource;

/** The key as messages may show it, and the account that it is of. */
interface Who {
  readonly key: string;
  readonly account: string;
}

const lacks = (who: Who, resource: Resource | null, level: Level): Refusal =>
  resource === null
    ? refuse('key_not_allowed', { ...who })
    : refuse('key_permission', { ...who, permission: `rak_${resource}_${level}` });

import { hash, timingSafeEqual } from 'node:crypto';
import type { Grants } from '../data/permissions.ts';
import { birthOf, mint, prefixOf } from '../kernel/id.ts';
import type { Kind, StoredObject } from '../kernel/kind.ts';
import { refuse } from '../kernel/refusal.ts';
import type { KeyOwner, KeyStore, ReadStore } from '../store/reader.ts';
import { Refused } from './errors.ts';
import { Bucket } from './rate-limit.ts';
import type { ViewEnv } from './view.ts';

/** Whom a key lets in: a platform in one mode. */
export interface Principal {
  readonly book: number;
  readonly livemode: boolean;
  readonly kind: KeyOwner['kind'];
  /** What a restricted key may do; null: all that its kind may. */
  readonly grants: Grants | null;
  /** As messages may show it. */
  readonly maskedKey: string;
  /** The platform acting as itself. */
  readonly env: ViewEnv;
}

/** A clock that only goes forward, in milliseconds. */
export type Ticks = () => number;

// A key that is revoked must stop working soon; a platform sends thousands of requests a second under one key.
const keyCacheMs = 10_000;
// Commands look again, so this only bounds how long a deleted account can still be read.
const accountCacheMs = 1_000;
const cachedMax = 10_000;
const starsMax = 40;

/** The key of an `Authorization` header, which may come as Bearer or as the user of Basic; null without one. */
export function keyIn(authorization: string | undefined): string | null {
  if (authorization === undefined) return null;
  const blank = authorization.indexOf(' ');
  const scheme = authorization.slice(0, Math.max(blank, 0)).toLowerCase();
  const credentials = authorization.slice(blank + 1).trim();
  if (scheme === 'bearer') return credentials || null;
  if (scheme !== 'basic') return null;
  const decoded = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return (colon < 0 ? decoded : decoded.slice(0, colon)) || null;
}

/** `sk_test_****abcd`: enough to recognise a key by, and not enough to use it. */
export function maskKey(key: string): string {
  const prefix = /^(?:sk|rk|pk)_(?:test|live)_/.exec(key)?.[0] ?? '';
  const shown = key.length - prefix.length > 4 ? key.slice(-4) : '';
  const hidden = key.length - prefix.length - shown.length;
  // What is no text has no place in a message.
  return prefix + '*'.repeat(Math.min(hidden, starsMax)) + shown.replace(/[^\x20-\x7e]/g, '*');
}

/** What a key is stored and found by. */
export const apiKeyHash = (key: string): string => hash('sha256', key, 'hex');

export function envOf(book: number, livemode: boolean): ViewEnv {
  const platform = mint('acct', book, { seq: 1, pos: 0 });
  return { livemode, book, platform, application: mint('ca', book, { seq: 1, pos: 1 }), account: platform };
}

interface KnownKey {
  readonly principal: Principal;
  /** It was revoked, or its time is over. */
  readonly isOver: boolean;
  readonly until: number;
  /** Null without a limit. */
  readonly bucket: Bucket | null;
}

/** Knows keys by their hashes. Nothing here holds or compares a key in clear. */
export class Authentication {
  readonly #keys: KeyStore;
  readonly #adminHash: Buffer | null;
  readonly #ticks: Ticks;
  readonly #rateLimit: number;
  readonly #known = new Map<string, KnownKey>();

  /** @param rateLimit requests a second that a key may send; 0 without a limit */
  constructor(keys: KeyStore, adminKey: string | null, ticks: Ticks, rateLimit = 0) {
    this.#keys = keys;
    this.#adminHash = adminKey === null ? null : Buffer.from(apiKeyHash(adminKey));
    this.#ticks = ticks;
    this.#rateLimit = rateLimit;
  }

  /** Whom the header lets in; for what, is for `Permissions` to say. @throws Refused */
  async principal(authorization: string | undefined): Promise<Principal> {
    const key = keyIn(authorization);
    if (key === null) throw new Refused(refuse('key_missing'));
    const keyHash = apiKeyHash(key);
    const now = this.#ticks();
    let known = this.#known.get(keyHash);
    if (known === undefined || known.until <= now) {
      const owner = await this.#keys.findKey(keyHash);
      if (owner === null) {
        this.#known.delete(keyHash);
        throw new Refused(refuse('key_invalid', { key: maskKey(key) }));
      }
      const { book, livemode, kind, grants } = owner;
      const principal = { book, livemode, kind, grants, maskedKey: maskKey(key), env: envOf(book, livemode) };
      // Others may have asked meanwhile: together they have one bucket.
      const before = this.#known.get(keyHash) ?? known;
      const bucket = before?.bucket ?? (this.#rateLimit === 0 ? null : new Bucket(this.#rateLimit, now));
      const isOver = owner.msLeft <= 0;
      known = { principal, isOver, until: now + (isOver ? keyCacheMs : Math.min(keyCacheMs, owner.msLeft)), bucket };
      if (this.#known.size >= cachedMax) this.#known.clear();
      this.#known.set(keyHash, known);
    }
    const { principal, isOver, bucket } = known;
    if (isOver) throw new Refused(refuse('key_expired', { key: principal.maskedKey }));
    if (bucket?.take(now) === false) throw new Refused(refuse('rate_limit'));
    return principal;
  }

  isOperator(authorization: string | undefined): boolean {
    const key = keyIn(authorization);
    return key !== null && this.#adminHash !== null && timingSafeEqual(Buffer.from(apiKeyHash(key)), this.#adminHash);
  }
}

/** The account that `Stripe-Account` or `Stripe-Context` names, or null. Of a path `a/b` the last counts. */
export function namedAccount(account: string | undefined, context: string | undefined): string | null {
  const last = context === undefined || context === '' ? null : context.slice(context.lastIndexOf('/') + 1);
  if (account === undefined || account === '') return last;
  if (last !== null && last !== account) throw new Refused(refuse('account_headers_differ'));
  return account;
}

/** Which accounts a platform's key may act as: its own, and those connected to it that are not deleted. */
export class AccountAccess {
  readonly #store: ReadStore;
  readonly #kind: Kind;
  readonly #isConnected: (account: StoredObject) => boolean;
  readonly #ticks: Ticks;
  readonly #known = new Map<string, { readonly env: ViewEnv; readonly until: number }>();

  constructor(store: ReadStore, kind: Kind, isConnected: (account: StoredObject) => boolean, ticks: Ticks) {
    this.#store = store;
    this.#kind = kind;
    this.#isConnected = isConnected;
    this.#ticks = ticks;
  }

  /** The env to act as `account`. @throws Refused when the key has no access to it */
  async as(principal: Principal, account: string): Promise<ViewEnv> {
    const { env, book } = principal;
    if (account === env.platform) return env;
    // An id of another book cannot be in the map under this book's numbers: it carries its own.
    const birth = this.#kind.prefixes.includes(prefixOf(account)) ? birthOf(account, book) : null;
    const now = this.#ticks();
    const known = birth && this.#known.get(account);
    if (known && known.until > now) return known.env;
    const object = birth && (await this.#store.object(book, birth));
    if (object?.id !== account || !this.#isConnected(object)) {
      this.#known.delete(account);
      throw new Refused(refuse('account_access', { key: principal.maskedKey, id: account }));
    }
    const acting = { ...env, account };
    if (this.#known.size >= cachedMax) this.#known.clear();
    this.#known.set(account, { env: acting, until: now + accountCacheMs });
    return acting;
  }
}

/** Who the attack acts as: two platforms that are attacked, and one that nobody touches. */
import { Connection } from './connection.ts';
import { bytesOf, type FuzzRequest, type Pair } from './request.ts';

/** An account that requests act as. Whatever texts it is given carry its canary, so that they are known wherever they turn up. */
export interface Party {
  readonly tenant: string;
  readonly id: string;
  readonly canary: string;
  /** In what the platform writes to a seller, which both may read. */
  readonly told: string;
  readonly key: string;
  /** What Stripe-Account names; null for the platform itself. */
  readonly acts: string | null;
}

/** How many ids of one kind are kept: new ones take the place of old ones. */
const idsMax = 48;

/** Ids of objects that were seen, by prefix. */
export class Ids {
  readonly #byPrefix = new Map<string, string[]>();
  #next = 0;

  add(id: string): void {
    const prefix = id.slice(0, id.lastIndexOf('_'));
    const known = this.#byPrefix.get(prefix);
    if (known === undefined) this.#byPrefix.set(prefix, [id]);
    else if (known.length < idsMax) known.push(id);
    else known[this.#next++ % idsMax] = id;
  }

  of(prefixes: readonly string[]): readonly string[] {
    return prefixes.flatMap((prefix) => this.#byPrefix.get(prefix) ?? []);
  }

  all(): readonly string[] {
    return [...this.#byPrefix.values()].flat();
  }
}

export interface Tenant {
  readonly name: string;
  /** The first digits of all of its ids. */
  readonly book: string;
  readonly platform: Party;
  readonly sellers: readonly Party[];
  readonly clock: string;
  readonly ids: Ids;
  /** Paths of pages that answers have told of. */
  readonly pages: Ids;
  /** Where its clock stands, as far as is known. */
  now: number;
}

export interface Target {
  readonly port: number;
  readonly adminKey: string;
}

export const monday = Date.UTC(2026, 2, 2, 10) / 1000;

/** How much higher the number of a canary is that both a seller and the platform may read. */
export const toldFrom = 5;

export const canaryOf = (tenant: string, n: number): string => `zq${tenant}${n}zq`;
export const canaryPattern = /zq([A-Z])(\d)zq/g;
export const idPattern = /\b[a-z]+(?:_[a-z]+)*_([0-9A-Za-z]{4})[0-9A-Za-z]{12}\b/g;

/** Asks for what has to be answered. */
export async function must<T>(connection: Connection, request: FuzzRequest): Promise<T> {
  const { status, text } = await connection.ask(bytesOf(request));
  if (status !== 200) throw new Error(`${request.method} ${request.path}: ${status} ${text}`);
  return JSON.parse(text) as T;
}

export const authorized = ({ key, acts }: Pick<Party, 'key' | 'acts'>): Pair[] => [
  ['Authorization', `Bearer ${key}`],
  ...(acts === null ? [] : [['Stripe-Account', acts] as const]),
];

const post = (path: string, headers: readonly Pair[], value: Readonly<Record<string, unknown>>): FuzzRequest => ({
  method: 'POST',
  path,
  query: [],
  headers: [...headers, ['Content-Type', 'application/json']],
  body: { kind: 'json', value },
});

const postForm = (path: string, headers: readonly Pair[], pairs: readonly Pair[]): FuzzRequest => ({
  method: 'POST',
  path,
  query: [],
  headers,
  body: { kind: 'form', pairs },
});

/** Founds a platform on a test clock, with sellers that can do everything, and with money. */
export async function foundTenant(target: Target, name: string, sellerCount: number): Promise<Tenant> {
  const connection = new Connection(target.port);
  const operator: Pair[] = [['Authorization', `Bearer ${target.adminKey}`]];
  const {
    id,
    secret_key: key,
    test_clock: clock,
  } = await must<{ id: string; secret_key: string; test_clock: string }>(
    connection,
    post('/evenkeel/v1/platforms', operator, {
      application_name: 'Market',
      test_clock: { frozen_time: monday },
    }),
  );
  const platform: Party = { tenant: name, id, canary: canaryOf(name, 0), told: canaryOf(name, 0), key, acts: null };
  const ids = new Ids();
  ids.add(id);
  ids.add(clock);
  const fund = (account: string) =>
    must(
      connection,
      post('/evenkeel/v1/adjustments', authorized(platform), { account, amount: 50_000_000, currency: 'usd' }),
    );
  await fund(id);
  const sellers: Party[] = [];
  for (let n = 1; n <= sellerCount; n++) {
    const canary = canaryOf(name, n);
    const account = await must<{ id: string }>(
      connection,
      postForm('/v1/accounts', authorized(platform), [
        ['type', n % 2 === 0 ? 'custom' : 'express'],
        ['country', 'US'],
        ['email', `${canaryOf(name, n + toldFrom)}@example.com`],
        ['metadata[who]', canary],
        ['capabilities[transfers][requested]', 'true'],
        ['capabilities[card_payments][requested]', 'true'],
        ['external_account', 'btok_us_verified'],
      ]),
    );
    await must(
      connection,
      post('/evenkeel/v1/consents', authorized(platform), { account: account.id, date: monday, ip: '127.0.0.1' }),
    );
    await fund(account.id);
    ids.add(account.id);
    sellers.push({ tenant: name, id: account.id, canary, told: canaryOf(name, n + toldFrom), key, acts: account.id });
  }
  connection.close();
  return { name, book: id.slice(5, 9), platform, sellers, clock, ids, pages: new Ids(), now: monday };
}

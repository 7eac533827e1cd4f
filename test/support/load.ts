/** Clients that write as the SDKs do: every write has a key, and is asked for again under it until there is an answer. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Admin, admin, createPlatform } from './platform.ts';
import type { TestServer } from './process.ts';

export interface Write {
  readonly path: string;
  readonly form: Readonly<Record<string, string>>;
  /** The acct_ id it runs as; the platform itself unless said. */
  readonly account?: string;
  readonly key: string;
}

/** A write that was answered for good. */
export interface Answered extends Write {
  readonly status: number;
  readonly text: string;
  readonly replayed: boolean;
  /** How often it was asked for. */
  readonly attempts: number;
}

type Target = Pick<TestServer, 'url'>;

const answerMsMax = 10_000;
/** The SDKs' pauses between two tries, at a tenth: doubled each time up to the longest, less up to half of it by chance. */
const pauseMs = { first: 50, longest: 500 };
const pauseAfter = (attempts: number): number =>
  Math.max(pauseMs.first, Math.min(pauseMs.first * 2 ** (attempts - 1), pauseMs.longest) * (0.5 + Math.random() / 2));

const headersFor = (secretKey: string, account: string | undefined): Record<string, string> => ({
  authorization: `Bearer ${secretKey}`,
  ...(account === undefined ? {} : { 'stripe-account': account }),
});

/** Asks once. Null: there was no answer, or one that says to ask again, as the SDKs read it. */
export async function ask(server: Target, secretKey: string, write: Write): Promise<Omit<Answered, 'attempts'> | null> {
  try {
    const response = await fetch(`${server.url}${write.path}`, {
      method: 'POST',
      headers: { ...headersFor(secretKey, write.account), 'idempotency-key': write.key },
      body: new URLSearchParams(write.form),
      signal: AbortSignal.timeout(answerMsMax),
    });
    const text = await response.text();
    const { status, headers } = response;
    const shouldRetry = headers.get('stripe-should-retry') ?? String(status === 409 || status >= 500);
    if (shouldRetry === 'true') return null;
    return { ...write, status, text, replayed: headers.get('idempotent-replayed') === 'true' };
  } catch {
    return null;
  }
}

/** @throws when there is no answer for a minute, or as long as is said */
export async function write(server: Target, secretKey: string, request: Write, patienceMs = 60_000): Promise<Answered> {
  const deadline = Date.now() + patienceMs;
  for (let attempts = 1; Date.now() < deadline; attempts++) {
    const answered = await ask(server, secretKey, request);
    if (answered !== null) return { ...answered, attempts };
    await sleep(pauseAfter(attempts));
  }
  throw new Error(`${request.path} under key ${request.key} was not answered for ${patienceMs} ms`);
}

/** A GET, as text. */
export async function get(server: Target, secretKey: string, path: string, account?: string): Promise<string> {
  const response = await fetch(`${server.url}${path}`, { headers: headersFor(secretKey, account) });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`GET ${path}: ${response.status} ${text}`);
  return text;
}

/** Every item of a list, newest first. */
export async function listAll<Item extends { readonly id: string }>(
  server: Target,
  secretKey: string,
  path: string,
  account?: string,
): Promise<Item[]> {
  const items: Item[] = [];
  for (;;) {
    const last = items.at(-1);
    const after = last === undefined ? '' : `&starting_after=${last.id}`;
    const page = JSON.parse(await get(server, secretKey, `${path}?limit=100${after}`, account)) as {
      data: Item[];
      has_more: boolean;
    };
    items.push(...page.data);
    if (!page.has_more) return items;
  }
}

/** Does `work` with every item, at most `width` at once, in order of their start. */
export async function eachOf<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < items.length) await work(items[next++] as T);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

/** Numbers from 0 to 1 that a seed repeats (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A platform and sellers that can be charged, paid, debited and paid out. */
export interface Market {
  readonly platform: string;
  readonly key: string;
  readonly sellers: readonly string[];
  /** The test clock, where it was asked for. */
  readonly clock: string | null;
}

/** So much that no write is refused for lack of it. */
const plenty = 50_000_000;

/**
 * @param opening     available money that the platform and every seller start with, cents
 * @param frozenTime  puts it on a test clock, unix seconds
 * @param hasBanks    of sellers, who then may be debited below zero
 */
export async function openMarket(
  server: Admin,
  sellerCount: number,
  {
    opening = plenty,
    frozenTime,
    hasBanks = true,
  }: { readonly opening?: number; readonly frozenTime?: number; readonly hasBanks?: boolean } = {},
): Promise<Market> {
  const platform = await createPlatform(server, {
    payout_interval: 'manual',
    ...(frozenTime !== undefined && { test_clock: { frozen_time: frozenTime } }),
  });
  const { id, secret_key: key, test_clock: clock } = platform;
  const fund = (account: string) =>
    admin(server, key, 'POST', '/evenkeel/v1/adjustments', {
      account,
      amount: opening,
      currency: 'usd',
      description: 'Opening balance',
    });
  const sellers: string[] = [];
  for (let n = 0; n < sellerCount; n++) {
    const form = {
      type: 'express',
      country: 'US',
      'capabilities[transfers][requested]': 'true',
      'settings[payouts][schedule][interval]': 'manual',
      ...(hasBanks && { external_account: 'btok_us_verified' }),
    };
    const { text, status } = await write(server, key, { path: '/v1/accounts', form, key: `seller ${n}` });
    if (status !== 200) throw new Error(`no seller: ${text}`);
    const { id: seller } = JSON.parse(text) as { id: string };
    const date = frozenTime ?? Math.floor(Date.now() / 1000);
    await admin(server, key, 'POST', '/evenkeel/v1/consents', { account: seller, date });
    await fund(seller);
    sellers.push(seller);
  }
  await fund(id);
  return { platform: id, key, sellers, clock };
}

/** What a write of the mixed load is, which says where its object is found again. */
export type Trade = Write & { readonly kind: 'charge' | 'transfer' | 'debit' };

/** A destination charge, a transfer or an account debit, of a random amount and seller. */
export function randomTrade(market: Market, random: () => number, key: string): Trade {
  const seller = market.sellers[Math.floor(random() * market.sellers.length)] as string;
  const amount = String(1000 + Math.floor(random() * 1000));
  const kind = (['charge', 'charge', 'transfer', 'debit'] as const)[Math.floor(random() * 4)] as Trade['kind'];
  const common = { amount, currency: 'usd' };
  if (kind === 'transfer') return { kind, key, path: '/v1/transfers', form: { ...common, destination: seller } };
  if (kind === 'debit') return { kind, key, path: '/v1/charges', form: { ...common, source: seller } };
  const form = { ...common, source: 'tok_visa', application_fee_amount: '123', 'transfer_data[destination]': seller };
  return { kind, key, path: '/v1/charges', form };
}

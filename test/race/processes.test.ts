/** Two server processes on one database and one book: whoever is asked, the book answers as one. */
import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditClean } from '../support/audit.ts';
import { get, listAll, openMarket, randomFrom, randomTrade, write } from '../support/load.ts';
import { admin } from '../support/platform.ts';
import { startServer, type TestServer } from '../support/server.ts';

const seed = randomInt(2 ** 31);
const random = randomFrom(seed);
let first: TestServer;
let second: TestServer;

beforeAll(async () => {
  first = await startServer();
  // The database of `first`, and the table checks only where they run after every commit of either.
  second = await startServer({ env: { DATABASE_URL: first.env.DATABASE_URL as string } });
});
afterAll(async () => {
  await second?.stop();
  await first?.stop();
});

const idIn = (text: string): string => (JSON.parse(text) as { id: string }).id;

interface Row {
  readonly id: string;
  readonly net: number;
}

interface Balance {
  readonly available: readonly { readonly amount: number }[];
  readonly pending: readonly { readonly amount: number }[];
}

describe(`seed ${seed}`, () => {
  test('a key that both are asked with at once is answered by both with the same one object', async () => {
    const market = await openMarket(first, 5);
    const trades = Array.from({ length: 100 }, (_, n) => randomTrade(market, random, `key ${n}`));
    const answers = await Promise.all(
      trades.map((trade) => Promise.all([first, second].map((server) => write(server, market.key, trade)))),
    );
    for (const [one, other] of answers) {
      expect(one?.status).toBe(200);
      expect(one?.text).toBe(other?.text);
      expect([one?.replayed, other?.replayed].sort()).toEqual([false, true]);
    }
    const ids = answers.map(([one]) => idIn(one?.text ?? ''));
    expect(new Set(ids).size).toBe(trades.length);
    const charges = await listAll(first, market.key, '/v1/charges');
    expect(charges).toHaveLength(trades.filter(({ path }) => path === '/v1/charges').length);
  });

  test('a whole balance sent by many to many is sent once', async () => {
    const market = await openMarket(first, 4, { opening: 1 });
    for (let round = 0; round < 10; round++) {
      const amount = 10_000 + round;
      const fund = { account: market.platform, amount: amount - 1, currency: 'usd', description: 'Round' };
      await admin(first, market.key, 'POST', '/evenkeel/v1/adjustments', round === 0 ? fund : { ...fund, amount });
      const attempts = await Promise.all(
        Array.from({ length: 8 }, (_, n) =>
          write(n % 2 === 0 ? first : second, market.key, {
            path: '/v1/transfers',
            form: { amount: String(amount), currency: 'usd', destination: market.sellers[n % 4] as string },
            key: `round ${round} sender ${n}`,
          }),
        ),
      );
      expect(attempts.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(400)]);
    }
    const { available } = JSON.parse(await get(second, market.key, '/v1/balance')) as Balance;
    expect(available.map(({ amount }) => amount)).toEqual([0]);
  });

  test('mixed load on both: every balance is the sum of its rows, and the books prove themselves', async () => {
    const market = await openMarket(first, 5);
    const client = async (server: TestServer, number: number) => {
      for (let n = 0; n < 50; n++) {
        const { status, text } = await write(server, market.key, randomTrade(market, random, `client ${number} ${n}`));
        expect(status, text).toBe(200);
        // What was acknowledged here is seen over there at once.
        const other = server === first ? second : first;
        if (n % 10 === 0) expect(JSON.parse(text)).toMatchObject({ object: expect.stringMatching(/charge|transfer/) });
        if (n % 10 === 0 && text.includes('"object": "transfer"')) {
          expect(await get(other, market.key, `/v1/transfers/${idIn(text)}`)).toBe(text);
        }
      }
    };
    await Promise.all(Array.from({ length: 16 }, (_, n) => client(n % 2 === 0 ? first : second, n)));
    for (const account of [undefined, ...market.sellers]) {
      const rows = await listAll<Row>(first, market.key, '/v1/balance_transactions', account);
      const { available, pending } = JSON.parse(await get(second, market.key, '/v1/balance', account)) as Balance;
      const held = [...available, ...pending].reduce((sum, { amount }) => sum + amount, 0);
      expect(rows.reduce((sum, { net }) => sum + net, 0)).toBe(held);
    }
    await auditClean(first);
  });
});

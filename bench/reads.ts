/**
 * Whether reading stays as quick as it is when a platform has much behind it.
 *
 *     npm run bench -- reads [--rows 1000000] [--seconds 4] [--accounts 1000]
 *
 * A platform grows to 10 thousand, to 1 million and (`--rows 10000000`, which takes half an hour) to 10 million balance
 * transactions, by destination charges that the engine makes without HTTP. At each size, after a VACUUM, each kind of GET is
 * asked for over one connection, of a thousand places drawn at random.
 */
import { parseArgs } from 'node:util';
import type pg from 'pg';
import { charges as chargesKind } from '../src/features/charges/object.ts';
import { mint } from '../src/kernel/id.ts';
import { asksOf, destinationCharge } from './support/charges.ts';
import type { Ask } from './support/connection.ts';
import { bench, type Found, type Stage, say } from './support/frame.ts';
import { InProcess } from './support/in-process.ts';
import { serve } from './support/instance.ts';
import { runLoad, warmUp } from './support/load.ts';
import { ProcessorGauge } from './support/meter.ts';
import { foundPlatform, makeAccounts, type Platform } from './support/platform.ts';
import { table } from './support/results.ts';

const inFlight = 256;
const places = 1000;
const warmUpSeconds = 1;

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    seconds: { type: 'string', default: '4' },
    accounts: { type: 'string', default: '1000' },
  },
});
const rowsMax = Number(options.rows);
const sizes = [...[10_000, 1_000_000].filter((size) => size < rowsMax), rowsMax];
const seconds = Number(options.seconds);

const rowsOf = async (sql: pg.Client, book: number): Promise<number> =>
  Number((await sql.query('select count(*) as rows from balance_transactions where book = $1', [book])).rows[0].rows);

/** Makes charges until there are so many balance transactions. @returns how many of them failed */
async function grow({ database, sql }: Stage, book: number, accounts: readonly string[], size: number) {
  const engine = new InProcess(database.url);
  let errors = 0;
  try {
    const perCharge = 4;
    for (let missing = size - (await rowsOf(sql, book)); missing > 0; missing = size - (await rowsOf(sql, book))) {
      let left = Math.ceil(missing / perCharge);
      const ran = await engine.submit(book, asksOf(destinationCharge, accounts), inFlight, () => left-- > 0);
      errors += ran.errors;
      if (ran.latencies.length === 0) throw new Error('no charge succeeds');
    }
    return errors;
  } finally {
    await engine.close();
  }
}

/** Each kind of GET, of places drawn at random. */
async function questions(sql: pg.Client, { book }: Platform, accounts: readonly string[]): Promise<Map<string, Ask[]>> {
  const drawn = async (prefix: 'ch' | 'txn', from: string): Promise<string[]> => {
    const { rows } = await sql.query<{ seq: string; pos: number }>(
      `select f.seq, f.pos
       from (select 1 + floor(random() * b.version)::bigint as at from books b, generate_series(1, ${places}) where b.book = $1) w
       cross join lateral (${from} and seq >= w.at order by seq, pos limit 1) f`,
      [book],
    );
    return rows.map(({ seq, pos }) => mint(prefix, book, { seq: Number(seq), pos }));
  };
  const charges = await drawn(
    'ch',
    `select seq, pos from objects where book = $1 and account = 1 and kind = ${chargesKind.no}`,
  );
  const lines = await drawn('txn', 'select seq, pos from balance_transactions where book = $1 and account = 1');
  const at =
    (path: string) =>
    (id: string): Ask => ({ path: `${path}${id}` });
  return new Map<string, Ask[]>([
    ['GET /v1/balance', [{ path: '/v1/balance' }]],
    ['GET /v1/balance as a connected account', accounts.map((account) => ({ path: '/v1/balance', account }))],
    ['GET /v1/charges/:id', charges.map(at('/v1/charges/'))],
    ['GET /v1/balance_transactions/:id', lines.map(at('/v1/balance_transactions/'))],
    ['GET /v1/charges, the newest 10', [{ path: '/v1/charges?limit=10' }]],
    ['GET /v1/charges, 10 after one', charges.map(at('/v1/charges?limit=10&starting_after='))],
    ['GET /v1/balance_transactions, 10 after one', lines.map(at('/v1/balance_transactions?limit=10&starting_after='))],
    [
      'GET /v1/balance_transactions, the newest 10 of a connected account',
      accounts.map((account) => ({ path: '/v1/balance_transactions?limit=10', account })),
    ],
    [
      'GET /v1/balance_transactions, 10 of a type that is not there',
      [{ path: '/v1/balance_transactions?limit=10&type=payout' }],
    ],
    [
      'GET /v1/transfers, the newest 10 to one account',
      accounts.map((to) => ({ path: `/v1/transfers?limit=10&destination=${to}` })),
    ],
    ['GET /v1/events, the newest 10', [{ path: '/v1/events?limit=10' }]],
    ['GET /v1/events, 10 of a type that is not there', [{ path: '/v1/events?limit=10&type=payout.paid' }]],
  ]);
}

async function measure(stage: Stage): Promise<Found> {
  const { database, sql } = stage;
  const reached: number[] = [];
  const answers = new Map<string, { readonly p50: number; readonly p99: number }[]>();
  let errors = 0;
  let server = await serve(database);
  try {
    const platform = await foundPlatform(server);
    const accounts = await makeAccounts(server, platform, Number(options.accounts));
    for (const size of sizes) {
      // Two processes may serve a book, but here one would make the other's charges anew.
      await server.stop();
      say(`growing to ${size} balance transactions`);
      errors += await grow(stage, platform.book, accounts, size);
      await sql.query('vacuum analyze');
      await sql.query('checkpoint');
      reached.push(await rowsOf(sql, platform.book));
      server = await serve(database);
      const all = await questions(sql, platform, accounts);
      const some = [...all.values()].flatMap((asks) => asks.slice(0, 20));
      await warmUp({ port: server.port, key: platform.key, asks: some });
      for (const [question, asks] of all) {
        const load = { port: server.port, key: platform.key, asks, connections: 1, warmUpSeconds, seconds };
        const report = await runLoad(load, new ProcessorGauge([server.pid]));
        if (report.firstError !== null) say(`${question}: the first error was: ${report.firstError}`);
        errors += report.errors;
        answers.set(question, [...(answers.get(question) ?? []), report]);
        say(`${question}: p50 ${report.p50.toFixed(2)} ms, p99 ${report.p99.toFixed(2)} ms`);
      }
    }
  } finally {
    await server.stop();
  }
  const headings = [
    'milliseconds',
    ...reached.flatMap((rows) => [`p50, ${rows} rows`, `p99, ${rows} rows`]),
    'p50 last : first',
    'p99 last : first',
  ];
  const rows = [...answers].map(([question, found]) => {
    const ratio = (of: 'p50' | 'p99') =>
      ((found.at(-1)?.[of] ?? Number.NaN) / (found[0]?.[of] ?? Number.NaN)).toFixed(2);
    return [question, ...found.flatMap(({ p50, p99 }) => [p50.toFixed(2), p99.toFixed(2)]), ratio('p50'), ratio('p99')];
  });
  return { text: table(headings, rows), errors };
}

await bench('reads', `${options.accounts} connected accounts, one connection`, measure);

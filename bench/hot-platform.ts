/**
 * How many destination charges a second one platform can take: every charge moves money of the platform's own balance, so
 * nothing about them is independent.
 *
 *     npm run bench -- hot-platform [--seconds 6] [--connections 1,16,64] [--accounts 1000] [--profile] [--sql STATEMENT]
 *
 * The real server over HTTP from a load generator in another process; the engine alone, without HTTP; what the same
 * PostgreSQL can insert at all; and what a lone charge takes beside the disk. `--profile` says instead where the server's
 * processor time goes at 64 connections; `--sql` is run on the fresh database before anything else, to try a change of the
 * schema or a setting.
 */
import { parseArgs } from 'node:util';
import { asksOf, type ChargeKind, commandOf, destinationCharge, destinationIntent } from './support/charges.ts';
import { bench, type Found, onStage, type Stage, say } from './support/frame.ts';
import { runInProcess } from './support/in-process.ts';
import { measureInsertLimit } from './support/insert-limit.ts';
import { type BenchServer, serve } from './support/instance.ts';
import { runLoad, warmUp } from './support/load.ts';
import { measureSync } from './support/machine.ts';
import { type Measured, Meter } from './support/meter.ts';
import { foundPlatform, makeAccounts, type Platform } from './support/platform.ts';
import { profiled } from './support/profile.ts';
import { percent, table } from './support/results.ts';

const warmUpSeconds = 2;
const inFlightCounts = [64, 256];
const kinds = [destinationCharge, destinationIntent];

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '6' },
    connections: { type: 'string', default: '1,16,64' },
    accounts: { type: 'string', default: '1000' },
    profile: { type: 'boolean', default: false },
    sql: { type: 'string', default: '' },
  },
});
const seconds = Number(options.seconds);
const connectionCounts = options.connections.split(',').map(Number);
const accountCount = Number(options.accounts);

interface Market {
  readonly platform: Platform;
  readonly accounts: readonly string[];
}

/** A platform with its accounts, on a server that has been at work for a while. */
async function setUp(server: BenchServer): Promise<Market> {
  const platform = await foundPlatform(server);
  const accounts = await makeAccounts(server, platform, accountCount);
  const asks = kinds.flatMap((kind) => asksOf(kind, accounts));
  await warmUp({ port: server.port, key: platform.key, asks });
  return { platform, accounts };
}

const headings = [
  'what',
  'charges/s',
  'p50 ms',
  'p99 ms',
  'max ms',
  'server CPU',
  'database CPU',
  'rest CPU',
  'server µs/charge',
  'database µs/charge',
  'WAL B/charge',
  'per batch',
  'errors',
];
const row = (what: string, { cost, ...measured }: Measured): string[] => [
  what,
  String(Math.round(measured.count / measured.seconds)),
  measured.p50.toFixed(1),
  measured.p99.toFixed(1),
  measured.max.toFixed(0),
  percent(cost.server),
  percent(cost.database),
  percent(cost.rest),
  String(Math.round(cost.microsPerCharge.server)),
  String(Math.round(cost.microsPerCharge.database)),
  String(Math.round(cost.walPerCharge)),
  cost.perBatch.toFixed(1),
  String(measured.errors),
];

async function overHttp(
  { port }: BenchServer,
  { platform: { key }, accounts }: Market,
  kind: ChargeKind,
  connections: number,
  meter: Meter,
): Promise<Measured> {
  const asks = asksOf(kind, accounts);
  const measured = await runLoad({ port, key, asks, connections, warmUpSeconds, seconds }, meter);
  if (measured.firstError !== null) say(`the first error was: ${measured.firstError}`);
  return measured;
}

async function measure({ database, sql }: Stage): Promise<Found> {
  if (options.sql !== '') await sql.query(options.sql);
  const sync = measureSync(database.directory);
  const rows: string[][] = [];
  const alone: string[] = [];
  let errors = 0;
  const keep = (what: string, measured: Measured) => {
    rows.push(row(what, measured));
    errors += measured.errors;
    say(rows.at(-1)?.join('  ') ?? '');
  };

  const server = await serve(database);
  let market: Market;
  try {
    market = await setUp(server);
    const meter = new Meter(sql, [market.platform.book], { servers: [server.pid], database: database.pid });
    for (const kind of kinds) {
      for (const connections of connectionCounts) {
        const measured = await overHttp(server, market, kind, connections, meter);
        keep(`POST ${kind.path}, ${connections} connections`, measured);
        if (connections > 1) continue;
        const times = (measured.p99 / sync.p99).toFixed(1);
        alone.push(`A lone ${commandOf(kind)} has a p99 of ${measured.p99.toFixed(1)} ms, ${times} times that.`);
      }
    }
  } finally {
    await server.stop();
  }

  const { book } = market.platform;
  const fastest: number[] = [];
  for (const kind of kinds) {
    const meter = new Meter(sql, [book], { servers: [process.pid], database: database.pid });
    const asks = asksOf(kind, market.accounts);
    let best = 0;
    for (const inFlight of inFlightCounts) {
      const load = { url: database.url, book, asks, inFlight, warmUpSeconds, seconds };
      const measured = await runInProcess(load, meter);
      keep(`engine alone, ${commandOf(kind)}, ${inFlight} in flight`, measured);
      best = Math.max(best, measured.count / measured.seconds);
    }
    fastest.push(best);
  }

  const limits: string[] = [];
  for (const [i, kind] of kinds.entries()) {
    const command = commandOf(kind);
    const limit = await measureInsertLimit(database.url, { book, command, seconds });
    const share = percent((fastest[i] as number) / limit);
    limits.push(`${command}: ${Math.round(limit)} charges a second; the engine alone reaches ${share} of it`);
  }

  const text = [
    table(headings, rows),
    '',
    `Multi-row INSERT of the same rows into the same PostgreSQL, batches of 64 charges:`,
    ...limits.map((limit) => `- ${limit}`),
    '',
    `A durable write of 8 kB (fdatasync) on this disk: p50 ${sync.p50.toFixed(2)} ms, p99 ${sync.p99.toFixed(2)} ms.`,
    ...alone,
  ].join('\n');
  return { text, errors };
}

async function profile({ database, sql }: Stage): Promise<void> {
  for (const kind of kinds) {
    const times = await profiled(database, async (server) => {
      const market = await setUp(server);
      const meter = new Meter(sql, [market.platform.book], { servers: [server.pid], database: database.pid });
      const measured = await overHttp(server, market, kind, 64, meter);
      console.log(table(headings, [row(`POST ${kind.path}, 64 connections, profiled`, measured)]));
    });
    console.log(`\n${times}\n`);
  }
}

if (options.profile) await onStage(profile);
else await bench('hot-platform', `${accountCount} connected accounts, load generator on the same machine`, measure);

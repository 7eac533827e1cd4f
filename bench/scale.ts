/**
 * What a second server process brings, when the platforms are different ones and when they are not.
 *
 *     npm run bench -- scale [--seconds 8] [--accounts 500]
 *
 * Destination charges over 64 connections in all, on one PostgreSQL. Books share nothing, so two of them may be served by two
 * processes; two processes on one book are safe, by the fence, and pay for it. More cores than two are needed to see what
 * there is to gain: the load and the database run on the same machine.
 */
import os from 'node:os';
import { parseArgs } from 'node:util';
import { asksOf, destinationCharge } from './support/charges.ts';
import { bench, type Found, type Stage, say } from './support/frame.ts';
import { type BenchServer, serve } from './support/instance.ts';
import { runLoads, warmUp } from './support/load.ts';
import { Meter } from './support/meter.ts';
import { foundPlatform, makeAccounts, type Platform } from './support/platform.ts';
import { percent, table } from './support/results.ts';

const connections = 64;
const warmUpSeconds = 2;

const { values: options } = parseArgs({
  options: { seconds: { type: 'string', default: '8' }, accounts: { type: 'string', default: '500' } },
});
const seconds = Number(options.seconds);

interface Market {
  readonly platform: Platform;
  readonly accounts: readonly string[];
}

async function setUp(server: BenchServer): Promise<Market> {
  const platform = await foundPlatform(server);
  const accounts = await makeAccounts(server, platform, Number(options.accounts));
  await warmUp({ port: server.port, key: platform.key, asks: asksOf(destinationCharge, accounts) });
  return { platform, accounts };
}

async function measure({ database, sql }: Stage): Promise<Found> {
  const servers: BenchServer[] = [];
  try {
    servers.push(await serve(database), await serve(database));
    const [one, two] = servers as [BenchServer, BenchServer];
    const [a, b] = [await setUp(one), await setUp(two)];
    const arrangements: readonly { name: string; loads: readonly (readonly [BenchServer, Market])[] }[] = [
      { name: 'one server, one book', loads: [[one, a]] },
      {
        name: 'one server, two books',
        loads: [
          [one, a],
          [one, b],
        ],
      },
      {
        name: 'two servers, a book each',
        loads: [
          [one, a],
          [two, b],
        ],
      },
      {
        name: 'two servers, one book',
        loads: [
          [one, a],
          [two, a],
        ],
      },
    ];
    const rows: string[][] = [];
    let errors = 0;
    let first = Number.NaN;
    for (const { name, loads } of arrangements) {
      const books = [...new Set(loads.map(([, { platform }]) => platform.book))];
      const meter = new Meter(sql, books, { servers: servers.map(({ pid }) => pid), database: database.pid });
      const runs = loads.map(([{ port }, { platform, accounts }]) => ({
        port,
        key: platform.key,
        asks: asksOf(destinationCharge, accounts),
        connections: connections / loads.length,
        warmUpSeconds,
        seconds,
      }));
      const { reports, cost } = await runLoads(runs, meter);
      const failed = reports.find(({ firstError }) => firstError !== null);
      if (failed) say(`the first error was: ${failed.firstError}`);
      const perSecond = reports.reduce((sum, { count, ...report }) => sum + count / report.seconds, 0);
      first = Number.isNaN(first) ? perSecond : first;
      errors += reports.reduce((sum, report) => sum + report.errors, 0);
      rows.push([
        name,
        String(Math.round(perSecond)),
        (perSecond / first).toFixed(2),
        Math.max(...reports.map(({ p50 }) => p50)).toFixed(1),
        Math.max(...reports.map(({ p99 }) => p99)).toFixed(1),
        percent(cost.server),
        percent(cost.database),
        String(Math.round(cost.microsPerCharge.server)),
        String(Math.round(cost.microsPerCharge.database)),
        cost.perBatch.toFixed(1),
        String(reports.reduce((sum, report) => sum + report.errors, 0)),
      ]);
      say(rows.at(-1)?.join('  ') ?? '');
    }
    return { text: table(headings, rows), errors };
  } finally {
    for (const server of servers) await server.stop();
  }
}

const headings = [
  'what',
  'charges/s',
  'of the first',
  'p50 ms',
  'p99 ms',
  'server CPU',
  'database CPU',
  'server µs/charge',
  'database µs/charge',
  'per batch',
  'errors',
];

const setting = `${options.accounts} connected accounts a book, ${connections} connections in all, ${os.cpus().length} cores for servers, database and load`;
await bench('scale', setting, measure);

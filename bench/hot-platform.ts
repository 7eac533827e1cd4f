/**
 * How many destination charges a second one platform can take: every charge moves money of the platform's own balance, so
 * nothing about them is independent.
 *
 *     npm run bench -- hot-platform [--seconds 6] [--connections 1,16,64] [--accounts 1000] [--profile]
 *
 * The real server over HTTP from a load generator in another process; the engine alone, without HTTP; and what the same
 * PostgreSQL can insert at all. `--profile` says instead where the server's processor time goes at 64 connections.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { bookOf } from '../src/kernel/id.ts';
import { audit } from '../src/store/postgres/audit.ts';
import { Connection, post } from './support/connection.ts';
import { allKinds, askedBy, runInProcess } from './support/in-process.ts';
import { measureInsertLimit } from './support/insert-limit.ts';
import { adminKey, type BenchDatabase, type BenchServer, serve, startDatabase } from './support/instance.ts';
import { runLoad } from './support/load.ts';
import { describeMachine, measureSync } from './support/machine.ts';
import { type Measured, Meter } from './support/meter.ts';
import { type SelfTime, selfTimes } from './support/profile.ts';
import { table, writeSection } from './support/results.ts';

const name = 'hot-platform';
const warmUpSeconds = 2;
const inFlightCounts = [64, 256];

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '6' },
    connections: { type: 'string', default: '1,16,64' },
    accounts: { type: 'string', default: '1000' },
    profile: { type: 'boolean', default: false },
  },
});
const seconds = Number(options.seconds);
const connectionCounts = options.connections.split(',').map(Number);
const accountCount = Number(options.accounts);

interface Platform {
  readonly key: string;
  readonly book: number;
  readonly accounts: readonly string[];
}

/** A platform with its connected accounts. */
async function setUp({ port }: BenchServer): Promise<Platform> {
  const answer = await fetch(`http://127.0.0.1:${port}/evenkeel/v1/platforms`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
    body: '{}',
  });
  const platform = (await answer.json()) as { id: string; secret_key: string };
  if (answer.status !== 200) throw new Error(`no platform: ${JSON.stringify(platform)}`);
  const form = 'type=express&country=US&capabilities[transfers][requested]=true';
  const accounts: string[] = [];
  let asked = 0;
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      const connection = await Connection.open(port);
      while (asked < accountCount) {
        const request = post('/v1/accounts', platform.secret_key, form, `account ${asked++}`);
        const { status, body } = await connection.send(request);
        if (status !== 200) throw new Error(`no account: ${status} ${body}`);
        accounts.push((JSON.parse(body.toString()) as { id: string }).id);
      }
      connection.close();
    }),
  );
  const book = bookOf(platform.id);
  if (book === null) throw new Error(`${platform.id} is of no book`);
  return { key: platform.secret_key, book, accounts };
}

const kinds = [
  {
    path: '/v1/charges',
    form: (account: string) =>
      `amount=10000&currency=usd&source=tok_visa&application_fee_amount=1230&transfer_data[destination]=${account}`,
  },
  {
    path: '/v1/payment_intents',
    form: (account: string) =>
      'amount=10000&currency=usd&payment_method=pm_card_visa&payment_method_types[]=card&confirm=true' +
      `&application_fee_amount=1230&transfer_data[destination]=${account}`,
  },
] as const;

type ChargeKind = (typeof kinds)[number];

/** The name that its operations stand under in the journal. */
const commandOf = ({ path, form }: ChargeKind): string => askedBy(path, form('acct_1')).command.name;

const headings = [
  'what',
  'charges/s',
  'p50 ms',
  'p99 ms',
  'max ms',
  'server CPU',
  'database CPU',
  'rest CPU',
  'WAL B/charge',
  'per batch',
  'errors',
];
const percent = (part: number): string => `${Math.round(part * 100)} %`;
const row = (what: string, { cost, ...measured }: Measured): string[] => [
  what,
  String(Math.round(measured.count / measured.seconds)),
  measured.p50.toFixed(1),
  measured.p99.toFixed(1),
  measured.max.toFixed(0),
  percent(cost.server),
  percent(cost.database),
  percent(cost.rest),
  String(Math.round(cost.walPerCharge)),
  cost.perBatch.toFixed(1),
  String(measured.errors),
];

const say = (line: string) => console.error(`> ${line}`);

async function overHttp(server: BenchServer, platform: Platform, kind: ChargeKind, connections: number, meter: Meter) {
  const { port } = server;
  const { key, accounts } = platform;
  const forms = accounts.map(kind.form);
  const load = { port, key, path: kind.path, forms, connections, warmUpSeconds, seconds };
  const measured = await runLoad(load, meter);
  if (measured.firstError !== null) say(`the first error was: ${measured.firstError}`);
  return measured;
}

/** The table, and how many errors there were. */
async function measure(database: BenchDatabase, sql: pg.Client): Promise<{ text: string; errors: number }> {
  const sync = measureSync(database.directory);
  const rows: string[][] = [];
  let errors = 0;
  const keep = (what: string, measured: Measured) => {
    rows.push(row(what, measured));
    errors += measured.errors;
    say(rows.at(-1)?.join('  ') ?? '');
  };

  const server = await serve(database);
  let platform: Platform;
  try {
    platform = await setUp(server);
    const meter = new Meter(sql, platform.book, { server: server.pid, database: database.pid });
    for (const kind of kinds) {
      for (const connections of connectionCounts) {
        keep(
          `POST ${kind.path}, ${connections} connections`,
          await overHttp(server, platform, kind, connections, meter),
        );
      }
    }
  } finally {
    await server.stop();
  }

  const fastest: number[] = [];
  for (const kind of kinds) {
    const meter = new Meter(sql, platform.book, { server: process.pid, database: database.pid });
    const forms = platform.accounts.map(kind.form);
    let best = 0;
    for (const inFlight of inFlightCounts) {
      const load = { url: database.url, book: platform.book, path: kind.path, forms, inFlight, warmUpSeconds, seconds };
      const measured = await runInProcess(load, meter);
      keep(`engine alone, ${commandOf(kind)}, ${inFlight} in flight`, measured);
      best = Math.max(best, measured.count / measured.seconds);
    }
    fastest.push(best);
  }

  const limits: string[] = [];
  for (const [i, kind] of kinds.entries()) {
    const command = commandOf(kind);
    const limit = await measureInsertLimit(database.url, { book: platform.book, command, seconds });
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
  ].join('\n');
  return { text, errors };
}

function timesTable(heading: string, times: readonly SelfTime[]): string {
  const total = times.reduce((sum, { ms }) => sum + ms, 0);
  const top = times.slice(0, 20).map(({ where, ms }) => [where, ms.toFixed(0), `${((ms / total) * 100).toFixed(1)} %`]);
  return table([heading, 'ms', 'share'], top);
}

/** Prints what took most of the server's time, over its whole life: start, set-up and warm-up are a small part. */
async function profile(database: BenchDatabase, sql: pg.Client): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'ek-prof-'));
  try {
    for (const kind of kinds) {
      const server = await serve(database, [
        '--cpu-prof',
        '--cpu-prof-dir',
        directory,
        '--cpu-prof-name',
        'server.cpuprofile',
      ]);
      try {
        const platform = await setUp(server);
        const meter = new Meter(sql, platform.book, { server: server.pid, database: database.pid });
        const measured = await overHttp(server, platform, kind, 64, meter);
        console.log(table(headings, [row(`POST ${kind.path}, 64 connections, profiled`, measured)]));
      } finally {
        await server.stop();
      }
      if ((await readdir(directory)).length === 0) throw new Error('the server wrote no profile');
      const { functions, parts } = selfTimes(join(directory, 'server.cpuprofile'));
      console.log(`\n${timesTable('own time by function', functions)}\n\n${timesTable('by part', parts)}\n`);
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function run(database: BenchDatabase): Promise<void> {
  const sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
  try {
    if (options.profile) await profile(database, sql);
    else {
      const { rows } = await sql.query('show server_version');
      const { text, errors } = await measure(database, sql);
      const machine = describeMachine(rows[0].server_version);
      const command = ['npm run bench --', name, ...process.argv.slice(2)].join(' ');
      const intro = `${new Date().toISOString().slice(0, 10)}, ${machine}, ${accountCount} connected accounts, fsync on, load generator on the same machine.\n\n    ${command}`;
      const books = await audit({ url: database.url }, allKinds);
      const verdict = books.findings.length === 0 ? 'clean' : `${books.findings.length} findings`;
      const proof = `Errors: ${errors}. Audit afterwards: ${verdict} (${books.operations} operations, ${books.postings} postings).`;
      console.log(`\n${intro}\n\n${text}\n\n${proof}`);
      if (errors > 0 || books.findings.length > 0) process.exitCode = 1;
      else writeSection(name, `${intro}\n\n${text}\n\n${proof}`);
    }
  } finally {
    await sql.end();
  }
}

const database = await startDatabase();
try {
  await run(database);
} finally {
  await database.stop();
}

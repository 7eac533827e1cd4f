/**
 * What it costs to let half a year pass on a platform with many connected accounts.
 *
 *     npm run bench -- clock [--accounts 10000] [--days 181] [--negative 0.01] [--profile]
 *
 * Three platforms on one server, each with all the accounts, every one on a daily payout schedule:
 *
 *     quiet      nobody has any money: time alone must cost nothing
 *     negative   some accounts are below zero, half of them with a bank that pays, half with one that refuses until the
 *                debt is collected after 180 days, which is on day 181; nobody else has any money
 *     selling    the same, and everybody else has sold once, so that all of them settle on one day and are paid out
 *
 * One advance of the test clock each, over HTTP. `--profile` says instead where the server's processor time goes.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { bookOf } from '../src/kernel/id.ts';
import { audit } from '../src/store/postgres/audit.ts';
import { Connection, post } from './support/connection.ts';
import { allKinds } from './support/in-process.ts';
import { adminKey, type BenchDatabase, type BenchServer, serve, startDatabase } from './support/instance.ts';
import { describeMachine } from './support/machine.ts';
import { processorSeconds, secondsSince } from './support/processor.ts';
import { type SelfTime, selfTimes } from './support/profile.ts';
import { table, writeSection } from './support/results.ts';

const name = 'clock';
/** Monday, 2 March 2026, 10:00 UTC. */
const start = 1_772_445_600;
const secondsPerDay = 86_400;
const patienceMs = 600_000;
const debt = 1820;

const { values: options } = parseArgs({
  options: {
    accounts: { type: 'string', default: '10000' },
    days: { type: 'string', default: '181' },
    negative: { type: 'string', default: '0.01' },
    profile: { type: 'boolean', default: false },
  },
});
const accountCount = Number(options.accounts);
const days = Number(options.days);
const negativeCount = Math.round(accountCount * Number(options.negative));

const scenarios = ['quiet', 'negative', 'selling'] as const;
type Scenario = (typeof scenarios)[number];

const say = (line: string) => console.error(`> ${line}`);

interface Platform {
  readonly key: string;
  readonly book: number;
  readonly clock: string;
  readonly accounts: readonly string[];
}

async function asAdmin<T>({ port }: BenchServer, key: string, path: string, body: object): Promise<T> {
  const answer = await fetch(`http://127.0.0.1:${port}/evenkeel/v1/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${text}`);
  return JSON.parse(text) as T;
}

/** Does `each` for every index from several connections at a time. */
async function inParallel(
  { port }: BenchServer,
  count: number,
  each: (connection: Connection, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: 32 }, async () => {
      const connection = await Connection.open(port);
      while (next < count) await each(connection, next++);
      connection.close();
    }),
  );
}

async function sent(connection: Connection, request: string): Promise<{ id: string }> {
  const { status, body } = await connection.send(request);
  if (status !== 200) throw new Error(`${status} ${body}`);
  return JSON.parse(body.toString()) as { id: string };
}

const bankForm = (number: string): string =>
  'external_account[object]=bank_account&external_account[country]=US&external_account[currency]=usd' +
  `&external_account[routing_number]=110000000&external_account[account_number]=${number}`;

async function setUp(server: BenchServer, scenario: Scenario): Promise<Platform> {
  const platform = await asAdmin<{ id: string; secret_key: string; test_clock: string }>(
    server,
    adminKey,
    'platforms',
    { test_clock: { frozen_time: start } },
  );
  const key = platform.secret_key;
  const accounts: string[] = [];
  await inParallel(server, accountCount, async (connection, i) => {
    const refuses = i < negativeCount && i % 2 === 1;
    const form =
      'type=express&country=US&capabilities[transfers][requested]=true&capabilities[card_payments][requested]=true' +
      `&settings[payouts][schedule][interval]=daily&${bankForm(refuses ? '000111111116' : '000123456789')}`;
    accounts[i] = (await sent(connection, post('/v1/accounts', key, form, `account ${i}`))).id;
  });
  if (scenario !== 'quiet') {
    for (const account of accounts.slice(0, negativeCount)) {
      await asAdmin(server, key, 'adjustments', { account, amount: -debt, currency: 'usd' });
    }
  }
  if (scenario === 'selling') {
    await inParallel(server, accountCount - negativeCount, async (connection, i) => {
      const form =
        'amount=10000&currency=usd&source=tok_visa&application_fee_amount=1230' +
        `&transfer_data[destination]=${accounts[negativeCount + i]}`;
      await sent(connection, post('/v1/charges', key, form, `charge ${i}`));
    });
  }
  const book = bookOf(platform.id);
  if (book === null) throw new Error(`${platform.id} is of no book`);
  return { key, book, clock: platform.test_clock, accounts };
}

/** Megabytes that the process holds in memory; NaN where there is no /proc. */
async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1024;
}

interface Passed {
  readonly seconds: number;
  readonly memory: { readonly before: number; readonly peak: number; readonly after: number };
  readonly server: number;
  readonly database: number;
  readonly commands: number;
  readonly commits: number;
  /** How often each command ran, most often first. */
  readonly byCommand: readonly { readonly command: string; readonly count: number }[];
}

/** Sends the clock `days` ahead and waits until everything that was due on the way has happened. */
async function letPass(
  server: BenchServer,
  database: BenchDatabase,
  sql: pg.Client,
  { key, book, clock }: Platform,
): Promise<Passed> {
  const version = async () =>
    Number((await sql.query('select version from books where book = $1', [book])).rows[0].version);
  const from = await version();
  const used = { server: processorSeconds(server.pid), database: processorSeconds(database.pid) };
  const before = await residentMegabytes(server.pid);
  let peak = before;
  const sampling = setInterval(async () => {
    peak = Math.max(peak, (await residentMegabytes(server.pid)) || 0);
  }, 100);
  const started = performance.now();
  const connection = await Connection.open(server.port);
  const path = `/v1/test_helpers/test_clocks/${clock}`;
  const form = `frozen_time=${start + days * secondsPerDay}`;
  let state = (await sent(connection, post(`${path}/advance`, key, form, 'advance'))) as {
    id: string;
    status?: string;
  };
  const get = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${key}\r\n\r\n`;
  while (state.status !== 'ready') {
    if (performance.now() - started > patienceMs) throw new Error('the clock does not arrive');
    await sleep(20);
    state = await sent(connection, get);
  }
  const seconds = (performance.now() - started) / 1000;
  connection.close();
  clearInterval(sampling);
  const { rows } = await sql.query<{ command: string; count: string }>(
    'select command, count(*) from operations where book = $1 and seq > $2 group by command order by count(*) desc',
    [book, from],
  );
  const commits = await sql.query('select count(distinct batch) from operations where book = $1 and seq > $2', [
    book,
    from,
  ]);
  return {
    seconds,
    memory: { before, peak, after: await residentMegabytes(server.pid) },
    server: secondsSince(used.server, server.pid),
    database: secondsSince(used.database, database.pid),
    commands: (await version()) - from,
    commits: Number(commits.rows[0].count),
    byCommand: rows.map(({ command, count }) => ({ command, count: Number(count) })),
  };
}

const headings = [
  'platform',
  'seconds',
  'commands',
  'commits',
  'commands/s',
  'server CPU s',
  'database CPU s',
  'MB before',
  'MB peak',
  'MB after',
];
const row = (scenario: Scenario, passed: Passed): string[] => [
  scenario,
  passed.seconds.toFixed(2),
  String(passed.commands),
  String(passed.commits),
  String(Math.round(passed.commands / passed.seconds)),
  passed.server.toFixed(1),
  passed.database.toFixed(1),
  passed.memory.before.toFixed(0),
  passed.memory.peak.toFixed(0),
  passed.memory.after.toFixed(0),
];

async function measure(database: BenchDatabase, sql: pg.Client): Promise<string> {
  const rows: string[][] = [];
  const ran: string[] = [];
  const server = await serve(database);
  try {
    for (const scenario of scenarios) {
      say(`${scenario}: making ${accountCount} accounts`);
      const passed = await letPass(server, database, sql, await setUp(server, scenario));
      rows.push(row(scenario, passed));
      ran.push(`- ${scenario}: ${passed.byCommand.map(({ command, count }) => `${command} ${count}`).join(', ')}`);
      say(rows.at(-1)?.join('  ') ?? '');
    }
  } finally {
    await server.stop();
  }
  return [table(headings, rows), '', 'What ran:', ...ran].join('\n');
}

function timesTable(heading: string, times: readonly SelfTime[]): string {
  const total = times.reduce((sum, { ms }) => sum + ms, 0);
  const top = times.slice(0, 25).map(({ where, ms }) => [where, ms.toFixed(0), `${((ms / total) * 100).toFixed(1)} %`]);
  return table([heading, 'ms', 'share'], top);
}

/** Set up on one server, and the time passes on another, so that the profile shows nothing else. */
async function profile(database: BenchDatabase, sql: pg.Client): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'ek-prof-'));
  try {
    const first = await serve(database);
    let platform: Platform;
    try {
      platform = await setUp(first, 'selling');
    } finally {
      await first.stop();
    }
    const flags = ['--cpu-prof', '--cpu-prof-dir', directory, '--cpu-prof-name', 'server.cpuprofile'];
    const second = await serve(database, flags);
    try {
      console.log(table(headings, [row('selling', await letPass(second, database, sql, platform))]));
    } finally {
      await second.stop();
    }
    const { functions, parts } = selfTimes(join(directory, 'server.cpuprofile'));
    console.log(`\n${timesTable('own time by function', functions)}\n\n${timesTable('by part', parts)}\n`);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function run(database: BenchDatabase): Promise<void> {
  const sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
  try {
    if (options.profile) return await profile(database, sql);
    const { rows } = await sql.query('show server_version');
    const text = await measure(database, sql);
    const machine = describeMachine(rows[0].server_version);
    const command = ['npm run bench --', name, ...process.argv.slice(2)].join(' ');
    const intro = `${new Date().toISOString().slice(0, 10)}, ${machine}. ${accountCount} connected accounts on daily schedules, ${negativeCount} of them below zero, ${days} days in one advance.\n\n    ${command}`;
    const books = await audit({ url: database.url }, allKinds);
    const verdict = books.findings.length === 0 ? 'clean' : `${books.findings.length} findings`;
    const proof = `Audit afterwards: ${verdict} (${books.operations} operations, ${books.postings} postings).`;
    console.log(`\n${intro}\n\n${text}\n\n${proof}`);
    if (books.findings.length > 0) process.exitCode = 1;
    else writeSection(name, `${intro}\n\n${text}\n\n${proof}`);
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

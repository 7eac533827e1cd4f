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
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type pg from 'pg';
import { destinationCharge } from './support/charges.ts';
import { Connection, get, post } from './support/connection.ts';
import { bench, type Found, onStage, type Stage, say } from './support/frame.ts';
import { type BenchDatabase, type BenchServer, serve } from './support/instance.ts';
import { asAdmin, foundPlatform, inParallel, makeAccounts, type Platform, sent } from './support/platform.ts';
import { processorSeconds, residentMegabytes, secondsSince } from './support/processor.ts';
import { profiled } from './support/profile.ts';
import { table } from './support/results.ts';

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

const bankForm = (number: string): string =>
  'external_account[object]=bank_account&external_account[country]=US&external_account[currency]=usd' +
  `&external_account[routing_number]=110000000&external_account[account_number]=${number}`;

async function setUp(server: BenchServer, scenario: Scenario): Promise<Platform> {
  const platform = await foundPlatform(server, { test_clock: { frozen_time: start } });
  const { key } = platform;
  const accounts = await makeAccounts(server, platform, accountCount, (i) => {
    const refuses = i < negativeCount && i % 2 === 1;
    return (
      'type=express&country=US&capabilities[transfers][requested]=true&capabilities[card_payments][requested]=true' +
      `&settings[payouts][schedule][interval]=daily&${bankForm(refuses ? '000111111116' : '000123456789')}`
    );
  });
  if (scenario !== 'quiet') {
    for (const account of accounts.slice(0, negativeCount)) {
      await asAdmin(server, key, 'adjustments', { account, amount: -debt, currency: 'usd' });
    }
  }
  if (scenario === 'selling') {
    await inParallel(server, accountCount - negativeCount, async (connection, i) => {
      const { path } = destinationCharge;
      const form = destinationCharge.form(accounts[negativeCount + i] as string);
      await sent(connection, post({ path, form }, key, `charge ${i}`));
    });
  }
  return platform;
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
  const before = residentMegabytes(server.pid);
  let peak = before;
  const sampling = setInterval(() => {
    peak = Math.max(peak, residentMegabytes(server.pid) || 0);
  }, 100);
  const started = performance.now();
  const connection = await Connection.open(server.port);
  const path = `/v1/test_helpers/test_clocks/${clock}`;
  const form = `frozen_time=${start + days * secondsPerDay}`;
  const advance = post({ path: `${path}/advance`, form }, key, 'advance');
  let state = await sent<{ id: string; status?: string }>(connection, advance);
  while (state.status !== 'ready') {
    if (performance.now() - started > patienceMs) throw new Error('the clock does not arrive');
    await sleep(20);
    state = await sent(connection, get({ path }, key));
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
    memory: { before, peak, after: residentMegabytes(server.pid) },
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

async function measure({ database, sql }: Stage): Promise<Found> {
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
  return { text: [table(headings, rows), '', 'What ran:', ...ran].join('\n'), errors: 0 };
}

/** Set up on one server, and the time passes on another, so that the profile shows nothing else. */
async function profile({ database, sql }: Stage): Promise<void> {
  const first = await serve(database);
  let platform: Platform;
  try {
    platform = await setUp(first, 'selling');
  } finally {
    await first.stop();
  }
  const times = await profiled(database, async (server) => {
    console.log(table(headings, [row('selling', await letPass(server, database, sql, platform))]));
  });
  console.log(`\n${times}\n`);
}

const setting = `${accountCount} connected accounts on daily schedules, ${negativeCount} of them below zero, ${days} days in one advance`;
if (options.profile) await onStage(profile);
else await bench('clock', setting, measure);

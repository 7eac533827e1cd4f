/**
 * How fast a book proves itself: destination charges go through the engine in process, and then the whole database is
 * audited, a few times, each in a process of its own.
 *
 *     npm run bench -- audit [--charges 200000] [--accounts 1000] [--times 3] [--profile]
 *
 * A posting is one leg; a charge has eight, with four rows of statements. `--profile` says instead where the auditor's
 * processor time goes.
 */
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { allKinds } from '../src/registry.ts';
import { audit } from '../src/store/postgres/audit.ts';
import { helpersHere } from '../src/store/postgres/audit-crew.ts';
import { asksOf, destinationCharge } from './support/charges.ts';
import { bench, type Found, onStage, type Stage, say } from './support/frame.ts';
import { InProcess } from './support/in-process.ts';
import { type BenchDatabase, serve } from './support/instance.ts';
import { foundPlatform, makeAccounts } from './support/platform.ts';
import { endedSeconds } from './support/processor.ts';
import { profiledNode } from './support/profile.ts';
import { table } from './support/results.ts';

const inFlight = 256;
const { values: options } = parseArgs({
  options: {
    charges: { type: 'string', default: '200000' },
    accounts: { type: 'string', default: '1000' },
    times: { type: 'string', default: '3' },
    profile: { type: 'boolean', default: false },
    // What the processes are started with that audit.
    only: { type: 'string' },
  },
});

/** Charges, put into the engine by this process. */
async function build(database: BenchDatabase): Promise<void> {
  const server = await serve(database);
  try {
    const platform = await foundPlatform(server);
    const accounts = await makeAccounts(server, platform, Number(options.accounts));
    const engine = new InProcess(database.url);
    let left = Number(options.charges);
    try {
      const { errors } = await engine.submit(
        platform.book,
        asksOf(destinationCharge, accounts),
        inFlight,
        () => left-- > 0,
      );
      if (errors > 0) throw new Error(`${errors} charges failed`);
    } finally {
      await engine.close();
    }
  } finally {
    await server.stop();
  }
}

interface Run {
  readonly seconds: number;
  readonly operations: number;
  readonly postings: number;
  readonly findings: number;
  readonly processorSeconds: number;
  readonly megabytes: number;
}

/** What a process that was started with `--only` does. */
async function auditOnly(url: string): Promise<void> {
  const started = performance.now();
  const { operations, postings, findings } = await audit({ url }, allKinds, helpersHere());
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage();
  const run: Run = {
    seconds,
    operations,
    postings,
    findings: findings.length,
    processorSeconds: (user + system) / 1e6,
    megabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  console.log(JSON.stringify(run));
}

async function auditOnce(url: string, flags: readonly string[] = []): Promise<Run> {
  const args = [...flags, fileURLToPath(import.meta.url), '--only', url];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as Run;
}

async function measure({ database, sql }: Stage): Promise<Found> {
  await build(database);
  await sql.query('vacuum analyze');
  const lines: string[][] = [];
  for (let i = 0; i < Number(options.times); i++) {
    const before = endedSeconds(database.pid);
    const run = await auditOnce(database.url);
    // The database notices a little later that its processes have ended which the audit was connected to.
    await sleep(200);
    if (run.findings > 0) throw new Error(`${run.findings} findings`);
    say(`${run.postings} postings in ${run.seconds.toFixed(2)} s`);
    lines.push([
      String(i + 1),
      String(run.operations),
      String(run.postings),
      run.seconds.toFixed(2),
      String(Math.round(run.postings / run.seconds)),
      run.processorSeconds.toFixed(2),
      (endedSeconds(database.pid) - before).toFixed(2),
      String(run.megabytes),
    ]);
  }
  const headings = [
    'run',
    'operations',
    'postings',
    'seconds',
    'postings/s',
    'auditor CPU s',
    'database CPU s',
    'MB peak',
  ];
  return { text: table(headings, lines), errors: 0 };
}

async function profile({ database }: Stage): Promise<void> {
  await build(database);
  const times = await profiledNode(async (flags) => {
    console.log(await auditOnce(database.url, flags));
  });
  console.log(`\n${times}\n`);
}

if (options.only !== undefined) await auditOnly(options.only);
else if (options.profile) await onStage(profile);
else await bench('audit', `${options.accounts} connected accounts`, measure);

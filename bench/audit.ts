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
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import pg from 'pg';
import { Engine } from '../src/engine/engine.ts';
import { foundPlatform } from '../src/features/platforms/found.ts';
import { bookOfPlatform } from '../src/features/platforms/object.ts';
import { secretsOf } from '../src/features/platforms/secrets.ts';
import { featuresWith, jobsOf } from '../src/registry.ts';
import { keyHashOf } from '../src/store/idempotency.ts';
import { audit } from '../src/store/postgres/audit.ts';
import { PostgresStore } from '../src/store/postgres/postgres.ts';
import { allKinds, askedBy } from './support/in-process.ts';
import { type BenchDatabase, startDatabase } from './support/instance.ts';
import { describeMachine } from './support/machine.ts';
import { selfTimes } from './support/profile.ts';
import { table, writeSection } from './support/results.ts';

const name = 'audit';
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

const say = (line: string) => console.error(`> ${line}`);

/** Charges, put into the engine by this process. */
async function build({ url }: BenchDatabase): Promise<void> {
  const store = new PostgresStore({ url });
  const secrets = secretsOf({ adminKey: null, deterministicSeed: null });
  const engine = new Engine({ store, kinds: allKinds, jobs: jobsOf(featuresWith(secrets)) });
  const founding = { engine, books: store, keys: store, secrets };
  const { platform } = await foundPlatform(founding, {}, { id: null, idempotency: null });
  const book = bookOfPlatform(platform);
  const submit = async (path: string, form: string, number: number): Promise<string> => {
    const key = `${path} ${number}`;
    const keyHash = keyHashOf(key);
    const outcome = await engine.submit(book, {
      ...askedBy(path, form),
      request: { account: null, id: 'req_00000000000000', idempotency: { key, keyHash, path, fingerprint: keyHash } },
      refusalBody: (refusal) => JSON.stringify(refusal.error),
    });
    if (outcome.kind === 'refused' || outcome.status !== 200 || outcome.object === null)
      throw new Error(`POST ${path} was refused: ${JSON.stringify(outcome)}`);
    return outcome.object.id;
  };
  const many = async (count: number, each: (index: number) => Promise<void>) => {
    let next = 0;
    const work = async () => {
      while (next < count) await each(next++);
    };
    await Promise.all(Array.from({ length: inFlight }, work));
  };
  try {
    const accounts: string[] = [];
    await many(Number(options.accounts), async (i) => {
      const form =
        'type=express&country=US&capabilities[transfers][requested]=true&capabilities[card_payments][requested]=true';
      accounts[i] = await submit('/v1/accounts', form, i);
    });
    await many(Number(options.charges), async (i) => {
      const to = accounts[i % accounts.length];
      await submit(
        '/v1/charges',
        `amount=${10_000 + (i % 5000)}&currency=usd&source=tok_visa&application_fee_amount=1230&transfer_data[destination]=${to}`,
        i,
      );
      if (i % 20_000 === 19_999) say(`${i + 1} charges`);
    });
  } finally {
    await engine.stop();
    await store.close();
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
  const { operations, postings, findings } = await audit({ url }, allKinds);
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage();
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  const run: Run = {
    seconds,
    operations,
    postings,
    findings: findings.length,
    processorSeconds: (user + system) / 1e6,
    megabytes,
  };
  console.log(JSON.stringify(run));
}

async function auditOnce(url: string, flags: readonly string[] = []): Promise<Run> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...flags,
    fileURLToPath(import.meta.url),
    '--only',
    url,
  ]);
  return JSON.parse(stdout) as Run;
}

async function profile(url: string): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'ek-prof-'));
  try {
    const flags = ['--cpu-prof', '--cpu-prof-dir', directory, '--cpu-prof-name', 'audit.cpuprofile'];
    console.log(await auditOnce(url, flags));
    const { functions } = selfTimes(join(directory, 'audit.cpuprofile'));
    console.log(
      table(
        ['own time by function', 'ms'],
        functions.slice(0, 25).map(({ where, ms }) => [where, ms.toFixed(0)]),
      ),
    );
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function measure(database: BenchDatabase): Promise<void> {
  const sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
  const { rows } = await sql.query('show server_version');
  await sql.query('vacuum analyze');
  await sql.end();
  const lines: string[][] = [];
  let findings = 0;
  for (let i = 0; i < Number(options.times); i++) {
    const run = await auditOnce(database.url);
    findings += run.findings;
    lines.push([
      String(i + 1),
      String(run.operations),
      String(run.postings),
      run.seconds.toFixed(2),
      String(Math.round(run.postings / run.seconds)),
      run.processorSeconds.toFixed(2),
      String(run.megabytes),
    ]);
  }
  const text = table(['run', 'operations', 'postings', 'seconds', 'postings/s', 'auditor CPU s', 'MB peak'], lines);
  const command = ['npm run bench --', name, ...process.argv.slice(2)].join(' ');
  const intro = `${new Date().toISOString().slice(0, 10)}, ${describeMachine(rows[0].server_version)}, ${options.accounts} connected accounts.\n\n    ${command}`;
  console.log(`\n${intro}\n\n${text}\n\nFindings: ${findings}.`);
  if (findings > 0) process.exitCode = 1;
  else writeSection(name, `${intro}\n\n${text}`);
}

if (options.only !== undefined) await auditOnly(options.only);
else {
  const database = await startDatabase();
  try {
    await build(database);
    await (options.profile ? profile(database.url) : measure(database));
  } finally {
    await database.stop();
  }
}

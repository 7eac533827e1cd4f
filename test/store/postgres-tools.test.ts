/**
 * Backup and restore with PostgreSQL's own tools, on a PostgreSQL of the system's as an operator has one: a dump into a new
 * database, and a base backup with archived WAL that is restored to a point in the middle of the load. The books that come back
 * must prove themselves.
 *
 * Where the tools are not installed, the tests say so and are skipped.
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { appendFile, chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { idsOf, newServerUser } from '../../src/store/embedded/user.ts';
import { auditClean } from '../support/audit.ts';
import { asked } from '../support/database.ts';
import { createPlatform, stripeFor } from '../support/platform.ts';
import { startServer, type TestServer } from '../support/server.ts';

const run = promisify(execFile);

/** Where Debian and its kin put PostgreSQL: the newest that Evenkeel takes. */
function findTools(): string | null {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).map(Number) : [];
  const usable = versions.filter((version) => version >= 15).sort((a, b) => b - a);
  return usable.map((version) => `${root}/${version}/bin`).find((bin) => existsSync(`${bin}/pg_basebackup`)) ?? null;
}

const tools = findTools();
if (tools === null)
  console.log('skipped: no PostgreSQL 15 or newer in /usr/lib/postgresql, whose tools are tested here');
const user = newServerUser(null);

let directory: string;
/** Clusters that run, by their directories. */
const running = new Set<string>();

const tool = (name: string, args: readonly string[]) =>
  run(join(tools as string, name), args, {
    ...idsOf(user),
    cwd: directory,
    env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' },
  });

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}

async function ownDirectory(name: string): Promise<string> {
  const made = join(directory, name);
  await mkdir(made, { mode: 0o700 });
  if (user) await chown(made, user.uid, user.gid);
  return made;
}

/** Starts the cluster in `data` and answers its port. */
async function start(data: string): Promise<number> {
  const port = await freePort();
  const settings = `-p ${port} -k ${directory} -c listen_addresses=127.0.0.1`;
  // Its log goes to a file: a pipe that nobody closes would be waited for.
  await tool('pg_ctl', ['-D', data, '-l', join(data, 'log'), '-o', settings, '-w', '-t', '60', 'start']);
  running.add(data);
  return port;
}

async function stop(data: string): Promise<void> {
  if (running.delete(data)) await tool('pg_ctl', ['-D', data, '-m', 'immediate', '-w', 'stop']);
}

const urlOf = (port: number, database: string): string => `postgresql://evenkeel@127.0.0.1:${port}/${database}`;

let data: string;
let archive: string;
let port: number;

beforeAll(async () => {
  if (tools === null) return;
  directory = await mkdtemp(join(tmpdir(), 'ek-tools-'));
  await chmod(directory, 0o755);
  if (user) await chown(directory, user.uid, user.gid);
  data = await ownDirectory('data');
  archive = await ownDirectory('archive');
  await tool('initdb', ['-D', data, '-U', 'evenkeel', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-k']);
  await appendFile(
    join(data, 'postgresql.conf'),
    `archive_mode = on\narchive_command = 'cp %p ${archive}/%f'\nwal_level = replica\nmax_wal_senders = 4\n`,
  );
  port = await start(data);
  await asked(urlOf(port, 'postgres'), 'create database evenkeel');
}, 120_000);

afterAll(async () => {
  for (const each of [...running]) await stop(each);
  if (directory) await rm(directory, { recursive: true, force: true });
}, 60_000);

/** Charges one after another, until told to stop; answers the ids of those that were acknowledged. */
function load(server: TestServer, secret_key: string): { readonly acknowledged: string[]; stop(): Promise<void> } {
  const stripe = stripeFor(server, { secret_key });
  const acknowledged: string[] = [];
  let going = true;
  const one = async () => {
    while (going) {
      acknowledged.push((await stripe.charges.create({ amount: 1000, currency: 'usd', source: 'tok_visa' })).id);
    }
  };
  const all = Promise.all([one(), one(), one(), one()]);
  return {
    acknowledged,
    async stop() {
      going = false;
      await all;
    },
  };
}

async function untilMore(work: { readonly acknowledged: readonly string[] }, count: number): Promise<void> {
  const wanted = work.acknowledged.length + count;
  for (let waited = 0; work.acknowledged.length < wanted; waited += 20) {
    if (waited > 30_000) throw new Error('the load does not get on');
    await sleep(20);
  }
}

test.skipIf(tools === null)(
  'pg_dump under load, into a new database: Evenkeel serves it, and the books are clean',
  async () => {
    const server = await startServer({ env: { DATABASE_URL: urlOf(port, 'evenkeel') } });
    try {
      const { secret_key } = await createPlatform(server);
      const work = load(server, secret_key);
      await untilMore(work, 20);
      const before = [...work.acknowledged];
      const file = join(directory, 'dump');
      await tool('pg_dump', ['-Fc', '-f', file, urlOf(port, 'evenkeel')]);
      await work.stop();
      await asked(urlOf(port, 'postgres'), 'create database restored');
      await tool('pg_restore', ['--exit-on-error', '-d', urlOf(port, 'restored'), file]);

      const there = await startServer({ env: { DATABASE_URL: urlOf(port, 'restored') } });
      try {
        await auditClean(there);
        const stripe = stripeFor(there, { secret_key });
        for (const id of before) expect((await stripe.charges.retrieve(id)).status).toBe('succeeded');
        const made = await stripe.charges.create({ amount: 1000, currency: 'usd', source: 'tok_visa' });
        expect(made.status).toBe('succeeded');
        await auditClean(there);
      } finally {
        await there.stop();
      }
    } finally {
      await server.stop();
    }
  },
  180_000,
);

test.skipIf(tools === null)(
  'pg_basebackup and archived WAL, restored to a point in the middle of the load: what was acknowledged before is there, and the books are clean',
  async () => {
    await asked(urlOf(port, 'postgres'), 'create database pitr');
    const server = await startServer({ env: { DATABASE_URL: urlOf(port, 'pitr') } });
    let before: string[];
    let secret_key: string;
    const backup = await ownDirectory('backup');
    try {
      ({ secret_key } = await createPlatform(server));
      const work = load(server, secret_key);
      await untilMore(work, 10);
      await tool('pg_basebackup', [
        '-D',
        backup,
        '-h',
        '127.0.0.1',
        '-p',
        String(port),
        '-U',
        'evenkeel',
        '-c',
        'fast',
        '-X',
        'none',
      ]);
      await untilMore(work, 20);
      before = [...work.acknowledged];
      await asked(urlOf(port, 'pitr'), `select pg_create_restore_point('noon')`);
      await untilMore(work, 20);
      await work.stop();
      expect(work.acknowledged.length).toBeGreaterThan(before.length);
      // The last segment goes to the archive when it is full, or when it is told to.
      const [{ segment } = { segment: '' }] = await asked<{ segment: string }>(
        urlOf(port, 'pitr'),
        'select pg_walfile_name(pg_switch_wal()) as segment',
      );
      for (let waited = 0; !existsSync(join(archive, segment)); waited += 50) {
        if (waited > 30_000) throw new Error(`${segment} does not get to the archive`);
        await sleep(50);
      }
    } finally {
      await server.stop();
    }
    await appendFile(
      join(backup, 'postgresql.conf'),
      `restore_command = 'cp ${archive}/%f %p'\nrecovery_target_name = 'noon'\nrecovery_target_action = 'promote'\narchive_mode = off\n`,
    );
    await writeFile(join(backup, 'recovery.signal'), '');
    if (user) await chown(join(backup, 'recovery.signal'), user.uid, user.gid);
    const restored = await start(backup);
    const url = urlOf(restored, 'pitr');
    for (let waited = 0; (await asked<{ on: boolean }>(url, 'select pg_is_in_recovery() as on'))[0]?.on; waited += 50) {
      if (waited > 30_000) throw new Error('the recovery does not end');
      await sleep(50);
    }
    const there = await startServer({ env: { DATABASE_URL: url } });
    try {
      await auditClean(there);
      const stripe = stripeFor(there, { secret_key });
      for (const id of before) expect((await stripe.charges.retrieve(id)).status).toBe('succeeded');
      const { data: all } = await stripe.charges.list({ limit: 100 });
      // What came after the point is gone, but for those that were on their way.
      expect(all.length).toBeGreaterThanOrEqual(Math.min(100, before.length));
      expect(all.length).toBeLessThanOrEqual(before.length + 4);
      await stripe.charges.create({ amount: 1000, currency: 'usd', source: 'tok_visa' });
      await auditClean(there);
    } finally {
      await there.stop();
      await stop(backup);
    }
  },
  180_000,
);

import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { describeFailure, EmbeddedError } from '../../src/store/embedded/error.ts';
import { makeSocketDir, requireSpace } from '../../src/store/embedded/place.ts';
import { isRunning, startOf } from '../../src/store/embedded/process.ts';
import { type Embedded, type EmbeddedOptions, startEmbedded } from '../../src/store/embedded/start.ts';
import { parsePasswd } from '../../src/store/embedded/user.ts';

const isRoot = process.getuid?.() === 0;
const running: Embedded[] = [];
let root: string;

async function start(dir: string, options: EmbeddedOptions = {}): Promise<Embedded> {
  const server = await startEmbedded(dir, options);
  running.push(server);
  return server;
}

async function query(server: Embedded, sql: string): Promise<Record<string, unknown>[]> {
  const { host, port, user, database } = server;
  const client = new pg.Client({ host, port, user, database });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** The number of a process that has ended and been reaped. */
const deadPid = (): number => spawnSync('true').pid;

/** As after a `kill -9` of the Evenkeel that holds `dir`: the lock names somebody who is gone. */
const forgetOwner = (dir: string): void => fs.writeFileSync(path.join(dir, 'evenkeel.pid'), `${deadPid()}\nlong ago\n`);

const lockFile = (dir: string): string => path.join(dir, 'pg/postmaster.pid');

/** Every file below `dir` with its size and time. */
const inventory = (dir: string): string[] =>
  fs.readdirSync(dir, { recursive: true, encoding: 'utf8' }).map((name) => {
    const { size, mtimeMs } = fs.statSync(path.join(dir, name));
    return `${name} ${size} ${mtimeMs}`;
  });

beforeAll(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'ek-embedded-'));
  fs.chmodSync(root, 0o755);
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

describe('a data directory through its life', () => {
  let dir: string;
  beforeAll(() => {
    dir = path.join(root, 'life');
  });

  test('a fresh start makes a cluster that keeps what it acknowledges', async () => {
    const server = await start(dir);
    expect(server.adopted).toBe(false);
    const [settings] = await query(
      server,
      `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
        current_setting('full_page_writes') AS pages, current_setting('data_checksums') AS checksums,
        current_setting('listen_addresses') AS tcp, current_setting('server_version_num')::int / 10000 AS version,
        current_database() AS database, current_user AS role`,
    );
    expect(settings).toEqual({
      fsync: 'on',
      commit: 'on',
      pages: 'on',
      checksums: 'on',
      tcp: '',
      version: 18,
      database: 'evenkeel',
      role: 'evenkeel',
    });
    expect(fs.statSync(server.host).mode & 0o777).toBe(0o700);
    await query(server, 'CREATE TABLE kept AS SELECT 7 AS n');
  });

  test('stop ends the server within 5 s, may be repeated, and gives the directory free', async () => {
    const server = await start(dir);
    const begun = performance.now();
    await server.stop();
    await server.stop();
    expect(performance.now() - begun).toBeLessThan(5000);
    expect(isRunning(server.pid)).toBe(false);
    expect(fs.existsSync(path.join(dir, 'evenkeel.pid'))).toBe(false);
    expect(fs.existsSync(lockFile(dir))).toBe(false);
  });

  test('a restart finds the data, in less than 2 s', async () => {
    const begun = performance.now();
    const server = await start(dir);
    expect(performance.now() - begun).toBeLessThan(2000);
    expect(await query(server, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  });

  test('a second Evenkeel on the same directory is refused, and the first one goes on', async () => {
    const server = await start(dir);
    await expect(start(dir)).rejects.toThrow(
      new EmbeddedError(`another Evenkeel (pid ${process.pid}) uses this data directory: ${dir}`),
    );
    expect(await query(server, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  });

  test('a server whose Evenkeel was killed is adopted', async () => {
    const orphan = await start(dir);
    forgetOwner(dir);
    const server = await start(dir);
    expect(server).toMatchObject({ adopted: true, pid: orphan.pid, host: orphan.host });
    expect(await query(server, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    await server.stop();
    expect(isRunning(orphan.pid)).toBe(false);
  });

  test('or replaced, when other flags are asked for', async () => {
    const orphan = await start(dir);
    forgetOwner(dir);
    const server = await start(dir, { adoptOrphan: false, flags: ['-c', 'work_mem=5MB'] });
    expect(server.adopted).toBe(false);
    expect(server.pid).not.toBe(orphan.pid);
    expect(await query(server, 'SHOW work_mem')).toEqual([{ work_mem: '5MB' }]);
  });

  test('an adopted server whose socket was cleaned away is replaced', async () => {
    const orphan = await start(dir);
    forgetOwner(dir);
    fs.rmSync(orphan.host, { recursive: true });
    const server = await start(dir);
    expect(server.adopted).toBe(false);
    expect(await query(server, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  });

  test('a killed server recovers, and its lock file hinders nobody', async () => {
    const server = await start(dir);
    await query(server, 'INSERT INTO kept VALUES (8)');
    process.kill(server.pid, 'SIGKILL');
    forgetOwner(dir);
    const next = await start(dir);
    expect(next.adopted).toBe(false);
    expect(await query(next, 'SELECT n FROM kept ORDER BY n')).toEqual([{ n: 7 }, { n: 8 }]);
  });

  test('a lock file whose number went to a zombie, or to a stranger, hinders nobody', async () => {
    const server = await start(dir);
    const left = fs.readFileSync(lockFile(dir), 'utf8').split('\n').slice(1);
    await server.stop();
    // The shell becomes a `sleep` that never waits for its child, so the child stays a zombie; it ends after that, or the
    // shell might still have waited for it.
    const parent = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const zombie = await new Promise<number>((resolve) =>
        parent.stdout.once('data', (text) => resolve(Number(text))),
      );
      await expect.poll(() => startOf(zombie)).toBeNull();
      for (const pid of [zombie, parent.pid as number]) {
        expect(process.kill(pid, 0)).toBe(true);
        fs.writeFileSync(lockFile(dir), [pid, ...left].join('\n'));
        const next = await start(dir);
        expect(next.adopted).toBe(false);
        await next.stop();
      }
    } finally {
      parent.kill('SIGKILL');
    }
  });

  test('data of another PostgreSQL version is refused and not touched', async () => {
    const old = path.join(root, 'old');
    fs.cpSync(dir, old, { recursive: true });
    fs.rmSync(path.join(old, 's'), { recursive: true, force: true });
    if (isRoot) fs.chownSync(path.join(old, 'pg'), 65534, 65534);
    fs.writeFileSync(path.join(old, 'pg/PG_VERSION'), '17\n');
    const before = inventory(old);
    await expect(start(old)).rejects.toThrow(
      new EmbeddedError(
        `the database in ${old}/pg was written by PostgreSQL 17, this Evenkeel brings 18: export it with the Evenkeel that wrote it, or change EVENKEEL_DATA`,
      ),
    );
    expect(inventory(old)).toEqual(before);
  });
});

describe('what hinders a start is said in one line', () => {
  test('something else lies where the database would be', async () => {
    const dir = path.join(root, 'else');
    fs.mkdirSync(path.join(dir, 'pg/photos'), { recursive: true });
    await expect(start(dir)).rejects.toThrow(
      `${dir}/pg is not empty and no PostgreSQL data directory: move it away, or change EVENKEEL_DATA`,
    );
    expect(fs.readdirSync(dir)).toEqual(['pg']);
  });

  test('the data directory is a file', async () => {
    const file = path.join(root, 'file');
    fs.writeFileSync(file, '');
    await expect(start(file)).rejects.toThrow(/^the data directory .*file cannot be used: EEXIST/);
  });

  test('a setting that PostgreSQL refuses; the directory is free again', async () => {
    const dir = path.join(root, 'flags');
    await expect(start(dir, { flags: ['-c', 'work_mem=many'] })).rejects.toThrow(
      /^PostgreSQL does not start: invalid value for parameter "work_mem": "many" \(more in .*postgres\.log\)$/,
    );
    expect(fs.existsSync(path.join(dir, 'evenkeel.pid'))).toBe(false);
    expect((await start(dir)).adopted).toBe(false);
  });

  test('a full disk', () => {
    expect(() => requireSpace(root, 1e18)).toThrow(
      /^the disk of .* is full: \d+ MB free, the database needs 1000000000000 MB/,
    );
    const said = 'creating subdirectories ... ok\ninitdb: error: could not write file: No space left on device\n';
    expect(describeFailure('a new database cannot be made', said, '/data')).toBe(
      'the disk of /data is full: free some space and start again',
    );
  });
});

test('a long path gets its socket in /tmp, which goes with the server', async () => {
  const dir = path.join(root, 'long'.repeat(25));
  const server = await start(dir);
  expect(server.host).toMatch(/^\/tmp\/evenkeel-/);
  expect(await query(server, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  await server.stop();
  expect(fs.existsSync(server.host)).toBe(false);
});

test('a short path keeps its socket beside the data', () => {
  const dir = fs.mkdtempSync('/tmp/ek-');
  expect(makeSocketDir(dir, null)).toBe(path.join(dir, 's'));
  fs.rmSync(dir, { recursive: true });
});

describe.runIf(isRoot)('as root', () => {
  const uidOf = (pid: number): number => fs.statSync(`/proc/${pid}`).uid;
  const users = parsePasswd(fs.readFileSync('/etc/passwd', 'utf8'));

  test('the server runs as the named user, and afterwards always as the owner of its data', async () => {
    const dir = path.join(root, 'owner');
    const nobody = users.find(({ name }) => name === 'nobody')?.uid;
    const first = await start(dir, { pgUser: 'nobody' });
    expect(uidOf(first.pid)).toBe(nobody);
    await first.stop();
    const second = await start(dir);
    expect(uidOf(second.pid)).toBe(nobody);
  });

  test('a name that is no user is refused', async () => {
    await expect(start(path.join(root, 'who'), { pgUser: 'nosuch' })).rejects.toThrow(
      'EVENKEEL_PG_USER names nosuch, which is not a user on this system',
    );
  });

  test('data that the user cannot reach lives in /var/lib/evenkeel, at the next start too', async () => {
    const closed = path.join(root, 'closed');
    fs.mkdirSync(closed, { mode: 0o700 });
    const lines: string[] = [];
    const homes: string[] = [];
    for (let round = 0; round < 2; round++) {
      const server = await start(path.join(closed, 'data'), { onProgress: (line) => lines.push(line) });
      homes.push(path.dirname(server.host));
      await server.stop();
    }
    const [home = ''] = homes;
    fs.rmSync(home, { recursive: true });
    expect(home).toMatch(/^\/var\/lib\/evenkeel\/[0-9a-f]{12}$/);
    expect(homes).toEqual([home, home]);
    expect(lines[0]).toBe(`The database is in ${home}: its user cannot enter ${closed}/data`);
  });
});

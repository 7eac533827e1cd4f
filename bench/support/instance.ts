/** What a benchmark measures: an embedded PostgreSQL in a directory of its own, and the real server on it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Embedded, startEmbedded } from '../../src/store/embedded/start.ts';
import { migrate } from '../../src/store/postgres/migrate.ts';

const serverFile = fileURLToPath(new URL('../../../dist/main.js', import.meta.url));
const startMsMax = 60_000;
const stopMsMax = 6_000;

export const adminKey = 'admin_evenkeel_bench';

export interface BenchDatabase {
  readonly url: string;
  readonly pid: number;
  /** On the disk that the database writes to. */
  readonly directory: string;
  stop(): Promise<void>;
}

/** A fresh, migrated database with the settings that every embedded one has: fsync on, synchronous_commit on. */
export async function startDatabase(): Promise<BenchDatabase> {
  // Short, since the path of a Unix socket may have 107 bytes.
  const directory = await mkdtemp(join(tmpdir(), 'ek-bench-'));
  // PostgreSQL never runs as root: the user it runs as instead must be able to enter.
  await chmod(directory, 0o755);
  let embedded: Embedded | null = null;
  const stop = async () => {
    await embedded?.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    embedded = await startEmbedded(join(directory, 'pg'));
    const { host, port, user, database, pid } = embedded;
    const url = `postgresql:///${database}?${new URLSearchParams({ host, port: String(port), user })}`;
    await migrate({ url });
    return { url, pid, directory, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

export interface BenchServer {
  readonly port: number;
  readonly pid: number;
  /** SIGTERM, and waits. */
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), stopMsMax);
  await ended;
  clearTimeout(kill);
}

/**
 * A server as a process of its own, on a free port.
 *
 * @param args     for Node, from the flags and the script on
 * @param isReady  whether an answer to a GET of `path` says that it serves
 */
export async function startServer(
  args: (port: number) => readonly string[],
  env: (port: number) => NodeJS.ProcessEnv,
  { path, isReady }: { readonly path: string; isReady(answer: Response): boolean },
): Promise<BenchServer> {
  const port = await freePort();
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('EVENKEEL_')));
  const child = spawn(process.execPath, args(port), {
    env: { ...inherited, ...env(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const answers = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => null);
    await answer?.arrayBuffer().catch(() => null);
    return answer !== null && isReady(answer);
  };
  try {
    for (const begun = performance.now(); !(await answers()); await sleep(50)) {
      if (child.exitCode !== null) throw new Error(`the server ended before it was ready: ${child.exitCode}`);
      if (performance.now() - begun > startMsMax) throw new Error('the server does not become ready');
    }
  } catch (error) {
    await end(child);
    throw error;
  }
  return { port, pid: child.pid as number, stop: () => end(child) };
}

/**
 * `evenkeel serve` as a process, with its default settings but for the log: warnings only.
 *
 * @param nodeFlags  for Node, such as --cpu-prof
 */
export const serve = (database: BenchDatabase, nodeFlags: readonly string[] = []): Promise<BenchServer> =>
  startServer(
    () => [...nodeFlags, serverFile, 'serve'],
    (port) => ({
      HOST: '127.0.0.1',
      PORT: String(port),
      DATABASE_URL: database.url,
      EVENKEEL_ADMIN_KEY: adminKey,
      LOG_LEVEL: 'warn',
    }),
    { path: '/readyz', isReady: ({ status }) => status === 200 },
  );

/** What is attacked: an embedded PostgreSQL in a directory of its own, and `evenkeel serve` on it as a process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbedded } from '../../src/store/embedded/start.ts';
import { freePort } from '../support/process.ts';
import type { LogWatch } from './secrets.ts';
import type { Target } from './world.ts';

export interface Instance extends Target {
  readonly databaseUrl: string;
  /** What `evenkeel audit` says, and its status. */
  audit(): Promise<{ readonly status: number; readonly output: string }>;
  stop(): Promise<void>;
}

const adminKey = 'admin_evenkeel_fuzz';

/** @param main the built `main.js` */
export async function startInstance(main: string, log: LogWatch): Promise<Instance> {
  // Short, since the path of a Unix socket may have 107 bytes.
  const directory = await mkdtemp(join(tmpdir(), 'ek-fuzz-'));
  // PostgreSQL never runs as root: the user it runs as instead must be able to enter.
  await chmod(directory, 0o755);
  const embedded = await startEmbedded(join(directory, 'pg'));
  const { host, port: socketPort, user, database } = embedded;
  const databaseUrl = `postgresql:///${database}?${new URLSearchParams({ host, port: String(socketPort), user })}`;
  const port = await freePort();
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('EVENKEEL_')));
  const env = {
    ...inherited,
    HOST: '127.0.0.1',
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    EVENKEEL_ADMIN_KEY: adminKey,
    EVENKEEL_WEBHOOKS_PRIVATE: '1',
    LOG_LEVEL: 'info',
  };
  const run = (args: readonly string[]) =>
    spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const server = run(['serve']);
  server.stdout.on('data', (chunk: Buffer) => log.hear(chunk.toString()));
  server.stderr.on('data', (chunk: Buffer) => log.hear(chunk.toString()));
  const exited = once(server, 'exit');
  const stop = async () => {
    if (server.exitCode === null) {
      server.kill('SIGTERM');
      const kill = setTimeout(() => server.kill('SIGKILL'), 10_000);
      await exited;
      clearTimeout(kill);
    }
    await embedded.stop();
    await rm(directory, { recursive: true, force: true });
  };
  for (let tries = 0; ; tries++) {
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
    if (ready?.status === 200) break;
    if (server.exitCode !== null || tries > 600) {
      await stop();
      throw new Error('the server does not become ready');
    }
    await sleep(50);
  }
  return {
    port,
    adminKey,
    databaseUrl,
    async audit() {
      const child = run(['audit']);
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
      child.stderr.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
      const [status] = (await once(child, 'close')) as [number];
      return { status, output };
    },
    stop,
  };
}

import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { createDatabase, databaseUrl, dropDatabase } from './database.ts';
import { adminKey, builtMain } from './paths.ts';
import { freePort, ServerProcess, stopMsMax } from './process.ts';

export interface ServerOptions {
  /** Added to, and stronger than, what the harness sets. */
  readonly env?: Readonly<Record<string, string>>;
  /** A server with its own embedded PostgreSQL, as `npm start` has it, instead of a database in the run's shared one. */
  readonly embedded?: boolean;
}

/** One server process, and the environment that other commands (audit, CLI) need to see the same data. */
export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly adminKey: string;
  readonly env: Readonly<Record<string, string>>;
  /** Of answers to any client of this server; `auditClean` fails if there are some. */
  readonly violations: string[];
  readonly seenRequestIds: Set<string>;
  /** Changes with a restart; undefined while no process runs. */
  readonly pid: number | undefined;
  /** stdout and stderr of all processes so far. */
  logs(): string;
  /** SIGTERM, then cleans up the data. Fails if the process does not end within its promised 5 seconds. */
  stop(): Promise<void>;
  /** SIGKILL. The data stays for `restart`. */
  kill9(): Promise<void>;
  /** Stops the process if it runs and starts another on the same data and port. */
  restart(): Promise<void>;
}

/**
 * Starts a server for one test file, on a port and a database of its own, and waits until it is ready.
 * Broken invariants stop a book in it (`EVENKEEL_CHECK_INVARIANTS`), so a scenario cannot pass on wrong books.
 *
 * @throws with the server's own words, if it ends or is not ready within 30 seconds
 */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  if (!existsSync(builtMain)) throw new Error('dist/main.js is missing: run `npm run build` before the scenarios');
  const directory = await mkdtemp(join(tmpdir(), 'ek-'));
  // The embedded PostgreSQL never runs as root: the user it runs as instead must be able to enter.
  await chmod(directory, 0o755);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const base = {
    PORT: String(port),
    HOST: '127.0.0.1',
    EVENKEEL_DATA: join(directory, 'data'),
    EVENKEEL_ADMIN_KEY: adminKey,
    EVENKEEL_CHECK_INVARIANTS: '1',
    EVENKEEL_WEBHOOKS_PRIVATE: '1',
    LOG_LEVEL: 'warn',
  };

  let cleanUp = async () => rm(directory, { recursive: true, force: true });
  let store: Record<string, string> = {};
  if (options.embedded !== true) {
    const postgres = inject('postgres');
    const database = `test_${randomBytes(6).toString('hex')}`;
    await createDatabase(postgres, database);
    store = { DATABASE_URL: databaseUrl(postgres, database) };
    const removeDirectory = cleanUp;
    cleanUp = async () => {
      await removeDirectory();
      await dropDatabase(postgres, database);
    };
  }

  const env = { ...base, ...store, ...options.env };
  let heard = '';
  const hear = (text: string) => {
    heard += text;
  };
  let current = new ServerProcess(builtMain, env, hear);

  try {
    await current.untilReady(url);
  } catch (error) {
    await cleanUp();
    throw error;
  }

  return {
    url,
    port,
    adminKey: env.EVENKEEL_ADMIN_KEY,
    env,
    violations: [],
    seenRequestIds: new Set(),
    get pid() {
      return current.running ? current.child.pid : undefined;
    },
    logs: () => heard,
    async stop() {
      try {
        await current.end('SIGTERM', stopMsMax);
      } finally {
        await cleanUp();
      }
    },
    kill9: () => current.end('SIGKILL', stopMsMax),
    async restart() {
      await current.end('SIGTERM', stopMsMax);
      current = new ServerProcess(builtMain, env, hear);
      await current.untilReady(url);
    },
  };
}

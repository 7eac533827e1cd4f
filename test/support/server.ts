import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { createDatabase, databaseUrl, dropDatabase } from './database.ts';
import { adminKey, builtMain } from './paths.ts';
import { freePort, runServer, type TestServer } from './process.ts';

export type { TestServer } from './process.ts';

export interface ServerOptions {
  /** Added to, and stronger than, what the harness sets. */
  readonly env?: Readonly<Record<string, string>>;
  /** A server with its own embedded PostgreSQL, as `npm start` has it, instead of a database in the run's shared one. */
  readonly embedded?: boolean;
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
  return runServer({ main: builtMain, port, env, cleanUp });
}

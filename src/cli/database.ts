import type { Config } from '../config.ts';
import { findRunning, startEmbedded } from '../store/embedded/start.ts';
import type { Database } from '../store/postgres/connection.ts';

/** The database that the configuration names, and how to let go of it. */
export interface OpenDatabase {
  readonly database: Database;
  readonly embedded: boolean;
  close(): Promise<void>;
}

/**
 * `DATABASE_URL`'s server, or the embedded one, started when it does not run.
 *
 * @param shared a tool beside a running Evenkeel: joins the embedded server that Evenkeel runs, instead of claiming the data
 * @throws EmbeddedError with one line for the user
 */
export async function openDatabase(
  config: Config,
  { shared = false, onProgress = (_: string) => {} } = {},
): Promise<OpenDatabase> {
  if (config.databaseUrl !== null) {
    return { database: { url: config.databaseUrl }, embedded: false, close: async () => {} };
  }
  const running = shared ? findRunning(config.dataDir, config.pgUser) : null;
  if (running) return { database: running, embedded: true, close: async () => {} };
  const embedded = await startEmbedded(config.dataDir, { pgUser: config.pgUser, onProgress });
  const { host, port, user, database } = embedded;
  return { database: { host, port, user, database }, embedded: true, close: () => embedded.stop() };
}

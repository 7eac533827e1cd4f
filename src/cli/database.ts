import type { Config } from '../config.ts';
import { EmbeddedError } from '../store/embedded/error.ts';
import { isRunning } from '../store/embedded/process.ts';
import { findRunning, hasDatabase, startEmbedded } from '../store/embedded/start.ts';
import { type Database, databaseAt, requireWrites } from '../store/postgres/connection.ts';

/** The database that the configuration names, and how to let go of it. */
export interface OpenDatabase {
  readonly database: Database;
  readonly embedded: boolean;
  /** The directory of an embedded server that we started. */
  readonly home: string | null;
  /** Resolves when the embedded server has ended although nobody stopped it; never otherwise. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

const never = new Promise<void>(() => {});
const lookMs = 500;

/**
 * `DATABASE_URL`'s server, or the embedded one, started when it does not run.
 *
 * @param shared a tool beside a running Evenkeel: joins the embedded server that Evenkeel runs, instead of claiming the data
 * @param existing there must be a database already: whoever only reads makes none
 * @throws EmbeddedError with one line for the user
 */
export async function openDatabase(
  config: Config,
  { shared = false, existing = false, onProgress = (_: string) => {} } = {},
): Promise<OpenDatabase> {
  if (config.databaseUrl !== null) {
    const { database, close } = databaseAt(config.databaseUrl);
    if (!existing) await requireWrites(database);
    return { database, embedded: false, home: null, ended: never, close: async () => close() };
  }
  const running = shared ? findRunning(config.dataDir, config.pgUser) : null;
  if (running) return { database: running, embedded: true, home: null, ended: never, close: async () => {} };
  if (existing && !hasDatabase(config.dataDir, config.pgUser)) {
    throw new EmbeddedError(`there is no database in ${config.dataDir}: set EVENKEEL_DATA or DATABASE_URL`);
  }
  const embedded = await startEmbedded(config.dataDir, { pgUser: config.pgUser, onProgress });
  const { host, home, port, user, database, pid } = embedded;
  const watch = watching(pid);
  return {
    database: { host, port, user, database },
    embedded: true,
    home,
    ended: watch.ended,
    close() {
      watch.stop();
      return embedded.stop();
    },
  };
}

/** Looks now and then whether the process is there. It is not always our child: one that was left behind is adopted. */
function watching(pid: number): { readonly ended: Promise<void>; stop(): void } {
  let timer: NodeJS.Timeout | null = null;
  const ended = new Promise<void>((resolve) => {
    timer = setInterval(() => {
      if (isRunning(pid)) return;
      if (timer) clearInterval(timer);
      resolve();
    }, lookMs);
  });
  return {
    ended,
    stop() {
      if (timer) clearInterval(timer);
    },
  };
}

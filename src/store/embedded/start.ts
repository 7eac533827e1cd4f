/**
 * An own PostgreSQL server for people who have none: started with Evenkeel, stopped with it, reached through a socket only.
 *
 *   place     where it lives and as whom it runs (never as root)
 *   owner     one Evenkeel a data directory
 *   runtime   binaries that this user can run
 *   orphan    a server that outlived a killed Evenkeel is adopted
 *   cluster   made at the first start, refused if of another version
 *   server    started, awaited
 *   database  `evenkeel`, made if missing
 *
 * A step that fails says so in one line (EmbeddedError), and what the steps before it took is given back.
 */
import path from 'node:path';
import { createCluster, hasUsableCluster, roleName } from './cluster.ts';
import { ensureDatabase } from './database.ts';
import { EmbeddedError } from './error.ts';
import { readLockFile } from './lock-file.ts';
import { findOrphan } from './orphan.ts';
import { claim } from './owner.ts';
import { clusterIn, dropSocketDir, findPlace, makeSocketDir, type Place, requireSpace, socketPort } from './place.ts';
import { isPostmasterOf } from './process.ts';
import { findRuntime } from './runtime.ts';
import { startServer, stopServer } from './server.ts';

/** A running server. Connect with `host` (the socket's directory), `port`, `user` and `database`; there is no password. */
export interface Embedded {
  readonly host: string;
  /** Where its data are, the directory that was asked for or another one. */
  readonly home: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** True when it had been left running by an Evenkeel that was killed. */
  readonly adopted: boolean;
  readonly pid: number;
  /** Stops the server, under 5 s. May be called again. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Whom to run as when we are root and the data is new. */
  readonly pgUser?: string | null;
  /** More arguments for `postgres`, such as `['-c', 'log_statement=all']`. */
  readonly flags?: readonly string[];
  readonly onProgress?: (line: string) => void;
  /** False: a server left behind is stopped and a new one started, so that `flags` hold. Default true. */
  readonly adoptOrphan?: boolean;
}

const databaseName = 'evenkeel';

/**
 * Starts the embedded server on `dataDir`, or adopts the one that runs there.
 *
 * @param dataDir made if missing; relative to the working directory
 * @throws EmbeddedError with one line for the user; the data is as it was
 */
export async function startEmbedded(dataDir: string, options: EmbeddedOptions = {}): Promise<Embedded> {
  const asked = path.resolve(dataDir);
  try {
    const place = findPlace(asked, options.pgUser ?? null);
    const isOld = hasUsableCluster(place.home);
    const release = await claim(place.home);
    try {
      if (place.moved) options.onProgress?.(`The database is in ${place.home}: its user cannot enter ${asked}`);
      return await startIn(place, isOld, release, options);
    } catch (error) {
      release();
      throw error;
    }
  } catch (error) {
    throw asEmbeddedError(error, asked);
  }
}

/** Where the embedded server of `dataDir` is reached while it runs, for tools beside a running Evenkeel; null when it does not. */
export function findRunning(
  dataDir: string,
  pgUser: string | null,
): Omit<Embedded, 'home' | 'adopted' | 'stop'> | null {
  const cluster = clusterIn(findPlace(path.resolve(dataDir), pgUser).home);
  const lock = readLockFile(cluster);
  if (lock === null || lock.status !== 'ready' || !isPostmasterOf(lock.pid, cluster)) return null;
  return { host: lock.socketDir, port: socketPort, user: roleName, database: databaseName, pid: lock.pid };
}

/** Whether there is a database in `dataDir`, running or not. @throws EmbeddedError for one of another version */
export const hasDatabase = (dataDir: string, pgUser: string | null): boolean =>
  hasUsableCluster(findPlace(path.resolve(dataDir), pgUser).home);

async function startIn(place: Place, isOld: boolean, release: () => void, options: EmbeddedOptions): Promise<Embedded> {
  const onProgress = options.onProgress ?? (() => {});
  const cluster = clusterIn(place.home);
  let server = isOld ? await findOrphan(cluster, options.adoptOrphan ?? true) : null;
  const adopted = server !== null;
  if (server === null) {
    requireSpace(place.home);
    const native = findRuntime(place.home, place.user);
    if (!isOld) {
      onProgress(`Making a new database in ${place.home}`);
      await createCluster(place, native);
    }
    const socketDir = makeSocketDir(place.home, place.user);
    server = { socketDir, pid: await startServer(place, native, socketDir, options.flags ?? [], onProgress) };
  }
  const { pid, socketDir } = server;
  const stop = async () => {
    await stopServer(cluster, pid);
    dropSocketDir(socketDir);
    release();
  };
  const address = { host: socketDir, port: socketPort, user: roleName };
  try {
    await ensureDatabase(address, databaseName);
  } catch (error) {
    await stop();
    throw error;
  }
  let stopped: Promise<void> | null = null;
  return {
    ...address,
    home: place.home,
    database: databaseName,
    adopted,
    pid,
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

function asEmbeddedError(error: unknown, dataDir: string): Error {
  if (error instanceof EmbeddedError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === '53100') {
    return new EmbeddedError(`the disk of ${dataDir} is full: free some space and start again`, { cause: error });
  }
  return new EmbeddedError(`the data directory ${dataDir} cannot be used: ${message}`, { cause: error });
}

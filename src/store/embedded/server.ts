import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { describeFailure, EmbeddedError } from './error.ts';
import { readLockFile } from './lock-file.ts';
import { clusterIn, type Place, socketIn, socketPort } from './place.ts';
import { isPostmasterOf, sleep } from './process.ts';
import { serverEnv, settingFlags } from './settings.ts';
import { idsOf } from './user.ts';

const pollMs = 10;

/** What the server wrote to its log since it was started; the log may be gone, with the directory it was in. */
function sayWhy(logFile: string, offset: number): string {
  try {
    return fs.readFileSync(logFile).subarray(offset).toString();
  } catch {
    return 'it ended, and its log is gone';
  }
}

/** Recovery reads at most `max_wal_size` of log again, a minute on a slow disk; ten mean that something else is wrong. */
const startMsMax = 600_000;

/** Whether somebody answers on the socket in `socketDir`. */
export function answers(socketDir: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(socketIn(socketDir));
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', () => done(true));
    socket.on('error', () => done(false));
  });
}

/** Past recovery and open for sessions, as far as the server itself says. */
export const isReady = async (cluster: string, socketDir: string): Promise<boolean> =>
  readLockFile(cluster)?.status === 'ready' && (await answers(socketDir));

/** Opens the log for appending; one that has grown past 16 MB is set aside first, replacing the one before. */
function openLog(file: string): { fd: number; offset: number } {
  const size = fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const isLarge = size > 16 * 1024 * 1024;
  if (isLarge) fs.renameSync(file, `${file}.1`);
  return { fd: fs.openSync(file, 'a', 0o600), offset: isLarge ? 0 : size };
}

/**
 * Starts a server on an existing cluster and waits until it takes sessions.
 *
 * @param socketDir fresh and empty
 * @returns the process number of the server
 */
export async function startServer(
  { home, user }: Place,
  native: string,
  socketDir: string,
  flags: readonly string[],
  onProgress: (line: string) => void,
): Promise<number> {
  const cluster = clusterIn(home);
  const logFile = path.join(home, 'postgres.log');
  const log = openLog(logFile);
  const child = spawn(
    path.join(native, 'bin/postgres'),
    ['-D', cluster, '-k', socketDir, '-p', String(socketPort), ...settingFlags(flags)],
    {
      ...idsOf(user),
      env: serverEnv,
      cwd: home,
      // Its own process group: Ctrl-C reaches Evenkeel alone, which ends its work before it stops the server.
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    },
  );
  fs.closeSync(log.fd);
  child.unref();
  let failure: string | null = null;
  child.on('error', (error) => {
    failure = error.message;
  });
  child.on('exit', () => {
    failure ??= sayWhy(logFile, log.offset);
  });
  const begun = performance.now();
  let lastNews = begun;
  while (!(await isReady(cluster, socketDir))) {
    if (failure !== null) {
      throw new EmbeddedError(`${describeFailure('PostgreSQL does not start', failure, home)} (more in ${logFile})`);
    }
    if (performance.now() - begun > startMsMax) {
      if (child.pid) await stopServer(cluster, child.pid);
      throw new EmbeddedError(`PostgreSQL does not become ready; its log is ${logFile}`);
    }
    if (performance.now() - lastNews > 3000) {
      lastNews = performance.now();
      onProgress('PostgreSQL recovers from a crash, please wait');
    }
    await sleep(pollMs);
  }
  return child.pid as number;
}

async function isGone(cluster: string, pid: number, ms: number): Promise<boolean> {
  for (const end = performance.now() + ms; performance.now() < end; await sleep(pollMs)) {
    if (!isPostmasterOf(pid, cluster)) return true;
  }
  return false;
}

/**
 * Stops a server within 5 s. First in order (ends sessions, writes a checkpoint); a server that is not done after 4 s is
 * stopped at once, and recovers at its next start. No acknowledged work is lost either way.
 */
export async function stopServer(cluster: string, pid: number): Promise<void> {
  for (const [signal, ms] of [
    ['SIGINT', 4000],
    ['SIGQUIT', 900],
  ] as const) {
    if (!isPostmasterOf(pid, cluster)) return;
    try {
      process.kill(pid, signal);
    } catch {
      return; // gone between the two lines
    }
    if (await isGone(cluster, pid, ms)) return;
  }
}

/** Where servers of a test run: a directory of their own, as a user that PostgreSQL accepts. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { chmod, chown, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverEnv } from '../../src/store/embedded/settings.ts';
import { idsOf, newServerUser, type ServerUser } from '../../src/store/embedded/user.ts';

export interface Place {
  /** Where PostgreSQL's programs are. */
  readonly binaries: string;
  /** Whom it runs as, when that is not us: PostgreSQL refuses root. */
  readonly user: ServerUser | null;
  /** A directory that `user` may write to. */
  readonly directory: string;
}

export async function newPlace(binaries: string): Promise<Place> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'ek-failover-')));
  const user = newServerUser(null);
  await chmod(directory, 0o700);
  if (user) await chown(directory, user.uid, user.gid);
  return { binaries, user, directory };
}

export const leave = ({ directory }: Place): Promise<void> => rm(directory, { recursive: true, force: true });

const logOf = ({ directory }: Place, name: string): string => join(directory, `${name}.log`);

/** Starts a program in a group of its own. What it says goes to a log of that name. */
export function startIn(place: Place, name: string, file: string, args: readonly string[]): ChildProcess {
  const log = openSync(logOf(place, name), 'a', 0o600);
  const child = spawn(file, args, {
    ...idsOf(place.user),
    cwd: '/',
    env: serverEnv,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  return child;
}

export const runs = (child: ChildProcess | null): child is ChildProcess & { readonly pid: number } =>
  child?.pid !== undefined && child.exitCode === null && child.signalCode === null;

/** Ends one of them, with what it has started in its group. */
export async function killStarted(child: ChildProcess | null): Promise<void> {
  if (!runs(child)) return;
  const gone = once(child, 'exit');
  process.kill(-child.pid, 'SIGKILL');
  await gone;
}

export const lastWords = (place: Place, name: string): string => readFileSync(logOf(place, name), 'utf8').slice(-2000);

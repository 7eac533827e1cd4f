import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { EmbeddedError } from './error.ts';
import { newServerUser, ownerOf, type ServerUser } from './user.ts';

/** Where the embedded server lives, and as whom it runs (null: as we do). */
export interface Place {
  /** Absolute. Holds `pg/` (the cluster), `s/` (the socket), `postgres.log` and `evenkeel.pid`. */
  readonly home: string;
  readonly user: ServerUser | null;
  /** True when the asked directory cannot be reached by `user` and another one is used. */
  readonly moved: boolean;
}

export const clusterIn = (home: string): string => path.join(home, 'pg');

const hasCluster = (home: string): boolean => fs.existsSync(path.join(clusterIn(home), 'PG_VERSION'));

/** Shared by everything that root's Evenkeel must keep outside of directories such as /root. */
export const sharedDir = '/var/lib/evenkeel';

/** Makes a directory that others may enter whatever the umask is; leaves an existing one as it is. */
export function makeOpenDir(dir: string): void {
  const first = fs.mkdirSync(dir, { recursive: true });
  if (first === undefined) return;
  for (let each = dir; ; each = path.dirname(each)) {
    fs.chmodSync(each, 0o755);
    if (each === first) return;
  }
}

/** Whether `user` may pass every directory down to `dir`: the mode of one above it, such as 700 on /root, is enough to shut it out. */
export function canEnter(dir: string, user: ServerUser): boolean {
  for (let each = fs.realpathSync(dir); ; each = path.dirname(each)) {
    const { uid, gid, mode } = fs.statSync(each);
    const mayEnter = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & mayEnter) === 0) return false;
    if (each === path.dirname(each)) return true;
  }
}

/**
 * Settles where the server lives: in `dataDir`, unless we are root and the user we drop to cannot go there; then in a
 * directory below /var/lib/evenkeel that is the same at every start.
 *
 * @param dataDir absolute; made if missing
 */
export function findPlace(dataDir: string, pgUser: string | null): Place {
  const isRoot = process.getuid?.() === 0;
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  const other = path.join(sharedDir, name);
  if (hasCluster(dataDir)) {
    const user = ownerOf(clusterIn(dataDir));
    if (user && !canEnter(dataDir, user)) {
      throw new EmbeddedError(
        `the user ${user.name}, who owns the database in ${dataDir}, cannot enter that directory: move it, or open the directories above`,
      );
    }
    return { home: dataDir, user, moved: false };
  }
  if (isRoot && hasCluster(other)) return { home: other, user: ownerOf(clusterIn(other)), moved: true };
  const user = newServerUser(pgUser);
  makeOpenDir(dataDir);
  if (!user || canEnter(dataDir, user)) return { home: dataDir, user, moved: false };
  makeOpenDir(other);
  return { home: other, user, moved: true };
}

/** An empty directory that only the server's user may use. */
export function makePrivateDir(dir: string, user: ServerUser | null): void {
  fs.rmSync(dir, { recursive: true, force: true });
  fs.mkdirSync(dir, { mode: 0o700 });
  if (user) fs.chownSync(dir, user.uid, user.gid);
}

/** The port only names the socket file; no TCP port is opened. */
export const socketPort = 5432;

export const socketIn = (dir: string): string => path.join(dir, `.s.PGSQL.${socketPort}`);

/** A socket's path has at most 107 bytes on Linux and 103 on macOS. */
const socketPathMax = 103;
const shortDirPrefix = '/tmp/evenkeel-';

/** A fresh directory for the socket: in `home`, or in /tmp when that path would be too long. */
export function makeSocketDir(home: string, user: ServerUser | null): string {
  const usual = path.join(home, 's');
  const fits = Buffer.byteLength(socketIn(usual)) <= socketPathMax;
  const dir = fits ? usual : fs.mkdtempSync(shortDirPrefix);
  makePrivateDir(dir, user);
  return dir;
}

/** Nothing but we clears /tmp; the directory in `home` is reused. */
export function dropSocketDir(dir: string): void {
  if (dir.startsWith(shortDirPrefix)) fs.rmSync(dir, { recursive: true, force: true });
}

/** A new cluster takes 40 MB and its first checkpoints more; a server without room for its log stops in the middle of work. */
export const freeBytesMin = 100e6;

/** Refuses when less than `needed` bytes are free for `dir`. */
export function requireSpace(dir: string, needed = freeBytesMin): void {
  const { bavail, bsize } = fs.statfsSync(dir);
  const free = bavail * bsize;
  if (free >= needed) return;
  throw new EmbeddedError(
    `the disk of ${dir} is full: ${Math.floor(free / 1e6)} MB free, the database needs ${Math.ceil(needed / 1e6)} MB; free some space and start again`,
  );
}

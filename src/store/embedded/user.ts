import fs from 'node:fs';
import { EmbeddedError, useOwnServer } from './error.ts';

/** The user that PostgreSQL runs as, when that is not the one we run as. */
export interface ServerUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** `{ uid, gid }` for a child process, or nothing when it runs as we do. */
export const idsOf = (user: ServerUser | null): { uid: number; gid: number } | Record<string, never> =>
  user ? { uid: user.uid, gid: user.gid } : {};

/** The lines of a passwd file as users. */
export function parsePasswd(text: string): ServerUser[] {
  return text.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
  });
}

const users = (): ServerUser[] => parsePasswd(fs.readFileSync('/etc/passwd', 'utf8'));

/**
 * Who runs the server over an existing `cluster`: always its owner, as PostgreSQL accepts nobody else. A `postgres` user
 * that was added to the system after the first start must not change that.
 */
export function ownerOf(cluster: string): ServerUser | null {
  const me = process.getuid?.();
  if (me === undefined) return null;
  const { uid, gid } = fs.statSync(cluster);
  const name = users().find((user) => user.uid === uid)?.name ?? String(uid);
  if (me !== 0) {
    if (uid === me) return null;
    throw new EmbeddedError(
      `the database in ${cluster} belongs to the user ${name}: start Evenkeel as that user or root`,
    );
  }
  if (uid === 0) {
    throw new EmbeddedError(
      `the database in ${cluster} belongs to root, and PostgreSQL refuses to run as root: chown -R it to another user`,
    );
  }
  return { name, uid, gid };
}

/** Who runs a new server: us, or, as PostgreSQL refuses root, the user `wanted`, `postgres` or `nobody`. */
export function newServerUser(wanted: string | null): ServerUser | null {
  if (process.getuid?.() !== 0) return null;
  const known = users();
  if (wanted !== null) {
    const user = known.find(({ name }) => name === wanted);
    if (user && user.uid !== 0) return user;
    throw new EmbeddedError(
      `EVENKEEL_PG_USER names ${wanted}, which is ${user ? 'root' : 'not a user'} on this system`,
    );
  }
  for (const name of ['postgres', 'nobody']) {
    const user = known.find((each) => each.name === name);
    if (user) return user;
  }
  throw new EmbeddedError(
    `PostgreSQL refuses to run as root and there is neither a user postgres nor nobody: name one in EVENKEEL_PG_USER, or ${useOwnServer}`,
  );
}

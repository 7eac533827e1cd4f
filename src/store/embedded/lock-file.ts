import fs from 'node:fs';
import path from 'node:path';

/** What PostgreSQL's `postmaster.pid` says, line by line. */
export interface LockFile {
  readonly pid: number;
  readonly port: number;
  readonly socketDir: string;
  /** `ready` only after crash recovery; the socket opens earlier, and then answers 57P03. */
  readonly status: string;
}

const fileIn = (cluster: string): string => path.join(cluster, 'postmaster.pid');

/** The lock file of `cluster`, or null if there is none. A server that is just starting has written only a part of it. */
export function readLockFile(cluster: string): LockFile | null {
  let lines: string[];
  try {
    lines = fs.readFileSync(fileIn(cluster), 'utf8').split('\n');
  } catch {
    return null;
  }
  return {
    pid: Number(lines[0]),
    port: Number(lines[3]),
    socketDir: lines[4] ?? '',
    status: (lines[7] ?? '').trim(),
  };
}

/** Larger than any process number Linux or macOS gives out. */
const nobody = '2147483646';

/**
 * Makes PostgreSQL accept a lock file whose server is gone although its number is in use: by a zombie, or by a stranger.
 *
 * NB: never delete the file. The shared memory key in line 7 is how PostgreSQL finds out that processes of the old
 * server still work on the data; without it two servers may write the same files.
 */
export function disownLockFile(cluster: string): void {
  const file = fileIn(cluster);
  const [, ...rest] = fs.readFileSync(file, 'utf8').split('\n');
  fs.writeFileSync(file, [nobody, ...rest].join('\n'));
}

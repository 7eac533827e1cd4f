/** PostgreSQL's own programs: the embedded package brings the server alone, without what copies one. */
import { spawn } from 'node:child_process';
import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { serverEnv } from '../../src/store/embedded/settings.ts';
import { idsOf, type ServerUser } from '../../src/store/embedded/user.ts';

const debian = '/usr/lib/postgresql';
const needed = ['initdb', 'postgres', 'pg_basebackup'] as const;
export type Binary = (typeof needed)[number];

export const howToInstall =
  'it needs initdb, postgres and pg_basebackup of PostgreSQL 15 or newer: on Debian `apt-get install postgresql`, elsewhere put them on the PATH';

const isThere = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The folder with all of them: the newest that Debian installed, else the first on the path; null where there is none. */
export function findBinaries(): string | null {
  let versions: string[] = [];
  try {
    versions = readdirSync(debian).sort((a, b) => Number(b) - Number(a));
  } catch {
    // No Debian.
  }
  const folders = [
    ...versions.filter((version) => Number(version) >= 15).map((version) => join(debian, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ];
  return folders.find((folder) => needed.every((name) => isThere(join(folder, name)))) ?? null;
}

/** What promotes by itself. */
export interface Patroni {
  readonly patroni: string;
  readonly etcd: string;
}

export const howToInstallPatroni =
  'it needs patroni and etcd: on Debian `apt-get install patroni etcd-server`, elsewhere put them on the PATH';

export function findPatroni(): Patroni | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const [patroni, etcd] = ['patroni', 'etcd'].map((name) => folders.map((folder) => join(folder, name)).find(isThere));
  return patroni !== undefined && etcd !== undefined ? { patroni, etcd } : null;
}

/** Runs one of PostgreSQL's to its end. @throws with what it said */
export async function runBinary(
  folder: string,
  name: Binary,
  args: readonly string[],
  user: ServerUser | null,
): Promise<void> {
  const child = spawn(join(folder, name), args, {
    ...idsOf(user),
    cwd: '/',
    env: serverEnv,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code !== 0) throw new Error(`${name} failed: ${said}`);
}

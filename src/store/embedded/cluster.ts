import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describeFailure, EmbeddedError } from './error.ts';
import { clusterIn, makePrivateDir, type Place } from './place.ts';
import { majorVersion } from './runtime.ts';
import { serverEnv } from './settings.ts';
import { idsOf } from './user.ts';

/** The one role of the cluster, and the one that Evenkeel connects as. */
export const roleName = 'evenkeel';

/**
 * Whether `home` holds a cluster that our binaries can open.
 *
 * @throws EmbeddedError if what lies there is of another PostgreSQL version, or no cluster
 */
export function hasUsableCluster(home: string): boolean {
  const cluster = clusterIn(home);
  if (!fs.existsSync(cluster) || fs.readdirSync(cluster).length === 0) return false;
  const versionFile = path.join(cluster, 'PG_VERSION');
  if (!fs.existsSync(versionFile)) {
    throw new EmbeddedError(
      `${cluster} is not empty and no PostgreSQL data directory: move it away, or change EVENKEEL_DATA`,
    );
  }
  const version = fs.readFileSync(versionFile, 'utf8').trim();
  if (version === majorVersion) return true;
  throw new EmbeddedError(
    `the database in ${cluster} was written by PostgreSQL ${version}, this Evenkeel brings ${majorVersion}: export it with the Evenkeel that wrote it, or change EVENKEEL_DATA`,
  );
}

/**
 * Makes a new cluster in `home`, with checksums. It is made under another name and moved when whole: an initdb that is
 * killed leaves a directory that looks like a cluster and is none.
 */
export async function createCluster({ home, user }: Place, native: string): Promise<void> {
  const cluster = clusterIn(home);
  const unfinished = `${cluster}.new`;
  makePrivateDir(unfinished, user);
  const args = ['-D', unfinished, '-U', roleName, '-A', 'trust', '-E', 'UTF8', '-k', '--no-instructions'];
  // The builtin provider sorts the same way on every system and in every release, so indexes never depend on the host.
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  // A commit that comes to the end of the log waits until the next file of it is there, filled with zeros: with PostgreSQL's
  // 16 MB everybody for 60 ms, every 3,000 payments, until checkpoints leave files to use again.
  const log = ['--wal-segsize=4'];
  const initdb = spawn(path.join(native, 'bin/initdb'), [...args, ...locale, ...log], {
    ...idsOf(user),
    env: serverEnv,
    cwd: home,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  initdb.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const problem = await new Promise<string | null>((resolve) => {
    initdb.on('error', (error) => resolve(error.message));
    initdb.on('close', (code) => resolve(code === 0 ? null : said));
  });
  if (problem !== null) {
    fs.rmSync(unfinished, { recursive: true, force: true });
    throw new EmbeddedError(describeFailure('a new database cannot be made', problem, home));
  }
  fs.rmSync(cluster, { recursive: true, force: true }); // at most an empty directory, see hasUsableCluster
  fs.renameSync(unfinished, cluster);
}

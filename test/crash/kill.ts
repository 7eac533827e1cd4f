/** Ends processes as a power cut would. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export const childrenOf = (pid: number): number[] => {
  const children =
    process.platform === 'linux'
      ? readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      : spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' }).stdout;
  return children.split(/\s+/).filter(Boolean).map(Number);
};

/** The process and its children. */
export const familyOf = (pid: number): number[] => [pid, ...childrenOf(pid)];

/** In that order; who has ended meanwhile is passed over. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended.
    }
  }
}

/** All of PostgreSQL. The postmaster first, so that it cannot tell its children to end in order; each is in a group of its own. */
export const killPostgres = (postmaster: number): void => signalAll(familyOf(postmaster), 'SIGKILL');

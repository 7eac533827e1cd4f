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

/** All of PostgreSQL. The postmaster first, so that it cannot tell its children to end in order; each is in a group of its own. */
export function killPostgres(postmaster: number): void {
  for (const each of [postmaster, ...childrenOf(postmaster)]) {
    try {
      process.kill(each, 'SIGKILL');
    } catch {
      // It ended by itself between the two lines.
    }
  }
}

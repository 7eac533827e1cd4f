import { spawnSync } from 'node:child_process';
import fs from 'node:fs';

const firstLine = (text: string): string => text.split('\n')[0] ?? '';

/**
 * When the process `pid` started, in the system's own words, or null if it does not run.
 *
 * The number of a dead process is given to another sooner or later (in a container nearly at once), so a number alone
 * names nobody. A zombie counts as dead: `kill(pid, 0)` succeeds for it, and a container without an init never reaps one.
 */
export function startOf(pid: number): string | null {
  if (!Number.isSafeInteger(pid) || pid <= 0) return null;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return null;
  }
  if (process.platform !== 'linux') {
    const ps = spawnSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], { encoding: 'utf8' });
    const line = firstLine(ps.stdout ?? '').trim();
    return line === '' || line.startsWith('Z') ? null : line.replace(/^\S+\s+/, '');
  }
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command's name in parentheses and may itself hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    // Field 22 counts ticks since boot, which alone repeats on machines that always boot alike.
    const boot = firstLine(fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'));
    return `${boot} ${fields[19] ?? ''}`;
  } catch {
    return 'unknown'; // alive, but /proc hides the processes of other users
  }
}

export const isRunning = (pid: number): boolean => startOf(pid) !== null;

/** Whether `pid` is a PostgreSQL server on the data directory `cluster`, and not somebody who got its number later. */
export function isPostmasterOf(pid: number, cluster: string): boolean {
  if (!isRunning(pid)) return false;
  if (process.platform !== 'linux') {
    const ps = spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return ps.stdout?.includes(cluster) ?? false;
  }
  const proc = `/proc/${pid}`;
  try {
    if (fs.readFileSync(`${proc}/cmdline`, 'utf8').split('\0').includes(cluster)) return true;
    // The command line may name the directory in another way, but a postmaster works in it. Read second: in a container
    // root may not see this of another user's process.
    return fs.readlinkSync(`${proc}/cwd`) === fs.realpathSync(cluster);
  } catch {
    return false;
  }
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

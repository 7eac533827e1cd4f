import fs from 'node:fs';

/** Linux counts processor time in hundredths of a second, whatever the machine. */
const ticksPerSecond = 100;

interface Stat {
  readonly parent: number;
  readonly seconds: number;
  /** Of its children that have ended. */
  readonly endedSeconds: number;
}

/** A process's parent and the processor seconds it has used; null when it is gone, or where there is no /proc. */
function statOf(pid: number): Stat | null {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command's name in parentheses and may itself hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const secondsAt = (field: number) => (Number(fields[field]) + Number(fields[field + 1])) / ticksPerSecond;
    return { parent: Number(fields[1]), seconds: secondsAt(11), endedSeconds: secondsAt(13) };
  } catch {
    return null;
  }
}

/** Processor seconds of a process's children that have ended; NaN where there is no /proc. */
export const endedSeconds = (pid: number): number => statOf(pid)?.endedSeconds ?? Number.NaN;

/** Processor seconds that `pid` and its children have used so far, by process. */
export function processorSeconds(pid: number): ReadonlyMap<number, number> {
  const used = new Map<number, number>();
  const numbers = fs.existsSync('/proc/self/stat') ? fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
  for (const each of numbers.map(Number)) {
    const stat = statOf(each);
    if (stat !== null && (each === pid || stat.parent === pid)) used.set(each, stat.seconds);
  }
  return used;
}

/** The seconds used since `before` by the processes that live on. */
export function secondsSince(before: ReadonlyMap<number, number>, pid: number): number {
  let sum = 0;
  for (const [each, seconds] of processorSeconds(pid)) sum += seconds - (before.get(each) ?? 0);
  return sum;
}

/**
 * Processor seconds that everything on the machine has used since it started, interrupts and what the host took away
 * included; NaN where there is no /proc.
 */
export function machineSeconds(): number {
  try {
    const [, ...ticks] = fs.readFileSync('/proc/stat', 'utf8').split('\n', 1)[0]?.split(/\s+/) ?? [];
    // The fourth and fifth are idle and waiting for the disk; the ninth and tenth are in the first two already.
    return (
      ticks.slice(0, 8).reduce((sum, each, i) => (i === 3 || i === 4 ? sum : sum + Number(each)), 0) / ticksPerSecond
    );
  } catch {
    return Number.NaN;
  }
}

/** Megabytes that a process holds in memory; NaN where there is no /proc. */
export function residentMegabytes(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024;
  } catch {
    return Number.NaN;
  }
}

/** The report of an attack, to be read. */
import type { Finding, Report } from './attack.ts';

const curlLengthMax = 2000;

export function tellFinding({ kind, says, route, curl, stack, times }: Finding): string {
  const seen = times > 1 ? ` (${times} times)` : '';
  return [
    `${kind}: ${route}${seen}`,
    `    ${says}`,
    ...(curl === '' ? [] : [`    ${curl.slice(0, curlLengthMax)}`]),
    ...(stack === null ? [] : [`    ${stack.split('\n').slice(0, 6).join('\n    ')}`]),
  ].join('\n');
}

/** The heap of a server that leaks grows with every request; caches fill up and stay. */
export function memoryGrew(heap: readonly number[]): string | null {
  if (heap.length < 8) return null;
  const least = (from: number, to: number) =>
    Math.min(...heap.slice(Math.floor(heap.length * from), Math.floor(heap.length * to)));
  const [early, late] = [least(0.25, 0.5), least(0.75, 1)];
  return late > early * 1.4 && late - early > 60 ? `${early} MB grew to ${late} MB` : null;
}

export function tellReport({ sent, statuses, sampled, findings, heap, reached }: Report): string {
  const counts = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
  return [
    ...findings.map(tellFinding),
    `${sent} requests, ${reached.size} routes succeeded, ${sampled} looked at in the tables`,
    `Answers ${counts.join(', ')}`,
    `Memory ${heap.join(' ')} MB`,
    findings.length === 0 ? 'Nothing was found.' : `${findings.length} findings.`,
  ].join('\n');
}

import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface SelfTime {
  readonly where: string;
  readonly ms: number;
}

const place = (url: string, line: number): string => {
  if (url === '') return '';
  const file = url.startsWith('file:') ? path.relative(process.cwd(), fileURLToPath(url)) : url;
  return ` ${file.replace(/^dist-bench\//, '')}:${line + 1}`;
};

/**
 * Where a `--cpu-prof` of Node says the time went: by function, its own time without that of what it calls, largest
 * first. Idle time is left out.
 */
export function selfTimes(file: string): SelfTime[] {
  const { nodes, samples, timeDeltas } = JSON.parse(fs.readFileSync(file, 'utf8')) as CpuProfile;
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => [
      id,
      `${functionName || '(anonymous)'}${place(url, lineNumber)}`,
    ]),
  );
  const sums = new Map<string, number>();
  samples.forEach((id, i) => {
    const where = names.get(id) ?? '(unknown)';
    sums.set(where, (sums.get(where) ?? 0) + (timeDeltas[i] ?? 0) / 1000);
  });
  sums.delete('(idle)');
  return [...sums].map(([where, ms]) => ({ where, ms })).sort((a, b) => b.ms - a.ms);
}

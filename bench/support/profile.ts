import fs from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BenchDatabase, type BenchServer, serve } from './instance.ts';
import { table } from './results.ts';

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

interface SelfTime {
  readonly where: string;
  readonly ms: number;
}

interface Frame {
  /** Function and line, as a person looks for it. */
  readonly place: string;
  /** The package, or the part of ours, that it belongs to. */
  readonly part: string;
}

function frameOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): Frame {
  const name = functionName || '(anonymous)';
  if (url === '') return { place: name, part: name.startsWith('(') ? name : 'built into V8 and Node' };
  if (url.startsWith('node:')) return { place: `${name} ${url}:${lineNumber + 1}`, part: 'library of Node' };
  const file = path.relative(process.cwd(), url.startsWith('file:') ? fileURLToPath(url) : url);
  const library = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1];
  return { place: `${name} ${file}:${lineNumber + 1}`, part: library ?? path.dirname(file) };
}

const largestFirst = (sums: ReadonlyMap<string, number>): SelfTime[] =>
  [...sums].map(([where, ms]) => ({ where, ms })).sort((a, b) => b.ms - a.ms);

/**
 * Where a `--cpu-prof` of Node says the time went, each function's own without that of what it calls, largest first; idle
 * time is left out. Once by function, once summed up by package or folder.
 */
function selfTimes(file: string): { readonly functions: SelfTime[]; readonly parts: SelfTime[] } {
  const { nodes, samples, timeDeltas } = JSON.parse(fs.readFileSync(file, 'utf8')) as CpuProfile;
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, frameOf(callFrame)]));
  const functions = new Map<string, number>();
  const parts = new Map<string, number>();
  samples.forEach((id, i) => {
    const { place, part } = frames.get(id) ?? { place: '(unknown)', part: '(unknown)' };
    if (place === '(idle)') return;
    const ms = (timeDeltas[i] ?? 0) / 1000;
    functions.set(place, (functions.get(place) ?? 0) + ms);
    parts.set(part, (parts.get(part) ?? 0) + ms);
  });
  return { functions: largestFirst(functions), parts: largestFirst(parts) };
}

const shown = 25;

function timesTable(heading: string, times: readonly SelfTime[]): string {
  const total = times.reduce((sum, { ms }) => sum + ms, 0);
  const rows = times
    .slice(0, shown)
    .map(({ where, ms }) => [where, ms.toFixed(0), `${((ms / total) * 100).toFixed(1)} %`]);
  return table([heading, 'ms', 'share'], rows);
}

/** What took most of the time of a process of Node, which `work` starts with the flags that it is given. */
export async function profiledNode(work: (flags: readonly string[]) => Promise<void>): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'ek-prof-'));
  try {
    const file = 'node.cpuprofile';
    await work(['--cpu-prof', '--cpu-prof-dir', directory, '--cpu-prof-name', file]);
    const { functions, parts } = selfTimes(path.join(directory, file));
    return `${timesTable('own time by function', functions)}\n\n${timesTable('by part', parts)}`;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** What took most of a server's time from its start to its end, while `work` made it do something. */
export const profiled = (database: BenchDatabase, work: (server: BenchServer) => Promise<void>): Promise<string> =>
  profiledNode(async (flags) => {
    const server = await serve(database, [...flags]);
    try {
      await work(server);
    } finally {
      await server.stop();
    }
  });

import fs from 'node:fs';
import path from 'node:path';

/** Module path relative to `src/`, with `/` on every system → what it imports from `src/`. */
export type Graph = ReadonlyMap<string, readonly Import[]>;

export interface Import {
  readonly to: string;
  /** `import type`: gone when the program runs. */
  readonly typeOnly: boolean;
}

// Covers `import … from`, `export … from`, `import '…'` and `import('…')`. Only relative paths matter: they are our own.
const importPattern =
  /(?:^|[;\n])\s*(?:import|export)\s+(type\b(?!\s*(?:,|from\b)))?[^'";]*?from\s*['"](\.[^'"]+)['"]|(?:^|[;\n])\s*import\s*['"](\.[^'"]+)['"]|\bimport\(\s*['"](\.[^'"]+)['"]/g;

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');

/** The imports among `sources` (module path → text). Relative paths are read from the module's folder. */
export function graphOf(sources: Readonly<Record<string, string>>): Graph {
  return new Map(
    Object.entries(sources).map(([from, text]) => [
      from,
      [...withoutComments(text).matchAll(importPattern)].map(([, type, named, bare, dynamic]) => ({
        to: path.posix.join(path.posix.dirname(from), named ?? bare ?? dynamic ?? ''),
        typeOnly: type !== undefined,
      })),
    ]),
  );
}

/** Every TypeScript module below `dir` that is no test. */
export function readSources(dir: string): Record<string, string> {
  return Object.fromEntries(
    fs
      .readdirSync(dir, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .sort()
      .map((file) => [file.split(path.sep).join('/'), fs.readFileSync(path.join(dir, file), 'utf8')]),
  );
}

/** The first circle of imports that are there when the program runs, as `a → b → a`, or null. */
export function findCircle(graph: Graph): string[] | null {
  const done = new Set<string>();
  const visit = (module: string, trail: readonly string[]): string[] | null => {
    const start = trail.indexOf(module);
    if (start >= 0) return [...trail.slice(start), module];
    if (done.has(module)) return null;
    for (const { to, typeOnly } of graph.get(module) ?? []) {
      const circle = typeOnly ? null : visit(to, [...trail, module]);
      if (circle) return circle;
    }
    done.add(module);
    return null;
  };
  for (const module of graph.keys()) {
    const circle = visit(module, []);
    if (circle) return circle;
  }
  return null;
}

/** From the top down; each step imports only from those after it. Parts on one step do not know each other, */
const ladder = [
  ['main', 'cli'],
  ['registry'],
  ['features'],
  ['api', 'webhooks', 'notifications'],
  ['engine'],
  ['store'],
  ['ledger'],
  ['kernel'],
  ['data'],
];
/** except these, which are two halves of the program's outermost layer. */
const together = ['main', 'cli'];

/** The part of the program that a module belongs to: its folder, or its name if it lies in `src/` itself. */
const partOf = (module: string): string => (module.split('/')[0] ?? '').replace(/\.ts$/, '');

const stepOf = (module: string): number => ladder.findIndex((parts) => parts.includes(partOf(module)));

const featureOf = (module: string): string => module.split('/')[1] ?? '';

type Role = 'index' | 'api' | 'pages' | 'jobs' | 'command' | 'view' | 'rules' | 'object';

/** What a file of a feature is, by its name; a command is known by using the engine, and whatever else is pure is rules. */
function roleOf(module: string, graph: Graph): Role {
  const name = path.posix.basename(module, '.ts');
  for (const role of ['index', 'api', 'pages', 'jobs', 'view', 'object'] as const) if (name === role) return role;
  const usesEngine = graph.get(module)?.some(({ to, typeOnly }) => !typeOnly && partOf(to) === 'engine');
  return usesEngine ? 'command' : 'rules';
}

const height: Record<Role, number> = { index: 4, api: 3, pages: 3, jobs: 3, command: 2, view: 2, rules: 1, object: 0 };

/** What is wrong with one import, or null. */
function problemOf(from: string, { to, typeOnly }: Import, graph: Graph): string | null {
  if (!graph.has(to)) return 'names no module of src';
  if (partOf(to) === 'config') {
    if (typeOnly || together.includes(partOf(from))) return null;
    return 'config is read by main and cli alone; others are handed what they need';
  }
  if (partOf(from) === 'config') return 'config imports nothing';
  const [above, below] = [stepOf(from), stepOf(to)];
  if (below < above) return `${partOf(to)} is above ${partOf(from)} on the ladder`;
  if (partOf(from) !== partOf(to)) {
    const areTogether = together.includes(partOf(from)) && together.includes(partOf(to));
    return below > above || areTogether ? null : `${partOf(to)} and ${partOf(from)} are on the same step of the ladder`;
  }
  if (partOf(from) !== 'features') return null;
  const [importer, imported] = [roleOf(from, graph), roleOf(to, graph)];
  if (featureOf(from) !== featureOf(to)) {
    if (height[imported] <= height.rules) return null;
    return `another feature's ${imported} is its own affair: import its object or rules`;
  }
  return height[imported] <= height[importer] ? null : `${importer} may not import ${imported}`;
}

/** Every import that breaks the ladder, or a feature's own order, as `from → to: why`. Type imports count too. */
export function findMissteps(graph: Graph): string[] {
  const strangers = [...graph.keys()].filter((module) => stepOf(module) < 0 && partOf(module) !== 'config');
  const unplaced = new Set(strangers.map(partOf));
  return [
    ...[...unplaced].map((part) => `${part}: has no step on the ladder`),
    ...[...graph]
      .filter(([from]) => !unplaced.has(partOf(from)))
      .flatMap(([from, imports]) =>
        imports.flatMap((each) => {
          const problem = unplaced.has(partOf(each.to)) ? null : problemOf(from, each, graph);
          return problem === null ? [] : [`${from} → ${each.to}: ${problem}`];
        }),
      ),
  ];
}

import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { findCircle, findMissteps, graphOf, readSources } from './support/layering.ts';

describe('src', () => {
  const graph = graphOf(readSources(path.resolve(import.meta.dirname, '../src')));

  test('is read whole', () => {
    expect(graph.has('config.ts')).toBe(true);
    expect(graph.get('store/embedded/start.ts')?.map(({ to }) => to)).toContain('store/embedded/place.ts');
  });

  test('has no circle of imports', () => {
    expect(findCircle(graph)?.join(' → ') ?? 'no circle').toBe('no circle');
  });

  test('imports down the ladder only', () => {
    expect(findMissteps(graph)).toEqual([]);
  });
});

describe('the check itself', () => {
  test('every form of import is seen, and comments are not', () => {
    const text = `/** import { x } from './comment.ts' */
      // import { y } from './comment.ts'
      import { a, type B } from './value.ts';
      import type { C } from './type.ts';
      import type from './named-type.ts';
      import {
        d,
      } from './lines.ts';
      import './bare.ts'; export * from '../up.ts';
      export type { E } from './export-type.ts';
      import fs from 'node:fs';
      const late = await import('./late.ts');`;
    expect(graphOf({ 'api/x.ts': text }).get('api/x.ts')).toEqual([
      { to: 'api/value.ts', typeOnly: false },
      { to: 'api/type.ts', typeOnly: true },
      { to: 'api/named-type.ts', typeOnly: false },
      { to: 'api/lines.ts', typeOnly: false },
      { to: 'api/bare.ts', typeOnly: false },
      { to: 'up.ts', typeOnly: false },
      { to: 'api/export-type.ts', typeOnly: true },
      { to: 'api/late.ts', typeOnly: false },
    ]);
  });

  test('a circle is found and shown from its start', () => {
    const graph = graphOf({
      'kernel/a.ts': `import { b } from './b.ts';`,
      'kernel/b.ts': `import { c } from './c.ts';`,
      'kernel/c.ts': `import { d } from './d.ts';\nexport { b } from './b.ts';`,
      'kernel/d.ts': '',
    });
    expect(findCircle(graph)).toEqual(['kernel/b.ts', 'kernel/c.ts', 'kernel/b.ts']);
  });

  test('a type import closes no circle', () => {
    const graph = graphOf({
      'kernel/a.ts': `import { b } from './b.ts';`,
      'kernel/b.ts': `import type { A } from './a.ts';`,
    });
    expect(findCircle(graph)).toBeNull();
  });

  const command = `import { command } from '../../engine/command.ts';`;
  const modules = {
    'main.ts': '',
    'registry.ts': '',
    'config.ts': '',
    'cli/serve.ts': '',
    'api/route.ts': '',
    'webhooks/deliver.ts': '',
    'engine/command.ts': '',
    'kernel/money.ts': '',
    'data/fees.ts': '',
    'features/refunds/index.ts': '',
    'features/refunds/create.ts': command,
    'features/refunds/rules.ts': '',
    'features/refunds/view.ts': '',
    'features/transfers/reverse.ts': command,
    'features/transfers/arrival.ts': `import type { Context } from '../../engine/command.ts';`,
    'features/transfers/object.ts': '',
    'features/transfers/view.ts': '',
  };

  // from, to, what is wrong ('' for nothing)
  const table = [
    ['main.ts', 'registry.ts', ''],
    ['main.ts', 'config.ts', ''],
    ['main.ts', 'cli/serve.ts', ''],
    ['cli/serve.ts', 'main.ts', ''],
    ['api/route.ts', 'data/fees.ts', ''],
    ['features/refunds/create.ts', 'features/refunds/rules.ts', ''],
    ['features/refunds/create.ts', 'features/transfers/object.ts', ''],
    ['features/refunds/create.ts', 'features/transfers/arrival.ts', ''],
    ['data/fees.ts', 'kernel/money.ts', 'kernel is above data on the ladder'],
    ['engine/command.ts', 'features/transfers/object.ts', 'features is above engine on the ladder'],
    ['features/refunds/index.ts', 'registry.ts', 'registry is above features on the ladder'],
    ['api/route.ts', 'webhooks/deliver.ts', 'webhooks and api are on the same step of the ladder'],
    ['engine/command.ts', 'config.ts', 'config is read by main and cli alone; others are handed what they need'],
    ['config.ts', 'kernel/money.ts', 'config imports nothing'],
    ['features/refunds/rules.ts', 'features/refunds/create.ts', 'rules may not import command'],
    ['features/refunds/rules.ts', 'features/refunds/view.ts', 'rules may not import view'],
    ['features/refunds/create.ts', 'features/refunds/index.ts', 'command may not import index'],
    [
      'features/refunds/create.ts',
      'features/transfers/reverse.ts',
      "another feature's command is its own affair: import its object or rules",
    ],
    [
      'features/refunds/view.ts',
      'features/transfers/view.ts',
      "another feature's view is its own affair: import its object or rules",
    ],
    ['kernel/money.ts', 'kernel/gone.ts', 'names no module of src'],
  ] as const;

  for (const [from, to, problem] of table) {
    test(`${from} → ${to}: ${problem || 'allowed'}`, () => {
      const line = `import { x } from '${path.posix.relative(path.posix.dirname(from), to).replace(/^(?!\.)/, './')}';`;
      const graph = graphOf({ ...modules, [from]: `${modules[from]}\n${line}` });
      expect(findMissteps(graph)).toEqual(problem === '' ? [] : [`${from} → ${to}: ${problem}`]);
    });
  }

  test('config is known by type everywhere', () => {
    const line = `import type { Config } from '../config.ts';`;
    expect(findMissteps(graphOf({ ...modules, 'engine/command.ts': line }))).toEqual([]);
  });

  test('a folder without a step is named', () => {
    expect(findMissteps(graphOf({ ...modules, 'utils/misc.ts': '' }))).toEqual(['utils: has no step on the ladder']);
  });
});

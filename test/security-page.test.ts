/** docs/security.md names a test for every control; this one sees that they are there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const at = (path: string): URL => new URL(`../${path}`, import.meta.url);
const page = readFileSync(at('docs/security.md'), 'utf8');
const controls = page
  .slice(page.indexOf('## Controls'))
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| control '))
  .map((line) => {
    const cells = line.slice(2, -2).split(' | ');
    return { control: cells[0] ?? '', file: cells[1] ?? '', name: cells.slice(2).join(' | ') };
  });

test('there are controls', () => {
  expect(controls.length).toBeGreaterThan(40);
});

test.each(controls)('$control', ({ file, name }) => {
  expect(existsSync(at(file)), file).toBe(true);
  const quoted = [`'${name}'`, `"${name}"`, `\`${name}\``];
  const named = [
    ...readFileSync(at(file), 'utf8').matchAll(
      /(?:test|describe)(?:\.(?:each|for)\([\s\S]*?\))?\(\s*(['"`].*?['"`])(?=,)/g,
    ),
  ];
  expect(named.map(([, title]) => title)).toEqual(
    expect.arrayContaining([expect.toSatisfy((title) => quoted.includes(title))]),
  );
});

test('every test of security stands for a control', () => {
  const files = readdirSync(at('test/security')).map((file) => `test/security/${file}`);
  const named = new Set(controls.map(({ file }) => file));
  expect(files.filter((file) => !named.has(file))).toEqual([]);
});

/**
 * The rules are written down (docs/rules), built, and tested, under the same numbers: R… a rule, M… a movement, X… a refusal.
 * What is missing today stands in uncovered.txt, one gap a line. That list may only shrink: a new gap fails here, and so does
 * one that was closed and still stands there.
 */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type RefusalRow, refusals } from '../src/data/refusals.ts';
import { projectRoot } from './support/paths.ts';

const at = (...names: string[]): string => path.join(projectRoot, ...names);
const read = (file: string): string => fs.readFileSync(file, 'utf8');

function filesIn(dir: string, isWanted: (name: string) => boolean): string[] {
  const entries = fs.readdirSync(at(dir), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && isWanted(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/** The numbers in a text, without those of parts: `M26a` is M26. Ranges are `X3–X5` and `M10 to M13`. */
function numbersIn(text: string): Set<string> {
  const found = new Set<string>();
  for (const [, letter, first, last] of text.matchAll(/\b([RMX])(\d+)[a-d]?(?:(?:–| to )\1(\d+))?\b/g)) {
    for (let n = Number(first); n <= Number(last ?? first); n++) found.add(`${letter}${n}`);
  }
  return found;
}

const numbersOf = (files: readonly string[]): ReadonlySet<string> => numbersIn(files.map(read).join('\n'));

const notYetFile = at('docs', 'rules', 'not-yet.md');
const ownFile = at('test', 'coverage.test.ts');
const rules = numbersOf(filesIn('docs/rules', (name) => name.endsWith('.md') && name !== 'not-yet.md'));
const notYet = numbersIn(read(notYetFile));
const tested = numbersOf([
  ...filesIn('src', (name) => name.endsWith('.test.ts')),
  ...filesIn('test', (name) => name.endsWith('.ts')).filter((file) => file !== ownFile),
]);

const names = Object.keys(refusals) as (keyof typeof refusals)[];
/** Everything that can refuse, without the table itself. */
const code = filesIn('src', (name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'refusals.ts')
  .map(read)
  .join('\n');
const isRaised = (name: string): boolean => code.includes(`'${name}'`);

/** `R2` before `R10`. */
const inOrder = (gaps: readonly string[]): string[] =>
  [...gaps].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));

function gaps(): string[] {
  const all: string[] = [];
  for (const number of notYet) all.push(`${number} is not built`);
  for (const number of rules) if (!tested.has(number)) all.push(`${number} is named by no test`);
  for (const number of tested) {
    if (!rules.has(number) && !notYet.has(number)) all.push(`${number} stands in no rules`);
  }
  for (const name of names) {
    const { rule }: RefusalRow = refusals[name];
    if (rule === null) continue;
    if (!isRaised(name)) all.push(`${rule} ${name} is raised nowhere`);
    if (!rules.has(rule)) all.push(`${rule} ${name} stands in no rules`);
  }
  return inOrder(all);
}

const uncoveredFile = at('test', 'uncovered.txt');
const uncovered = read(uncoveredFile)
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

describe('every rule is written down, built and tested', () => {
  const found = gaps();

  test('there is no gap that uncovered.txt does not know', () => {
    expect(found.filter((gap) => !uncovered.includes(gap))).toEqual([]);
  });

  test('what is no gap any more is taken out of uncovered.txt', () => {
    expect(uncovered.filter((gap) => !found.includes(gap))).toEqual([]);
  });

  test('uncovered.txt is in order', () => {
    expect(uncovered).toEqual(inOrder([...new Set(uncovered)]));
  });

  test('what is not built yet stands among the rules of nothing else, and in no test', () => {
    expect([...notYet].filter((number) => rules.has(number) || tested.has(number))).toEqual([]);
  });
});

test('numbers are read from prose, tables and ranges', () => {
  expect([...numbersIn('| M26a, R1 | X3–X5; M10 to M12, not R or XR7 or R7x |')]).toEqual([
    ...['M26', 'R1', 'X3', 'X4', 'X5', 'M10', 'M11', 'M12'],
  ]);
});

import { expect, test } from 'vitest';
import { examples } from './example.ts';
import { operationNames } from './operations.ts';
import { later, now } from './plan.ts';

test('no example is forgotten', () => {
  const all = Array.from({ length: 42 }, (_, index) => `E${index + 1}`);
  const byNumber = (one: string, other: string) => Number(one.slice(1)) - Number(other.slice(1));
  expect([...examples.keys()]).toEqual(all);
  expect([...Object.keys(now), ...later].sort(byNumber)).toEqual(all);
});

test('every operation of the examples has a function', () => {
  const steps = [...examples.values()].flatMap((example) => example.steps);
  const used = new Set(steps.flatMap((step) => [step.op.op].flat()));
  expect(operationNames).toEqual([...used].sort());
});

test('errata are applied', () => {
  expect(examples.get('E21')?.steps[1]?.op.error?.param).toBe('source');
});

import { expect, test } from 'vitest';
import { examples } from './example.ts';
import { operationNames } from './operations.ts';

test('all 42 examples are there', () => {
  expect([...examples.keys()]).toEqual(Array.from({ length: 42 }, (_, index) => `E${index + 1}`));
});

test('every operation of the examples has a function', () => {
  const steps = [...examples.values()].flatMap((example) => example.steps);
  const used = new Set(steps.flatMap((step) => [step.op.op].flat()));
  expect(operationNames).toEqual([...used].sort());
});

test('errata are applied', () => {
  expect(examples.get('E21')?.steps[1]?.op.error?.param).toBe('source');
});

import { describe, expect, test } from 'vitest';
import { rulesMissing } from './rules.ts';
import { drawSequence, run } from './run.ts';
import { shrink } from './shrink.ts';
import { simulate } from './simulate.ts';

/** What may stay away by chance in so many commands: each takes a rare world or a rare order of things. */
const rare = ['X31'];

test('200,000 commands: the books are what the rules make of them, written a second time', async () => {
  const { failure, commands, reached } = await simulate({ seed: 1, commands: 200_000 });
  expect(failure ?? 'model and system agree').toBe('model and system agree');
  expect(commands).toBeGreaterThanOrEqual(200_000);
  // A sequence that reaches nothing proves nothing.
  expect(rulesMissing(reached).filter((rule) => !rare.includes(rule))).toEqual([]);
}, 600_000);

describe('the simulation itself', () => {
  test('a seed is the same sequence and the same story every time', async () => {
    const { world, steps } = drawSequence(7, 60);
    const first = await run(world, steps, true);
    const second = await run(world, drawSequence(7, 60).steps, true);
    expect(second.story).toEqual(first.story);
    expect(first.story.length).toBeGreaterThan(60);
  });

  test('what goes wrong is made short', async () => {
    const steps = Array.from({ length: 100 }, (_, i) => i);
    const fails = async (some: readonly number[]) => some.includes(13) && some.includes(77) && some.indexOf(13) < 90;
    expect(await shrink(steps, fails)).toEqual([13, 77]);
  });
});

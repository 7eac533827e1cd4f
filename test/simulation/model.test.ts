import { describe, expect, test } from 'vitest';
import { followThrough } from '../../src/features/standing/follow.ts';
import type { Complete } from './process.ts';
import { rulesMissing } from './rules.ts';
import { drawSequence, run } from './run.ts';
import { shrink } from './shrink.ts';
import { simulate } from './simulate.ts';

test('200,000 commands: the books are what the rules make of them, written a second time', async () => {
  const { failure, commands, reached } = await simulate({ seed: 1, commands: 200_000 });
  expect(failure ?? 'model and system agree').toBe('model and system agree');
  expect(commands).toBeGreaterThanOrEqual(200_000);
  // A sequence that reaches nothing proves nothing.
  expect(rulesMissing(reached)).toEqual([]);
}, 600_000);

describe('the simulation itself', () => {
  test('a seed is the same sequence and the same story every time', async () => {
    const { world, steps } = drawSequence(7, 60);
    const first = await run(world, steps, { tellsStory: true });
    const second = await run(world, drawSequence(7, 60).steps, { tellsStory: true });
    expect(second.story).toEqual(first.story);
    expect(first.story.length).toBeGreaterThan(60);
  });

  test('a rule that is broken is noticed, and the story of it is short', async () => {
    const complete: Complete = (decision, read, ctx) => {
      const done = followThrough(decision, read, ctx);
      // Nothing is drawn from banks any more.
      const { schedule = [], ...rest } = done;
      return { ...rest, schedule: schedule.filter(({ job }) => job !== 'negative-balances.debit') };
    };
    const { world, steps } = drawSequence(1, 400);
    expect((await run(world, steps, { complete })).parting).not.toBeNull();
    const fails = async (some: typeof steps) => (await run(world, some, { complete })).parting !== null;
    const shortest = await shrink(steps.slice(0, 200), fails);
    expect(shortest.length).toBeLessThanOrEqual(6);
  });

  test('an event that is left out is noticed', async () => {
    const complete: Complete = (decision, read, ctx) => {
      const { emit = [], ...done } = followThrough(decision, read, ctx);
      return { ...done, emit: emit.filter(({ type }) => type !== 'transfer.reversed') };
    };
    const { world, steps } = drawSequence(1, 400);
    expect((await run(world, steps, { complete })).parting?.says).toMatch(/should tell transfer\.reversed/);
  });

  test('what goes wrong is made short', async () => {
    const steps = Array.from({ length: 100 }, (_, i) => i);
    const fails = async (some: readonly number[]) => some.includes(13) && some.includes(77) && some.indexOf(13) < 90;
    expect(await shrink(steps, fails)).toEqual([13, 77]);
  });
});

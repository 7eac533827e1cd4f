import { expect } from 'vitest';
import type { TestServer } from '../../support/server.ts';
import { type Comparison, expectLedger, expectRefusal, expectStep, newestObjects } from './compare.ts';
import { type Example, type Step, unixSeconds } from './example.ts';
import { moveClock, perform } from './operations.ts';
import { setUpExample } from './setup.ts';
import type { World } from './world.ts';

export interface Extent extends Comparison {
  /** The last step to run, counted from 0 (`start`); all of them unless said. */
  readonly upToStep?: number;
}

async function runStep(world: World, step: Step, comparison: Comparison): Promise<void> {
  // E34 and others refuse in the middle of a day, so the clock moves before the state to return to is read.
  await moveClock(world, unixSeconds(step.at));
  const { error } = step.op;
  if (error === undefined) await perform(world, step.op);
  else {
    const before = await newestObjects(world);
    const refused = await perform(world, step.op).then(
      () => expect.fail('the step should have been refused'),
      (reason: unknown) => reason,
    );
    expectRefusal(refused, error);
    expect(await newestObjects(world), 'a refusal leaves nothing behind').toEqual(before);
  }
  await expectStep(world, step, comparison);
}

/** Runs an example step by step and compares everything after each; an error names the step. */
export async function runExample(server: TestServer, example: Example, extent: Extent = {}): Promise<void> {
  const world = await setUpExample(server, example);
  const steps = example.steps.slice(0, (extent.upToStep ?? example.steps.length) + 1);
  for (const [index, step] of steps.entries()) {
    try {
      await runStep(world, step, extent);
    } catch (error) {
      if (error instanceof Error) error.message = `${example.id} step ${index} (${step.label}): ${error.message}`;
      throw error;
    }
  }
  await expectLedger(world);
}

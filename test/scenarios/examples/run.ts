import { expect } from 'vitest';
import type { TestServer } from '../../support/server.ts';
import { expectLedger, expectRefusal, expectStep, newestObjects } from './compare.ts';
import { type Example, type Step, unixSeconds } from './example.ts';
import { moveClock, perform } from './operations.ts';
import { setUpExample } from './setup.ts';
import type { World } from './world.ts';

async function runStep(world: World, step: Step, strideSeconds?: number): Promise<void> {
  // E34 and others refuse in the middle of a day, so the clock moves before the state to return to is read.
  await moveClock(world, unixSeconds(step.at), strideSeconds);
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
  await expectStep(world, step);
}

/** An example that is told step by step; everything is compared after each, and an error names the step. */
export class Telling {
  readonly #world: World;
  readonly #example: Example;
  #next = 0;

  private constructor(world: World, example: Example) {
    this.#world = world;
    this.#example = example;
  }

  static async begin(server: TestServer, example: Example): Promise<Telling> {
    return new Telling(await setUpExample(server, example), example);
  }

  get isOver(): boolean {
    return this.#next >= this.#example.steps.length;
  }

  /** Runs the next step; after the last one, checks the ledger as a whole. */
  async step(strideSeconds?: number): Promise<void> {
    const step = this.#example.steps[this.#next];
    if (!step) return;
    try {
      await runStep(this.#world, step, strideSeconds);
    } catch (error) {
      if (error instanceof Error) {
        error.message = `${this.#example.id} step ${this.#next} (${step.label}): ${error.message}`;
      }
      throw error;
    }
    this.#next += 1;
    if (this.isOver) await expectLedger(this.#world);
  }
}

/** Tells an example from its first step to its last. */
export async function runExample(server: TestServer, example: Example, strideSeconds?: number): Promise<void> {
  const telling = await Telling.begin(server, example);
  while (!telling.isOver) await telling.step(strideSeconds);
}

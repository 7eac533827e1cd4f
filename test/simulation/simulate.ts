/** Many sequences, one seed after the other, until one goes wrong or there have been enough. */
import type { RealDatabase } from './postgres.ts';
import { drawSequence, type Ran, run } from './run.ts';
import { shrink } from './shrink.ts';
import type { Step } from './steps.ts';
import type { World } from './world.ts';

export interface Simulated {
  readonly sequences: number;
  readonly commands: number;
  readonly operations: number;
  readonly reached: ReadonlySet<string>;
  /** What went wrong, told with the shortest sequence that does; null when nothing did. */
  readonly failure: string | null;
}

export const stepsPerSequence = 400;

export interface SimulateOptions {
  readonly seed: number;
  readonly commands: number;
  readonly until?: number;
  /** Where the books stand; in memory unless given. */
  readonly database?: RealDatabase;
}

export async function simulate(
  { seed, commands, until = Number.POSITIVE_INFINITY, database }: SimulateOptions,
  onProgress: (sofar: { commands: number; seed: number }) => void = () => {},
): Promise<Simulated> {
  const reached = new Set<string>();
  const done = { sequences: 0, commands: 0, operations: 0 };
  for (let at = seed; done.commands < commands && Date.now() < until; at++) {
    const { world, steps } = drawSequence(at, stepsPerSequence);
    const ran = database ? await runOn(database, world, steps) : await run(world, steps);
    done.sequences++;
    done.commands += ran.commands;
    done.operations += ran.operations;
    for (const rule of ran.reached) reached.add(rule);
    if (ran.parting)
      return { ...done, reached, failure: database ? tell(at, world, ran) : await explain(at, ran.parting.at) };
    onProgress({ commands: done.commands, seed: at });
  }
  return { ...done, reached, failure: (await database?.prove()) ?? null };
}

/** On PostgreSQL. The clock of its machine says how old a key is, so time there moves on a test clock alone. */
const runOn = (database: RealDatabase, world: World, steps: readonly Step[]): Promise<Ran> =>
  run({ ...world, isOnTestClock: true }, steps, { ground: database.ground(), tellsStory: true });

/** The shortest sequence of this seed that goes wrong, and how. In memory a seed is the same every time. */
async function explain(seed: number, at: number): Promise<string> {
  const { world, steps } = drawSequence(seed, stepsPerSequence);
  const fails = async (some: typeof steps) => (await run(world, some)).parting !== null;
  const shortest = await shrink(steps.slice(0, at + 1), fails);
  return `${tell(seed, world, await run(world, shortest, { tellsStory: true }))}\nnpm run sim -- --seed ${seed} --commands 1`;
}

/** On a real database the same faults do not come again, so its stories are not made shorter. */
function tell(seed: number, world: World, { story, parting }: Ran): string {
  const told = [`seed ${seed}: ${JSON.stringify(world)}`, ...story, parting?.says ?? 'it does not go wrong again'];
  return told.join('\n');
}

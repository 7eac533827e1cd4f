/** Many sequences, one seed after the other, until one goes wrong or there have been enough. */
import { drawSequence, run } from './run.ts';
import { shrink } from './shrink.ts';

export interface Simulated {
  readonly sequences: number;
  readonly commands: number;
  readonly operations: number;
  readonly reached: ReadonlySet<string>;
  /** What went wrong, told with the shortest sequence that does; null when nothing did. */
  readonly failure: string | null;
}

export const stepsPerSequence = 400;

export async function simulate(
  { seed, commands, until = Number.POSITIVE_INFINITY }: { seed: number; commands: number; until?: number },
  onProgress: (sofar: { commands: number; seed: number }) => void = () => {},
): Promise<Simulated> {
  const reached = new Set<string>();
  const done = { sequences: 0, commands: 0, operations: 0 };
  for (let at = seed; done.commands < commands && Date.now() < until; at++) {
    const { world, steps } = drawSequence(at, stepsPerSequence);
    const ran = await run(world, steps);
    done.sequences++;
    done.commands += ran.commands;
    done.operations += ran.operations;
    for (const rule of ran.reached) reached.add(rule);
    if (ran.parting) return { ...done, reached, failure: await explain(at, ran.parting.at) };
    onProgress({ commands: done.commands, seed: at });
  }
  return { ...done, reached, failure: null };
}

/** The shortest sequence of this seed that goes wrong, and how. */
async function explain(seed: number, at: number): Promise<string> {
  const { world, steps } = drawSequence(seed, stepsPerSequence);
  const fails = async (some: typeof steps) => (await run(world, some)).parting !== null;
  const shortest = await shrink(steps.slice(0, at + 1), fails);
  const { story, parting } = await run(world, shortest, { tellsStory: true });
  const told = [`seed ${seed}: ${JSON.stringify(world)}`, ...story, parting?.says ?? 'it does not go wrong again'];
  return `${told.join('\n')}\nnpm run sim -- --seed ${seed} --commands 1`;
}

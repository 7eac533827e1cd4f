import type { Config } from '../config.ts';
import { addMonths, yearAndMonth } from '../kernel/time.ts';
import { type Client, platformClient, ServerError } from './client.ts';
import { advanceClock, clockOf } from './clock.ts';
import { isTriggered, type Step, type Triggered, triggers } from './triggers.ts';

/** `evenkeel trigger EVENT`: makes the requests that an event follows from, and shows what they made. */
export async function trigger(config: Config, event: string): Promise<number> {
  if (!isTriggered(event)) {
    const names = Object.keys(triggers) as Triggered[];
    throw new ServerError(`there is no trigger for ${event}; there is one for\n  ${names.sort().join('\n  ')}`);
  }
  const client = platformClient(config);
  const made = new Map<string, Record<string, unknown>>();
  for (const step of triggers[event]) await take(step, { config, client, made });
  return 0;
}

interface Run {
  readonly config: Config;
  readonly client: Client;
  /** What the steps so far answered, by their names. */
  readonly made: Map<string, Record<string, unknown>>;
}

async function take(step: Step, { config, client, made }: Run): Promise<void> {
  if ('days' in step) {
    await advanceClock(config, `${step.days}d`);
    return;
  }
  if ('months' in step) {
    const { clock } = await clockOf(config);
    const [year, month] = yearAndMonth(addMonths(clock.frozen_time, step.months));
    made.set(step.name, { month, year });
    return;
  }
  const { name, method = 'POST', path, params = {}, account, refused } = step;
  const fill = (text: string) => text.replace(/\{([\w.]+)\}/g, (_, place: string) => String(at(made, place)));
  const filled = Object.entries(params).map(([key, value]) => [key, typeof value === 'string' ? fill(value) : value]);
  const as = account === undefined ? undefined : fill(account);
  const shown = `${method} ${fill(path)}`;
  try {
    const answer = await client.ask(method, fill(path), Object.fromEntries(filled), as);
    made.set(name, answer);
    console.log(`${shown}  ${answer.id ?? ''}`);
  } catch (error) {
    if (!(error instanceof ServerError) || refused === undefined || error.type !== refused) throw error;
    console.log(`${shown}  ${error.message}`);
  }
}

/** `sale.latest_charge`: the field of what the step `sale` answered; numbers are places in lists. */
function at(made: ReadonlyMap<string, unknown>, place: string): unknown {
  const [name = '', ...fields] = place.split('.');
  let value = made.get(name);
  for (const field of fields) value = (value as Record<string, unknown> | undefined)?.[field];
  return value;
}

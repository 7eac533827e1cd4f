import type { Config } from '../config.ts';
import { type Client, platformClient, ServerError } from './client.ts';
import { target } from './instant.ts';

interface Clock {
  readonly id: string;
  readonly frozen_time: number;
  readonly status: string;
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

const iso = (time: number): string => new Date(time * 1000).toISOString().replace('.000', '');

/** The platform's test clock as it stands, and who asked. */
export async function clockOf(config: Config): Promise<{ client: Client; clock: Clock }> {
  const client = platformClient(config);
  const { data } = (await client.get('/v1/test_helpers/test_clocks')) as unknown as { data: Clock[] };
  const [clock] = data;
  if (clock === undefined)
    throw new ServerError('this platform has no test clock; make one with `evenkeel platforms create --clock`');
  return { client, clock };
}

/** `evenkeel clock show`: where the platform's clock stands. */
export async function showClock(config: Config): Promise<number> {
  const { clock } = await clockOf(config);
  console.log(`${clock.id}  ${iso(clock.frozen_time)}  ${clock.status}`);
  return 0;
}

/** `evenkeel clock advance 2d`: moves it, and waits until all that is due on the way has happened. */
export async function advanceClock(config: Config, to: string): Promise<number> {
  const { client, clock } = await clockOf(config);
  const path = `/v1/test_helpers/test_clocks/${clock.id}`;
  let moved = (await client.post(`${path}/advance`, {
    frozen_time: target(to, clock.frozen_time),
  })) as unknown as Clock;
  while (moved.status === 'advancing') {
    await pause(200);
    moved = (await client.get(path)) as unknown as Clock;
  }
  console.log(`${moved.id}  ${iso(moved.frozen_time)}  ${moved.status}`);
  return 0;
}

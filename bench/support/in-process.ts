import { decodeForm } from '../../src/api/form.ts';
import { type CommandRoute, commandFor } from '../../src/api/route.ts';
import type { AnyCommand } from '../../src/engine/command.ts';
import { Engine } from '../../src/engine/engine.ts';
import { secretsOf } from '../../src/features/platforms/secrets.ts';
import { allKinds, featuresWith, jobsOf } from '../../src/registry.ts';
import { keyHashOf } from '../../src/store/idempotency.ts';
import { PostgresStore } from '../../src/store/postgres/postgres.ts';
import type { Ask } from './connection.ts';
import { latenciesOf } from './latency.ts';
import type { Measured, Meter } from './meter.ts';

const features = featuresWith(secretsOf({ adminKey: null, deterministicSeed: null }));

interface Asked {
  readonly command: AnyCommand;
  readonly params: unknown;
}

/** What a POST of `form` to `path` asks the engine to do. */
export function askedBy(path: string, form: string): Asked {
  const route = features
    .flatMap(({ routes = [] }) => routes)
    .find((each): each is CommandRoute => each.kind === 'command' && each.method === 'POST' && each.path === path);
  if (route === undefined) throw new Error(`nothing is done by POST ${path}`);
  const params = route.params.parse(decodeForm(form));
  return { command: commandFor(route.command, params), params };
}

/** The same commands as over HTTP, but put into the engine by this process: no server, no parsing, no rendering. */
export class InProcess {
  readonly #store: PostgresStore;
  readonly #engine: Engine;
  readonly #run = Math.floor(Math.random() * 2 ** 40);
  #sent = 0;

  constructor(url: string) {
    this.#store = new PostgresStore({ url });
    this.#engine = new Engine({ store: this.#store, kinds: allKinds, jobs: jobsOf(features) });
  }

  /**
   * Keeps `inFlight` of them under way, in turn, as long as `goesOn` says so before each.
   *
   * @returns how long each took that succeeded, in milliseconds, and how many did not
   */
  async submit(
    book: number,
    asks: readonly Ask[],
    inFlight: number,
    goesOn: () => boolean,
  ): Promise<{ readonly latencies: readonly number[]; readonly errors: number }> {
    const asked = asks.map(({ path, form = '' }) => ({ ...askedBy(path, form), path }));
    const latencies: number[] = [];
    let errors = 0;
    const one = async () => {
      const number = this.#sent++;
      const { path, ...task } = asked[number % asked.length] as (typeof asked)[number];
      const key = `${this.#run.toString(16)}-${number}`;
      const keyHash = keyHashOf(key);
      const started = performance.now();
      const outcome = await this.#engine.submit(book, {
        ...task,
        request: {
          account: null,
          id: 'req_00000000000000',
          idempotency: { key, keyHash, path, fingerprint: keyHash },
        },
        refusalBody: (refusal) => JSON.stringify(refusal.error),
      });
      if (outcome.kind === 'decided' && outcome.status === 200) latencies.push(performance.now() - started);
      else errors++;
    };
    await Promise.all(
      Array.from({ length: inFlight }, async () => {
        while (goesOn()) await one();
      }),
    );
    return { latencies, errors };
  }

  async close(): Promise<void> {
    await this.#engine.stop();
    await this.#store.close();
  }
}

export interface EngineLoad {
  readonly url: string;
  readonly book: number;
  readonly asks: readonly Ask[];
  readonly inFlight: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

/** What the engine alone does under a load. */
export async function runInProcess(load: EngineLoad, meter: Meter): Promise<Measured> {
  const engine = new InProcess(load.url);
  const send = (seconds: number) => {
    const end = performance.now() + seconds * 1000;
    return engine.submit(load.book, load.asks, load.inFlight, () => performance.now() < end);
  };
  try {
    const { errors } = await send(load.warmUpSeconds);
    await meter.start();
    const started = performance.now();
    const ran = await send(load.seconds);
    const seconds = (performance.now() - started) / 1000;
    return { ...latenciesOf(ran.latencies), seconds, errors: errors + ran.errors, cost: await meter.read() };
  } finally {
    await engine.close();
  }
}

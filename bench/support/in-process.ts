import { decodeForm } from '../../src/api/form.ts';
import { type CommandRoute, commandFor } from '../../src/api/route.ts';
import type { AnyCommand } from '../../src/engine/command.ts';
import { Engine } from '../../src/engine/engine.ts';
import { secretsOf } from '../../src/features/platforms/secrets.ts';
import { featuresWith, jobsOf, kindsOf } from '../../src/registry.ts';
import { keyHashOf } from '../../src/store/idempotency.ts';
import { PostgresStore } from '../../src/store/postgres/postgres.ts';
import { latenciesOf } from './latency.ts';
import type { Measured, Meter } from './meter.ts';

const features = featuresWith(secretsOf({ adminKey: null, deterministicSeed: null }));

/** What the books of the benchmarks may hold. */
export const allKinds = kindsOf(features);

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

export interface EngineLoad {
  readonly url: string;
  readonly book: number;
  readonly path: string;
  /** Form bodies, sent in turn. */
  readonly forms: readonly string[];
  readonly inFlight: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

/**
 * The same commands as over HTTP, but put into the engine by this process: no server, no parsing, no rendering.
 */
export async function runInProcess(load: EngineLoad, meter: Meter): Promise<Measured> {
  const store = new PostgresStore({ url: load.url });
  const engine = new Engine({ store, kinds: allKinds, jobs: jobsOf(features) });
  const asked = load.forms.map((form) => askedBy(load.path, form));
  const run = Math.floor(Math.random() * 2 ** 40);
  let sent = 0;
  let errors = 0;
  let latencies: number[] = [];
  const one = async () => {
    const number = sent++;
    const key = `${run.toString(16)}-${number}`;
    const keyHash = keyHashOf(key);
    const idempotency = { key, keyHash, path: load.path, fingerprint: keyHash };
    const started = performance.now();
    const outcome = await engine.submit(load.book, {
      ...(asked[number % asked.length] as Asked),
      request: { account: null, id: 'req_00000000000000', idempotency },
      refusalBody: (refusal) => JSON.stringify(refusal.error),
    });
    if (outcome.kind === 'decided' && outcome.status === 200) latencies.push(performance.now() - started);
    else errors++;
  };
  const send = async (seconds: number) => {
    latencies = [];
    const end = performance.now() + seconds * 1000;
    await Promise.all(
      Array.from({ length: load.inFlight }, async () => {
        while (performance.now() < end) await one();
      }),
    );
  };
  try {
    await send(load.warmUpSeconds);
    await meter.start();
    const started = performance.now();
    await send(load.seconds);
    const elapsed = (performance.now() - started) / 1000;
    return { ...latenciesOf(latencies), seconds: elapsed, errors, cost: await meter.read() };
  } finally {
    await engine.stop();
    await store.close();
  }
}

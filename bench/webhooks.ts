/**
 * How fast webhooks go out, and whether an endpoint that hangs and one that fails hold up three that are well.
 *
 *     npm run bench -- webhooks [--events 10000] [--rate 200] [--seconds 10]
 *
 * First all events happen while nothing is sent, as after an outage, and the backlog is sent; then events happen at a steady
 * rate, and it is measured how long after its commit each arrives. Engine and sender share this process; the endpoints are
 * another.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { envOf } from '../src/api/auth.ts';
import { Views } from '../src/api/views.ts';
import { Engine } from '../src/engine/engine.ts';
import { lineView } from '../src/features/balance-transactions/view.ts';
import { eventView } from '../src/features/events/view.ts';
import { foundPlatform } from '../src/features/platforms/found.ts';
import { bookOfPlatform } from '../src/features/platforms/object.ts';
import { secretsOf } from '../src/features/platforms/secrets.ts';
import { createWebhookEndpoint } from '../src/features/webhook-endpoints/create.ts';
import { birthOf } from '../src/kernel/id.ts';
import { featuresWith, jobsOf, kindsOf } from '../src/registry.ts';
import { PostgresDeliveries } from '../src/store/postgres/deliveries.ts';
import { PostgresStore } from '../src/store/postgres/postgres.ts';
import { startWebhooks, type Webhooks } from '../src/webhooks/worker.ts';
import { plainCharge } from './support/charges.ts';
import { bench, type Found, type Stage, say } from './support/frame.ts';
import { askedBy } from './support/in-process.ts';
import { latenciesOf } from './support/latency.ts';
import type { FromReceiver, ToReceiver } from './support/receiver.ts';
import { table } from './support/results.ts';

const healthy = ['/a', '/b', '/c'];
const paths = [...healthy, '/hang', '/fail'];
const inFlight = 64;
const patienceMs = 120_000;

const { values: options } = parseArgs({
  options: {
    events: { type: 'string', default: '10000' },
    rate: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '10' },
  },
});
const eventCount = Number(options.events);
const rate = Number(options.rate);
const seconds = Number(options.seconds);

class Receiver {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(): Promise<{ receiver: Receiver; port: number }> {
    const child = fork(fileURLToPath(new URL('./support/receiver.js', import.meta.url)), [], { execArgv: [] });
    const receiver = new Receiver(child);
    const { port } = await receiver.#next('listening');
    return { receiver, port };
  }

  ask<Kind extends ToReceiver['kind']>(kind: Kind): Promise<Extract<FromReceiver, { kind: Kind }>> {
    const answer = this.#next(kind);
    this.#child.send({ kind });
    return answer;
  }

  stop(): void {
    this.#child.kill();
  }

  #next<Kind extends FromReceiver['kind']>(kind: Kind): Promise<Extract<FromReceiver, { kind: Kind }>> {
    return new Promise((resolve) => {
      const hear = (message: FromReceiver) => {
        if (message.kind !== kind) return;
        this.#child.off('message', hear);
        resolve(message as Extract<FromReceiver, { kind: Kind }>);
      };
      this.#child.on('message', hear);
    });
  }

  /** Until each of the endpoints that are well has had `count` events. */
  async had(count: number): Promise<void> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const { counts } = await this.ask('counts');
      if (healthy.every((path) => (counts[path] ?? 0) >= count)) return;
      if (Date.now() > deadline) throw new Error(`not all events arrived: ${JSON.stringify(counts)}`);
      await sleep(20);
    }
  }
}

const request = { account: null, id: 'req_00000000000000', idempotency: null };
const refusalBody = (refusal: { readonly error: unknown }) => JSON.stringify(refusal.error);

async function measure({ database: { url } }: Stage): Promise<Found> {
  const { receiver, port } = await Receiver.start();
  const store = new PostgresStore({ url });
  const deliveries = new PostgresDeliveries({ url });
  const secrets = secretsOf({ adminKey: null, deterministicSeed: null });
  const features = featuresWith(secrets, deliveries);
  const engine = new Engine({ store, kinds: kindsOf(features), jobs: jobsOf(features) });
  const parts: Parts = { receiver, port, store, deliveries, secrets, features, engine, worker: null };
  try {
    return { text: await deliver(parts), errors: 0 };
  } finally {
    await parts.worker?.stop();
    receiver.stop();
    await engine.stop();
    await deliveries.close();
    await store.close();
  }
}

interface Parts {
  readonly receiver: Receiver;
  readonly port: number;
  readonly store: PostgresStore;
  readonly deliveries: PostgresDeliveries;
  readonly secrets: ReturnType<typeof secretsOf>;
  readonly features: ReturnType<typeof featuresWith>;
  readonly engine: Engine;
  worker: Webhooks | null;
}

function startWorker({ features, deliveries, secrets }: Parts): Webhooks {
  const views = new Views(features, lineView, null);
  return startWebhooks({
    deliveries,
    render: (event, { book, livemode }) => {
      const env = envOf(book, livemode);
      return eventView(event, env, (object) => views.render(object, env));
    },
    keyed: secrets.keyed,
    allowPrivate: true,
    onError: (error) => say(String(error)),
  });
}

async function deliver(parts: Parts): Promise<string> {
  const { receiver, port, store, secrets, engine } = parts;
  const founding = { engine, books: store, keys: store, secrets };
  const { platform } = await foundPlatform(founding, {}, { id: null, idempotency: null });
  const book = bookOfPlatform(platform);
  for (const path of paths) {
    const params = { url: `http://127.0.0.1:${port}${path}`, enabled_events: ['charge.succeeded'], connect: false };
    await engine.submit(book, { command: createWebhookEndpoint, params, request, refusalBody });
  }
  const charge = askedBy(plainCharge.path, plainCharge.form(''));
  /** Operation → when it was known to be on disk. */
  const committed = new Map<number, number>();
  const happen = async () => {
    const outcome = await engine.submit(book, { ...charge, request, refusalBody });
    if (outcome.kind !== 'decided' || outcome.seq === null || outcome.status !== 200) throw new Error('no charge');
    committed.set(outcome.seq, performance.timeOrigin + performance.now());
    parts.worker?.wake(book);
  };

  let left = eventCount;
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (left-- > 0) await happen();
    }),
  );
  say(`${eventCount} events happened`);
  committed.clear();
  const started = performance.now();
  parts.worker = startWorker(parts);
  await receiver.had(eventCount);
  const elapsed = (performance.now() - started) / 1000;
  const { requests } = await receiver.ask('counts');
  say(
    `${Math.round(eventCount / elapsed)} events a second to each, ${Math.round(requests / elapsed)} requests a second`,
  );

  const begun = performance.now();
  const happening: Promise<void>[] = [];
  for (let i = 0; i < rate * seconds; i++) {
    const wait = begun + (i * 1000) / rate - performance.now();
    if (wait > 1) await sleep(wait);
    happening.push(happen());
  }
  await Promise.all(happening);
  await receiver.had(eventCount + rate * seconds);
  const { arrivals } = await receiver.ask('report');
  const rows = healthy.map((path) => {
    const delays = Object.entries(arrivals[path] ?? {}).flatMap(([id, at]) => {
      const since = committed.get(birthOf(id, book)?.seq ?? 0);
      // An event may arrive before its request was answered.
      return since === undefined ? [] : [Math.max(0, at - since)];
    });
    const { count, p50, p99, max } = latenciesOf(delays);
    return [path, String(count), p50.toFixed(1), p99.toFixed(1), max.toFixed(0)];
  });
  return [
    `A backlog of ${eventCount} events for each of ${paths.length} endpoints, one of which hangs and one of which fails: the others had all of theirs after ${elapsed.toFixed(1)} s. That is ${Math.round(eventCount / elapsed)} events a second to each of them and ${Math.round(requests / elapsed)} requests a second in all.`,
    '',
    `Then ${rate} events a second for ${seconds} s, milliseconds from the commit to the arrival, while the two others still have their backlog:`,
    '',
    table(['endpoint', 'events', 'p50 ms', 'p99 ms', 'max ms'], rows),
  ].join('\n');
}

await bench('webhooks', 'Endpoints on the same machine', measure);

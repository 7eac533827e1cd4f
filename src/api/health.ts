import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What the engine can be asked while it runs. */
export interface EngineNumbers {
  /** Commands that wait, over all books. */
  readonly queued: number;
  readonly books: number;
  readonly batches: number;
  readonly commands: number;
  /** Seconds that commits took, summed up; with `batches` the mean. */
  readonly commitSeconds: number;
}

/** Numbers for Prometheus. Counters are looked up once a route and status, not once a request. */
export class Metrics {
  readonly registry = new Registry();
  readonly #requests: Counter<'method' | 'route' | 'status'>;
  readonly #seconds: Histogram<'method'>;
  readonly #children = new Map<
    string,
    { readonly requests: { inc(): void }; readonly seconds: { observe(value: number): void } }
  >();

  constructor(engine?: () => EngineNumbers) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.#requests = new Counter({
      name: 'evenkeel_requests_total',
      help: 'Requests answered, by route and status.',
      labelNames: ['method', 'route', 'status'],
      registers,
    });
    this.#seconds = new Histogram({
      name: 'evenkeel_request_seconds',
      help: 'Time from the arrival of a request to its answer.',
      labelNames: ['method'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    });
    if (engine) this.#observe(engine, registers);
  }

  #observe(engine: () => EngineNumbers, registers: Registry[]): void {
    const gauge = (name: string, help: string, read: (numbers: EngineNumbers) => number) =>
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read(engine()));
        },
      });
    gauge('evenkeel_queue_length', 'Commands that wait to be decided.', ({ queued }) => queued);
    gauge('evenkeel_books_in_use', 'Books that this process keeps open.', ({ books }) => books);
    gauge('evenkeel_batches_total', 'Batches written.', ({ batches }) => batches);
    gauge('evenkeel_commands_total', 'Commands written.', ({ commands }) => commands);
    gauge('evenkeel_commit_seconds_total', 'Time that commits took, summed up.', (n) => n.commitSeconds);
  }

  count(method: string, route: string, status: number, ms: number): void {
    const name = `${method} ${route} ${status}`;
    let child = this.#children.get(name);
    if (child === undefined) {
      child = { requests: this.#requests.labels(method, route, String(status)), seconds: this.#seconds.labels(method) };
      this.#children.set(name, child);
    }
    child.requests.inc();
    child.seconds.observe(ms / 1000);
  }
}

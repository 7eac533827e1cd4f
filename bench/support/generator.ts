/**
 * The load, in a process of its own so that its work is not counted as the server's. Told what to send over IPC: warms
 * up, says so, waits for the word, sends for some seconds, reports, ends.
 */
import { randomBytes } from 'node:crypto';
import { type Ask, Connection, get, post } from './connection.ts';
import { type Latencies, latenciesOf } from './latency.ts';

export interface Load {
  readonly port: number;
  readonly key: string;
  /** Another key is made from `key` after so many requests, for a server that does not let one key ask for more. */
  readonly requestsPerKey?: number;
  /** Sent in turn. */
  readonly asks: readonly Ask[];
  readonly connections: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** Ends sooner, after so many requests since the warm-up. */
  readonly requestsMax?: number;
}

export interface LoadReport extends Latencies {
  readonly seconds: number;
  readonly errors: number;
  /** What the first error said. */
  readonly firstError: string | null;
}

export type FromGenerator = { readonly kind: 'warm' } | { readonly kind: 'done'; readonly report: LoadReport };

class Generator {
  readonly #load: Load;
  readonly #connections: readonly Connection[];
  readonly #run = randomBytes(6).toString('hex');
  #sent = 0;
  #latencies: number[] = [];
  #errors = 0;
  #firstError: string | null = null;

  constructor(load: Load, connections: readonly Connection[]) {
    this.#load = load;
    this.#connections = connections;
  }

  /** Keeps every connection busy until the time is over or enough is sent, and waits for the last answers. */
  async send(seconds: number, requestsMax = Number.POSITIVE_INFINITY): Promise<void> {
    this.#latencies = [];
    const end = performance.now() + seconds * 1000;
    const last = this.#sent + requestsMax;
    await Promise.all(
      this.#connections.map(async (connection) => {
        while (performance.now() < end && this.#sent < last) await this.#one(connection);
      }),
    );
  }

  report(seconds: number): LoadReport {
    return { ...latenciesOf(this.#latencies), seconds, errors: this.#errors, firstError: this.#firstError };
  }

  async #one(connection: Connection): Promise<void> {
    const { key, requestsPerKey, asks } = this.#load;
    const number = this.#sent++;
    const ask = asks[number % asks.length] as Ask;
    const { form } = ask;
    const keyNow = requestsPerKey === undefined ? key : `${key}${this.#run}${Math.floor(number / requestsPerKey)}`;
    const request = form === undefined ? get(ask, keyNow) : post({ ...ask, form }, keyNow, `${this.#run}-${number}`);
    const started = performance.now();
    const { status, body } = await connection.send(request);
    if (status === 200) this.#latencies.push(performance.now() - started);
    else {
      this.#errors++;
      this.#firstError ??= `${status} ${body.toString()}`;
    }
  }
}

const tell = (message: FromGenerator) => process.send?.(message);
const heard = <T>() => new Promise<T>((resolve) => process.once('message', (message) => resolve(message as T)));

const load = await heard<Load>();
const connections = await Promise.all(Array.from({ length: load.connections }, () => Connection.open(load.port)));
const generator = new Generator(load, connections);
await generator.send(load.warmUpSeconds);
tell({ kind: 'warm' });
await heard();
const started = performance.now();
await generator.send(load.seconds, load.requestsMax);
tell({ kind: 'done', report: generator.report((performance.now() - started) / 1000) });
for (const connection of connections) connection.close();
process.disconnect();

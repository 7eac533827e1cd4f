import { accountId } from '../ledger/chart.ts';
import type { AttemptResult, DeliveryStore, DueDelivery, EndpointVersion, Queue } from '../store/deliveries.ts';
import { type Endpoint, isEnabled } from './endpoint.ts';
import type { Recorder } from './recorder.ts';
import { pauseAfter } from './schedule.ts';
import type { Sender } from './sender.ts';
import { signatureOf } from './signature.ts';
import type { Slots } from './slots.ts';

const pageSize = 32;
/** What waits for an answer is looked at again at least this often, for what became due meanwhile. */
const lookAgainMs = 1000;

/** What all queues of a worker share. */
export interface QueueParts {
  readonly worker: number;
  readonly deliveries: Pick<DeliveryStore, 'historyNow' | 'due' | 'drop' | 'release'>;
  readonly sender: Pick<Sender, 'send'>;
  readonly slots: Slots;
  readonly recorder: Recorder;
  /** Requests to one endpoint at once, while it answers well. */
  readonly perEndpoint: number;
  /** Pauses between tries, in seconds. */
  readonly pauses: { readonly live: readonly number[]; readonly test: readonly number[] };
  readonly chance: () => number;
  /** Unix seconds. */
  readonly clock: () => number;
  /** The bytes of an event for an endpoint; null when there is no such event. */
  readonly payload: (queue: Queue, event: DueDelivery, account: string, endpoint: Endpoint) => Promise<string | null>;
  readonly onError: (error: unknown) => void;
}

/**
 * Works off what waits for one endpoint, oldest first, some at once: first tries set out in the order in which their events
 * happened. While an endpoint fails, it is asked one at a time, so that it costs little until it is well again.
 *
 * It ends when nothing is due, having let the queue go, or when the queue is not ours any more.
 */
export class EndpointQueue {
  readonly #queue: Queue;
  readonly #parts: QueueParts;
  /** Deliveries that are on their way, or whose result is not written yet. */
  readonly #busy = new Set<string>();
  readonly #underWay = new Set<Promise<void>>();
  #width: number;
  #stopped = false;
  #poked = false;
  #wake: (() => void) | null = null;

  /** @param width how many at once to begin with: what the last time showed */
  constructor(queue: Queue, parts: QueueParts, width: number) {
    this.#queue = queue;
    this.#parts = parts;
    this.#width = width;
  }

  get width(): number {
    return this.#width;
  }

  /** There may be something new. */
  poke(): void {
    this.#poked = true;
    this.#wake?.();
  }

  stop(): void {
    this.#stopped = true;
    this.#wake?.();
  }

  async run(): Promise<void> {
    for (let isDone = false; !isDone && !this.#stopped; ) {
      try {
        isDone = await this.#round();
      } catch (error) {
        // The database is away, usually.
        this.#parts.onError(error);
        await this.#change();
      }
    }
    await Promise.all(this.#underWay);
  }

  /** Sends what is due. @returns whether the queue is let go */
  async #round(): Promise<boolean> {
    const { deliveries, worker } = this.#parts;
    this.#poked = false;
    // As it was when the question was put: what is written while the answer is under way still stands in the answer.
    const busy = new Set(this.#busy);
    const page = await deliveries.due(this.#queue, worker, pageSize + busy.size);
    if (page === null) return true;
    const due = page.deliveries.filter((delivery) => !busy.has(nameOf(delivery)));
    if (due.length === 0) {
      if (this.#busy.size === 0) return deliveries.release(this.#queue, worker, page.revision);
      if (!this.#poked) await this.#change();
      return false;
    }
    // Asked anew for every page: it may have moved, been disabled or deleted.
    const history = await deliveries.historyNow(this.#queue.book, this.#queue.endpoint, isEnabled);
    const [now] = history;
    if (now === undefined) {
      await deliveries.drop(this.#queue, null);
      return false;
    }
    const since = (history.at(-1) as EndpointVersion).from;
    if (due.some(({ event, byHand }) => event.seq <= since && !byHand)) {
      // It was disabled in between, which gave up what waited then.
      await deliveries.drop(this.#queue, since);
      return false;
    }
    await this.#send(due, now.object as Endpoint);
    return false;
  }

  async #send(due: readonly DueDelivery[], endpoint: Endpoint): Promise<void> {
    const { slots, payload } = this.#parts;
    const { book } = this.#queue;
    // The next bodies are made while a request is waited for.
    const bodies: Promise<string | null>[] = [];
    const prepare = (upTo: number) => {
      for (let i = bodies.length; i < Math.min(upTo, due.length); i++) {
        const delivery = due[i] as DueDelivery;
        const body = payload(this.#queue, delivery, accountId(delivery.account, book), endpoint);
        body.catch(() => {});
        bodies.push(body);
      }
    };
    for (const [i, delivery] of due.entries()) {
      prepare(i + this.#parts.perEndpoint);
      while (this.#underWay.size >= this.#width && !this.#stopped) await this.#change();
      const body = await bodies[i];
      const slot = await slots.take();
      if (this.#stopped) {
        slot.release();
        return;
      }
      const name = nameOf(delivery);
      this.#busy.add(name);
      const sending = this.#try(delivery, endpoint, body ?? null)
        .finally(() => slot.release())
        .then((result) => {
          this.#underWay.delete(sending);
          this.#wake?.();
          return this.#write(result);
        })
        .finally(() => {
          this.#busy.delete(name);
          this.#wake?.();
        });
      this.#underWay.add(sending);
    }
  }

  async #try(delivery: DueDelivery, endpoint: Endpoint, body: string | null): Promise<AttemptResult> {
    const { sender, clock, pauses, chance } = this.#parts;
    const { book, livemode } = this.#queue;
    const at = clock();
    const { attempt, succeeded } =
      body === null
        ? { attempt: { at, status: null, error: 'there is no such event', ms: 0, response: '' }, succeeded: false }
        : await sender.send(endpoint.url, body, signatureOf([endpoint.secret], at, body), at);
    this.#width = succeeded ? Math.min(this.#width * 2, this.#parts.perEndpoint) : 1;
    const pause = pauseAfter(livemode ? pauses.live : pauses.test, delivery.tries + 1, chance());
    return {
      book,
      endpoint: this.#queue.endpoint,
      event: delivery.event,
      attempt,
      succeeded,
      retryAfterMs: succeeded ? null : pause,
    };
  }

  async #write(result: AttemptResult): Promise<void> {
    // What we broke off ourselves says nothing of the endpoint, and is sent again by whoever has the queue next.
    if (this.#stopped && !result.succeeded) return;
    await this.#parts.recorder.add(result);
  }

  /** Until a request ends, somebody pokes, or a while has passed. */
  async #change(): Promise<void> {
    if (this.#stopped) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, lookAgainMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = null;
  }
}

const nameOf = ({ event }: DueDelivery): string => `${event.seq}.${event.pos}`;

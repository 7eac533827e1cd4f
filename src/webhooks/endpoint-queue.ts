import type { AttemptResult, DeliveryStore, DueDelivery, EndpointVersion, Queue } from '../store/deliveries.ts';
import type { Endpoint } from './endpoint.ts';
import type { Histories } from './histories.ts';
import type { Recorder } from './recorder.ts';
import { pauseAfter } from './schedule.ts';
import { type Keyed, signingSecretOf } from './secret.ts';
import type { Sender } from './sender.ts';
import { signatureOf } from './signature.ts';
import type { Slots } from './slots.ts';

/** Read ahead for each request that may be under way at once: little for who takes one at a time. */
const pagePerRequest = 8;
/** What waits for an answer is looked at again at least this often, for what became due meanwhile. */
const lookAgainMs = 1000;
/** An empty queue is kept for this long: of a busy endpoint it would be taken again at once. */
const lingerMs = 250;

/** What all queues of a worker share. */
export interface QueueParts {
  readonly worker: number;
  readonly deliveries: Pick<DeliveryStore, 'due' | 'drop' | 'failingFor' | 'release'>;
  readonly histories: Histories;
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
  /** The bytes of events for an endpoint; null where there is no such event. */
  readonly payloads: (
    queue: Queue,
    due: readonly DueDelivery[],
    endpoint: Endpoint,
  ) => Promise<readonly (string | null)[]>;
  readonly disabling: Disabling | null;
  readonly keyed: Keyed;
  readonly onError: (error: unknown) => void;
}

/** When an endpoint of a live book is disabled by itself, and how. */
export interface Disabling {
  /** How long everything that was sent must have failed. */
  readonly afterMs: number;
  /** Does nothing when the endpoint is disabled already, or elsewhere by now. */
  readonly disable: (book: number, endpoint: Endpoint) => Promise<void>;
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
  /** Whether the endpoint may be written down as failing. */
  #failing = false;
  #stopped = false;
  #poked = false;
  #lingered = false;
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
    const { deliveries, histories, worker } = this.#parts;
    this.#poked = false;
    // As it was when the question was put: what is written while the answer is under way still stands in the answer.
    const busy = new Set(this.#busy);
    const page = await deliveries.due(this.#queue, worker, this.#width * pagePerRequest + busy.size);
    if (page === null) return true;
    // What is not written yet may say otherwise.
    this.#failing = page.isFailing || (this.#failing && busy.size > 0);
    const due = page.deliveries.filter((delivery) => !busy.has(nameOf(delivery)));
    if (due.length === 0) {
      if (this.#busy.size === 0 && this.#lingered) return deliveries.release(this.#queue, worker, page.revision);
      const isIdle = this.#busy.size === 0;
      if (!this.#poked) await this.#change(isIdle ? lingerMs : lookAgainMs);
      this.#lingered = isIdle && !this.#poked;
      return false;
    }
    this.#lingered = false;
    // With every page: it may have moved, been disabled or deleted.
    const history = await histories.of(this.#queue.book, this.#queue.endpoint, page.changed);
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
    await this.#send(due, now.object as Endpoint, page.changed);
    return false;
  }

  async #send(due: readonly DueDelivery[], endpoint: Endpoint, changed: number): Promise<void> {
    const { slots, payloads } = this.#parts;
    const bodies = await payloads(this.#queue, due, endpoint);
    for (const [i, delivery] of due.entries()) {
      while (this.#underWay.size >= this.#width && !this.#stopped) await this.#change();
      const slot = await slots.take();
      if (this.#stopped) {
        slot.release();
        return;
      }
      const name = nameOf(delivery);
      this.#busy.add(name);
      const sending = this.#try(delivery, endpoint, bodies[i] ?? null)
        .finally(() => slot.release())
        .then((result) => {
          this.#underWay.delete(sending);
          this.#wake?.();
          return this.#write({ ...result, changed }, endpoint);
        })
        .finally(() => {
          this.#busy.delete(name);
          this.#wake?.();
        });
      this.#underWay.add(sending);
    }
  }

  async #try(delivery: DueDelivery, endpoint: Endpoint, body: string | null): Promise<Omit<AttemptResult, 'changed'>> {
    const { sender, clock, pauses, chance, keyed } = this.#parts;
    const { book, livemode } = this.#queue;
    const at = clock();
    const { attempt, succeeded } =
      body === null
        ? { attempt: { at, status: null, error: 'there is no such event', ms: 0, response: '' }, succeeded: false }
        : await sender.send(endpoint.url, body, signatureOf([signingSecretOf(endpoint, keyed)], at, body), at);
    const wasFailing = this.#failing;
    if (!succeeded) this.#failing = true;
    this.#width = succeeded ? Math.min(this.#width * 2, this.#parts.perEndpoint) : 1;
    const pause = pauseAfter(livemode ? pauses.live : pauses.test, delivery.tries + 1, chance());
    return {
      book,
      endpoint: this.#queue.endpoint,
      event: delivery.event,
      attempt,
      succeeded,
      wasFailing,
      retryAfterMs: succeeded ? null : pause,
    };
  }

  async #write(result: AttemptResult, endpoint: Endpoint): Promise<void> {
    // What we broke off ourselves says nothing of the endpoint, and is sent again by whoever has the queue next.
    if (this.#stopped && !result.succeeded) return;
    await this.#parts.recorder.add(result);
    if (!result.succeeded && this.#queue.livemode) await this.#disableIfLong(endpoint, result.changed);
  }

  /** Disables an endpoint that has failed for too long. What goes wrong here is tried again with the next failure. */
  async #disableIfLong(endpoint: Endpoint, changed: number): Promise<void> {
    const { deliveries, disabling, onError } = this.#parts;
    if (disabling === null) return;
    try {
      const ms = await deliveries.failingFor(this.#queue, changed);
      if (ms !== null && ms >= disabling.afterMs) await disabling.disable(this.#queue.book, endpoint);
    } catch (error) {
      onError(error);
    }
  }

  /** Until a request ends, somebody pokes, or a while has passed. */
  async #change(ms = lookAgainMs): Promise<void> {
    if (this.#stopped) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = null;
  }
}

const nameOf = ({ event }: DueDelivery): string => `${event.seq}.${event.pos}`;

import { randomInt } from 'node:crypto';
import { webhookRetrySeconds } from '../data/webhook-schedule.ts';
import { systemClock } from '../kernel/time.ts';
import type { DeliveryStore, Queue } from '../store/deliveries.ts';
import type { RecordedEvent } from '../store/reader.ts';
import { Dispatcher } from './dispatcher.ts';
import { type Disabling, EndpointQueue, type QueueParts } from './endpoint-queue.ts';
import { Histories, queueKey } from './histories.ts';
import type { EventWire } from './payload.ts';
import { Payloads } from './payloads.ts';
import { Recorder } from './recorder.ts';
import type { Keyed } from './secret.ts';
import { Sender } from './sender.ts';
import { Slots } from './slots.ts';

/**
 * Sends webhooks, in every server process:
 *
 *     wake, poll ─▶ dispatcher ─▶ deliveries ─▶ claim ─▶ a queue an endpoint ─▶ sender ─▶ recorder
 *
 * Whatever is not written down as delivered is sent (again): by this process, after a restart, or by another one. Between
 * endpoints there is no order and no waiting; for one, first tries set out in the order of their events.
 */
export interface WebhookOptions {
  readonly deliveries: DeliveryStore;
  /** An event as the API shows it to the platform; the same for the same event. */
  readonly render: (event: RecordedEvent, book: { readonly book: number; readonly livemode: boolean }) => EventWire;
  /** What the secrets of endpoints follow from. */
  readonly keyed: Keyed;
  /** Whether loopback and private addresses may be sent to. */
  readonly allowPrivate: boolean;
  /** Told of what went wrong inside; failures of endpoints are in the deliveries. */
  readonly onError?: (error: unknown) => void;
  /** Absent: only its owner disables an endpoint. */
  readonly disabling?: Disabling | null;
  readonly pauses?: QueueParts['pauses'];
  readonly timeoutMs?: number;
  readonly perEndpoint?: number;
  readonly underWayMax?: number;
  readonly pollMs?: number;
  /** How long others wait for a sign of life of this process before they take over. */
  readonly leaseMs?: number;
  /** How long deliveries are kept that are done with. */
  readonly keepSeconds?: number;
}

export interface Webhooks {
  /** Something was committed in a book. Costs nothing when nobody listens there. */
  wake(book: number): void;
  /** Within two seconds: lets requests that are under way end, writes what came of them, lets all queues go. */
  stop(): Promise<void>;
  readonly numbers: WebhookNumbers;
}

export interface WebhookNumbers {
  /** Endpoints that are being sent to. */
  readonly queues: number;
  readonly underWay: number;
  readonly delivered: number;
  readonly failed: number;
}

const queuesMax = 2000;
const claimedAtOnce = 100;
const widthsKept = 10_000;
/** Requests that hang cost a socket each. */
const hangingMax = 2000;
const patienceMs = 200;
/** A book that is written to and of which nothing is known is asked about this soon. */
const strangersMs = 200;
const graceMs = 1000;
const closeMs = 700;
const pruneEveryMs = 600_000;
const month = 30 * 86_400;

export function startWebhooks(options: WebhookOptions): Webhooks {
  const worker = new Worker(options);
  worker.start();
  return worker;
}

class Worker implements Webhooks {
  readonly #options: WebhookOptions;
  readonly #id = randomInt(1, 2 ** 48 - 1);
  readonly #dispatcher: Dispatcher;
  readonly #sender: Sender;
  readonly #recorder: Recorder;
  readonly #slots: Slots;
  readonly #parts: QueueParts;
  readonly #queues = new Map<string, { readonly queue: EndpointQueue; readonly done: Promise<void> }>();
  /** Of endpoints that failed the last time: how many requests at once they get. */
  readonly #widths = new Map<string, number>();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #tasks = new Set<Promise<void>>();
  readonly #perEndpoint: number;
  #claiming = false;
  #claimAgain = false;
  #polling = false;
  #strangers: NodeJS.Timeout | null = null;
  #stopped = false;
  #delivered = 0;
  #failed = 0;

  constructor(options: WebhookOptions) {
    this.#options = options;
    const { deliveries } = options;
    const onError = options.onError ?? (() => {});
    this.#perEndpoint = options.perEndpoint ?? 4;
    this.#sender = new Sender({ allowPrivate: options.allowPrivate, timeoutMs: options.timeoutMs ?? 20_000 });
    this.#recorder = new Recorder(
      {
        record: async (results) => {
          await deliveries.record(results);
          for (const { succeeded } of results) succeeded ? this.#delivered++ : this.#failed++;
        },
      },
      onError,
    );
    this.#slots = new Slots({ quick: options.underWayMax ?? 64, total: hangingMax, patienceMs });
    const histories = new Histories(deliveries);
    const payloads = new Payloads(deliveries, options.render);
    this.#dispatcher = new Dispatcher({
      deliveries,
      histories,
      onError,
      onQueued: (keys) => {
        const others = keys.filter((key) => {
          const mine = this.#queues.get(key);
          mine?.queue.poke();
          return mine === undefined;
        });
        if (others.length > 0) this.#claim();
      },
    });
    this.#parts = {
      worker: this.#id,
      deliveries,
      histories,
      sender: this.#sender,
      slots: this.#slots,
      recorder: this.#recorder,
      perEndpoint: this.#perEndpoint,
      pauses: options.pauses ?? webhookRetrySeconds,
      chance: Math.random,
      clock: systemClock,
      keyed: options.keyed,
      payloads: (queue, due, endpoint) => payloads.of(queue, due, endpoint),
      disabling: options.disabling ?? null,
      onError,
    };
  }

  get numbers(): WebhookNumbers {
    return {
      queues: this.#queues.size,
      underWay: this.#slots.inUse,
      delivered: this.#delivered,
      failed: this.#failed,
    };
  }

  start(): void {
    const { deliveries, pollMs = 1000, leaseMs = 10_000, keepSeconds = month } = this.#options;
    const beat = () => this.#task(() => deliveries.heartbeat(this.#id, leaseMs));
    // Nothing is claimed by who was not seen to live.
    void beat().then(() => this.#poll());
    this.#every(leaseMs / 4, beat);
    this.#every(pollMs, () => this.#poll());
    this.#every(pruneEveryMs, async () => {
      while ((await deliveries.prune(keepSeconds)) > 0 && !this.#stopped);
    });
  }

  wake(book: number): void {
    if (this.#stopped || this.#dispatcher.wake(book)) return;
    this.#strangers ??= setTimeout(() => {
      this.#strangers = null;
      this.#poll();
    }, strangersMs);
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    for (const timer of this.#timers) clearInterval(timer);
    if (this.#strangers) clearTimeout(this.#strangers);
    const running = [...this.#queues.values()];
    for (const { queue } of running) queue.stop();
    const queuesDone = Promise.all(running.map(({ done }) => done));
    await atMost(graceMs, queuesDone);
    this.#sender.close();
    const { deliveries } = this.#options;
    await atMost(
      closeMs,
      Promise.all([queuesDone, this.#dispatcher.stop(), ...this.#tasks])
        .then(() => this.#recorder.close())
        .then(() => deliveries.retire(this.#id))
        .catch((error) => this.#options.onError?.(error)),
    );
  }

  #every(ms: number, work: () => Promise<void>): void {
    this.#timers.push(setInterval(() => void this.#task(work), ms));
  }

  /** Runs what belongs to no queue; what fails is tried again by the next tick. */
  async #task(work: () => Promise<void>): Promise<void> {
    if (this.#stopped) return;
    const task = work().catch((error) => this.#options.onError?.(error));
    this.#tasks.add(task);
    await task;
    this.#tasks.delete(task);
  }

  async #poll(): Promise<void> {
    if (this.#polling || this.#stopped) return;
    this.#polling = true;
    await this.#task(() => this.#dispatcher.poll());
    this.#polling = false;
    this.#claim();
  }

  /** Takes queues in that have something due. */
  #claim(): void {
    this.#claimAgain = true;
    if (this.#claiming || this.#stopped) return;
    this.#claiming = true;
    void this.#task(async () => {
      while (this.#claimAgain && !this.#stopped) {
        this.#claimAgain = false;
        const limit = Math.min(claimedAtOnce, queuesMax - this.#queues.size);
        if (limit <= 0) return;
        const claimed = await this.#options.deliveries.claim(this.#id, limit);
        for (const queue of claimed) this.#run(queue);
        if (claimed.length === limit) this.#claimAgain = true;
      }
    }).then(() => {
      this.#claiming = false;
    });
  }

  #run(claimed: Queue): void {
    const key = queueKey(claimed.book, claimed.endpoint);
    if (this.#stopped) return;
    const queue = new EndpointQueue(claimed, this.#parts, this.#widths.get(key) ?? this.#perEndpoint);
    // A queue that was lost to another process and came back: what is under way from then is waited for.
    const before = this.#queues.get(key)?.done ?? Promise.resolve();
    const done = before
      .then(() => queue.run())
      .then(() => {
        if (this.#queues.get(key)?.queue === queue) this.#queues.delete(key);
        if (queue.width >= this.#perEndpoint) this.#widths.delete(key);
        else if (this.#widths.size < widthsKept) this.#widths.set(key, queue.width);
      });
    this.#queues.set(key, { queue, done });
  }
}

/** Waits for something, but not for ever. */
async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([
    work,
    new Promise((resolve) => {
      timer = setTimeout(resolve, ms);
    }),
  ]);
  clearTimeout(timer);
}

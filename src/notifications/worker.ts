import { setTimeout as sleep } from 'node:timers/promises';
import { mint } from '../kernel/id.ts';
import type { DeliveryStore } from '../store/deliveries.ts';
import type { ClaimedMessage, OutboxStore } from '../store/outbox.ts';
import { type Composer, Follower } from './follower.ts';
import type { Mailer } from './mailer.ts';

/**
 * Tells owners of accounts by e-mail, in every server process:
 *
 *     poll ─▶ follower ─▶ messages ─▶ claim ─▶ mailer ─▶ record
 *
 * A message is written once and sent at least once: should a process end between sending and recording, it is sent again
 * under the same Message-ID.
 */
export interface NotificationOptions {
  readonly outbox: OutboxStore;
  /** The journal, as webhooks read it. */
  readonly journal: Pick<DeliveryStore, 'events' | 'history' | 'news'>;
  readonly composer: Composer;
  /** null: messages are kept to be read, and none is sent. */
  readonly mailer: Mailer | null;
  readonly onError?: (error: unknown) => void;
  readonly pollMs?: number;
  readonly leaseMs?: number;
  /** After each failed try; after the last nothing is tried any more. */
  readonly pausesMs?: readonly number[];
}

export interface Notifications {
  /** Lets what is being sent be sent, but not for long: what is not known to be sent is sent again. */
  stop(): Promise<void>;
}

const claimedAtOnce = 20;
const minute = 60_000;
const pauses: readonly number[] = [10_000, minute, 5 * minute, 30 * minute, 120 * minute, 480 * minute];
const graceMs = 1500;

export function startNotifications(options: NotificationOptions): Notifications {
  const worker = new Worker(options);
  worker.start();
  return worker;
}

class Worker implements Notifications {
  readonly #options: NotificationOptions;
  readonly #follower: Follower;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  #stopped = false;

  constructor(options: NotificationOptions) {
    this.#options = options;
    const { outbox, journal, composer, mailer } = options;
    this.#follower = new Follower({ outbox, journal, composer, sends: mailer !== null });
  }

  start(): void {
    this.#timer = setInterval(() => this.#run(), this.#options.pollMs ?? 1000);
    this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer) clearInterval(this.#timer);
    await Promise.race([this.#running, sleep(graceMs, null, { ref: false })]);
    this.#options.mailer?.close();
  }

  #run(): void {
    this.#running ??= this.#work().finally(() => {
      this.#running = null;
    });
  }

  async #work(): Promise<void> {
    try {
      await this.#follower.poll(() => this.#stopped);
      await this.#sendDue();
    } catch (error) {
      // Whatever is wrong is tried again at the next tick.
      this.#options.onError?.(error);
    }
  }

  async #sendDue(): Promise<void> {
    const { mailer, outbox, leaseMs = 120_000 } = this.#options;
    if (mailer === null) return;
    for (let claimed = claimedAtOnce; claimed === claimedAtOnce && !this.#stopped; ) {
      const messages = await outbox.claimMessages(claimedAtOnce, leaseMs);
      claimed = messages.length;
      for (const message of messages) {
        // What is left of the claim is due again when its time is over.
        if (this.#stopped) return;
        await this.#send(mailer, message);
      }
    }
  }

  async #send(mailer: Mailer, message: ClaimedMessage): Promise<void> {
    const { to, subject, text, book, event, tries } = message;
    const messageId = `<${mint('evt', book, event)}@evenkeel>`;
    const result = await mailer.send({ to, subject, text, messageId });
    const { pausesMs = pauses } = this.#options;
    await this.#options.outbox.recordMessage(
      message,
      result.sent
        ? result
        : { sent: false, error: result.error, retryAfterMs: result.isFinal ? null : (pausesMs[tries - 1] ?? null) },
    );
  }
}

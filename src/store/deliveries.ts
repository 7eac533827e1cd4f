import type { Birth } from '../kernel/id.ts';
import type { StoredObject } from '../kernel/kind.ts';
import type { UnixSeconds } from '../kernel/time.ts';
import type { RecordedEvent } from './reader.ts';

/**
 * What the webhook worker needs of a database.
 *
 *     journal ─ dispatch ─▶ deliveries, one queue an endpoint ─ claim ─▶ due ─ send ─▶ record ─ release
 *
 * Dispatching moves a book's cursor and writes what it found in one statement, so an event is handed over once, whoever
 * does it. A queue belongs to one worker until it has nothing due, or the worker no longer says that it lives.
 */
export interface DeliveryStore {
  /** Books with enabled endpoints that went on since their cursor. */
  booksBehind(): Promise<readonly number[]>;
  /** Null when the book has no enabled endpoint. */
  feed(book: number): Promise<Feed | null>;
  /** Puts a cursor where there is none: events after operation `seq` count. */
  startFeed(book: number, seq: number): Promise<void>;
  /**
   * The versions of an endpoint, newest first, from the one that operation `changed` made back to the first of those
   * without interruption enabled. Empty when it is not enabled.
   */
  history(
    book: number,
    endpoint: Birth,
    changed: number,
    isEnabled: (object: StoredObject) => boolean,
  ): Promise<readonly EndpointVersion[]>;
  /** Operations with events, in order. Fewer than `limit`: there are no more up to `upTo`. */
  news(book: number, query: NewsQuery): Promise<readonly News[]>;
  /**
   * Moves the cursor and writes the deliveries.
   *
   * @returns false when the cursor is not at `from` any more: somebody else did it, and nothing was written
   */
  dispatch(dispatch: {
    readonly book: number;
    readonly from: number;
    readonly to: number;
    readonly deliveries: readonly NewDelivery[];
  }): Promise<boolean>;

  /** Says that a worker lives, for `leaseMs` from now. */
  heartbeat(worker: number, leaseMs: number): Promise<void>;
  /** Lets all queues of a worker go. */
  retire(worker: number): Promise<void>;
  /** Takes queues with something due that no living worker has. */
  claim(worker: number, limit: number): Promise<readonly Queue[]>;
  /** What is due of a queue, in the order to send it in. Null: the queue is not this worker's any more. */
  due(queue: Queue, worker: number, limit: number): Promise<DuePage | null>;
  /** Events by where they stand; null where there is none. */
  events(book: number, births: readonly Birth[]): Promise<readonly (RecordedEvent | null)[]>;
  /** Lets a queue go. @returns false when something was added since `revision` */
  release(queue: Queue, worker: number, revision: number): Promise<boolean>;
  /** Gives up what waits for an endpoint; with `through` only what happened up to that operation and was not asked for by hand. */
  drop(queue: Queue, through: number | null): Promise<void>;
  record(results: readonly AttemptResult[]): Promise<void>;
  /** For how many milliseconds everything failed that was sent to this version of an endpoint; null when something did not. */
  failingFor(endpoint: Queue, changed: number): Promise<number | null>;

  /** Has an event sent to an endpoint, again or for the first time. */
  resend(book: number, delivery: Omit<NewDelivery, 'endpoints'>): Promise<void>;
  /** Deliveries, newest event first. */
  list(query: DeliveryQuery): Promise<{ readonly items: readonly Delivery[]; readonly hasMore: boolean }>;
  /** How many enabled endpoints have not taken each of these events, of those that it was handed over to. */
  waiting(book: number, events: readonly Birth[]): Promise<readonly number[]>;
  /** Forgets deliveries that were done with `seconds` ago or longer. @returns how many; at most some thousands at a time */
  prune(seconds: number): Promise<number>;
}

/** Where a book's cursor stands, and who is to be told. */
export interface Feed {
  readonly livemode: boolean;
  /** The last operation. */
  readonly version: number;
  /** The last operation that was dispatched; null before the first. */
  readonly through: number | null;
  /** The enabled endpoints, and which operation made the version that stands. */
  readonly endpoints: readonly { readonly birth: Birth; readonly changed: number }[];
}

/** An endpoint as an operation left it; it gets events of later ones. */
export interface EndpointVersion {
  readonly from: number;
  readonly object: StoredObject;
}

export interface NewsQuery {
  readonly after: number;
  readonly upTo: number;
  readonly limit: number;
  /** Only operations with events of these accounts (numbers). */
  readonly accounts?: readonly number[];
  /** With `accounts`: only operations with events of these types. */
  readonly types?: readonly number[];
}

/** The events of one operation. */
export interface News {
  readonly seq: number;
  readonly events: readonly { readonly pos: number; readonly type: number; readonly account: string }[];
}

export interface NewDelivery {
  readonly event: Birth;
  readonly endpoint: Birth;
  /** Whose event it is. */
  readonly account: number;
  readonly type: number;
  /** How many endpoints get the event. */
  readonly endpoints: number;
}

export interface Queue {
  readonly book: number;
  readonly livemode: boolean;
  readonly endpoint: Birth;
}

export interface DuePage {
  /** Counts what was added to the queue. */
  readonly revision: number;
  /** The operation that made the endpoint's version that stands. */
  readonly changed: number;
  /** The last that is known of the endpoint is a failure. */
  readonly isFailing: boolean;
  readonly deliveries: readonly DueDelivery[];
}

export interface DueDelivery {
  readonly event: Birth;
  readonly account: number;
  readonly endpoints: number;
  readonly byHand: boolean;
  /** How often it was tried before. */
  readonly tries: number;
}

export interface Attempt {
  readonly at: UnixSeconds;
  /** The HTTP status; null when there was no answer. */
  readonly status: number | null;
  /** Why there was none, or why it does not count. */
  readonly error: string | null;
  /** Until the answer began. */
  readonly ms: number;
  /** How the answer's body begins. */
  readonly response: string;
}

/** `retryAfterMs`: null when it is not tried again. */
export interface AttemptResult {
  readonly book: number;
  readonly endpoint: Birth;
  /** The operation that made the endpoint's version that was sent to. */
  readonly changed: number;
  readonly event: Birth;
  readonly attempt: Attempt;
  readonly succeeded: boolean;
  /** The endpoint failed before, as far as is known: a success is then news. */
  readonly wasFailing: boolean;
  readonly retryAfterMs: number | null;
}

export const deliveryStatuses = ['pending', 'delivered', 'failed', 'dropped'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

export interface Delivery {
  readonly event: Birth;
  readonly endpoint: Birth;
  readonly account: number;
  readonly type: number;
  readonly status: DeliveryStatus;
  readonly attempts: readonly Attempt[];
  readonly created: UnixSeconds;
  readonly nextAttempt: UnixSeconds | null;
}

export interface DeliveryPlace {
  readonly event: Birth;
  readonly endpoint: Birth;
}

export interface DeliveryQuery {
  readonly book: number;
  readonly limit: number;
  readonly after?: DeliveryPlace;
  readonly before?: DeliveryPlace;
  readonly event?: Birth;
  readonly endpoint?: Birth;
  readonly status?: DeliveryStatus;
}

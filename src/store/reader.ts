import type { Currency } from '../data/currencies.ts';
import type { Birth } from '../kernel/id.ts';
import type { StoredObject } from '../kernel/kind.ts';
import type { Day, UnixSeconds } from '../kernel/time.ts';
import type { Balance, DaySpan } from '../ledger/balance.ts';
import type { Line } from '../ledger/statement.ts';

/** A range of times; each end may be open. */
export interface TimeRange {
  readonly gt?: number;
  readonly gte?: number;
  readonly lt?: number;
  readonly lte?: number;
}

/** Where a page begins: after an item (older) or before one (newer), or at the newest. */
export interface Place {
  readonly after?: Birth;
  readonly before?: Birth;
  readonly limit: number;
}

/** Newest first. `hasMore`: whether there is something beyond the page, in the direction it was read. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly hasMore: boolean;
}

export interface ObjectQuery extends Place {
  readonly book: number;
  readonly account: number;
  readonly kind: number;
  readonly created?: TimeRange;
  /** Which of the kind's refs must have which value. */
  readonly refs?: readonly { readonly index: number; readonly value: string }[];
  /** What no column says. */
  readonly where?: (object: StoredObject) => boolean;
}

export interface LineQuery extends Place {
  readonly book: number;
  readonly account: number;
  readonly created?: TimeRange;
  readonly type?: number;
  readonly currency?: string;
  readonly source?: Birth;
  readonly spendable?: SpendableWindow;
}

/**
 * Rows whose money became spendable within a window: those that were spendable at their birth by the operation that wrote
 * them, the others by their day. Both begin after the first number and end with the second.
 */
export interface SpendableWindow {
  readonly operations: { readonly after: number; readonly through: number };
  readonly days: DaySpan;
}

/** A balance transaction as it is read back: the row, when it was born, and whether its day has come. */
export interface StatementLine {
  readonly line: Line;
  readonly created: UnixSeconds;
  readonly settled: boolean;
}

/** An event as the journal tells it; the view turns it into the wire form. */
export interface RecordedEvent {
  readonly id: string;
  readonly type: number;
  readonly account: string;
  readonly created: UnixSeconds;
  readonly request: { readonly id: string | null; readonly idempotency_key: string | null };
  readonly object: StoredObject | { readonly rendered: Readonly<Record<string, unknown>> };
  /** The version of the object before this operation; null when it was new. */
  readonly before: StoredObject | null;
}

export interface EventQuery extends Place {
  readonly book: number;
  readonly account: number;
  readonly types?: readonly number[];
  readonly created?: TimeRange;
}

/** Everything a GET may ask. Reads never wait for writers and see every write that was acknowledged before them. */
export interface ReadStore {
  object(book: number, birth: Birth): Promise<StoredObject | null>;
  objects(book: number, births: readonly Birth[]): Promise<readonly (StoredObject | null)[]>;
  list(query: ObjectQuery): Promise<Page<StoredObject>>;
  line(book: number, account: number, birth: Birth): Promise<StatementLine | null>;
  /** As `line` for several, whatever account of the book they belong to. */
  linesAt(book: number, births: readonly Birth[]): Promise<readonly (StatementLine | null)[]>;
  lines(query: LineQuery): Promise<Page<StatementLine>>;
  balances(book: number, account: number): Promise<ReadonlyMap<Currency, Balance>>;
  event(book: number, account: number, birth: Birth): Promise<RecordedEvent | null>;
  events(query: EventQuery): Promise<Page<RecordedEvent>>;
  settledThrough(book: number): Promise<Day>;
  /** The body that was answered with expanded fields, if one was kept. */
  expandedAnswer(book: number, seq: number): Promise<string | null>;
  /** Keeps a body so that a repeated request gets the same bytes; the first one kept stays. */
  keepExpandedAnswer(book: number, seq: number, body: string): Promise<string>;
}

/** Whom an API key lets in. */
export interface KeyOwner {
  readonly book: number;
  readonly kind: 'secret' | 'restricted' | 'publishable';
  readonly livemode: boolean;
  readonly revoked: boolean;
}

export interface KeyStore {
  findKey(hash: string): Promise<KeyOwner | null>;
  /** @returns false when the key is there already */
  addKey(key: {
    readonly hash: string;
    readonly book: number;
    readonly kind: KeyOwner['kind'];
    readonly prefix: string;
    readonly last4: string;
    readonly created: UnixSeconds;
  }): Promise<boolean>;
  /**
   * Lets a key of this book in no more. `start` is the beginning of its hash, long enough to mean one key alone.
   *
   * @returns false when the book has no such key
   */
  revokeKey(book: number, start: string, now: UnixSeconds): Promise<boolean>;
}

import type { Currency } from '../data/currencies.ts';
import type { Grants } from '../data/permissions.ts';
import type { Birth } from '../kernel/id.ts';
import type { StoredObject } from '../kernel/kind.ts';
import type { Minor } from '../kernel/money.ts';
import type { Day, UnixSeconds } from '../kernel/time.ts';
import type { Balance, DaySpan, Maturing } from '../ledger/balance.ts';
import type { Line } from '../ledger/statement.ts';
import type { DueRow } from './store.ts';

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
  /** Where reading was broken off by `scanMax` before the page was full: there may be more beyond. */
  readonly stopped?: Birth;
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
  /** How many objects `where` is asked of, about; without it as many as it takes. */
  readonly scanMax?: number;
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

/** An account whose `exposure` is open, with its money in each currency, both of one moment. */
export interface ExposedAccount {
  /** Its number: accounts are read in the order they were made in. */
  readonly seq: number;
  readonly account: StoredObject;
  readonly money: ReadonlyMap<Currency, Pick<Balance, 'available' | 'reserved'>>;
}

/** From beyond an account's number, the newest first; backwards the other way. */
export interface ExposedRun {
  readonly from?: number;
  readonly backwards?: boolean;
  readonly limit: number;
}

/** An account's money in one currency. */
export interface LedgerPlace {
  readonly book: number;
  readonly account: number;
  readonly currency: Currency;
}

/** What an account has in one currency and what all of its rows add up to, of one moment. Amounts in the smallest unit. */
export interface StatementHead {
  readonly available: number;
  readonly pending: number;
  readonly reserved: number;
  readonly settledThrough: Day;
  /** The last operation at or before the moment that was asked for; the last of all without one. */
  readonly through: number;
  /** All rows there are, also those after that moment: how many, what they add up to, and those whose day has settled. */
  readonly count: number;
  readonly net: number;
  readonly settled: number;
}

/** A row with the operation that wrote it. */
export interface CausedLine {
  readonly line: Line;
  readonly operation: OperationTold;
}

/** An operation as the journal tells it. */
export interface OperationTold {
  readonly seq: number;
  readonly time: UnixSeconds;
  readonly command: string;
  /** The acct_ id it ran as. */
  readonly account: string;
  /** Both null where nobody asked for it: scheduled work. */
  readonly request: string | null;
  readonly idempotency_key: string | null;
  /** Every object it changed, as it left it, and every row it wrote, of whatever account. */
  readonly put: readonly StoredObject[];
  readonly lines: readonly Line[];
}

/** What rows add up to: how many, what of them had settled, and what waits for which day. */
export interface BroughtForward {
  readonly count: number;
  readonly available: Minor;
  readonly maturing: readonly Maturing[];
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
  /** A run of the accounts whose `exposure` is open. */
  exposed(book: number, run: ExposedRun): Promise<readonly ExposedAccount[]>;
  /** @param at a moment in the past */
  statementHead(place: LedgerPlace, at?: UnixSeconds): Promise<StatementHead>;
  /** The last `limit` rows born before a place, oldest first. */
  causedLines(
    place: LedgerPlace,
    page: { readonly before: Birth; readonly limit: number },
  ): Promise<readonly CausedLine[]>;
  /** All rows born before a place, as they stood when the days up to `day` had settled. */
  broughtForward(place: LedgerPlace, until: { readonly before: Birth; readonly day: Day }): Promise<BroughtForward>;
  /** Which of these stand in the schedule. */
  scheduled(book: number, asked: readonly DueRow[]): Promise<readonly boolean[]>;
  /** The body that was answered with expanded fields, if one was kept. */
  expandedAnswer(book: number, seq: number): Promise<string | null>;
  /** Keeps a body so that a repeated request gets the same bytes; the first one kept stays. */
  keepExpandedAnswer(book: number, seq: number, body: string): Promise<string>;
}

export type KeyKind = 'secret' | 'restricted' | 'publishable';

/** Whom an API key lets in. */
export interface KeyOwner {
  readonly book: number;
  readonly kind: KeyKind;
  /** Of a restricted key, otherwise null. */
  readonly grants: Grants | null;
  readonly livemode: boolean;
  /** For how many milliseconds from now it does; Infinity without an end, 0 or less when that was in the past. */
  readonly msLeft: number;
}

export interface NewKey {
  /** SHA-256 of the key, hex. The key itself is stored nowhere. */
  readonly hash: string;
  readonly book: number;
  readonly kind: KeyKind;
  readonly name: string | null;
  readonly grants: Grants | null;
  /** What may be shown of it: how it begins and how it ends. */
  readonly prefix: string;
  readonly last4: string;
  readonly created: UnixSeconds;
}

/** A key as it is spoken of. */
export interface StoredKey extends NewKey {
  /** From when on it lets nobody in; null: never. */
  readonly ends: UnixSeconds | null;
  /** To a minute. */
  readonly lastUsed: UnixSeconds | null;
}

export interface KeyStore {
  /** Notes that the key was used. */
  findKey(hash: string): Promise<KeyOwner | null>;
  /** @returns false when the key is there already */
  addKey(key: NewKey): Promise<boolean>;
  /** The keys that let somebody into the book at `now`, newest first. */
  keysOf(book: number, now: UnixSeconds): Promise<readonly StoredKey[]>;
  /** A key of the book, over or not. `start` is the beginning of its hash, long enough to mean one key alone. */
  keyOf(book: number, start: string): Promise<StoredKey | null>;
  /** Lets a key of this book in no more from `at` on, unless it ends before that. @returns false when the book has no such key */
  endKey(book: number, start: string, at: UnixSeconds): Promise<boolean>;
}

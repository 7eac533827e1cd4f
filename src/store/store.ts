import type { Currency } from '../data/currencies.ts';
import type { Birth } from '../kernel/id.ts';
import type { StoredObject } from '../kernel/kind.ts';
import type { Day, UnixSeconds } from '../kernel/time.ts';
import type { Balance, Maturing, NewestCredits } from '../ledger/balance.ts';
import type { Line } from '../ledger/statement.ts';

/**
 * What the engine and the readers need of a database, and nothing about how. A book is one platform in one mode; every
 * call names one book, and no call ever spans two.
 */
export interface Store {
  /** The book's row, or null when there is no such book. */
  openBook(book: number): Promise<Book | null>;
  /** Makes an empty book. Making one that is there changes nothing. */
  createBook(book: NewBook): Promise<void>;
  /** All that a batch of commands asked for and nobody had at hand: one query per kind of thing. */
  fetch(book: number, wants: Wants): Promise<Fetched>;
  /** The earliest scheduled work, in its order. */
  due(book: number, limit: number): Promise<readonly DueRow[]>;
  /** When the earliest scheduled work is due; null when nothing is scheduled. */
  nextDue(book: number): Promise<UnixSeconds | null>;
  /**
   * Writes a batch whole or not at all, provided the book still is at `batch.from`.
   *
   * Batches of one book must be handed over in order; the next may be handed over before the one before is answered.
   *
   * @throws Conflict    another writer got there first; nothing was written
   * @throws KeyKnown    one of `newKeys` is known; nothing was written
   * @throws LostAnswer  the connection broke; it may or may not have been written: ask `written`
   */
  commit(batch: Batch): Promise<void>;
  /** Returns when the database has all of the batches of a book that were handed over; not there where it always has. */
  handedOver?(book: number): Promise<void>;
  /**
   * Whether this very batch is in the journal, for good (see `secure`): its operations stand from `from` + 1 on under its
   * number.
   */
  written(batch: Pick<Batch, 'book' | 'from' | 'id'>): Promise<boolean>;
  /**
   * Returns when all that could be read before outlives the server that it was read from. What a server shows after a crash,
   * or after somebody called a wait off, may not have reached the standby yet that its commits wait for.
   *
   * @throws when that does not come true soon
   */
  secure(): Promise<void>;
  /** Books with work due: on the machine's clock at or before `now`, on a test clock while it is on its way. */
  booksDue(now: UnixSeconds): Promise<readonly number[]>;
}

/** The book moved on since the batch was decided. */
export class Conflict extends Error {
  override readonly name = 'Conflict';
}

/** A request that was taken for new came before, under the same key. */
export class KeyKnown extends Error {
  override readonly name = 'KeyKnown';
}

/** It is not known whether the batch was written. */
export class LostAnswer extends Error {
  override readonly name = 'LostAnswer';
}

/**
 * Whether an error says that the database cannot be reached, is not ready or has no room, rather than that it was asked
 * wrongly.
 */
export function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  // Classes 57 and 08 of SQLSTATE: shutting down, starting up, connection lost; 53 and 58: disk or memory full, disk broken.
  if (/^(57P0|08|53|58|ECONN|EPIPE|ENOENT|ETIMEDOUT)/.test(code)) return true;
  return /Connection terminated|timeout exceeded when trying to connect|Query read timeout/.test(error.message);
}

export interface NewBook {
  readonly book: number;
  readonly livemode: boolean;
  /** From which the book's own secrets are derived; hex. */
  readonly secret: string;
  /** A book born on a test clock stands there before its first operation. */
  readonly frozenTime?: UnixSeconds | null;
}

export interface Book {
  readonly book: number;
  readonly livemode: boolean;
  readonly secret: string;
  /** The number of the last operation. */
  readonly version: number;
  /** SHA-256 over the journal up to there; hex. */
  readonly hash: string;
  /** The time of the last operation. */
  readonly lastTime: UnixSeconds;
  readonly settledThrough: Day;
  /** Where a test clock stands, or null on the machine's clock. */
  readonly frozenTime: UnixSeconds | null;
  /** Where a test clock is on its way to. */
  readonly advanceTo: UnixSeconds | null;
}

export interface Wants {
  readonly objects: readonly Birth[];
  readonly balances: readonly { readonly account: number; readonly currency: Currency }[];
  readonly keys: readonly { readonly account: number; readonly keyHash: string }[];
  readonly maturing: Day | null;
  /**
   * What became available on which of these days, summed over the account's rows that raised its balance: the newest of it
   * (`newestOf`). Rows that only bring money back are left out (`returningTypeNos`), and so is whatever lowered the balance.
   */
  readonly credits: readonly ({ readonly account: number; readonly currency: Currency } & NewestCredits)[];
}

export interface Fetched {
  /** In the order asked for; null where there is none. `changed` is the operation that made this version. */
  readonly objects: readonly ({ readonly object: StoredObject; readonly changed: number } | null)[];
  readonly balances: readonly (Balance | null)[];
  readonly keys: readonly (Recorded | null)[];
  readonly maturing: readonly MaturingRow[];
  /** In the order asked for; days ascending. */
  readonly credits: readonly (readonly Maturing[])[];
}

/** Money that waits: since when it might be settled, and every currency that its account ever held. */
export interface MaturingRow {
  readonly account: number;
  readonly currency: Currency;
  /** The first day that it waits for. */
  readonly day: Day;
  readonly held: readonly Currency[];
}

/** What the journal remembers of a request made under an idempotency key. */
export interface Recorded {
  readonly seq: number;
  readonly path: string;
  readonly fingerprint: string;
  readonly request: string;
  readonly answer: Answer;
}

/**
 * What was answered: the id of an object as it was after the operation, which the view renders to the same bytes again,
 * or, where that is not enough, the very body.
 */
export interface Answer {
  readonly status: number;
  readonly object: StoredObject | null;
  readonly body: string | null;
}

export interface DueRow {
  readonly at: UnixSeconds;
  readonly order: number;
  readonly job: string;
  readonly subject: string;
}

/** One operation as it goes into the journal. */
export interface Operation {
  readonly seq: number;
  readonly time: UnixSeconds;
  readonly command: string;
  readonly account: number;
  readonly request: string | null;
  readonly key: { readonly key: string; readonly hash: string } | null;
  readonly path: string | null;
  readonly fingerprint: string | null;
  /** Ledger account number and amount in turn. */
  readonly legs: readonly number[];
  /** What changed, as JSON: see `Changes`. */
  readonly changes: string;
  readonly status: number;
  readonly body: string | null;
  readonly hash: string;
  readonly objects: readonly ObjectRow[];
  readonly lines: readonly LineRow[];
  /** The event types that each account concerned got from this operation. */
  readonly accounts: ReadonlyMap<number, readonly number[]>;
}

/** What an operation changed, from which every projection can be made anew. */
export interface Changes {
  readonly put?: readonly StoredObject[];
  /** For each of `put`: the operation that made the version before, 0 for a new object. */
  readonly was?: readonly number[];
  readonly lines?: readonly Line[];
  /**
   * The type's number, and which of `put` it tells of, with the account whose news it is where that is not the object's
   * own; or the account and the object itself.
   */
  readonly emit?: readonly ([number, number, string?] | [number, string, Readonly<Record<string, unknown>>])[];
  /** Which object was answered. */
  readonly result?: string;
  /** In a book's first operation: what the book's row says for ever. Of the secret, its SHA-256; hexadecimal. */
  readonly born?: { readonly livemode: boolean; readonly secret: string };
  /** How the book's clock moved. */
  readonly book?: Partial<Pick<Book, 'settledThrough' | 'frozenTime' | 'advanceTo'>>;
  /**
   * Work that is scheduled from here on, whether or not it was before, and work that no longer is: moment, order, job and
   * subject. Settlements are left out: rows tell which days are to be settled, and the book's row which were.
   */
  readonly due?: readonly Work[];
  readonly done?: readonly Work[];
}

export type Work = readonly [at: UnixSeconds, order: number, job: string, subject: string];

export interface ObjectRow {
  readonly birth: Birth;
  readonly account: number;
  readonly kind: number;
  readonly refs: readonly (string | null)[];
  readonly isNew: boolean;
}

export interface LineRow {
  readonly pos: number;
  readonly account: number;
  readonly currency: string;
  readonly type: number;
  readonly amount: number;
  readonly fee: number;
  readonly day: Day | null;
  readonly source: Birth | null;
}

export interface BalanceRow {
  readonly account: number;
  readonly currency: Currency;
  readonly balance: Balance;
  /** Days whose waiting amount changed or ended. */
  readonly days: readonly Day[];
}

export interface Batch {
  readonly book: number;
  /** A number drawn for this batch alone, by which it is found again in the journal. */
  readonly id: number;
  /** The version the first operation was decided on. */
  readonly from: number;
  /**
   * The hash of the journal there. The number alone is no fence: with batches under way behind one another, another process
   * may write just as many operations in place of the first, and the second would find its number but not its state.
   */
  readonly fromHash: string;
  readonly operations: readonly Operation[];
  /** Balances as they are after the whole batch, one row each however many operations touched them. */
  readonly balances: readonly BalanceRow[];
  readonly schedule: readonly DueRow[];
  readonly unschedule: readonly DueRow[];
  /** The book's row after the batch. */
  readonly after: Pick<Book, 'hash' | 'lastTime' | 'settledThrough' | 'frozenTime' | 'advanceTo'>;
  /** Not later than the earliest scheduled work; null when there is none. */
  readonly nextDue: UnixSeconds | null;
  /** The wall clock's day, by which idempotency keys expire. */
  readonly wallDay: Day;
  /** Keys that nobody looked up: the batch is written only if none of them is known. */
  readonly newKeys: Wants['keys'];
}

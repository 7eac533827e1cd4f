import type { Currency } from '../data/currencies.ts';
import type { EventType } from '../data/event-types.ts';
import type { Id } from '../kernel/id.ts';
import type { Kind, StoredObject } from '../kernel/kind.ts';
import type { Minor } from '../kernel/money.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Day, UnixSeconds } from '../kernel/time.ts';
import type { Balance, Maturing, NewestCredits } from '../ledger/balance.ts';
import type { Posting } from '../ledger/posting.ts';
import type { Line } from '../ledger/statement.ts';

/** Where and when a command happens. All that is not in its params or loaded state and yet decides; never a clock, never chance. */
export interface Context {
  readonly book: number;
  readonly livemode: boolean;
  /** The time of the operation: the book's clock, for scheduled work the moment it was due. */
  readonly now: UnixSeconds;
  /** Which step of a day's work this is, by its `order`; null for a request, which comes after all work of its moment. */
  readonly step: number | null;
  /** Money of days up to this one has settled. */
  readonly settledThrough: Day;
  /** The acct_ id of the platform that owns the book, and the ca_ id it acts under. */
  readonly platform: Id<'acct'>;
  readonly application: Id<'ca'>;
  /** The acct_ id of the account that the request runs as. */
  readonly account: Id<'acct'>;
  /** Whether the request runs as a connected account: `application` is then set on what it makes. */
  readonly onBehalf: boolean;
  /** The next id of this operation. Ids follow from the journal alone, so a rerun mints the same. */
  id<Prefix extends string>(prefix: Prefix): Id<Prefix>;
  /** Letters and digits that only the book can tell, for client secrets and the like; the same for the same `of`. */
  secret(of: string, length: number): string;
}

/** How a command's `load` asks. Answers come from what the batch before left, or from the store. */
export interface Reader {
  /** The object of this id anywhere in the book, whatever account it belongs to. */
  find<T extends StoredObject>(kind: Kind<T>, id: string): T | undefined;
  /** As `find`, but only what the acting account owns. */
  own<T extends StoredObject>(kind: Kind<T>, id: string): T | undefined;
  balance(account: string, currency: Currency): Balance;
  /**
   * Whatever the settling of `day` might turn into available money: one entry for each account and currency, in the order
   * the accounts were made in. `held`: every currency that the account ever held.
   */
  maturing(
    day: Day,
  ): readonly { readonly account: string; readonly currency: Currency; readonly held: readonly Currency[] }[];
  /** What became available on which day, days ascending: see `Wants.credits`. Only scheduled work may ask. */
  credits(account: string, currency: Currency, newest: NewestCredits): readonly Maturing[];
}

/** News for webhooks: the object as the operation leaves it, or one that is not stored (a balance) as it stands on the wire. */
export interface EventDraft {
  readonly type: EventType;
  /** The acct_ id whose event it is. */
  readonly account: string;
  readonly object: StoredObject | { readonly rendered: Readonly<Record<string, unknown>> };
}

export const event = (type: EventType, object: StoredObject): EventDraft => ({ type, account: object.account, object });

/** Work that will be due. Earlier moments first, then `order` (the steps of a day), then kind and subject. */
export interface Due {
  readonly at: UnixSeconds;
  readonly order: number;
  readonly job: string;
  readonly subject: string;
}

/** How the book's own clock moves; only test clocks and settlement do this. */
export interface BookChange {
  readonly settledThrough?: Day;
  readonly frozenTime?: UnixSeconds | null;
  readonly advanceTo?: UnixSeconds | null;
}

/**
 * All that a command does, as plain data. Several decisions are written together; nothing is written before every one of
 * them is made.
 */
export interface Decision<Result extends StoredObject | null = StoredObject | null> {
  /** What is answered: an object in `put`, one that was loaded, or null where the answer is not an object. */
  readonly result: Result;
  /** New and changed objects, whole, as they are from now on. */
  readonly put?: readonly StoredObject[];
  readonly post?: readonly Posting[];
  readonly lines?: readonly Line[];
  readonly emit?: readonly EventDraft[];
  readonly schedule?: readonly Due[];
  readonly unschedule?: readonly Due[];
  readonly book?: BookChange;
  /** What account debits took, where the reserve must know it from other losses (R135). */
  readonly debited?: readonly { readonly account: string; readonly currency: Currency; readonly amount: Minor }[];
  /** The answer is this refusal although something happened: a declined card leaves its failed charge behind. */
  readonly declined?: Refusal;
}

/**
 * One thing that can be done to a book. `load` only asks, as plain synchronous code: what is not at hand yet reads as
 * undefined, is fetched, and `load` is run again, until it misses nothing; so it must not mind undefined. `decide` is
 * pure: every way to say no in the order of the rules, then the one thing that happens. Both may be run several times.
 */
export interface Command<Params = never, State = unknown, Result extends StoredObject | null = StoredObject | null> {
  /** Written to the journal: `transfers.create`. */
  readonly name: string;
  load(read: Reader, params: Params, ctx: Context): State;
  decide(params: Params, state: State, ctx: Context): Decision<Result> | Refusal;
}

export const command = <Params, State, Result extends StoredObject | null>(
  definition: Command<Params, State, Result>,
): Command<Params, State, Result> => definition;

/** Any command, where only its name and shape matter. Params are checked where the command is declared. */
// biome-ignore lint/suspicious/noExplicitAny: a command consumes its own params, so no narrower type fits all
export type AnyCommand = Command<any, any, any>;

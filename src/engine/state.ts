import { hash } from 'node:crypto';
import type { Currency } from '../data/currencies.ts';
import { assert } from '../kernel/assert.ts';
import { type Birth, birthOf, type Id, mint, prefixOf } from '../kernel/id.ts';
import type { Kind, StoredObject } from '../kernel/kind.ts';
import type { Day, UnixSeconds } from '../kernel/time.ts';
import {
  type Balance,
  type BalanceKey,
  balanceKey,
  EMPTY,
  type Maturing,
  type NewestCredits,
} from '../ledger/balance.ts';
import { accountId, accountNo } from '../ledger/chart.ts';
import type { Book, Fetched, Recorded, Wants } from '../store/store.ts';
import type { Context, Reader } from './command.ts';
import { Recent } from './recent.ts';
import type { Request, Task } from './task.ts';

/** A version of an object, and the operation that made it; null where there is no such object. */
interface Version {
  readonly object: StoredObject | null;
  readonly changed: number;
}

// Enough for the working set of a busy platform; a version is some hundred bytes.
const cachedObjects = 20_000;
const cachedBalances = 20_000;

const creditsKey = (key: BalanceKey, { after, through, enough }: NewestCredits): string =>
  `${key} ${after} ${through} ${enough}`;

const ending = (id: string): string => id.slice(id.lastIndexOf('_') + 1);

/**
 * What a process knows of a book: its row as the last decided operation leaves it, and the objects and balances that
 * operations looked at. It runs ahead of the database by the batches that are under way. Whatever it holds was read or
 * decided at this version, and the fence refuses a batch decided on anything older; so it may be stale but never wrong.
 */
export class BookState {
  readonly book: Book;
  version: number;
  hash: string;
  lastTime: UnixSeconds;
  settledThrough: Day;
  frozenTime: UnixSeconds | null;
  advanceTo: UnixSeconds | null;
  nextDue: UnixSeconds | null;
  /** Days whose settlement is known to be scheduled. */
  readonly settlements = new Set<Day>();
  readonly platform: Id<'acct'>;
  readonly application: Id<'ca'>;
  /** The last operation that is known to be on disk. */
  committed: number;

  readonly #objects = new Recent<string, Version>(cachedObjects);
  readonly #balances = new Recent<BalanceKey, { readonly balance: Balance; readonly changed: number }>(cachedBalances);
  #maturing: { readonly through: Day; readonly found: Fetched['maturing'] } | null = null;
  readonly #credits = new Map<string, readonly Maturing[]>();

  constructor(book: Book, nextDue: UnixSeconds | null) {
    this.book = book;
    this.version = book.version;
    this.committed = book.version;
    this.hash = book.hash;
    this.lastTime = book.lastTime;
    this.settledThrough = book.settledThrough;
    this.frozenTime = book.frozenTime;
    this.advanceTo = book.advanceTo;
    this.nextDue = nextDue;
    this.platform = mint('acct', book.book, { seq: 1, pos: 0 });
    this.application = mint('ca', book.book, { seq: 1, pos: 1 });
  }

  versionOf(id: string): Version | undefined {
    return this.#objects.get(ending(id));
  }

  balance(key: BalanceKey): Balance | undefined {
    return this.#balances.get(key)?.balance;
  }

  putObject(object: StoredObject, changed: number): void {
    this.#objects.set(ending(object.id), { object, changed });
  }

  putBalance(key: BalanceKey, balance: Balance, changed: number): void {
    this.#balances.set(key, { balance, changed });
  }

  /** Takes in what the store answered; what the book's own batches changed meanwhile is newer and stays. */
  learn(book: number, wants: Wants, fetched: Fetched): void {
    wants.objects.forEach((birth, i) => {
      const found = fetched.objects[i];
      const key = ending(mint('x', book, birth));
      if (this.#objects.get(key) === undefined) this.#objects.set(key, found ?? { object: null, changed: 0 });
    });
    wants.balances.forEach(({ account, currency }, i) => {
      const key = balanceKey(accountId(account, book), currency);
      if (this.#balances.get(key) === undefined)
        this.#balances.set(key, { balance: fetched.balances[i] ?? EMPTY, changed: 0 });
    });
    if (wants.maturing !== null) this.#maturing = { through: wants.maturing, found: fetched.maturing };
    wants.credits.forEach(({ account, currency, ...newest }, i) => {
      this.#credits.set(creditsKey(balanceKey(accountId(account, book), currency), newest), fetched.credits[i] ?? []);
    });
  }

  maturingThrough(day: Day): Fetched['maturing'] | undefined {
    if (this.#maturing === null || this.#maturing.through < day) return undefined;
    return this.#maturing.found.filter((row) => row.day <= day);
  }

  creditsOf(key: BalanceKey, newest: NewestCredits): readonly Maturing[] | undefined {
    return this.#credits.get(creditsKey(key, newest));
  }

  /** What was read of whole days: the next batch reads it anew. */
  forgetDays(): void {
    this.#maturing = null;
    this.#credits.clear();
  }

  /** Bounds the memory: what nobody asked for lately goes, but nothing that is not on disk yet. */
  trim(): void {
    this.#objects.trim(this.committed);
    this.#balances.trim(this.committed);
  }
}

/** Reads from the state and notes what is not there. */
export class StateReader implements Reader {
  readonly #state: BookState;
  readonly #account: string;
  readonly #misses: Misses;
  /** Whether rows were asked for: the store tells of those that are written, not of what goes before in the same batch. */
  readsRows = false;

  constructor(state: BookState, account: string, misses: Misses) {
    this.#state = state;
    this.#account = account;
    this.#misses = misses;
  }

  find<T extends StoredObject>(kind: Kind<T>, id: string): T | undefined {
    const known = this.#state.versionOf(id);
    if (known === undefined) {
      const birth = kind.prefixes.includes(prefixOf(id)) ? birthOf(id, this.#state.book.book) : null;
      // What a rerun of an operation is about to mint is not in the store.
      if (birth !== null && birth.seq <= this.#state.version) this.#misses.object(id, birth);
      return undefined;
    }
    return known.object !== null && known.object.id === id && kind.prefixes.includes(prefixOf(id))
      ? (known.object as T)
      : undefined;
  }

  own<T extends StoredObject>(kind: Kind<T>, id: string): T | undefined {
    const object = this.find(kind, id);
    return object?.account === this.#account ? object : undefined;
  }

  balance(account: string, currency: Currency): Balance {
    const key = balanceKey(account, currency);
    const known = this.#state.balance(key);
    if (known === undefined) {
      // Only accounts have balances; the id of anything else has none, and none that could be looked up.
      const birth = prefixOf(account) === 'acct' ? birthOf(account, this.#state.book.book) : null;
      if (birth !== null && birth.seq <= this.#state.version) this.#misses.balance(birth.seq, currency);
    }
    return known ?? EMPTY;
  }

  maturing(day: Day): ReturnType<Reader['maturing']> {
    const found = this.#state.maturingThrough(day);
    if (found === undefined) {
      // Several days may be asked for at once: what waits until the last of them tells of all.
      this.#misses.maturing = Math.max(this.#misses.maturing ?? day, day);
      return [];
    }
    const { book } = this.#state.book;
    return found.map(({ account, currency, held }) => ({ account: accountId(account, book), currency, held }));
  }

  credits(account: string, currency: Currency, newest: NewestCredits): readonly Maturing[] {
    this.readsRows = true;
    const found = this.#state.creditsOf(balanceKey(account, currency), newest);
    if (found === undefined) this.#misses.credits(accountNo(account, this.#state.book.book), currency, newest);
    return found ?? [];
  }
}

/** What `load` asked for and nobody had. */
export class Misses {
  readonly #objects = new Map<string, Birth>();
  readonly #balances = new Map<string, { account: number; currency: Currency }>();
  readonly #keys: Wants['keys'][number][] = [];
  readonly #credits = new Map<string, Wants['credits'][number]>();
  maturing: Day | null = null;

  get any(): boolean {
    const { size } = this.#credits;
    return this.#objects.size + this.#balances.size + this.#keys.length + size > 0 || this.maturing !== null;
  }

  object(id: string, birth: Birth): void {
    this.#objects.set(ending(id), birth);
  }

  balance(account: number, currency: Currency): void {
    this.#balances.set(`${account} ${currency}`, { account, currency });
  }

  credits(account: number, currency: Currency, newest: NewestCredits): void {
    const { after, through, enough } = newest;
    this.#credits.set(`${account} ${currency} ${after} ${through} ${enough}`, { account, currency, ...newest });
  }

  key(key: Wants['keys'][number]): void {
    this.#keys.push(key);
  }

  wants(): Wants {
    return {
      objects: [...this.#objects.values()],
      balances: [...this.#balances.values()],
      keys: this.#keys,
      maturing: this.maturing,
      credits: [...this.#credits.values()],
    };
  }
}

/** The context of one task, decided as operation `seq` at `now`. */
export class TaskContext implements Context {
  readonly book: number;
  readonly livemode: boolean;
  readonly now: UnixSeconds;
  readonly step: number | null;
  readonly settledThrough: Day;
  readonly platform: Id<'acct'>;
  readonly application: Id<'ca'>;
  readonly account: Id<'acct'>;
  readonly onBehalf: boolean;
  readonly #seq: number;
  readonly #secret: string;
  #next = 0;

  constructor(state: BookState, request: Request, seq: number, now: UnixSeconds, step: number | null) {
    this.book = state.book.book;
    this.livemode = state.book.livemode;
    this.now = now;
    this.step = step;
    this.settledThrough = state.settledThrough;
    this.platform = state.platform;
    this.application = state.application;
    this.account = request.account ?? state.platform;
    this.onBehalf = this.account !== state.platform;
    this.#seq = seq;
    this.#secret = state.book.secret;
  }

  id<Prefix extends string>(prefix: Prefix): Id<Prefix> {
    return mint(prefix, this.book, { seq: this.#seq, pos: this.#next++ });
  }

  secret(of: string, length: number): string {
    assert(length <= 40, 'a secret has at most 40 letters');
    const digest = hash('sha256', `${this.#secret} ${of}`, 'buffer');
    let text = '';
    for (let i = 0; i < length; i++)
      text += 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'[(digest[i % 32] as number) % 62];
    return text;
  }
}

/** A task with what the journal remembers of its key. */
export interface Prepared {
  readonly task: Task;
  readonly recorded: Recorded | null;
}

/** What the store finds a request's idempotency key by; nothing without one. */
export const keyOf = (state: BookState, { account, idempotency }: Request): Wants['keys'] =>
  idempotency === null
    ? []
    : [{ account: accountNo(account ?? state.platform, state.book.book), keyHash: idempotency.keyHash }];

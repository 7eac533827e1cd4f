import { returningTypeNos } from '../data/balance-transaction-types.ts';
import type { Currency } from '../data/currencies.ts';
import type { Birth } from '../kernel/id.ts';
import { spellBirth } from '../kernel/id.ts';
import type { StoredObject } from '../kernel/kind.ts';
import { minor } from '../kernel/money.ts';
import { type Day, dayOf, systemClock, type UnixSeconds } from '../kernel/time.ts';
import { type Balance, type Maturing, newestOf } from '../ledger/balance.ts';
import { keyDays } from './idempotency.ts';
import {
  type Batch,
  type Book,
  type Changes,
  Conflict,
  type DueRow,
  type Fetched,
  KeyKnown,
  type LineRow,
  type NewBook,
  type ObjectRow,
  type Operation,
  type Recorded,
  type Store,
  type Wants,
} from './store.ts';

/** An operation with the number of the batch it was written in. */
export type Written = Operation & { readonly batch: number };

/** A book as the tables hold it, for whoever wants to look: each field is a table of the schema. */
export interface MemoryBook {
  row: Book;
  nextDue: UnixSeconds | null;
  /** Operation n stands at n - 1. */
  readonly operations: Written[];
  /** `seq.pos` → where the newest version stands, and what lists filter by. */
  readonly objects: Map<string, Pick<ObjectRow, 'account' | 'kind' | 'refs'> & { readonly changed: number }>;
  readonly lines: (LineRow & { readonly seq: number })[];
  /** `account currency`, the account by its number. */
  readonly balances: Map<string, Balance>;
  /** In the order in which it is due. */
  readonly schedule: DueRow[];
  /** `account hash` → the days of its use, and what was answered. */
  readonly keys: Map<string, { readonly day: Day; readonly seq: number }[]>;
}

const place = ({ seq, pos }: Birth): string => `${seq}.${pos}`;

/**
 * The store without a database: the same promises, kept in a Map. For tests and the simulation, which want a book in a
 * microsecond; a server's money belongs on a disk.
 */
export class MemoryStore implements Store {
  readonly #books = new Map<number, MemoryBook>();
  readonly #clock: () => UnixSeconds;

  constructor(clock: () => UnixSeconds = systemClock) {
    this.#clock = clock;
  }

  /** @throws when there is no such book */
  book(book: number): MemoryBook {
    const found = this.#books.get(book);
    if (found === undefined) throw new Error(`book ${book} does not exist`);
    return found;
  }

  /** What an operation changed, read anew from its text. */
  changes(book: number, seq: number): Changes {
    const operation = this.book(book).operations[seq - 1];
    if (operation === undefined) throw new Error(`book ${book} has no operation ${seq}`);
    return JSON.parse(operation.changes) as Changes;
  }

  /** The newest version of an object. */
  object(book: number, birth: Birth): StoredObject | null {
    return this.#newest(book, birth)?.object ?? null;
  }

  /** All that an account ever held, by currency. */
  balances(book: number, account: number): ReadonlyMap<Currency, Balance> {
    const own = [...this.book(book).balances].filter(([key]) => key.startsWith(`${account} `));
    return new Map(own.map(([key, balance]) => [key.slice(key.indexOf(' ') + 1) as Currency, balance]));
  }

  async openBook(book: number): Promise<Book | null> {
    return this.#books.get(book)?.row ?? null;
  }

  async createBook({ book, livemode, secret, frozenTime = null }: NewBook): Promise<void> {
    if (this.#books.has(book)) return;
    const start = { version: 0, hash: '', lastTime: 0, settledThrough: 0, advanceTo: null };
    this.#books.set(book, {
      row: { book, livemode, secret, frozenTime, ...start },
      nextDue: null,
      operations: [],
      objects: new Map(),
      lines: [],
      balances: new Map(),
      schedule: [],
      keys: new Map(),
    });
  }

  async fetch(book: number, wants: Wants): Promise<Fetched> {
    const { balances } = this.book(book);
    return {
      objects: wants.objects.map((birth) => this.#newest(book, birth)),
      balances: wants.balances.map(({ account, currency }) => balances.get(`${account} ${currency}`) ?? null),
      keys: wants.keys.map((key) => this.#recorded(book, key)),
      maturing: wants.maturing === null ? [] : this.#maturing(book, wants.maturing),
      credits: wants.credits.map((span) => this.#credits(book, span)),
    };
  }

  async due(book: number, limit: number): Promise<readonly DueRow[]> {
    return this.book(book).schedule.slice(0, limit);
  }

  async nextDue(book: number): Promise<UnixSeconds | null> {
    return this.book(book).schedule[0]?.at ?? null;
  }

  // Everything that can be wrong with a batch is asked before anything is written; from then on nothing throws.
  async commit(batch: Batch): Promise<void> {
    const book = this.book(batch.book);
    const { version, hash } = book.row;
    if (version !== batch.from || hash !== batch.fromHash) throw new Conflict('the book moved on');
    if (batch.newKeys.some((key) => this.#used(batch.book, key, batch.wallDay))) throw new KeyKnown('a key is known');
    check(batch, book);
    for (const operation of batch.operations) {
      const { seq } = operation;
      book.operations.push({ ...operation, batch: batch.id });
      for (const { birth, account, kind, refs } of operation.objects) {
        book.objects.set(place(birth), { account, kind, refs, changed: seq });
      }
      for (const row of operation.lines) book.lines.push({ seq, ...row });
      if (operation.key === null) continue;
      const key = `${operation.account} ${operation.key.hash}`;
      book.keys.set(key, [...(book.keys.get(key) ?? []), { day: batch.wallDay, seq }]);
    }
    for (const { account, currency, balance, days } of batch.balances) {
      const key = `${account} ${currency}`;
      const maturing = withDays(book.balances.get(key)?.maturing ?? [], balance, days);
      book.balances.set(key, { available: balance.available, maturing, reserved: balance.reserved });
    }
    for (const row of batch.schedule) insert(book.schedule, row);
    for (const row of batch.unschedule) remove(book.schedule, row);
    book.row = { ...book.row, ...batch.after, version: batch.from + batch.operations.length };
    book.nextDue = batch.nextDue;
  }

  async written({ book, from, id }: Pick<Batch, 'book' | 'from' | 'id'>): Promise<boolean> {
    return this.book(book).operations[from]?.batch === id;
  }

  async secure(): Promise<void> {}

  async booksDue(now: UnixSeconds): Promise<readonly number[]> {
    const isDue = ({ row, nextDue, schedule }: MemoryBook) =>
      row.advanceTo !== null ||
      (row.frozenTime === null && nextDue !== null && nextDue <= now && schedule.some(({ at }) => at <= now));
    return [...this.#books.values()].filter(isDue).map(({ row }) => row.book);
  }

  #newest(book: number, birth: Birth): { readonly object: StoredObject; readonly changed: number } | null {
    const changed = this.book(book).objects.get(place(birth))?.changed;
    if (changed === undefined) return null;
    const ending = spellBirth(book, birth);
    const object = this.changes(book, changed).put?.find(({ id }) => id.endsWith(ending));
    return object ? { object, changed } : null;
  }

  #used(book: number, { account, keyHash }: Wants['keys'][number], today: Day) {
    return this.book(book)
      .keys.get(`${account} ${keyHash}`)
      ?.findLast(({ day }) => day >= today - keyDays);
  }

  #recorded(book: number, key: Wants['keys'][number]): Recorded | null {
    const used = this.#used(book, key, dayOf(this.#clock()));
    if (used === undefined) return null;
    const { path, fingerprint, request, status, body } = this.book(book).operations[used.seq - 1] as Written;
    const { put, result } = this.changes(book, used.seq);
    const object = put?.find(({ id }) => id === result) ?? null;
    return {
      seq: used.seq,
      path: path ?? '',
      fingerprint: fingerprint ?? '',
      request: request ?? '',
      answer: { status, object, body },
    };
  }

  #credits(book: number, { account, currency, after, through, enough }: Wants['credits'][number]): readonly Maturing[] {
    const { lines, operations } = this.book(book);
    const days = new Map<Day, number>();
    for (const row of lines) {
      if (row.account !== account || row.currency !== currency || row.amount <= row.fee) continue;
      if (returningTypeNos.includes(row.type)) continue;
      const day = row.day ?? dayOf(operations[row.seq - 1]?.time ?? 0);
      if (day > after && day <= through) days.set(day, (days.get(day) ?? 0) + row.amount - row.fee);
    }
    const credits = [...days].sort(([a], [b]) => a - b).map(([day, amount]) => ({ day, amount: minor(amount) }));
    return newestOf(credits, { enough });
  }

  #maturing(book: number, through: Day): Fetched['maturing'] {
    const places = [...this.book(book).balances].map(([key, { maturing }]) => {
      const [account, currency] = key.split(' ') as [string, Currency];
      return { account: Number(account), currency, day: maturing[0]?.day ?? Number.POSITIVE_INFINITY };
    });
    return places
      .filter(({ day }) => day <= through)
      .map((found) => ({ ...found, held: [...this.balances(book, found.account).keys()].sort() }))
      .sort((a, b) => a.account - b.account || (a.currency < b.currency ? -1 : 1));
  }
}

/** @throws for what the database's own checks would refuse */
function check({ operations, balances, from }: Batch, book: MemoryBook): void {
  const born = new Set<string>();
  for (const [i, { seq, objects }] of operations.entries()) {
    if (seq !== from + i + 1) throw new Error(`operation ${seq} does not follow ${from + i}`);
    for (const { birth, isNew } of objects) {
      const isThere = book.objects.has(place(birth)) || born.has(place(birth));
      if (isThere === isNew) throw new Error(`object ${place(birth)} is ${isNew ? 'there already' : 'not there'}`);
      born.add(place(birth));
    }
  }
  for (const { account, balance } of balances) {
    if (balance.reserved < 0) throw new Error(`account ${account} holds less than nothing in reserve`);
  }
}

/** Only the days that a batch names are written, whatever else its balance says. */
function withDays(before: readonly Maturing[], after: Balance, days: readonly Day[]): readonly Maturing[] {
  if (days.length === 0) return before;
  const kept = before.filter(({ day }) => !days.includes(day));
  const changed = after.maturing.filter(({ day, amount }) => days.includes(day) && amount !== 0);
  return [...kept, ...changed].sort((a, b) => a.day - b.day);
}

const compare = (a: DueRow, b: DueRow): number =>
  a.at - b.at || a.order - b.order || byText(a.job, b.job) || byText(a.subject, b.subject);

const byText = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

/** The first place of the schedule that does not come before `row`. */
function placeOf(schedule: readonly DueRow[], row: DueRow): number {
  let low = 0;
  let high = schedule.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(schedule[middle] as DueRow, row) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

const isAt = (schedule: readonly DueRow[], at: number, row: DueRow): boolean => {
  const found = schedule[at];
  return found !== undefined && compare(found, row) === 0;
};

/** The same work twice is the same row. */
function insert(schedule: DueRow[], { at, order, job, subject }: DueRow): void {
  const row = { at, order, job, subject };
  const index = placeOf(schedule, row);
  if (!isAt(schedule, index, row)) schedule.splice(index, 0, row);
}

function remove(schedule: DueRow[], row: DueRow): void {
  const index = placeOf(schedule, row);
  if (isAt(schedule, index, row)) schedule.splice(index, 1);
}

import { type BalanceTransactionType, balanceTransactionTypeNo } from '../../data/balance-transaction-types.ts';
import { type Birth, birthIn, endOfPrefix, mint } from '../../kernel/id.ts';
import type { Kind, StoredObject } from '../../kernel/kind.ts';
import type { Day, UnixSeconds } from '../../kernel/time.ts';
import { accountId, balanceNo, bucketNos, readBalanceNo, splitLedgerNo } from '../../ledger/chart.ts';
import { keyHashOf } from '../idempotency.ts';
import type { Book, Changes, Work } from '../store.ts';
import { ChainedBytes, column } from './audit-chain.ts';
import { keySlots, refText } from './batch.ts';
import { BinaryRow, BinaryRows } from './binary-rows.ts';
import { JsonBytes, Names } from './json-bytes.ts';

export type Kinds = ReadonlyMap<string, Kind>;
/** What is needed of a kind here, as it can be sent to another thread. */
export type SentKind = Pick<Kind, 'no' | 'refs'> & { readonly hasContents: boolean };
export type SentKinds = ReadonlyMap<string, SentKind>;

export const sentKinds = (kinds: Kinds): SentKinds =>
  new Map(
    [...kinds].map(([prefix, { no, refs, contents }]) => [prefix, { no, refs, hasContents: contents !== undefined }]),
  );

export type Report = (promise: string, row: string, says: string) => void;

export interface Held {
  available: number;
  pending: number;
  reserved: number;
}

export type VersionSums = readonly [count: number, a: number, b: number];

/** Rows of `objects` that should be there and are not yet found, less those that were found and should not be. */
export class Versions {
  #count = 0;
  #a = 0;
  #b = 0;

  /**
   * Two sums over all rows, to which it does not matter in which order rows are added: where they are nothing, the rows that
   * were added are those that were taken away, but for a chance of one in 2^64. So no list of objects is held in memory.
   */
  add(seq: number, pos: number, changed: number, sign: 1 | -1): void {
    const low = Math.imul(seq, 0x9e3779b1) ^ Math.imul(pos + 1, 0x85ebca6b) ^ Math.imul(changed, 0xc2b2ae35);
    const high = Math.floor(seq / 2 ** 32) * 31 + Math.floor(changed / 2 ** 32) * 17;
    this.#a = (this.#a + sign * (mix(low ^ high) | 0)) | 0;
    this.#b = (this.#b + sign * (mix(Math.imul(low, 0x27d4eb2f) + changed + seq + high) | 0)) | 0;
    this.#count += sign;
  }

  get sums(): VersionSums {
    return [this.#count, this.#a, this.#b];
  }
}

function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return mixed ^ (mixed >>> 16);
}

/** What the tables beside the journal must say of a run of operations, as the very bytes that their rows are read as. */
export interface Told {
  /** Rows of `balance_transactions`, by operation and position, with which they begin. */
  readonly lines: BinaryRows;
  /** Rows of `account_operations`, by operation and account, with which they begin. */
  readonly news: BinaryRows;
  /** Rows of `objects`, if they point at these operations: one for each version, by operation and birth. */
  readonly versions: BinaryRows;
  /** Rows of `idempotency_keys`, by operation. */
  readonly keys: BinaryRows;
  /** `operation position` → account and type of an event; empty when nobody asks. */
  readonly events: Map<string, string>;
  /** New objects whose contents stand apart. */
  files: StoredObject[];
  /** What few operations say, and what only the whole journal in its order tells. */
  rare: Rare[];
  /** Operations with a key and without the day of it. */
  dayless: number[];
}

export type Rare = Pick<Changes, 'born' | 'book' | 'due' | 'done'>;

/** Where the journal is after an operation. */
export interface Place {
  readonly seq: number;
  readonly time: UnixSeconds;
  readonly hash: string;
}

/** What runs of operations add up to. */
export interface Totals {
  readonly operations: number;
  readonly postings: number;
  /** By account and currency: see `balanceNo`. */
  readonly held: ReadonlyMap<number, Held>;
  /** What waits for which day, by account and currency. */
  readonly waiting: ReadonlyMap<number, ReadonlyMap<Day, number>>;
  /** What was put, and taken the place of or found. */
  readonly versions: VersionSums;
}

const byBirth = (a: Birth, b: Birth): number => a.seq - b.seq || a.pos - b.pos;

const changesNames = new Names('put', 'was', 'lines', 'emit', 'born', 'book', 'due', 'done');
const lineNames = new Names('id', 'account', 'currency', 'type', 'amount', 'fee', 'fee_details', 'on', 'source');
const detailNames = new Names('amount');

/** A row of a statement. What is text is a value of the JSON. */
interface PlacedLine {
  readonly id: number;
  readonly pos: number;
  readonly account: number;
  readonly currency: number;
  readonly type: number;
  readonly amount: number;
  readonly fee: number;
  readonly details: number;
  /** Null when the money was there at once. */
  readonly day: number | null;
  readonly source: number;
}

interface PlacedObject {
  readonly birth: Birth;
  readonly account: number;
  readonly kind: SentKind;
  /** Values of the JSON. */
  readonly refs: readonly number[];
}

/** Operations read in order: what is wrong with them by themselves, and what they add up to. */
export class JournalReader {
  #operations = 0;
  #postings = 0;
  readonly #held = new Map<number, Held>();
  readonly #waiting = new Map<number, Map<Day, number>>();
  readonly versions = new Versions();
  readonly told: Told = {
    lines: new BinaryRows(),
    news: new BinaryRows(),
    versions: new BinaryRows(),
    keys: new BinaryRows(),
    events: new Map(),
    files: [],
    rare: [],
    dayless: [],
  };
  #seq = 0;
  readonly #book: number;
  readonly #kinds: SentKinds;
  /** All that objects may be found by. */
  readonly #objectNames: Names;
  /** Where among them the fields of a kind are. */
  readonly #refs: ReadonlyMap<SentKind, readonly number[]>;
  readonly #settledThrough: number;
  readonly #report: Report;
  readonly #hasListeners: boolean;
  readonly #row = new BinaryRow();
  readonly #json = new JsonBytes();
  readonly #chained = new ChainedBytes();
  /** By currency, and by account and currency: sums over the operation at hand. */
  readonly #currencies = new Map<number, number>();
  readonly #unexplained = new Map<number, number>();

  /** @param hasListeners whether what was sent of events is looked at, too */
  constructor(
    { book, settledThrough, hasListeners }: Pick<Book, 'book' | 'settledThrough'> & { readonly hasListeners: boolean },
    kinds: SentKinds,
    report: Report,
  ) {
    this.#hasListeners = hasListeners;
    this.#book = book;
    this.#kinds = kinds;
    const names = ['id', 'account', ...new Set([...kinds.values()].flatMap(({ refs }) => refs as readonly string[]))];
    this.#objectNames = new Names(...names);
    this.#refs = new Map([...kinds.values()].map((kind) => [kind, kind.refs.map((ref) => names.indexOf(ref))]));
    this.#settledThrough = settledThrough;
    this.#report = report;
  }

  /** @returns what other tables must say of these operations, until more are read */
  read(rows: Buffer, before: Place): Told {
    const { told } = this;
    for (const each of [told.lines, told.news, told.versions, told.keys, told.events]) each.clear();
    [told.files, told.rare, told.dayless] = [[], [], []];
    let place = before;
    for (let at = 0; at < rows.length; at = this.#row.to) {
      this.#row.read(rows, at);
      place = this.#operation(this.#row, place);
    }
    return told;
  }

  get totals(): Totals {
    return {
      operations: this.#operations,
      postings: this.#postings,
      held: this.#held,
      waiting: this.#waiting,
      versions: this.versions.sums,
    };
  }

  #operation(row: BinaryRow, before: Place): Place {
    const place = placeOf(row);
    this.#seq = place.seq;
    this.#operations++;
    const at = () => `operation ${place.seq} (${row.text(column.command)})`;
    if (place.seq !== before.seq + 1) this.#report('journal', at(), `follows operation ${before.seq}`);
    if (place.time < before.time) this.#report('journal', at(), `its time ${place.time} is before ${before.time}`);
    let legs: readonly number[] = [];
    try {
      legs = row.integers(column.legs);
    } catch (error) {
      this.#report('journal', at(), `its legs cannot be read: ${messageOf(error)}`);
    }
    if (this.#chained.hash(before.hash, row, legs) !== place.hash)
      this.#report('journal', at(), 'its hash does not match what it says and what came before');
    try {
      this.#changes(row, legs, at);
    } catch (error) {
      for (const rows of [this.told.lines, this.told.news, this.told.versions]) rows.undo();
      this.#report('journal', at(), `cannot be read: ${messageOf(error)}`);
    }
    this.#key(row);
    return place;
  }

  #changes(row: BinaryRow, legs: readonly number[], at: () => string): void {
    const json = this.#json;
    const from = row.at[column.changes] as number;
    json.read(row.bytes, from, from + (row.size[column.changes] as number));
    const [put, was, lines, emit, ...rare] = json.fields(0, changesNames) as [number, number, number, number];
    const placed = lines < 0 ? [] : this.#placed(lines);
    this.#legs(legs, placed, at);
    this.#lines(placed);
    const owners = put < 0 ? [] : this.#objects(put, was);
    this.#news(placed, owners, emit);
    if (rare.some((value) => value >= 0)) {
      const { born, book, due, done } = json.value(0) as Changes;
      // Whoever takes them together cannot say of which operation it is that they cannot be read.
      for (const works of [due ?? [], done ?? []]) for (const work of works) workText(work);
      this.told.rare.push({ ...(born && { born }), ...(book && { book }), ...(due && { due }), ...(done && { done }) });
    }
  }

  #key(row: BinaryRow): void {
    const [hasKey, hasDay] = [!row.isNull(column.key), !row.isNull(column.key_day)];
    if (hasDay && !hasKey) this.#report('idempotency', `operation ${this.#seq}`, 'has the day of a key, and no key');
    if (!hasKey) return;
    if (!hasDay) this.told.dayless.push(this.#seq);
    const rows = this.told.keys;
    rows.begin(5);
    rows.bigint(this.#seq);
    rows.bigint(row.integer(column.account));
    if (hasDay) {
      const day = row.integer(column.key_day);
      rows.smallint(day % keySlots);
      rows.integer(day);
    } else {
      rows.null();
      rows.null();
    }
    rows.text(Buffer.from(keyHashOf(row.text(column.key)), 'hex'));
    rows.end();
  }

  #legs(legs: readonly number[], lines: readonly PlacedLine[], at: () => string): void {
    this.#postings += legs.length / 2;
    const currencies = this.#currencies;
    const unexplained = this.#unexplained;
    currencies.clear();
    unexplained.clear();
    for (let i = 0; i < legs.length; i += 2) {
      const { ownerNo, balance, currencyNo, bucketNo } = splitLedgerNo(legs[i] as number);
      const amount = legs[i + 1] ?? Number.NaN;
      add(currencies, currencyNo, amount);
      if (ownerNo === 0) continue;
      const held = this.#heldBy(balance);
      if (bucketNo === bucketNos.available) held.available += amount;
      else if (bucketNo === bucketNos.pending) held.pending += amount;
      else if (bucketNo === bucketNos.reserved) held.reserved += amount;
      else this.#report('journal', at(), `leg ${legs[i]} names no ledger account`);
      if (bucketNo !== bucketNos.reserved) add(unexplained, balance, amount);
      // The platform's own figure is the sum over its accounts (I4).
      else if (ownerNo !== 1) this.#heldBy(balanceNo(1, readBalanceNo(balance).currency)).reserved += amount;
    }
    for (const [currencyNo, sum] of currencies) {
      if (sum !== 0) this.#report('I5', at(), `its legs in ${readBalanceNo(currencyNo).currency} sum to ${sum}`);
    }
    for (const { id, account, currency, amount, fee, details, day } of lines) {
      const sum = details < 0 ? 0 : this.#feeDetails(details);
      if (sum !== fee) this.#report('I3', this.#text(id), `its fee is ${fee}, its details sum to ${sum}`);
      const balance = balanceNo(account, this.#text(currency));
      const net = amount - fee;
      add(unexplained, balance, -net);
      if (day === null || day <= this.#settledThrough || net === 0) continue;
      const days = this.#waiting.get(balance) ?? new Map<Day, number>();
      this.#waiting.set(balance, days);
      add(days, day, net);
    }
    for (const [balance, sum] of unexplained) {
      if (sum !== 0) this.#report('I1', at(), `moved ${sum} of ${nameOf(balance, this.#book)} without a row`);
    }
  }

  #feeDetails(details: number): number {
    const json = this.#json;
    let sum = 0;
    for (let each = json.first(details); each < json.end(details); each = json.next(each))
      sum += json.number(json.fields(each, detailNames)[0] as number);
    return sum;
  }

  #heldBy(balance: number): Held {
    let held = this.#held.get(balance);
    if (held === undefined) {
      held = { available: 0, pending: 0, reserved: 0 };
      this.#held.set(balance, held);
    }
    return held;
  }

  /** The text of a string. */
  #text(value: number): string {
    const json = this.#json;
    if (!json.isString(value)) throw new TypeError('a text is missing');
    return json.isPlain(value)
      ? this.#row.bytes.toString('latin1', json.from(value), json.to(value))
      : (json.value(value) as string);
  }

  /** Where the thing of an id was born; null for what is no id of this book. */
  #birth(id: number): Birth | null {
    const json = this.#json;
    return json.isString(id) ? birthIn(this.#row.bytes, json.from(id), json.to(id), this.#book) : null;
  }

  /** An account's number. */
  #no(account: number): number {
    const birth = this.#birth(account);
    if (birth === null) throw new RangeError('an account is none of this book');
    return birth.seq;
  }

  /** The rows of statements, by their positions. */
  #placed(lines: number): readonly PlacedLine[] {
    const json = this.#json;
    const placed: PlacedLine[] = [];
    let last = -1;
    let isSorted = true;
    for (let line = json.first(lines); line < json.end(lines); line = json.next(line)) {
      const found = json.fields(line, lineNames);
      const [id, account, currency, type] = found as [number, number, number, number];
      const on = found[7] as number;
      const pos = this.#birth(id)?.pos ?? -1;
      placed.push({
        id,
        pos,
        account: this.#no(account),
        currency,
        type,
        amount: json.number(found[4] as number),
        fee: json.number(found[5] as number),
        details: found[6] as number,
        day: json.isString(on) ? null : json.number(on),
        source: found[8] as number,
      });
      if (pos < last) isSorted = false;
      last = pos;
    }
    return isSorted ? placed : placed.sort((a, b) => a.pos - b.pos);
  }

  /** As `balance_transactions` has them. */
  #lines(lines: readonly PlacedLine[]): void {
    const rows = this.told.lines;
    for (const { pos, account, currency, type, amount, fee, day, source: from } of lines) {
      const source = this.#birth(from);
      rows.begin(10);
      rows.bigint(this.#seq);
      rows.integer(pos);
      rows.bigint(account);
      rows.smallint(balanceTransactionTypeNo(this.#text(type) as BalanceTransactionType));
      this.#write(rows, currency);
      rows.bigint(amount);
      rows.bigint(fee);
      if (day === null) rows.null();
      else rows.integer(day);
      if (source === null) {
        rows.null();
        rows.null();
      } else {
        rows.bigint(source.seq);
        rows.integer(source.pos);
      }
      rows.end();
    }
  }

  /** A string as a column. */
  #write(rows: BinaryRows, value: number): void {
    const json = this.#json;
    if (json.isPlain(value)) rows.text(this.#row.bytes, json.from(value), json.to(value));
    else rows.text(Buffer.from(refText(json.value(value) as string)));
  }

  /**
   * The accounts that an operation concerns, with the types of the events that each got from it, in order.
   *
   * @param owners the accounts of what was put
   */
  #news(lines: readonly PlacedLine[], owners: readonly number[], emit: number): void {
    const json = this.#json;
    const news = new Map<number, number[]>();
    const of = (account: number): number[] => {
      let known = news.get(account);
      if (known === undefined) {
        known = [];
        news.set(account, known);
      }
      return known;
    };
    for (const { account } of lines) of(account);
    let pos = 0;
    const end = emit < 0 ? -1 : json.end(emit);
    for (let each = emit < 0 ? 0 : json.first(emit); each < end; each = json.next(each), pos++) {
      const typeAt = json.first(each);
      const about = json.next(typeAt);
      const third = json.next(about);
      const named = json.isString(about) ? about : third < json.end(each) && json.isString(third) ? third : -1;
      const account = named >= 0 ? this.#no(named) : owners[json.number(about)];
      if (account === undefined) continue;
      const type = json.number(typeAt);
      of(account).push(type);
      if (this.#hasListeners) this.told.events.set(`${this.#seq} ${pos}`, `${account} ${type}`);
    }
    const rows = this.told.news;
    const entries = news.size > 1 ? [...news].sort(([a], [b]) => a - b) : news;
    for (const [account, types] of entries) {
      rows.begin(3);
      rows.bigint(this.#seq);
      rows.bigint(account);
      rows.smallints(types);
      rows.end();
    }
  }

  /** @returns the accounts of the objects */
  #objects(put: number, was: number): readonly number[] {
    const json = this.#json;
    const owners: number[] = [];
    const placed: PlacedObject[] = [];
    let isSorted = true;
    let beforeAt = was < 0 ? 0 : json.first(was);
    const beforeEnd = was < 0 ? -1 : json.end(was);
    for (let object = json.first(put); object < json.end(put); object = json.next(object)) {
      const found = json.fields(object, this.#objectNames);
      const id = found[0] as number;
      const account = this.#no(found[1] as number);
      owners.push(account);
      let before = 0;
      if (beforeAt < beforeEnd) {
        before = json.number(beforeAt);
        beforeAt = json.next(beforeAt);
      }
      const birth = this.#birth(id);
      const kind = birth === null ? undefined : this.#kindOf(id);
      if (birth === null || kind === undefined) {
        const says = birth === null ? 'is no id of this book' : 'is of no kind';
        this.#report('objects', id < 0 ? 'an object' : String(json.value(id)), says);
        continue;
      }
      if (before !== 0) this.versions.add(birth.seq, birth.pos, before, -1);
      const last = placed[placed.length - 1];
      if (last !== undefined && byBirth(last.birth, birth) > 0) isSorted = false;
      const refs = (this.#refs.get(kind) as readonly number[]).map((name) => found[name] as number);
      placed.push({ birth, account, kind, refs });
      if (before === 0 && kind.hasContents) this.told.files.push(json.value(object) as StoredObject);
    }
    if (!isSorted) placed.sort((a, b) => byBirth(a.birth, b.birth));
    for (const each of placed) this.#object(each);
    return owners;
  }

  #kindOf(id: number): SentKind | undefined {
    const json = this.#json;
    return this.#kinds.get(this.#row.bytes.toString('latin1', json.from(id), endOfPrefix(json.to(id))));
  }

  /** As `objects` has it while no newer version takes its place. */
  #object({ birth, account, kind, refs }: PlacedObject): void {
    const rows = this.told.versions;
    rows.begin(8);
    rows.bigint(this.#seq);
    rows.bigint(birth.seq);
    rows.integer(birth.pos);
    rows.bigint(account);
    rows.smallint(kind.no);
    for (let i = 0; i < 3; i++) {
      const ref = refs[i] ?? -1;
      if (this.#isRef(ref, birth)) this.#write(rows, ref);
      else rows.null();
    }
    rows.end();
  }

  /** As `refsOf` has it. */
  #isRef(value: number, { seq }: Birth): boolean {
    const json = this.#json;
    return json.isString(value) && json.to(value) > json.from(value) && this.#birth(value)?.seq !== seq;
  }
}

/** @throws RangeError when a number of it is none that can be */
export const placeOf = (row: BinaryRow): Place => ({
  seq: row.integer(column.seq),
  time: row.integer(column.time),
  hash: row.hexadecimal(column.hash),
});

const add = <Key>(sums: Map<Key, number>, key: Key, amount: number): unknown =>
  sums.set(key, (sums.get(key) ?? 0) + amount);

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export const workText = ([at, order, job, subject]: Work): string => `${at} ${order} ${job} ${subject}`;

/** Numbers that no id spells are found in tables that were tampered with. */
const spelled = (spell: () => string, otherwise: string): string => {
  try {
    return spell();
  } catch {
    return otherwise;
  }
};

export const accountName = (no: number, book: number): string => spelled(() => accountId(no, book), `account ${no}`);
export const rowName = (book: number, birth: Birth): string =>
  spelled(() => mint('txn', book, birth), `txn_${birth.seq}.${birth.pos}`);

export const nameOf = (balance: number, book: number): string => {
  const { ownerNo, currency } = readBalanceNo(balance);
  return `${accountName(ownerNo, book)} ${currency}`;
};

import { balanceTransactionTypeNo } from '../../data/balance-transaction-types.ts';
import { type Birth, birthOf, mint, prefixOf } from '../../kernel/id.ts';
import { type Kind, refsOf, type StoredObject } from '../../kernel/kind.ts';
import { type ChainedOperation, chain } from '../../ledger/chain.ts';
import { accountId, accountNo, balanceNo, bucketNos, readBalanceNo, splitLedgerNo } from '../../ledger/chart.ts';
import type { Line } from '../../ledger/statement.ts';
import type { Book, Changes, Work } from '../store.ts';
import { refText } from './batch.ts';
import { readChanges } from './journal.ts';

export type Kinds = ReadonlyMap<string, Kind>;
export type Report = (promise: string, row: string, says: string) => void;

export interface OperationRow extends ChainedOperation {
  readonly hash: string;
}

export interface Held {
  available: number;
  pending: number;
  reserved: number;
}

/** What operations put, as rows of `objects`: which versions of which. */
export class Versions {
  count = 0;
  #a = 0;
  #b = 0;

  /**
   * Two sums over all rows, to which it does not matter in which order rows are added: equal sums are equal rows, but for a
   * chance of one in 2^64. So no list of objects is held in memory.
   */
  add(seq: number, pos: number, changed: number, sign: 1 | -1): void {
    const low = Math.imul(seq, 0x9e3779b1) ^ Math.imul(pos + 1, 0x85ebca6b) ^ Math.imul(changed, 0xc2b2ae35);
    const high = Math.floor(seq / 2 ** 32) * 31 + Math.floor(changed / 2 ** 32) * 17;
    this.#a = (this.#a + sign * (mix(low ^ high) | 0)) | 0;
    this.#b = (this.#b + sign * (mix(Math.imul(low, 0x27d4eb2f) + changed + seq + high) | 0)) | 0;
    this.count += sign;
  }

  equals(other: Versions): boolean {
    return this.count === other.count && this.#a === other.#a && this.#b === other.#b;
  }
}

function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return mixed ^ (mixed >>> 16);
}

/** What the tables beside the journal must say of a page of operations, each as the very text that they are read as. */
export interface Page {
  /** Rows of `balance_transactions`, by operation and position, with which they begin. */
  readonly lines: readonly string[];
  /** Rows of `account_operations`, by operation and account, with which they begin. */
  readonly news: readonly string[];
  /** Rows of `objects`, if they point at these operations: one for each version, by operation and birth. */
  readonly versions: readonly Version[];
  /** `operation position` → account and type of an event; empty when nobody asks. */
  readonly events: ReadonlyMap<string, string>;
  readonly contents: readonly {
    readonly id: string;
    readonly content: string;
    readonly size: number;
    readonly sha256: string;
  }[];
}

export interface Version extends Birth {
  readonly changed: number;
  readonly text: string;
}

const byBirth = (a: Birth, b: Birth): number => a.seq - b.seq || a.pos - b.pos;

const numbersMax = 50_000;

/** The journal of a book, read in order: what is wrong with it by itself, and what it adds up to. */
export class JournalReader {
  operations = 0;
  postings = 0;
  seq = 0;
  time = 0;
  hash = '';
  /** By account and currency: see `balanceNo`. */
  readonly held = new Map<number, Held>();
  /** `balance day` → what waits. */
  readonly waiting = new Map<string, number>();
  /** Days that are to be settled. */
  readonly settlements = new Set<number>();
  /** All other work that is scheduled: its row as text. */
  readonly work = new Set<string>();
  readonly versions = new Versions();
  born: NonNullable<Changes['born']> | null = null;
  readonly clock: { -readonly [K in keyof NonNullable<Changes['book']>]-?: NonNullable<Changes['book']>[K] } = {
    settledThrough: 0,
    frozenTime: null,
    advanceTo: null,
  };
  readonly #book: number;
  readonly #kinds: Kinds;
  readonly #settledThrough: number;
  readonly #report: Report;
  readonly #hasListeners: boolean;
  readonly #numbers = new Map<string, number>();

  /** @param hasListeners whether what was sent of events is looked at, too */
  constructor(
    { book, settledThrough, hasListeners }: Pick<Book, 'book' | 'settledThrough'> & { readonly hasListeners: boolean },
    kinds: Kinds,
    report: Report,
  ) {
    this.#hasListeners = hasListeners;
    this.#book = book;
    this.#kinds = kinds;
    this.#settledThrough = settledThrough;
    this.#report = report;
  }

  /** Reads on, and tells what other tables must say of these operations. */
  read(rows: readonly OperationRow[]): Page {
    const page = {
      lines: [] as string[],
      news: [] as string[],
      versions: [] as Version[],
      events: new Map<string, string>(),
      contents: [] as Page['contents'][number][],
    };
    for (const row of rows) {
      const { seq } = row;
      const at = `operation ${seq} (${row.command})`;
      if (seq !== this.seq + 1) this.#report('journal', at, `follows operation ${this.seq}`);
      if (row.time < this.time) this.#report('journal', at, `its time ${row.time} is before ${this.time}`);
      if (chain(this.hash, row) !== row.hash)
        this.#report('journal', at, 'its hash does not match what it says and what came before');
      this.seq = seq;
      this.time = row.time;
      this.hash = row.hash;
      try {
        const changes = readChanges(row.changes);
        this.#legs(row, changes.lines ?? [], at);
        this.#lines(seq, changes.lines ?? [], page);
        this.#news(seq, changes, page);
        this.#objects(seq, changes, page);
        this.#clock(changes);
      } catch (error) {
        this.#report('journal', at, `cannot be read: ${error instanceof Error ? error.message : error}`);
      }
    }
    this.operations += rows.length;
    return page;
  }

  #legs({ legs: text }: OperationRow, lines: readonly Line[], at: string): void {
    const legs = text === '' ? [] : text.split(',');
    this.postings += legs.length / 2;
    const currencies = new Map<number, number>();
    const unexplained = new Map<number, number>();
    const add = (sums: Map<number, number>, key: number, amount: number) =>
      sums.set(key, (sums.get(key) ?? 0) + amount);
    for (let i = 0; i < legs.length; i += 2) {
      const { ownerNo, balance, currencyNo, bucketNo } = splitLedgerNo(Number(legs[i]));
      const amount = Number(legs[i + 1]);
      add(currencies, currencyNo, amount);
      if (ownerNo === 0) continue;
      const held = this.#heldBy(balance);
      if (bucketNo === bucketNos.available) held.available += amount;
      else if (bucketNo === bucketNos.pending) held.pending += amount;
      else if (bucketNo === bucketNos.reserved) held.reserved += amount;
      else this.#report('journal', at, `leg ${legs[i]} names no ledger account`);
      if (bucketNo !== bucketNos.reserved) add(unexplained, balance, amount);
      // The platform's own figure is the sum over its accounts (I4).
      else if (ownerNo !== 1) this.#heldBy(balanceNo(1, readBalanceNo(balance).currency)).reserved += amount;
    }
    for (const [currencyNo, sum] of currencies) {
      if (sum !== 0) this.#report('I5', at, `its legs in ${readBalanceNo(currencyNo).currency} sum to ${sum}`);
    }
    for (const line of lines) {
      const details = line.fee_details?.reduce((sum, detail) => sum + detail.amount, 0) ?? 0;
      if (details !== line.fee) this.#report('I3', line.id, `its fee is ${line.fee}, its details sum to ${details}`);
      const balance = balanceNo(this.#no(line.account), line.currency);
      const net = line.amount - line.fee;
      add(unexplained, balance, -net);
      if (line.on === 'now' || line.on <= this.#settledThrough || net === 0) continue;
      const waits = `${balance} ${line.on}`;
      this.waiting.set(waits, (this.waiting.get(waits) ?? 0) + net);
      this.settlements.add(line.on);
    }
    for (const [balance, sum] of unexplained) {
      if (sum !== 0) this.#report('I1', at, `moved ${sum} of ${nameOf(balance, this.#book)} without a row`);
    }
  }

  /** An account's number. The same few accounts come again and again. */
  #no(account: string): number {
    let no = this.#numbers.get(account);
    if (no === undefined) {
      no = accountNo(account, this.#book);
      if (this.#numbers.size > numbersMax) this.#numbers.clear();
      this.#numbers.set(account, no);
    }
    return no;
  }

  #heldBy(balance: number): Held {
    let held = this.held.get(balance);
    if (held === undefined) {
      held = { available: 0, pending: 0, reserved: 0 };
      this.held.set(balance, held);
    }
    return held;
  }

  #lines(seq: number, lines: readonly Line[], page: { lines: string[] }): void {
    if (lines.length === 0) return;
    const placed = lines.map((line) => ({ line, pos: birthOf(line.id, this.#book)?.pos ?? -1 }));
    if (placed.length > 1) placed.sort((a, b) => a.pos - b.pos);
    for (const { line, pos } of placed) {
      const source = line.source === undefined ? null : birthOf(line.source, this.#book);
      const day = line.on === 'now' ? '' : line.on;
      const account = this.#no(line.account);
      const type = balanceTransactionTypeNo(line.type);
      page.lines.push(
        `${seq} ${pos} ${account} ${type} ${line.currency} ${line.amount} ${line.fee} ${day} ${source?.seq ?? ''} ${source?.pos ?? ''}`,
      );
    }
  }

  /** The accounts that an operation concerns, with the types of the events that each got from it, in order. */
  #news(
    seq: number,
    { put = [], lines = [], emit = [] }: Changes,
    page: { news: string[]; events: Map<string, string> },
  ): void {
    const news = new Map<number, number[]>();
    const of = (account: string): number[] => {
      const no = this.#no(account);
      let known = news.get(no);
      if (known === undefined) {
        known = [];
        news.set(no, known);
      }
      return known;
    };
    for (const { account } of lines) of(account);
    emit.forEach(([type, about, third], pos) => {
      const account = typeof about === 'string' ? about : typeof third === 'string' ? third : put[about]?.account;
      if (account === undefined) return;
      of(account).push(type);
      if (this.#hasListeners) page.events.set(`${seq} ${pos}`, `${this.#no(account)} ${type}`);
    });
    const entries = news.size > 1 ? [...news].sort(([a], [b]) => a - b) : news;
    for (const [account, types] of entries) page.news.push(`${seq} ${account} ${types.join()}`);
  }

  #objects(
    seq: number,
    { put = [], was = [] }: Changes,
    page: { versions: Version[]; contents: Page['contents'][number][] },
  ): void {
    const first = page.versions.length;
    let isSorted = true;
    for (const [i, object] of put.entries()) {
      const birth = birthOf(object.id, this.#book);
      const kind = this.#kinds.get(prefixOf(object.id));
      if (birth === null || kind === undefined) {
        this.#report('objects', object.id, birth === null ? 'is no id of this book' : 'is of no kind');
        continue;
      }
      const before = was[i] ?? 0;
      if (before !== 0) this.versions.add(birth.seq, birth.pos, before, -1);
      this.versions.add(birth.seq, birth.pos, seq, 1);
      const last = page.versions[page.versions.length - 1];
      if (last?.changed === seq && byBirth(last, birth) > 0) isSorted = false;
      const text = this.#objectText(object, kind, seq, birth);
      page.versions.push({ seq: birth.seq, pos: birth.pos, changed: seq, text });
      if (before === 0 && kind.contents) page.contents.push({ id: object.id, ...kind.contents(object) });
    }
    if (!isSorted) page.versions.push(...page.versions.splice(first).sort(byBirth));
  }

  /** As `select … from objects` is read. */
  #objectText(object: StoredObject, kind: Kind, changed: number, { seq, pos }: Birth): string {
    let text = `${changed} ${seq} ${pos}\t${this.#no(object.account)}\t${kind.no}`;
    const refs = kind.refs.length === 0 ? [] : refsOf(object, kind, this.#book);
    for (let i = 0; i < 3; i++) text += `\t${refText(refs[i] ?? '')}`;
    return text;
  }

  #clock({ born, book, due, done }: Changes): void {
    if (born) this.born = born;
    if (book) Object.assign(this.clock, book);
    for (const work of due ?? []) this.work.add(workText(work));
    for (const work of done ?? []) this.work.delete(workText(work));
  }
}

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

import type { StoredObject } from '../../kernel/kind.ts';
import type { Day } from '../../kernel/time.ts';
import {
  accountName,
  JournalReader,
  type Place,
  type Rare,
  type Report,
  rowName,
  type SentKinds,
  type Totals,
} from './audit-journal.ts';
import { keySlots } from './batch.ts';
import { BinaryRow, endOfRow } from './binary-rows.ts';

/** What must be known of a book to check its parts. */
export interface About {
  readonly book: number;
  readonly kinds: SentKinds;
  readonly settledThrough: Day;
  /** Whether anything of events was sent to anybody. */
  readonly hasListeners: boolean;
  /** From which day on no key of a request may be gone. */
  readonly keptFrom: Day;
  /** The oldest day of a key in each part of their table that has any. */
  readonly oldest: ReadonlyMap<number, Day>;
}

/** Operations that follow one another, and the rows of the tables that tell of them, each in their order: see `BinaryRow`. */
export interface Part {
  /** Where the journal was before them. */
  readonly before: Place;
  readonly operations: Uint8Array;
  readonly lines: Uint8Array;
  readonly news: Uint8Array;
  readonly objects: Uint8Array;
  readonly keys: Uint8Array;
  /** By the table. */
  readonly sent: ReadonlyMap<string, Uint8Array>;
}

/** What is reported, in order. */
export type Reported = Parameters<Report>;

/** What was found in a part, and what cannot be said of it alone. */
export interface Checked {
  readonly findings: readonly Reported[];
  readonly rare: readonly Rare[];
  readonly dayless: readonly number[];
  readonly files: readonly StoredObject[];
}

/** Parts of a book's journal against the tables, in any order and on any thread: nothing but what it is given is looked at. */
export class PartChecker {
  readonly #about: About;
  readonly #journal: JournalReader;
  #findings: Reported[] = [];

  constructor(about: About) {
    this.#about = about;
    this.#journal = new JournalReader(about, about.kinds, (...finding) => this.#report(...finding));
  }

  #report(...finding: Reported): void {
    this.#findings.push(finding);
  }

  check(part: Part): Checked {
    this.#findings = [];
    const told = this.#journal.read(bytesOf(part.operations), part.before);
    compareRows(told.lines.bytes, bytesOf(part.lines), lineRow, ([seq, pos], told, says) => {
      const id = rowName(this.#about.book, { seq: Number(seq), pos: Number(pos) });
      if (told === null) this.#report('rows', id, `stands in no operation: ${says}`);
      else if (says === null) this.#report('rows', id, `is missing: ${told}`);
      else this.#report('I7', id, `is ${says}, was written as ${told}`);
    });
    compareRows(told.news.bytes, bytesOf(part.news), newsRow, ([seq, account], told, says) => {
      const at = `operation ${seq} of ${accountName(Number(account), this.#about.book)}`;
      const type = (text: string) => text.split(' ')[2] || 'none';
      if (told === null) this.#report('news', at, 'is listed, and the operation has nothing to do with the account');
      else if (says === null) this.#report('news', at, 'is missing in the list of the account');
      else this.#report('news', at, `is listed with events ${type(says)}, it has ${type(told)}`);
    });
    this.#compareVersions(told.versions.bytes, bytesOf(part.objects));
    this.#compareKeys(told.keys.bytes, bytesOf(part.keys));
    for (const [name, says] of part.sent) this.#compareSent(name, bytesOf(says), told.events);
    return { findings: this.#findings, rare: told.rare, dayless: told.dayless, files: told.files };
  }

  /** What all parts that were checked here add up to. */
  get totals(): Totals {
    return this.#journal.totals;
  }

  /** Every row must be one of the versions, in their order; a version that a newer one took the place of has no row. */
  #compareVersions(told: Buffer, says: Buffer): void {
    if (told.equals(says)) return;
    const row = new BinaryRow();
    const count = (sign: 1 | -1) => this.#journal.versions.add(row.nearest(1), row.integer(2), row.nearest(0), sign);
    for (let at = 0; at < told.length; at = row.to) {
      row.read(told, at);
      count(1);
    }
    let next = 0;
    // By key: made only when a row is none of the versions.
    let places: ReadonlyMap<string, number> | null = null;
    for (let at = 0; at < says.length; at = row.to) {
      row.read(says, at);
      count(-1);
      let place = next;
      while (place < told.length && !isSameRow(told, place, says, at)) place = endOfRow(told, place);
      if (place < told.length) {
        next = endOfRow(told, place);
        continue;
      }
      places ??= placesOf(told);
      const known = places.get(keyOf(row));
      const name = `object ${row.digits(1)}.${row.digits(2)}`;
      if (known === undefined) {
        this.#report('objects', name, `points at operation ${row.digits(0)}, which did not change it`);
        continue;
      }
      next = endOfRow(told, known);
      // Between tabs, which stand in none of them: a filter may have spaces.
      const filters = (bytes: Buffer, from: number) => spell(bytes, from, versionRow).slice(3).join('\t');
      const [is, must] = [filters(says, at), filters(told, known)];
      if (is !== must)
        this.#report('objects', name, `has account, kind and filters ${is.trim()}, its operation says ${must.trim()}`);
    }
  }

  /**
   * A key lives for its day and the two after. Then its part is emptied whole: while a part has anything as old, all must be
   * there. The last of the three days is left out, since servers' clocks may differ.
   */
  #compareKeys(told: Buffer, says: Buffer): void {
    if (told.equals(says)) return;
    const row = new BinaryRow();
    const expected = new Map<number, number>();
    for (let at = 0; at < told.length; at = row.to) {
      row.read(told, at);
      expected.set(row.integer(0), at);
    }
    const missing = new Map(expected);
    for (let at = 0; at < says.length; at = endOfRow(says, at)) {
      const words = spell(says, at, keyRow);
      const seq = Number(words[0]);
      missing.delete(seq);
      const known = expected.get(seq);
      if (known === undefined) {
        this.#report('idempotency', `key of operation ${seq}`, 'there is no such operation with a key');
        continue;
      }
      // An operation without the day of its key is as right with any day.
      const [, account, slot, day, hash] = spell(told, known, keyRow);
      const [, ...is] = words;
      const must = day === '' ? [account, String(Number(is[2]) % keySlots), is[2], hash] : [account, slot, day, hash];
      if (is.join() !== must.join()) {
        const says = 'its account, hash, day or part is not that of the operation';
        this.#report('idempotency', `key of operation ${seq}`, says);
      }
    }
    for (const [seq, at] of missing) {
      row.read(told, at);
      if (row.isNull(3)) continue;
      const [slot, day] = [row.integer(2), row.integer(3)];
      if (day >= this.#about.keptFrom || day >= (this.#about.oldest.get(slot) ?? Number.POSITIVE_INFINITY))
        this.#report('idempotency', `key of operation ${seq}`, 'is missing');
    }
  }

  #compareSent(name: string, says: Buffer, events: ReadonlyMap<string, string>): void {
    for (let at = 0; at < says.length; at = endOfRow(says, at)) {
      const [seq, pos, account, type] = spell(says, at, sentRow);
      const told = events.get(`${seq} ${pos}`);
      // A message tells a seller of what may be an event of the platform.
      if (name === 'messages' ? told !== undefined : told === `${account} ${type}`) continue;
      const who = accountName(Number(account), this.#about.book);
      this.#report(name, `event ${seq}.${pos}`, `is no event of type ${type} of ${who}`);
    }
  }
}

const bytesOf = ({ buffer, byteOffset, length }: Uint8Array): Buffer => Buffer.from(buffer, byteOffset, length);

/** What the columns of rows are: an integer of any size, a text, bytes as hexadecimal digits, or an array of integers. */
const lineRow = 'iiiitiiiii';
const newsRow = 'iia';
const versionRow = 'iiiiittt';
const keyRow = 'iiiih';
const sentRow = 'iiii';

/** What a row's first columns say. */
function spell(bytes: Buffer, from: number, types: string): string[] {
  const row = new BinaryRow();
  row.read(bytes, from);
  return [...types].map((type, i) => {
    if (row.isNull(i)) return '';
    if (type === 'i') return row.digits(i);
    if (type === 't') return row.text(i);
    return type === 'h' ? row.hexadecimal(i) : spellArray(row, i);
  });
}

/** An array that none of ours is, of nulls or of arrays, as its bytes. */
function spellArray(row: BinaryRow, column: number): string {
  try {
    return row.integers(column).join();
  } catch {
    return row.hexadecimal(column);
  }
}

/** The operation, the birth: what a row of `objects` begins with. */
const keyOf = (row: BinaryRow): string => `${row.digits(0)} ${row.digits(1)} ${row.digits(2)}`;

/** Where the rows of `objects` begin, by their keys. */
function placesOf(rows: Buffer): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  const row = new BinaryRow();
  for (let at = 0; at < rows.length; at = row.to) {
    row.read(rows, at);
    places.set(keyOf(row), at);
  }
  return places;
}

const isSameRow = (a: Buffer, atA: number, b: Buffer, atB: number): boolean =>
  a.compare(b, atB, endOfRow(b, atB), atA, endOfRow(a, atA)) === 0;

/**
 * Rows as they should be against rows as they are; looked at one by one only when they are not the same. The first two columns
 * are a row's key.
 */
function compareRows(
  told: Buffer,
  says: Buffer,
  types: string,
  differ: (key: readonly string[], told: string | null, says: string | null) => void,
): void {
  if (told.equals(says)) return;
  const texts = (rows: Buffer): [string, string][] => {
    const all: [string, string][] = [];
    for (let at = 0; at < rows.length; at = endOfRow(rows, at)) {
      const words = spell(rows, at, types);
      all.push([words.slice(0, 2).join(' '), words.join(' ')]);
    }
    return all;
  };
  const expected = new Map(texts(told));
  for (const [key, text] of texts(says)) {
    const row = expected.get(key) ?? null;
    if (row !== text) differ(key.split(' '), row, text);
    expected.delete(key);
  }
  for (const [key, text] of expected) differ(key.split(' '), text, null);
}

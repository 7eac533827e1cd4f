import { createHash } from 'node:crypto';
import type pg from 'pg';
import { settleJob, steps } from '../../kernel/day.ts';
import { type Birth, prefixOf } from '../../kernel/id.ts';
import type { StoredObject } from '../../kernel/kind.ts';
import { type Day, dayOf, startOfDay, systemClock } from '../../kernel/time.ts';
import { balanceNo, readBalanceNo } from '../../ledger/chart.ts';
import type { AuditReport, Finding } from '../audit.ts';
import type { Changes } from '../store.ts';
import { column } from './audit-chain.ts';
import { Crew } from './audit-crew.ts';
import {
  type Held,
  type Kinds,
  nameOf,
  type Place,
  placeOf,
  type Report,
  rowName,
  sentKinds,
  type Totals,
  type VersionSums,
  workText,
} from './audit-journal.ts';
import { type About, type Checked, type Part, PartChecker, type Reported } from './audit-part.ts';
import { compareBeside, compareInTables } from './audit-tables.ts';
import type { CheckedPart } from './audit-worker.ts';
import { BinaryCursor, BinaryRow, endOfRowsUpTo } from './binary-rows.ts';
import { type Database, newClient } from './connection.ts';
import { type BookTable, bookTables } from './export.ts';
import { readChanges } from './journal.ts';
import { type Questions, Session } from './session.ts';

export { checkTables } from './audit-tables.ts';

/**
 * Proves a database from its tables alone: nothing here asks the engine, and nothing is believed that can be counted.
 *
 * The journal is read once, in order: numbers without a gap, time that never goes back, the chain of hashes, legs that sum
 * to zero, rows that explain them. What it says is compared with the rows of the tables that tell of the same operations,
 * which are read along with it; at the end, what it adds up to is compared with those that tell how things stand. What tables
 * must say of each other, the database compares meanwhile. All in one snapshot, so a book may be written to meanwhile, and in
 * a memory that grows with a book's balances and scheduled work and not with its operations.
 */

const operationsAtOnce = 512;
const rowsAtOnce = 2_048;
const findingsMax = 200;
/** Where every journal begins. */
const start: Place = { seq: 0, time: 0, hash: '' };
const noLimits = { query_timeout: 0 };

/**
 * @param kinds of all objects that the books may have, by the prefixes of their ids
 * @param helpers how many threads check beside this one, which reads
 */
export async function audit(database: Database, kinds: Kinds, helpers = 0): Promise<AuditReport> {
  const crew = new Crew(helpers);
  const clients = Array.from({ length: 5 }, () => newClient(database, noLimits));
  for (const each of clients) each.on('error', () => {});
  try {
    for (const each of clients) {
      await each.connect();
      await each.query('begin transaction isolation level repeatable read read only');
    }
    const [first, ...others] = clients as [pg.Client, ...pg.Client[]];
    const { rows: snapshots } = await first.query<{ id: string }>('select pg_export_snapshot() as id');
    for (const each of others) await each.query(`set transaction snapshot '${snapshots[0]?.id}'`);
    const [journal, lines, news, objects, sums] = clients.map((client) => new Session(client)) as Sessions;
    return await auditBooks({ journal, lines, news, objects, sums }, kinds, crew);
  } finally {
    await crew.end();
    for (const each of clients) await each.end();
  }
}

/** One that does all by itself. */
const nobody = new Crew(0);

type Sessions = [Session, Session, Session, Session, Session];

/** Where a book is read, seeing the same moment. */
export interface Connections {
  /** For the journal, and whatever is asked for once. */
  readonly journal: Session;
  /** For tables that are read along with it. The database sorts each of them first, side by side. */
  readonly lines: Session;
  readonly news: Session;
  readonly objects: Session;
  /** For what the database compares by itself. */
  readonly sums: Session;
}

/** All on one connection, which may see what no other does. */
export function onOne(client: pg.Client): Connections {
  const session = new Session(client);
  return { journal: session, lines: session, news: session, objects: session, sums: session };
}

/** All books, as the transactions that are open on the connections see them. */
export async function auditBooks(connections: Connections, kinds: Kinds, crew = nobody): Promise<AuditReport> {
  const findings: Finding[] = [];
  let truncated = false;
  const reportOf =
    (book: number): Report =>
    (promise, row, says) => {
      if (findings.length < findingsMax) findings.push({ promise, book, row, says });
      else truncated = true;
    };
  let operations = 0;
  let postings = 0;
  const { rows: books } = await connections.journal.query<{ book: number }>('select book from books order by book');
  for (const { book } of books) {
    const read = await auditBook(connections, book, kinds, reportOf(book), crew);
    operations += read.operations;
    postings += read.postings;
  }
  const known = new Set(books.map(({ book }) => book));
  for (const table of await bookTables(connections.journal)) {
    for (const book of await booksIn(connections.journal, table)) {
      if (!known.has(book)) reportOf(book)('book', `book ${book}`, `has rows in ${table.name}, and no row of its own`);
    }
  }
  return { books: books.length, operations, postings, findings, truncated };
}

/** The books that have rows in a table, found by going from one to the next where its index begins with them. */
async function booksIn(client: Questions, { name, order }: BookTable): Promise<readonly number[]> {
  const { rows } = await client.query<{ book: number }>(
    order.startsWith('book')
      ? `with recursive each (book) as (
           select min(book) from ${name}
           union all select (select min(book) from ${name} t where t.book > each.book) from each where each.book is not null)
         select book from each where book is not null`
      : `select distinct book from ${name} order by book`,
  );
  return rows.map(({ book }) => book);
}

export async function auditBook(
  connections: Connections,
  book: number,
  kinds: Kinds,
  report: Report,
  crew = nobody,
): Promise<{ readonly operations: number; readonly postings: number }> {
  const { journal: session, sums } = connections;
  const { rows: heads } = await session.query<BookRow>(
    `select version, encode(hash, 'hex') as hash, last_time, settled_through, frozen_time, advance_to, next_due, livemode,
            encode(sha256(secret), 'hex') as secret
     from books where book = $1`,
    [book],
  );
  const head = heads[0] as BookRow;
  const parts = await Parts.open(connections, book);
  const { rows: oldest } = await session.query<{ slot: number; day: Day }>(
    'select slot, min(day) as day from idempotency_keys where book = $1 group by slot',
    [book],
  );
  const about: About = {
    book,
    kinds: sentKinds(kinds),
    settledThrough: head.settled_through,
    hasListeners: parts.hasListeners,
    keptFrom: dayOf(systemClock()) - 1,
    oldest: new Map(oldest.map(({ slot, day }) => [slot, day])),
  };
  const beside = told((each) => compareInDatabase(sums, book, each));
  const journal = new Journal(report);
  const take = async ({ checked, operations }: CheckedPart) => {
    parts.reuse(operations);
    for (const finding of checked.findings) report(...finding);
    journal.take(checked);
    for (const file of checked.files) await compareContents(session, book, { kinds, file }, report);
  };
  const here = new PartChecker(about);
  const underWay: Promise<CheckedPart>[] = [];
  let isLong = false;
  for (let part = await parts.next(); part !== null; part = await parts.next()) {
    // Most books have one part, for which nobody else need be asked.
    if (part.before === start || crew.size === 0) {
      await take({ checked: here.check(part), operations: part.operations });
      continue;
    }
    if (!isLong) crew.begin(about);
    isLong = true;
    underWay.push(crew.check(part));
    if (underWay.length > 2 * crew.size) await take(await (underWay.shift() as Promise<CheckedPart>));
  }
  for (const checked of underWay) await take(await checked);
  for (const totals of [here.totals, ...(isLong ? await crew.totals() : [])]) journal.add(totals);
  journal.place = parts.place;
  await parts.close();
  if (!journal.isEachVersionFound) await nameObjects(session, book, report);
  compareHead(book, head, journal, report);
  const settlements = new Set([...journal.waiting.values()].flatMap((days) => [...days.keys()]));
  await compareBalances(session, book, journal, report);
  if (journal.born !== null)
    await compareSchedule(session, book, { work: journal.work, settlements, nextDue: head.next_due }, report);
  for (const finding of await beside) report(...finding);
  return { operations: journal.operations, postings: journal.postings };
}

/** What is reported, to be told when its turn comes. */
function told(compare: (report: Report) => Promise<void>): Promise<readonly Reported[]> {
  const findings: Reported[] = [];
  const compared = compare((...finding) => findings.push(finding)).then(() => findings);
  // Whoever waits hears it; when something else fails first, nobody does.
  compared.catch(() => {});
  return compared;
}

async function compareInDatabase(client: Questions, book: number, report: Report): Promise<void> {
  await compareInTables(client, book, report);
  await compareBeside(client, book, report);
}

interface BookRow {
  readonly version: number;
  readonly hash: string;
  readonly last_time: number;
  readonly settled_through: number;
  readonly frozen_time: number | null;
  readonly advance_to: number | null;
  readonly next_due: number | null;
  readonly livemode: boolean;
  readonly secret: string;
}

/** All rows of a query, of which few are in memory at a time. */
async function* rowsOf<Row extends pg.QueryResultRow>(
  client: Questions,
  sql: string,
  values: unknown[],
): AsyncGenerator<Row> {
  await client.query(`declare audited no scroll cursor for ${sql}`, values);
  for (;;) {
    const { rows } = await client.query<Row>(`fetch ${rowsAtOnce} from audited`);
    yield* rows;
    if (rows.length < rowsAtOnce) break;
  }
  await client.query('close audited');
}

/** A book's journal as a whole: what its parts add up to, and what is told only by all of them in their order. */
class Journal {
  place = start;
  operations = 0;
  postings = 0;
  readonly held = new Map<number, Held>();
  readonly waiting = new Map<number, Map<Day, number>>();
  /** Work that is scheduled, but for settlements: its row as text. */
  readonly work = new Set<string>();
  born: NonNullable<Changes['born']> | null = null;
  readonly clock: { -readonly [K in keyof NonNullable<Changes['book']>]-?: NonNullable<Changes['book']>[K] } = {
    settledThrough: 0,
    frozenTime: null,
    advanceTo: null,
  };
  #versions: VersionSums = [0, 0, 0];
  readonly #report: Report;

  constructor(report: Report) {
    this.#report = report;
  }

  /** What was found in the next part. */
  take({ rare, dayless }: Checked): void {
    for (const { born, book, due, done } of rare) {
      if (born) this.born = born;
      if (book) Object.assign(this.clock, book);
      for (const work of due ?? []) this.work.add(workText(work));
      for (const work of done ?? []) this.work.delete(workText(work));
    }
    // In books older than that column there is no day.
    if (this.born === null) return;
    for (const seq of dayless) this.#report('idempotency', `operation ${seq}`, 'has a key, and no day of it');
  }

  add({ operations, postings, held, waiting, versions }: Totals): void {
    this.operations += operations;
    this.postings += postings;
    for (const [balance, { available, pending, reserved }] of held) {
      const sum = this.held.get(balance) ?? { available: 0, pending: 0, reserved: 0 };
      this.held.set(balance, sum);
      sum.available += available;
      sum.pending += pending;
      sum.reserved += reserved;
    }
    for (const [balance, days] of waiting) {
      const sums = this.waiting.get(balance) ?? new Map<Day, number>();
      this.waiting.set(balance, sums);
      for (const [day, amount] of days) sums.set(day, (sums.get(day) ?? 0) + amount);
    }
    const [count, a, b] = versions;
    this.#versions = [this.#versions[0] + count, (this.#versions[1] + a) | 0, (this.#versions[2] + b) | 0];
  }

  /** Whether the objects are the newest versions of all that was put. */
  get isEachVersionFound(): boolean {
    return this.#versions.every((sum) => sum === 0);
  }
}

/** A table's rows in the order of their operations, read along with the journal. */
class Rows {
  readonly #cursor: BinaryCursor;
  #rows: Buffer = Buffer.alloc(0);
  #at = 0;

  private constructor(cursor: BinaryCursor) {
    this.#cursor = cursor;
  }

  /** @param columns the operation's number first, by which they are in order, and then by the next `keys` - 1 */
  static async open(session: Session, table: string, columns: string, keys: number, book: number): Promise<Rows> {
    const order = columns.split(', ').slice(0, keys);
    return new Rows(
      await BinaryCursor.open(session, {
        name: `audited_${table}`,
        sql: `select ${columns} from ${table} where book = $1 order by ${order}`,
        values: [book],
        rowsAtOnce,
      }),
    );
  }

  /** Those up to this operation that were not taken before. */
  async take(last: number): Promise<Buffer> {
    const taken: Buffer[] = [];
    for (;;) {
      const end = endOfRowsUpTo(this.#rows, this.#at, last);
      const piece = this.#rows.subarray(this.#at, end);
      this.#at = end;
      if (end < this.#rows.length) return together([...taken, piece]);
      // A copy: what comes next may be read into the same memory.
      taken.push(Buffer.from(piece));
      if (!(await this.#more())) return together(taken);
    }
  }

  /** Some of those that were not taken; none when all were. */
  async rest(): Promise<Buffer> {
    if (this.#at === this.#rows.length) await this.#more();
    const rest = this.#rows.subarray(this.#at);
    this.#at = this.#rows.length;
    return together([rest]);
  }

  async #more(): Promise<boolean> {
    if (this.#rows.length > 0) this.#cursor.reuse(this.#rows);
    this.#rows = await this.#cursor.next();
    this.#at = 0;
    return this.#rows.length > 0;
  }

  close(): Promise<void> {
    return this.#cursor.close();
  }
}

/** A copy in memory of its own, which another thread can take over. */
function together(pieces: readonly Buffer[]): Buffer {
  const whole = Buffer.allocUnsafeSlow(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) at += piece.copy(whole, at);
  return whole;
}

interface OpenTables {
  readonly lines: Rows;
  readonly news: Rows;
  readonly objects: Rows;
  readonly keys: Rows;
  /** Tables of what was sent that have anything of this book. */
  readonly sent: ReadonlyMap<string, Rows>;
}

const tableNames = ['lines', 'news', 'objects', 'keys'] as const;

/** A book's journal and the tables that tell of single operations, read part by part. */
class Parts {
  readonly #operations: BinaryCursor;
  readonly #tables: OpenTables;
  /** Where the journal is. */
  place = start;

  private constructor(operations: BinaryCursor, tables: OpenTables) {
    this.#operations = operations;
    this.#tables = tables;
  }

  static async open({ journal, lines, news, objects }: Connections, book: number): Promise<Parts> {
    const { rows } = await journal.query<{ name: string }>(
      `select 'deliveries' as name where exists (select from deliveries where book = $1)
       union all select 'messages' where exists (select from messages where book = $1)`,
      [book],
    );
    const sent = new Map<string, Rows>();
    for (const { name } of rows) sent.set(name, await Rows.open(journal, name, 'seq, pos, account, type', 2, book));
    const operations = await BinaryCursor.open(journal, {
      name: 'audited_operations',
      sql: `select ${Object.keys(column)} from operations where book = $1 order by seq`,
      values: [book],
      rowsAtOnce: operationsAtOnce,
    });
    const lineColumns = 'seq, pos, account, type, currency, amount, fee, day, source_seq, source_pos';
    const objectColumns = 'changed, seq, pos, account, kind, ref1, ref2, ref3';
    return new Parts(operations, {
      lines: await Rows.open(lines, 'balance_transactions', lineColumns, 2, book),
      news: await Rows.open(news, 'account_operations', 'seq, account, events', 2, book),
      objects: await Rows.open(objects, 'objects', objectColumns, 3, book),
      keys: await Rows.open(news, 'idempotency_keys', 'seq, account, slot, day, key_hash', 2, book),
      sent,
    });
  }

  get hasListeners(): boolean {
    return this.#tables.sent.size > 0;
  }

  /** The next operations with what tells of them; after the last, what tells of operations that are not there. */
  async next(): Promise<Part | null> {
    const before = this.place;
    const operations = await this.#operations.next();
    const row = new BinaryRow();
    for (let at = 0; at < operations.length; at = row.to) row.read(operations, at);
    const isEnd = operations.length === 0;
    if (!isEnd) this.place = placeOf(row);
    const rowsOf = (rows: Rows) => (isEnd ? rows.rest() : rows.take(this.place.seq));
    const [lines, news, objects, keys] = await Promise.all(tableNames.map((name) => rowsOf(this.#tables[name])));
    const sent = new Map<string, Buffer>();
    for (const [name, rows] of this.#tables.sent) sent.set(name, await rowsOf(rows));
    const part = { before, operations, lines, news, objects, keys, sent } as Part;
    const isNothing =
      isEnd && [part.lines, part.news, part.objects, part.keys, ...sent.values()].every((rows) => rows.length === 0);
    return isNothing ? null : part;
  }

  /** Takes operations back that were checked. */
  reuse(operations: Uint8Array): void {
    if (operations.length > 0) this.#operations.reuse(operations);
  }

  async close(): Promise<void> {
    const { sent, ...tables } = this.#tables;
    for (const each of [this.#operations, ...Object.values(tables), ...sent.values()]) await each.close();
  }
}

/** What is in a file, against what the file says of it. */
async function compareContents(
  session: Session,
  book: number,
  { kinds, file }: { readonly kinds: Kinds; readonly file: StoredObject },
  report: Report,
): Promise<void> {
  const told = kinds.get(prefixOf(file.id))?.contents?.(file);
  if (told === undefined) return;
  const { content, size, sha256 } = told;
  const digest = createHash('sha256');
  let length = 0;
  for (let part = 0; ; part++) {
    const { rows } = await session.query<{ bytes: Buffer }>(
      'select bytes from file_contents where book = $1 and content = $2 and part = $3',
      [book, content, part],
    );
    const bytes = rows[0]?.bytes;
    if (bytes === undefined) break;
    digest.update(bytes);
    length += bytes.length;
  }
  if (length !== size || digest.digest('hex') !== sha256)
    report('files', file.id, `its contents are ${length} bytes that are not the ${size} it was made with`);
}

/** Some object is missing, too many, or points at an old version: which, takes a list of all. */
async function nameObjects(session: Session, book: number, report: Report): Promise<void> {
  const newest = new Map<string, number>();
  const journal = rowsOf<{ seq: number; changes: string }>(
    session,
    'select seq, changes from operations where book = $1 order by seq',
    [book],
  );
  for await (const { seq, changes } of journal) {
    for (const ending of endingsIn(changes)) newest.set(ending, seq);
  }
  const objects = rowsOf<Birth & { changed: number }>(
    session,
    'select seq, pos, changed from objects where book = $1',
    [book],
  );
  for await (const { seq, pos, changed } of objects) {
    const ending = rowName(book, { seq, pos }).slice('txn_'.length);
    const told = newest.get(ending);
    newest.delete(ending);
    const at = `object ${seq}.${pos}`;
    if (told === undefined) report('objects', at, 'stands in no operation');
    else if (told !== changed) report('objects', at, `points at operation ${changed}, its last is ${told}`);
  }
  for (const ending of newest.keys()) report('objects', `object …_${ending}`, 'is missing');
}

/** The endings of the ids of what was put. What cannot be read has been reported when the journal was. */
function endingsIn(changes: string): readonly string[] {
  try {
    return (readChanges(changes).put ?? []).map(({ id }) => id.slice(id.lastIndexOf('_') + 1));
  } catch {
    return [];
  }
}

function compareHead(book: number, head: BookRow, journal: Journal, report: Report): void {
  const at = `book ${book}`;
  if (journal.place.seq !== head.version)
    report('journal', at, `its version is ${head.version}, its last operation ${journal.place.seq}`);
  if (journal.place.hash !== head.hash) report('journal', at, 'its hash is not that of its last operation');
  if (journal.place.time !== head.last_time)
    report('journal', at, `its time is ${head.last_time}, that of its last operation ${journal.place.time}`);
  const { born, clock } = journal;
  if (born === null) return;
  if (born.livemode !== head.livemode) report('book', at, 'is of the other mode than it was born in');
  if (born.secret !== head.secret) report('book', at, 'its secret is not the one it was born with');
  for (const [name, says, told] of [
    ['settled_through', head.settled_through, clock.settledThrough],
    ['frozen_time', head.frozen_time, clock.frozenTime],
    ['advance_to', head.advance_to, clock.advanceTo],
  ]) {
    if (says !== told) report('book', at, `its ${name} is ${says}, its journal says ${told}`);
  }
}

const isCurrency = (currency: string): boolean => readBalanceNo(balanceNo(0, currency)).currency === currency;

/** What the journal adds up to, against balances and what waits, both ways. */
async function compareBalances(client: Questions, book: number, journal: Journal, report: Report): Promise<void> {
  const pendingOf = new Map<number, number>();
  const waiting = rowsOf<{ account: number; currency: string; day: number; amount: number }>(
    client,
    'select account, currency, day, amount from maturing where book = $1',
    [book],
  );
  for await (const { account, currency, day, amount } of waiting) {
    const balance = balanceNo(account, currency);
    if (!isCurrency(currency)) report('I2', `maturing ${nameOf(balance, book)} day ${day}`, `is in ${currency}`);
    pendingOf.set(balance, (pendingOf.get(balance) ?? 0) + amount);
    const days = journal.waiting.get(balance);
    const says = days?.get(day) ?? 0;
    days?.delete(day);
    if (says !== amount)
      report('I2', `maturing ${nameOf(balance, book)} day ${day}`, `waits ${amount}, its rows sum to ${says}`);
  }
  for (const [balance, days] of journal.waiting) {
    for (const [day, amount] of days) {
      if (amount !== 0)
        report('I2', `maturing ${nameOf(balance, book)} day ${day}`, `is missing, its rows sum to ${amount}`);
    }
  }
  const balances = rowsOf<{ account: number; currency: string; available: number; reserved: number }>(
    client,
    'select account, currency, available, reserved from balances where book = $1',
    [book],
  );
  for await (const { account, currency, available, reserved } of balances) {
    const balance = balanceNo(account, currency);
    const held = journal.held.get(balance);
    journal.held.delete(balance);
    const at = `balance ${nameOf(balance, book)}`;
    if (!isCurrency(currency)) report('balance', at, `is in ${currency}`);
    const pending = pendingOf.get(balance) ?? 0;
    if (held === undefined) {
      report('balance', at, 'stands in no operation');
      continue;
    }
    if (held.available !== available)
      report('balance', at, `says ${available} available, its postings sum to ${held.available}`);
    if (held.reserved !== reserved) report('I4', at, `says ${reserved} reserved, its postings sum to ${held.reserved}`);
    if (held.pending !== pending) report('balance', at, `says ${pending} pending, its postings sum to ${held.pending}`);
  }
  for (const balance of journal.held.keys()) report('balance', `balance ${nameOf(balance, book)}`, 'is missing');
}

/** Scheduled work, both ways: settlements follow from rows that wait, everything else stands in the journal. */
async function compareSchedule(
  client: Questions,
  book: number,
  {
    work,
    settlements,
    nextDue,
  }: { readonly work: Set<string>; readonly settlements: ReadonlySet<Day>; readonly nextDue: number | null },
  report: Report,
): Promise<void> {
  for (const day of settlements) work.add(workText([startOfDay(day), steps.settle, settleJob, String(day)]));
  const schedule = rowsOf<{ at: number; step: number; job: string; subject: string }>(
    client,
    'select at, step, job, subject from schedule where book = $1',
    [book],
  );
  let earliest: number | null = null;
  for await (const { at, step, job, subject } of schedule) {
    const text = workText([at, step, job, subject]);
    if (!work.delete(text)) report('schedule', text, 'is scheduled, and no operation says so');
    if (earliest === null || at < earliest) earliest = at;
  }
  for (const text of work) report('schedule', text, 'is missing');
  // Too early is a look in vain; too late, and the work is done too late.
  if (earliest !== null && (nextDue === null || nextDue > earliest))
    report('book', `book ${book}`, `is looked at from ${nextDue} on, and has work due at ${earliest}`);
}

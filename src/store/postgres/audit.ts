import { createHash } from 'node:crypto';
import type pg from 'pg';
import { settleJob, steps } from '../../kernel/day.ts';
import type { Birth } from '../../kernel/id.ts';
import { startOfDay } from '../../kernel/time.ts';
import { balanceNo, readBalanceNo } from '../../ledger/chart.ts';
import type { AuditReport, Finding } from '../audit.ts';
import type { Changes } from '../store.ts';
import {
  accountName,
  JournalReader,
  type Kinds,
  nameOf,
  type OperationRow,
  type Page,
  type Report,
  rowName,
  type Version,
  Versions,
  workText,
} from './audit-journal.ts';
import { compareBeside, compareInTables } from './audit-tables.ts';
import { type Database, newClient } from './connection.ts';
import { type BookTable, bookTables } from './export.ts';
import { readChanges } from './journal.ts';

export { checkTables } from './audit-tables.ts';

/**
 * Proves a database from its tables alone: nothing here asks the engine, and nothing is believed that can be counted.
 *
 * The journal is read once, in order: numbers without a gap, time that never goes back, the chain of hashes, legs that sum
 * to zero, rows that explain them. Page by page, what it says is compared with the tables that tell of the same operations,
 * which the database hands over as one text a page; at the end, what it adds up to is compared with those that tell how
 * things stand. All in one snapshot, so a book may be written to meanwhile, and in a memory that grows with a book's
 * balances and scheduled work and not with its operations.
 */

const operationsPerPage = 1_024;
const rowsAtOnce = 20_000;
const findingsMax = 200;
const noLimits = { query_timeout: 0 };

/** @param kinds of all objects that the books may have, by the prefixes of their ids */
export async function audit(database: Database, kinds: Kinds): Promise<AuditReport> {
  const clients = [0, 1].map(() => newClient(database, noLimits));
  const [client, beside] = clients as [pg.Client, pg.Client];
  for (const each of clients) each.on('error', () => {});
  try {
    for (const each of clients) await each.connect();
    await client.query('begin transaction isolation level repeatable read read only');
    const { rows: snapshots } = await client.query<{ id: string }>('select pg_export_snapshot() as id');
    await beside.query('begin transaction isolation level repeatable read read only');
    await beside.query(`set transaction snapshot '${snapshots[0]?.id}'`);
    return await auditBooks({ client, beside }, kinds);
  } finally {
    for (const each of clients) await each.end();
  }
}

/** The connections that a book is read on, which see the same moment; they may be one. */
export interface Connections {
  readonly client: pg.Client;
  readonly beside: pg.Client;
}

/** All books, as the transactions that are open on the connections see them. */
export async function auditBooks(connections: Connections, kinds: Kinds): Promise<AuditReport> {
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
  const { rows: books } = await connections.client.query<{ book: number }>('select book from books order by book');
  for (const { book } of books) {
    const read = await auditBook(connections, book, kinds, reportOf(book));
    operations += read.operations;
    postings += read.postings;
  }
  const known = new Set(books.map(({ book }) => book));
  for (const table of await bookTables(connections.client)) {
    for (const book of await booksIn(connections.client, table)) {
      if (!known.has(book)) reportOf(book)('book', `book ${book}`, `has rows in ${table.name}, and no row of its own`);
    }
  }
  return { books: books.length, operations, postings, findings, truncated };
}

/** The books that have rows in a table, found by going from one to the next where its index begins with them. */
async function booksIn(client: pg.Client, { name, order }: BookTable): Promise<readonly number[]> {
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
  { client, beside }: Connections,
  book: number,
  kinds: Kinds,
  report: Report,
): Promise<{ readonly operations: number; readonly postings: number }> {
  const { rows: heads } = await client.query<BookRow>(
    `select version, encode(hash, 'hex') as hash, last_time, settled_through, frozen_time, advance_to, next_due, livemode,
            encode(sha256(secret), 'hex') as secret
     from books where book = $1`,
    [book],
  );
  const head = heads[0] as BookRow;
  const tables = new Tables(beside, book, report);
  const hasListeners = await tables.open();
  const journal = new JournalReader({ book, settledThrough: head.settled_through, hasListeners }, kinds, report);
  const { rows: ends } = await client.query<{ last: number }>(
    'select coalesce(max(seq), 0) as last from operations where book = $1',
    [book],
  );
  const pages = Math.ceil(Math.max(head.version, ends[0]?.last ?? 0) / operationsPerPage);
  let next = readPage(client, book, 0);
  for (let page = 0; page < pages; page++) {
    const rows = await next;
    // The database reads the next page while this one is looked at.
    next = page + 1 < pages ? readPage(client, book, page + 1) : Promise.resolve([]);
    next.catch(() => {});
    await tables.compare(page, journal.read(rows));
  }
  await tables.close(journal.versions);
  compareHead(book, head, journal, report);
  await compareBalances(client, book, journal, report);
  if (journal.born !== null) await compareSchedule(client, book, { journal, nextDue: head.next_due }, report);
  await compareInTables(client, book, report);
  await compareBeside(client, book, journal.born !== null, report);
  return { operations: journal.operations, postings: journal.postings };
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

async function readPage(client: pg.Client, book: number, page: number): Promise<readonly OperationRow[]> {
  const after = page * operationsPerPage;
  const { rows } = await client.query<OperationRow>({
    name: 'audit_operations',
    text: `select seq, time, command, account, request, key, path, encode(fingerprint, 'hex') as fingerprint,
                  array_to_string(legs, ',') as legs, changes, status, body, encode(hash, 'hex') as hash
           from operations where book = $1 and seq > $2 and seq <= $3 order by seq`,
    values: [book, after, after + operationsPerPage],
  });
  return rows;
}

/** All rows of a query, of which few are in memory at a time. */
async function* rowsOf<Row extends pg.QueryResultRow>(
  client: pg.Client,
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

/** A table's rows as one text for each page of operations, read along with the journal. */
class PagedText {
  readonly #client: pg.Client;
  readonly #name: string;
  #read: { readonly page: number; readonly text: string }[] = [];
  #ended = false;

  constructor(client: pg.Client, name: string) {
    this.#client = client;
    this.#name = name;
  }

  /** @param text an expression over the rows of one page that are in `table` */
  async open(table: string, seq: string, text: string, book: number): Promise<void> {
    await this.#client.query(
      `declare ${this.#name} no scroll cursor for
       select (${seq} - 1) / ${operationsPerPage} as page, ${text} as text from ${table} where book = $1 group by 1 order by 1`,
      [book],
    );
  }

  async take(page: number): Promise<string> {
    if (this.#read.length === 0 && !this.#ended) {
      const { rows } = await this.#client.query<{ page: number; text: string }>(`fetch 4 from ${this.#name}`);
      this.#read = rows;
      this.#ended = rows.length === 0;
    }
    return this.#read[0]?.page === page ? (this.#read.shift()?.text ?? '') : '';
  }

  /** What no page of the journal has taken. */
  async close(): Promise<readonly string[]> {
    const { rows } = await this.#client.query<{ text: string }>(`fetch all from ${this.#name}`);
    await this.#client.query(`close ${this.#name}`);
    return [...this.#read, ...rows].map(({ text }) => text);
  }
}

const betweenRows = '\u001f';

/** The tables whose rows tell of single operations, against what the operations say. */
class Tables {
  readonly #client: pg.Client;
  readonly #book: number;
  readonly #report: Report;
  readonly #lines: PagedText;
  readonly #news: PagedText;
  readonly #objects: PagedText;
  readonly #versions = new Versions();
  /** Tables of what was sent that have anything of this book. */
  #sent: readonly string[] = [];

  constructor(client: pg.Client, book: number, report: Report) {
    this.#client = client;
    this.#book = book;
    this.#report = report;
    this.#lines = new PagedText(client, 'audited_lines');
    this.#news = new PagedText(client, 'audited_news');
    this.#objects = new PagedText(client, 'audited_objects');
  }

  /** @returns whether anything of events was sent to anybody */
  async open(): Promise<boolean> {
    await this.#lines.open(
      'balance_transactions',
      'seq',
      `string_agg(concat_ws(' ', seq, pos, account, type, currency, amount, fee, coalesce(day::text, ''),
                            coalesce(source_seq::text, ''), coalesce(source_pos::text, '')), E'\\n' order by seq, pos)`,
      this.#book,
    );
    await this.#news.open(
      'account_operations',
      'seq',
      `string_agg(concat_ws(' ', seq, account, array_to_string(events, ',')), E'\\n' order by seq, account)`,
      this.#book,
    );
    await this.#objects.open(
      'objects',
      'changed',
      `string_agg(concat_ws(' ', changed, seq, pos) || E'\\t' || concat_ws(E'\\t', account, kind, coalesce(ref1, ''), coalesce(ref2, ''),
                  coalesce(ref3, '')), E'\\x1f' order by changed, seq, pos)`,
      this.#book,
    );
    const { rows } = await this.#client.query<{ name: string }>(
      `select 'deliveries' as name where exists (select from deliveries where book = $1)
       union all select 'messages' where exists (select from messages where book = $1)`,
      [this.#book],
    );
    this.#sent = rows.map(({ name }) => name);
    return rows.length > 0;
  }

  async compare(pageNo: number, page: Page): Promise<void> {
    compareTexts(page.lines, await this.#lines.take(pageNo), ([seq, pos], told, says) => {
      const id = rowName(this.#book, { seq: Number(seq), pos: Number(pos) });
      if (told === null) this.#report('rows', id, `stands in no operation: ${says}`);
      else if (says === null) this.#report('rows', id, `is missing: ${told}`);
      else this.#report('I7', id, `is ${says}, was written as ${told}`);
    });
    compareTexts(page.news, await this.#news.take(pageNo), ([seq, account], told, says) => {
      const at = `operation ${seq} of ${accountName(Number(account), this.#book)}`;
      const type = (text: string) => text.split(' ')[2] || 'none';
      if (told === null) this.#report('news', at, 'is listed, and the operation has nothing to do with the account');
      else if (says === null) this.#report('news', at, 'is missing in the list of the account');
      else this.#report('news', at, `is listed with events ${type(says)}, it has ${type(told)}`);
    });
    this.#compareVersions(page.versions, await this.#objects.take(pageNo));
    for (const name of this.#sent) await this.#compareSent(name, pageNo, page);
    for (const contents of page.contents) await this.#compareContents(contents);
  }

  /** Every row must be one of the versions, in their order; a version that a newer one took the place of has no row. */
  #compareVersions(versions: readonly Version[], text: string): void {
    let next = 0;
    // By key: made only when a row is none of the versions.
    let places: Map<string, number> | null = null;
    for (const row of text === '' ? [] : text.split(betweenRows)) {
      let place = next;
      if (places === null) while (place < versions.length && versions[place]?.text !== row) place++;
      const version = versions[place];
      if (version?.text === row) {
        this.#versions.add(version.seq, version.pos, version.changed, 1);
        next = place + 1;
        continue;
      }
      places ??= new Map(versions.map((each, i) => [keyOf(each.text), i]));
      const key = keyOf(row);
      const [changed, seq, pos] = key.split(' ').map(Number) as [number, number, number];
      this.#versions.add(seq, pos, changed, 1);
      const known = places.get(key);
      const at = `object ${seq}.${pos}`;
      if (known === undefined) this.#report('objects', at, `points at operation ${changed}, which did not change it`);
      else {
        next = known + 1;
        const says = row.slice(key.length).trim();
        const told = versions[known]?.text.slice(key.length).trim();
        if (says !== told)
          this.#report('objects', at, `has account, kind and filters ${says}, its operation says ${told}`);
      }
    }
  }

  async #compareSent(name: string, pageNo: number, { events }: Page): Promise<void> {
    const { rows } = await this.#client.query<Birth & { account: number; type: number }>(
      `select seq, pos, account, type from ${name} where book = $1 and seq > $2 and seq <= $3`,
      [this.#book, pageNo * operationsPerPage, (pageNo + 1) * operationsPerPage],
    );
    for (const { seq, pos, account, type } of rows) {
      const told = events.get(`${seq} ${pos}`);
      // A message tells a seller of what may be an event of the platform.
      if (name === 'messages' ? told !== undefined : told === `${account} ${type}`) continue;
      this.#report(name, `event ${seq}.${pos}`, `is no event of type ${type} of ${accountName(account, this.#book)}`);
    }
  }

  async #compareContents({ id, content, size, sha256 }: Page['contents'][number]): Promise<void> {
    const digest = createHash('sha256');
    let length = 0;
    for (let part = 0; ; part++) {
      const { rows } = await this.#client.query<{ bytes: Buffer }>(
        'select bytes from file_contents where book = $1 and content = $2 and part = $3',
        [this.#book, content, part],
      );
      const bytes = rows[0]?.bytes;
      if (bytes === undefined) break;
      digest.update(bytes);
      length += bytes.length;
    }
    if (length !== size || digest.digest('hex') !== sha256)
      this.#report('files', id, `its contents are ${length} bytes that are not the ${size} it was made with`);
  }

  /** What was in no page, and whether every object points at the newest of its versions. */
  async close(versions: Versions): Promise<void> {
    const strays = { rows: this.#lines, news: this.#news };
    for (const [promise, texts] of Object.entries(strays)) {
      for (const text of await texts.close())
        this.#report(promise, `operation ${text.split(' ')[0]}`, 'is past the end of the journal');
    }
    for (const text of await this.#objects.close()) this.#compareVersions([], text);
    if (!versions.equals(this.#versions)) await this.#nameObjects();
    if (this.#sent.length === 0) return;
    for (const name of this.#sent) {
      const { rows } = await this.#client.query<Birth>(
        `select seq, pos from ${name} where book = $1 and (seq < 1 or seq > (select version from books where book = $1))`,
        [this.#book],
      );
      for (const { seq, pos } of rows) this.#report(name, `event ${seq}.${pos}`, 'is past the end of the journal');
    }
  }

  /** Some object is missing, too many, or points at an old version: which, takes a list of all. */
  async #nameObjects(): Promise<void> {
    const newest = new Map<string, number>();
    const journal = rowsOf<{ seq: number; changes: string }>(
      this.#client,
      'select seq, changes from operations where book = $1 order by seq',
      [this.#book],
    );
    for await (const { seq, changes } of journal) {
      for (const { id } of readable(changes).put ?? []) newest.set(id.slice(id.lastIndexOf('_') + 1), seq);
    }
    const objects = rowsOf<Birth & { changed: number }>(
      this.#client,
      'select seq, pos, changed from objects where book = $1',
      [this.#book],
    );
    for await (const { seq, pos, changed } of objects) {
      const ending = rowName(this.#book, { seq, pos }).slice('txn_'.length);
      const told = newest.get(ending);
      newest.delete(ending);
      const at = `object ${seq}.${pos}`;
      if (told === undefined) this.#report('objects', at, 'stands in no operation');
      else if (told !== changed) this.#report('objects', at, `points at operation ${changed}, its last is ${told}`);
    }
    for (const ending of newest.keys()) this.#report('objects', `object …_${ending}`, 'is missing');
  }
}

/** What cannot be read has been reported when the journal was. */
function readable(changes: string): Changes {
  try {
    return readChanges(changes);
  } catch {
    return {};
  }
}

/** The operation, the birth: what a row of `objects` begins with. */
const keyOf = (row: string): string => row.slice(0, row.indexOf('\t'));

/**
 * Rows as they should be against rows as they are; looked at one by one only when they are not the same. Two words of each are
 * its key.
 */
function compareTexts(
  told: readonly string[],
  says: string,
  differ: (key: readonly string[], told: string | null, says: string | null) => void,
): void {
  if (told.join('\n') === says) return;
  const expected = new Map(told.map((row) => [row.split(' ', 2).join(' '), row]));
  for (const text of says === '' ? [] : says.split('\n')) {
    const key = text.split(' ', 2);
    const row = expected.get(key.join(' ')) ?? null;
    if (row !== text) differ(key, row, text);
    expected.delete(key.join(' '));
  }
  for (const [key, text] of expected) differ(key.split(' '), text, null);
}

function compareHead(book: number, head: BookRow, journal: JournalReader, report: Report): void {
  const at = `book ${book}`;
  if (journal.seq !== head.version)
    report('journal', at, `its version is ${head.version}, its last operation ${journal.seq}`);
  if (journal.hash !== head.hash) report('journal', at, 'its hash is not that of its last operation');
  if (journal.time !== head.last_time)
    report('journal', at, `its time is ${head.last_time}, that of its last operation ${journal.time}`);
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
async function compareBalances(client: pg.Client, book: number, journal: JournalReader, report: Report): Promise<void> {
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
    const says = journal.waiting.get(`${balance} ${day}`) ?? 0;
    journal.waiting.delete(`${balance} ${day}`);
    if (says !== amount)
      report('I2', `maturing ${nameOf(balance, book)} day ${day}`, `waits ${amount}, its rows sum to ${says}`);
  }
  for (const [key, amount] of journal.waiting) {
    const [balance, day] = key.split(' ').map(Number) as [number, number];
    if (amount !== 0)
      report('I2', `maturing ${nameOf(balance, book)} day ${day}`, `is missing, its rows sum to ${amount}`);
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
  client: pg.Client,
  book: number,
  { journal, nextDue }: { readonly journal: JournalReader; readonly nextDue: number | null },
  report: Report,
): Promise<void> {
  for (const day of journal.settlements)
    journal.work.add(workText([startOfDay(day), steps.settle, settleJob, String(day)]));
  const schedule = rowsOf<{ at: number; step: number; job: string; subject: string }>(
    client,
    'select at, step, job, subject from schedule where book = $1',
    [book],
  );
  let earliest: number | null = null;
  for await (const { at, step, job, subject } of schedule) {
    const text = workText([at, step, job, subject]);
    if (!journal.work.delete(text)) report('schedule', text, 'is scheduled, and no operation says so');
    if (earliest === null || at < earliest) earliest = at;
  }
  for (const text of journal.work) report('schedule', text, 'is missing');
  // Too early is a look in vain; too late, and the work is done too late.
  if (earliest !== null && (nextDue === null || nextDue > earliest))
    report('book', `book ${book}`, `is looked at from ${nextDue} on, and has work due at ${earliest}`);
}

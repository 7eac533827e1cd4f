import type pg from 'pg';
import type { Currency } from '../../data/currencies.ts';
import { type Birth, birthOf, mint } from '../../kernel/id.ts';
import type { StoredObject } from '../../kernel/kind.ts';
import type { Balance } from '../../ledger/balance.ts';
import { accountId } from '../../ledger/chart.ts';
import type {
  EventQuery,
  LineQuery,
  ObjectQuery,
  Page,
  Place,
  ReadStore,
  RecordedEvent,
  StatementLine,
  TimeRange,
} from '../reader.ts';
import type { Changes } from '../store.ts';
import { refText } from './batch.ts';
import { fetchObjects, toBalance } from './fetch.ts';
import { readBroughtForward, readCausedLines, readExposed, readScheduled, readStatementHead } from './insights.ts';
import { lineIn, objectIn, readChanges } from './journal.ts';
import { rareEvents, rareRow } from './rare.ts';

/** Conditions and their values, collected in order. `$1` is always the book. */
class Where {
  readonly values: unknown[] = [];
  readonly conditions: string[] = [];

  constructor(book: number) {
    this.values.push(book);
  }

  value(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  add(condition: string | null): void {
    if (condition !== null) this.conditions.push(condition);
  }

  /** Time is monotone over the journal, so a range of times is a range of operations. */
  created(range: TimeRange | undefined, column: string): void {
    if (range?.gt !== undefined) this.add(`${column} >= first_seq_at($1, ${this.value(range.gt + 1)})`);
    if (range?.gte !== undefined) this.add(`${column} >= first_seq_at($1, ${this.value(range.gte)})`);
    if (range?.lt !== undefined) this.add(`${column} < first_seq_at($1, ${this.value(range.lt)})`);
    if (range?.lte !== undefined) this.add(`${column} < first_seq_at($1, ${this.value(range.lte + 1)})`);
  }

  toString(): string {
    return this.conditions.join(' and ');
  }
}

type Sited = { readonly seq: number; readonly pos: number };

/** A run after the first reads at least this much: its list keeps few of its rows. */
const laterRunMin = 20;
/** A run of a page that looks for few among many. */
const searchRun = 500;

/**
 * Reads a page in runs: what no column can tell is asked of each item, so a run may keep fewer than it read. Runs follow
 * each other until the page is full, the list ends, or as many were read as may be.
 */
async function readPage<Row extends Sited, Item>(
  place: Place & { readonly scanMax?: number },
  run: (from: Birth | undefined, backwards: boolean, limit: number) => Promise<Row[]>,
  keep: (row: Row) => Item | null,
): Promise<Page<Item>> {
  const backwards = place.before !== undefined;
  const items: Item[] = [];
  let from = place.before ?? place.after;
  let scanned = 0;
  for (let least = 0; ; least = laterRunMin) {
    const limit = Math.max(place.limit + 1 - items.length, place.scanMax === undefined ? least : searchRun);
    const rows = await run(from, backwards, limit);
    for (const row of rows) {
      // Taking a row in means reading the journal's text of it.
      if (items.length > place.limit) break;
      const item = keep(row);
      if (item !== null) items.push(item);
    }
    const last = rows[rows.length - 1];
    if (items.length > place.limit || rows.length < limit || last === undefined) break;
    from = { seq: last.seq, pos: last.pos };
    scanned += rows.length;
    if (place.scanMax !== undefined && scanned >= place.scanMax) {
      return { items: backwards ? items.reverse() : items, hasMore: true, stopped: from };
    }
  }
  const hasMore = items.length > place.limit;
  const page = items.slice(0, place.limit);
  return { items: backwards ? page.reverse() : page, hasMore };
}

/** The id of an object born in the same operation is stored nowhere: such a pair finds itself. `group_ch_1` counts as ch_1. */
const bornAt = (value: string, book: number): Birth | null => birthOf(value, book);

interface LineRow extends Sited {
  time: number;
  settled: boolean;
  changes: string;
}

interface EventRow {
  seq: number;
  time: number;
  request: string | null;
  key: string | null;
  changes: string;
}

export class PostgresReader implements ReadStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async object(book: number, birth: Birth): Promise<StoredObject | null> {
    return (await this.objects(book, [birth]))[0] ?? null;
  }

  async objects(book: number, births: readonly Birth[]): Promise<readonly (StoredObject | null)[]> {
    if (births.length === 0) return [];
    return (await fetchObjects(this.#pool, book, births)).map((found) => found?.object ?? null);
  }

  list(query: ObjectQuery): Promise<Page<StoredObject>> {
    const { book } = query;
    const wanted = query.refs ?? [];
    return readPage(
      query,
      async (from, backwards, limit) => {
        const where = new Where(book);
        where.add(`o.book = $1 and o.account = ${where.value(query.account)} and o.kind = ${where.value(query.kind)}`);
        if (from) {
          const sign = backwards ? '>' : '<';
          where.add(`(o.seq, o.pos) ${sign} (${where.value(from.seq)}::bigint, ${where.value(from.pos)}::integer)`);
        }
        where.created(query.created, 'o.seq');
        for (const { index, value } of wanted) {
          const column = `o.ref${index + 1}`;
          const born = bornAt(value, book);
          const same = `${column} = ${where.value(refText(value))}`;
          where.add(born === null ? same : `(${same} or (${column} is null and o.seq = ${where.value(born.seq)}))`);
        }
        const direction = backwards ? 'asc' : 'desc';
        const { rows } = await this.#pool.query<Sited & { changes: string }>(
          `select o.seq, o.pos, op.changes
           from (select o.seq, o.pos, o.changed from objects o where ${where}
                 order by o.seq ${direction}, o.pos ${direction} limit ${where.value(limit)}) o
           cross join lateral (select changes from operations where book = $1 and seq = o.changed limit 1) op
           order by o.seq ${direction}, o.pos ${direction}`,
          where.values,
        );
        return rows;
      },
      (row) => {
        const object = objectIn(readChanges(row.changes), book, row);
        return object === null || (query.where && !query.where(object)) ? null : object;
      },
    );
  }

  async line(book: number, account: number, birth: Birth): Promise<StatementLine | null> {
    const { rows } = await this.#pool.query<LineRow>({
      name: 'line',
      text: `select t.seq, t.pos, op.time, t.day is null or t.day <= b.settled_through as settled, op.changes
             from balance_transactions t join books b on b.book = $1
             cross join lateral (select time, changes from operations where book = $1 and seq = t.seq limit 1) op
             where t.book = $1 and t.account = $2 and t.seq = $3 and t.pos = $4`,
      values: [book, account, birth.seq, birth.pos],
    });
    return rows[0] ? this.#toLine(book, rows[0]) : null;
  }

  async linesAt(book: number, births: readonly Birth[]): Promise<readonly (StatementLine | null)[]> {
    if (births.length === 0) return [];
    const { rows } = await this.#pool.query<{ seq: number; time: number; settled_through: number; changes: string }>({
      name: 'lines_at',
      text: `select op.seq, op.time, b.settled_through, op.changes from operations op join books b on b.book = $1
             where op.book = $1 and op.seq = any($2::bigint[])`,
      values: [book, `{${[...new Set(births.map((b) => b.seq))].join(',')}}`],
    });
    return births.map((birth) => {
      const row = rows.find((candidate) => candidate.seq === birth.seq);
      const line = row && lineIn(readChanges(row.changes), book, birth);
      if (!row || !line) return null;
      return { line, created: row.time, settled: line.on === 'now' || line.on <= row.settled_through };
    });
  }

  lines(query: LineQuery): Promise<Page<StatementLine>> {
    const { book } = query;
    return readPage(
      query,
      async (from, backwards, limit) => {
        const where = new Where(book);
        where.add(`t.book = $1 and t.account = ${where.value(query.account)}`);
        if (from) {
          const sign = backwards ? '>' : '<';
          where.add(`(t.seq, t.pos) ${sign} (${where.value(from.seq)}::bigint, ${where.value(from.pos)}::integer)`);
        }
        where.created(query.created, 't.seq');
        if (query.type !== undefined) {
          where.add(`t.type = ${where.value(query.type)}`);
          where.add(rareRow(query.account, query.type, 't'));
        }
        if (query.currency !== undefined) where.add(`t.currency = ${where.value(query.currency)}`);
        if (query.source) {
          const seq = where.value(query.source.seq);
          const pos = where.value(query.source.pos);
          where.add(`t.source_seq = ${seq} and t.source_pos = ${pos} and (t.seq = ${seq} or t.source_seq <> t.seq)`);
        }
        if (query.spendable) {
          const { operations, days } = query.spendable;
          const [after, through] = [where.value(operations.after), where.value(operations.through)];
          // Whatever became spendable was written by then, so the rows after it need not be looked at.
          where.add(`t.seq <= ${through}`);
          where.add(
            `(t.day is null and t.seq > ${after} or t.day > ${where.value(days.after)} and t.day <= ${where.value(days.through)})`,
          );
        }
        const direction = backwards ? 'asc' : 'desc';
        const { rows } = await this.#pool.query<LineRow>(
          `select t.seq, t.pos, op.time, t.day is null or t.day <= b.settled_through as settled, op.changes
           from (select t.seq, t.pos, t.day from balance_transactions t where ${where}
                 order by t.seq ${direction}, t.pos ${direction} limit ${where.value(limit)}) t
           join books b on b.book = $1
           cross join lateral (select time, changes from operations where book = $1 and seq = t.seq limit 1) op
           order by t.seq ${direction}, t.pos ${direction}`,
          where.values,
        );
        return rows;
      },
      (row) => this.#toLine(book, row),
    );
  }

  #toLine(book: number, row: LineRow): StatementLine | null {
    const line = lineIn(readChanges(row.changes), book, row);
    return line && { line, created: row.time, settled: row.settled };
  }

  async balances(book: number, account: number): Promise<ReadonlyMap<Currency, Balance>> {
    const { rows } = await this.#pool.query<{
      currency: Currency;
      available: number;
      reserved: number;
      days: number[];
      amounts: string[];
    }>({
      name: 'balances',
      text: `select b.currency, b.available, b.reserved, coalesce(array_agg(m.day order by m.day) filter (where m.day is not null), '{}') as days,
                    coalesce(array_agg(m.amount::text order by m.day) filter (where m.day is not null), '{}') as amounts
             from balances b
             left join maturing m on m.book = $1 and m.account = b.account and m.currency = b.currency
             where b.book = $1 and b.account = $2
             group by b.currency, b.available, b.reserved order by b.currency`,
      values: [book, account],
    });
    return new Map(rows.map((row) => [row.currency, toBalance(row)]));
  }

  async event(book: number, account: number, birth: Birth): Promise<RecordedEvent | null> {
    const { rows } = await this.#pool.query<EventRow>({
      name: 'event',
      text: `select op.seq, op.time, op.request, op.key, op.changes from operations op
             join account_operations a on a.book = $1 and a.account = $2 and a.seq = op.seq
             where op.book = $1 and op.seq = $3`,
      values: [book, account, birth.seq],
    });
    const events = await this.#toEvents(book, rows);
    return (
      events.find(({ event, pos }) => pos === birth.pos && event.account === accountId(account, book))?.event ?? null
    );
  }

  /** Events by where they stand, whosever they are; null where there is none. */
  async eventsAt(book: number, births: readonly Birth[]): Promise<readonly (RecordedEvent | null)[]> {
    const { rows } = await this.#pool.query<EventRow>({
      name: 'events_at',
      text: 'select seq, time, request, key, changes from operations where book = $1 and seq = any($2::bigint[])',
      values: [book, `{${[...new Set(births.map(({ seq }) => seq))].join(',')}}`],
    });
    const found = new Map((await this.#toEvents(book, rows)).map(({ event, seq, pos }) => [`${seq}.${pos}`, event]));
    return births.map(({ seq, pos }) => found.get(`${seq}.${pos}`) ?? null);
  }

  async events(query: EventQuery): Promise<Page<RecordedEvent>> {
    const { book } = query;
    const owner = accountId(query.account, book);
    const backwards = query.before !== undefined;
    const start = query.before ?? query.after;
    const items: RecordedEvent[] = [];
    let from = start;
    for (;;) {
      const where = new Where(book);
      where.add(`a.book = $1 and a.account = ${where.value(query.account)}`);
      if (from) where.add(`a.seq ${backwards ? '>=' : '<='} ${where.value(from.seq)}`);
      where.created(query.created, 'a.seq');
      if (query.types) {
        where.add(`a.events && ${where.value(`{${query.types.join(',')}}`)}::smallint[]`);
        where.add(rareEvents(query.types, 'a'));
      } else where.add(`cardinality(a.events) > 0`);
      const direction = backwards ? 'asc' : 'desc';
      const limit = query.limit + 2;
      const { rows } = await this.#pool.query<EventRow>(
        `select op.seq, op.time, op.request, op.key, op.changes
         from (select a.seq from account_operations a where ${where} order by a.seq ${direction} limit ${where.value(limit)}) a
         cross join lateral (select * from operations where book = $1 and seq = a.seq limit 1) op
         order by op.seq ${direction}`,
        where.values,
      );
      const found = await this.#toEvents(book, rows);
      found.sort((a, b) => (backwards ? 1 : -1) * (a.seq - b.seq || a.pos - b.pos));
      for (const { event, seq, pos } of found) {
        if (event.account !== owner || (query.types && !query.types.includes(event.type))) continue;
        if (from) {
          const order = seq - from.seq || pos - from.pos;
          if (backwards ? order <= 0 : order >= 0) continue;
        }
        items.push(event);
      }
      const last = found[found.length - 1];
      if (items.length > query.limit || rows.length < limit || last === undefined) break;
      from = { seq: last.seq, pos: last.pos };
    }
    const page = items.slice(0, query.limit);
    return { items: backwards ? page.reverse() : page, hasMore: items.length > query.limit };
  }

  /** The events of these operations, with each object's version before, where it had one. */
  async #toEvents(book: number, rows: EventRow[]): Promise<{ event: RecordedEvent; seq: number; pos: number }[]> {
    const parsed = rows.map((row) => ({ row, changes: readChanges(row.changes) }));
    const earlier = await this.#versionsBefore(
      book,
      parsed.map(({ changes }) => changes),
    );
    return parsed.flatMap(({ row, changes }) =>
      (changes.emit ?? []).map((emitted, pos) => {
        const [type, about, more] = emitted;
        const object = typeof about === 'number' ? changes.put?.[about] : undefined;
        const event: RecordedEvent = {
          id: mint('evt', book, { seq: row.seq, pos }),
          type,
          account: typeof more === 'string' ? more : (object?.account ?? String(about)),
          created: row.time,
          request: { id: row.request, idempotency_key: row.key },
          object: object ?? { rendered: typeof more === 'object' ? more : {} },
          before:
            (typeof about === 'number' && earlier.get(`${changes.put?.[about]?.id} ${changes.was?.[about]}`)) || null,
        };
        return { event, seq: row.seq, pos };
      }),
    );
  }

  async #versionsBefore(book: number, all: readonly Changes[]): Promise<ReadonlyMap<string, StoredObject>> {
    const wanted = new Map<number, string[]>();
    for (const { put, was, emit } of all) {
      for (const [, about] of emit ?? []) {
        if (typeof about !== 'number') continue;
        const seq = was?.[about] ?? 0;
        const id = put?.[about]?.id;
        if (seq > 0 && id) wanted.set(seq, [...(wanted.get(seq) ?? []), id]);
      }
    }
    const found = new Map<string, StoredObject>();
    if (wanted.size === 0) return found;
    const { rows } = await this.#pool.query<{ seq: number; changes: string }>({
      name: 'versions_before',
      text: 'select seq, changes from operations where book = $1 and seq = any($2::bigint[])',
      values: [book, `{${[...wanted.keys()].join(',')}}`],
    });
    for (const { seq, changes } of rows) {
      for (const id of wanted.get(seq) ?? []) {
        const object = readChanges(changes).put?.find((candidate) => candidate.id === id);
        if (object) found.set(`${id} ${seq}`, object);
      }
    }
    return found;
  }

  async settledThrough(book: number): Promise<number> {
    const { rows } = await this.#pool.query('select settled_through from books where book = $1', [book]);
    return rows[0]?.settled_through ?? 0;
  }

  exposed(...[book, run]: Parameters<ReadStore['exposed']>): ReturnType<ReadStore['exposed']> {
    return readExposed(this.#pool, book, run);
  }

  statementHead(...[place, at]: Parameters<ReadStore['statementHead']>): ReturnType<ReadStore['statementHead']> {
    return readStatementHead(this.#pool, place, at);
  }

  causedLines(...[place, page]: Parameters<ReadStore['causedLines']>): ReturnType<ReadStore['causedLines']> {
    return readCausedLines(this.#pool, place, page);
  }

  broughtForward(...[place, until]: Parameters<ReadStore['broughtForward']>): ReturnType<ReadStore['broughtForward']> {
    return readBroughtForward(this.#pool, place, until);
  }

  scheduled(...[book, asked]: Parameters<ReadStore['scheduled']>): ReturnType<ReadStore['scheduled']> {
    return readScheduled(this.#pool, book, asked);
  }

  async expandedAnswer(book: number, seq: number): Promise<string | null> {
    const { rows } = await this.#pool.query('select body from expanded_answers where book = $1 and seq = $2', [
      book,
      seq,
    ]);
    return rows[0]?.body ?? null;
  }

  async keepExpandedAnswer(book: number, seq: number, body: string): Promise<string> {
    const { rowCount } = await this.#pool.query(
      `insert into expanded_answers (book, seq, body, hash) values ($1, $2, $3, answer_hash($1, $2, $3))
       on conflict do nothing`,
      [book, seq, body],
    );
    return rowCount === 1 ? body : ((await this.expandedAnswer(book, seq)) ?? body);
  }
}

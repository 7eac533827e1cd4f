import type pg from 'pg';
import { type Day, dayOf, systemClock, type UnixSeconds } from '../../kernel/time.ts';
import type { KeyOwner, KeyStore, NewKey, ReadStore, StoredKey } from '../reader.ts';
import type { Batch, Book, DueRow, Fetched, NewBook, Store, Wants } from '../store.ts';
import { keySlots, writeBatch } from './batch.ts';
import { type Database, isCalledOff, type NoticeMessage, openPool } from './connection.ts';
import { fetchWants } from './fetch.ts';
import { PostgresReader } from './read.ts';
import { Writer } from './writer.ts';

const lockNotAvailable = '55P03';
const connectionsForReading = 8;
// Two, so that one book's long batch does not hold up all others; a book always goes through the same one.
const connectionsForWriting = 2;
/** A key's last use is written down again after this long. */
const usedSeconds = 60;

type KeyRow = Omit<StoredKey, 'lastUsed'> & { readonly last_used: UnixSeconds | null };

const keyColumns =
  "encode(key_hash, 'hex') as hash, book, kind, name, grants, prefix, last4, created, revoked as ends, last_used";

const storedKey = ({ last_used: lastUsed, ...row }: KeyRow): StoredKey => ({ ...row, lastUsed });

/** Whether a commit of ours has waited for a synchronous standby for longer than one that is there ever takes. */
const waitsForStandby = `exists (
  select from pg_stat_activity
  where datname = current_database() and usename = current_user and wait_event = 'SyncRep'
    and state_change < clock_timestamp() - interval '2 seconds')`;

const confirmed = `current_setting('synchronous_standby_names') <> '' as confirmed`;

/** What the store asks and writes through. */
interface Connections {
  readonly pool: pg.Pool;
  readonly writers: readonly Pick<Writer, 'close' | 'commit' | 'handedOver'>[];
}

/** The store on PostgreSQL. SQL is written in this folder only. */
export class PostgresStore implements Store, KeyStore {
  readonly pool: pg.Pool;
  readonly reader: ReadStore;
  readonly #writers: Connections['writers'];
  /** Whether commits wait for a standby, as of the last time that something was read that must be secure. */
  #confirmed = true;

  constructor(on: Database | Connections) {
    const { pool, writers } = 'pool' in on ? on : connectionsTo(on);
    this.pool = pool;
    this.reader = new PostgresReader(pool);
    this.#writers = writers;
  }

  async openBook(book: number): Promise<Book | null> {
    const { rows } = await this.pool.query<Book & { confirmed: boolean }>({
      name: 'open_book',
      text: `select book, livemode, encode(secret, 'hex') as secret, version, encode(hash, 'hex') as hash, last_time as "lastTime",
                    settled_through as "settledThrough", frozen_time as "frozenTime", advance_to as "advanceTo", ${confirmed}
             from books where book = $1`,
      values: [book],
    });
    if (rows[0] === undefined) return null;
    const { confirmed: isConfirmed, ...found } = rows[0];
    this.#confirmed = isConfirmed;
    return found;
  }

  async createBook({ book, livemode, secret, frozenTime = null }: NewBook): Promise<void> {
    await this.pool.query(
      `insert into books (book, livemode, secret, frozen_time) values ($1, $2, decode($3, 'hex'), $4) on conflict do nothing`,
      [book, livemode, secret, frozenTime],
    );
  }

  fetch(book: number, wants: Wants): Promise<Fetched> {
    return fetchWants(this.pool, book, wants, dayOf(systemClock()));
  }

  async due(book: number, limit: number): Promise<readonly DueRow[]> {
    // Ids sort by birth in the order of their bytes; a database's own order of letters may be another.
    const { rows } = await this.pool.query<DueRow>({
      name: 'due',
      text: `select at, step as "order", job, subject from schedule where book = $1
             order by at, step, job collate "C", subject collate "C" limit $2`,
      values: [book, limit],
    });
    return rows;
  }

  async nextDue(book: number): Promise<UnixSeconds | null> {
    const { rows } = await this.pool.query<{ at: number | null }>({
      name: 'next_due',
      text: 'select min(at) as at from schedule where book = $1',
      values: [book],
    });
    return rows[0]?.at ?? null;
  }

  async commit(batch: Batch): Promise<void> {
    await this.#writerOf(batch.book).commit(batch);
  }

  handedOver(book: number): Promise<void> {
    return this.#writerOf(book).handedOver();
  }

  #writerOf(book: number): Connections['writers'][number] {
    return this.#writers[book % this.#writers.length] as Connections['writers'][number];
  }

  async written({ book, from, id }: Pick<Batch, 'book' | 'from' | 'id'>): Promise<boolean> {
    const { rows } = await this.pool.query<{ mine: boolean; confirmed: boolean }>(
      `select batch = $3 as mine, ${confirmed} from operations where book = $1 and seq = $2`,
      [book, from + 1, id],
    );
    if (rows[0]?.mine !== true) return false;
    this.#confirmed = rows[0].confirmed;
    await this.secure();
    return true;
  }

  /**
   * Where commits wait for a standby, one of our own does, too, and the log is in order: when it is through, everything
   * before it is there. While a session already waits, another one would only be one more.
   */
  async secure(): Promise<void> {
    if (!this.#confirmed) return;
    const client = await this.pool.connect();
    let calledOff = false;
    const hear = (notice: NoticeMessage) => {
      calledOff ||= isCalledOff(notice);
    };
    client.on('notice', hear);
    let broken: unknown = null;
    try {
      const { rows } = await client.query<{ waits: boolean }>({
        name: 'secure',
        text: `select w.waits, case when not w.waits and current_setting('synchronous_standby_names') <> ''
                               then pg_logical_emit_message(true, 'evenkeel', '') end
               from (select ${waitsForStandby} as waits) w`,
      });
      if (rows[0]?.waits || calledOff) throw new Error('commits wait for a standby');
    } catch (error) {
      broken = error;
      throw error;
    } finally {
      client.off('notice', hear);
      client.release(broken !== null);
    }
  }

  async booksDue(now: UnixSeconds): Promise<readonly number[]> {
    const { rows } = await this.pool.query<{ book: number }>({
      name: 'books_due',
      // Work that is taken back leaves its moment in the book: until its next batch the schedule knows better.
      text: `select book from books b
             where (frozen_time is null and next_due <= $1
                    and exists (select from schedule s where s.book = b.book and s.at <= $1)) or advance_to is not null
             order by next_due limit 1000`,
      values: [now],
    });
    return rows.map((row) => row.book);
  }

  async findKey(hash: string): Promise<KeyOwner | null> {
    const { rows } = await this.pool.query<Omit<KeyOwner, 'msLeft'> & { ms_left: number | null; used: boolean }>({
      name: 'find_key',
      text: `select k.book, k.kind, k.grants, b.livemode,
               (k.revoked - extract(epoch from clock_timestamp()))::float8 * 1000 as ms_left,
               coalesce(k.last_used > extract(epoch from clock_timestamp()) - $2, false) as used
             from api_keys k join books b on b.book = k.book where k.key_hash = decode($1, 'hex')`,
      values: [hash, usedSeconds],
    });
    const [row] = rows;
    if (row === undefined) return null;
    const { ms_left, used, ...owner } = row;
    const msLeft = ms_left ?? Number.POSITIVE_INFINITY;
    // Nobody waits for it, and a database that is away says so elsewhere.
    if (!used && msLeft > 0) void this.#noteUse(hash).catch(() => {});
    return { ...owner, msLeft };
  }

  async #noteUse(hash: string): Promise<void> {
    await this.pool.query(
      `update api_keys set last_used = extract(epoch from clock_timestamp())::bigint
       where key_hash = decode($1, 'hex')
         and (last_used is null or last_used <= extract(epoch from clock_timestamp()) - $2)`,
      [hash, usedSeconds],
    );
  }

  async addKey(key: NewKey): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `insert into api_keys (key_hash, book, kind, prefix, last4, created, name, grants, seal)
       values (decode($1, 'hex'), $2, $3, $4, $5, $6, $7, $8,
               key_seal(decode($1, 'hex'), $2, $3, $4, $5, $6, null, $7, $8))
       on conflict do nothing`,
      [key.hash, key.book, key.kind, key.prefix, key.last4, key.created, key.name, key.grants],
    );
    return rowCount === 1;
  }

  async keysOf(book: number, now: UnixSeconds): Promise<readonly StoredKey[]> {
    const { rows } = await this.pool.query<KeyRow>(
      `select ${keyColumns} from api_keys where book = $1 and (revoked is null or revoked > $2)
       order by created desc, key_hash`,
      [book, now],
    );
    return rows.map(storedKey);
  }

  async keyOf(book: number, start: string): Promise<StoredKey | null> {
    const { rows } = await this.pool.query<KeyRow>(
      `select ${keyColumns} from api_keys where book = $1 and starts_with(encode(key_hash, 'hex'), $2)`,
      [book, start],
    );
    return rows[0] ? storedKey(rows[0]) : null;
  }

  async endKey(book: number, start: string, at: UnixSeconds): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `update api_keys
       set revoked = least(revoked, $3),
           seal = key_seal(key_hash, book, kind, prefix, last4, created, least(revoked, $3), name, grants)
       where book = $1 and starts_with(encode(key_hash, 'hex'), $2)`,
      [book, start, at],
    );
    return (rowCount ?? 0) > 0;
  }

  /**
   * Empties the part of the idempotency keys that tomorrow will use, when all in it expired; run at start and every hour.
   * `today` is the wall clock's day.
   *
   * An audit or an export reads all keys in one long transaction. A TRUNCATE that waited for it would make every look-up of a
   * key wait behind it, so it gives up soon; the next hour tries again.
   */
  async expireKeys(today: Day): Promise<void> {
    for (let slot = 0; slot < keySlots; slot++) {
      const { rows } = await this.pool.query(
        `select exists (select 1 from idempotency_keys_${slot}) as used, coalesce(max(day), 0) as newest from idempotency_keys_${slot}`,
      );
      if (!rows[0].used || rows[0].newest >= today - 2) continue;
      await this.pool
        .query(`set local lock_timeout = '200ms'; truncate idempotency_keys_${slot}`)
        .catch((error: unknown) => {
          if (!(error instanceof Error && 'code' in error && error.code === lockNotAvailable)) throw error;
        });
    }
  }

  /** Whether writes come through, as far as the server can tell. @throws when it does not answer */
  async takesWrites(): Promise<boolean> {
    const { rows } = await this.pool.query<{ ok: boolean }>({
      name: 'takes_writes',
      text: `select not pg_is_in_recovery() and current_setting('transaction_read_only') = 'off' and not ${waitsForStandby} as ok`,
    });
    return rows[0]?.ok === true;
  }

  async close(): Promise<void> {
    await Promise.all(this.#writers.map((writer) => writer.close()));
    await this.pool.end();
  }
}

const connectionsTo = (database: Database): Connections => ({
  pool: openPool(database, connectionsForReading),
  writers: Array.from({ length: connectionsForWriting }, () => new Writer(database)),
});

class StoreInTransaction extends PostgresStore {
  /** What it reads of its own is not written yet: the commit of the transaction waits for it, and for all before it. */
  override async secure(): Promise<void> {}
}

/** The store inside the transaction that is open on a connection, which stays whoever opened it's to commit and to end. */
export function storeOn(client: pg.Client): Store {
  let last: Promise<unknown> = Promise.resolve();
  const query = (statement: pg.QueryConfig | string, values?: unknown[]): Promise<pg.QueryResult> => {
    const answer = last.then(() => client.query(statement as string, values));
    last = answer.catch(() => {});
    return answer;
  };
  const commit = (batch: Batch) => writeBatch(batch, query);
  // Of a pool the store needs that it can be asked.
  return new StoreInTransaction({
    pool: { query } as unknown as pg.Pool,
    writers: [{ commit, close: async () => {}, handedOver: async () => {} }],
  });
}

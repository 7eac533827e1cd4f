import type pg from 'pg';
import { type Day, dayOf, systemClock, type UnixSeconds } from '../../kernel/time.ts';
import type { KeyOwner, KeyStore, ReadStore } from '../reader.ts';
import type { Batch, Book, DueRow, Fetched, NewBook, Store, Wants } from '../store.ts';
import { keySlots } from './batch.ts';
import { type Database, isCalledOff, type NoticeMessage, openPool } from './connection.ts';
import { fetchWants } from './fetch.ts';
import { PostgresReader } from './read.ts';
import { Writer } from './writer.ts';

const connectionsForReading = 8;
// Two, so that one book's long batch does not hold up all others; a book always goes through the same one.
const connectionsForWriting = 2;

/** Whether a commit of ours has waited for a synchronous standby for longer than one that is there ever takes. */
const waitsForStandby = `exists (
  select from pg_stat_activity
  where datname = current_database() and usename = current_user and wait_event = 'SyncRep'
    and state_change < clock_timestamp() - interval '2 seconds')`;

const confirmed = `current_setting('synchronous_standby_names') <> '' as confirmed`;

/** The store on PostgreSQL. SQL is written in this folder only. */
export class PostgresStore implements Store, KeyStore {
  readonly pool: pg.Pool;
  readonly reader: ReadStore;
  readonly #writers: readonly Writer[];
  /** Whether commits wait for a standby, as of the last time that something was read that must be secure. */
  #confirmed = true;

  constructor(database: Database) {
    this.pool = openPool(database, connectionsForReading);
    this.reader = new PostgresReader(this.pool);
    this.#writers = Array.from({ length: connectionsForWriting }, () => new Writer(database));
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
    const writer = this.#writers[batch.book % this.#writers.length] as Writer;
    await writer.commit(batch);
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
      text: `select book from books
             where (frozen_time is null and next_due <= $1) or advance_to is not null
             order by next_due limit 1000`,
      values: [now],
    });
    return rows.map((row) => row.book);
  }

  async findKey(hash: string): Promise<KeyOwner | null> {
    const { rows } = await this.pool.query<KeyOwner>({
      name: 'find_key',
      text: `select k.book, k.kind, b.livemode, k.revoked is not null as revoked
             from api_keys k join books b on b.book = k.book where k.key_hash = decode($1, 'hex')`,
      values: [hash],
    });
    return rows[0] ?? null;
  }

  async addKey(key: Parameters<KeyStore['addKey']>[0]): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `insert into api_keys (key_hash, book, kind, prefix, last4, created) values (decode($1, 'hex'), $2, $3, $4, $5, $6)
       on conflict do nothing`,
      [key.hash, key.book, key.kind, key.prefix, key.last4, key.created],
    );
    return rowCount === 1;
  }

  async revokeKey(book: number, start: string, now: UnixSeconds): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `update api_keys set revoked = coalesce(revoked, $3) where book = $1 and starts_with(encode(key_hash, 'hex'), $2)`,
      [book, start, now],
    );
    return (rowCount ?? 0) > 0;
  }

  /**
   * Empties the part of the idempotency keys that tomorrow will use, when all in it expired; run at start and every hour.
   * `today` is the wall clock's day.
   */
  async expireKeys(today: Day): Promise<void> {
    for (let slot = 0; slot < keySlots; slot++) {
      const { rows } = await this.pool.query(
        `select exists (select 1 from idempotency_keys_${slot}) as used, coalesce(max(day), 0) as newest from idempotency_keys_${slot}`,
      );
      if (rows[0].used && rows[0].newest < today - 2) await this.pool.query(`truncate idempotency_keys_${slot}`);
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

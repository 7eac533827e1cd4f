import type pg from 'pg';
import { type Day, dayOf, systemClock, type UnixSeconds } from '../../kernel/time.ts';
import type { KeyOwner, KeyStore, ReadStore } from '../reader.ts';
import type { Batch, Book, DueRow, Fetched, NewBook, Store, Wants } from '../store.ts';
import { batchStatement, keySlots } from './batch.ts';
import { type Database, openPool } from './connection.ts';
import { fetchWants } from './fetch.ts';
import { PostgresReader } from './read.ts';
import { Writer } from './writer.ts';

const lockNotAvailable = '55P03';
const connectionsForReading = 8;
// Two, so that one book's long batch does not hold up all others; a book always goes through the same one.
const connectionsForWriting = 2;

/** What the store asks and writes through. */
interface Connections {
  readonly pool: pg.Pool;
  readonly writers: readonly Pick<Writer, 'commit' | 'close'>[];
}

/** The store on PostgreSQL. SQL is written in this folder only. */
export class PostgresStore implements Store, KeyStore {
  readonly pool: pg.Pool;
  readonly reader: ReadStore;
  readonly #writers: Connections['writers'];

  constructor(on: Database | Connections) {
    const { pool, writers } = 'pool' in on ? on : connectionsTo(on);
    this.pool = pool;
    this.reader = new PostgresReader(pool);
    this.#writers = writers;
  }

  async openBook(book: number): Promise<Book | null> {
    const { rows } = await this.pool.query<Book>({
      name: 'open_book',
      text: `select book, livemode, encode(secret, 'hex') as secret, version, encode(hash, 'hex') as hash, last_time as "lastTime",
                    settled_through as "settledThrough", frozen_time as "frozenTime", advance_to as "advanceTo"
             from books where book = $1`,
      values: [book],
    });
    return rows[0] ?? null;
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
    const writer = this.#writers[batch.book % this.#writers.length] as Connections['writers'][number];
    await writer.commit(batch);
  }

  async written({ book, from, id }: Pick<Batch, 'book' | 'from' | 'id'>): Promise<boolean> {
    const { rows } = await this.pool.query('select batch = $3 as mine from operations where book = $1 and seq = $2', [
      book,
      from + 1,
      id,
    ]);
    return rows[0]?.mine === true;
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
      `insert into api_keys (key_hash, book, kind, prefix, last4, created, seal)
       values (decode($1, 'hex'), $2, $3, $4, $5, $6, key_seal(decode($1, 'hex'), $2, $3, $4, $5, $6, null))
       on conflict do nothing`,
      [key.hash, key.book, key.kind, key.prefix, key.last4, key.created],
    );
    return rowCount === 1;
  }

  async revokeKey(book: number, start: string, now: UnixSeconds): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `update api_keys set revoked = coalesce(revoked, $3),
              seal = key_seal(key_hash, book, kind, prefix, last4, created, coalesce(revoked, $3))
       where book = $1 and starts_with(encode(key_hash, 'hex'), $2)`,
      [book, start, now],
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

  /** @throws when the database does not answer */
  async ping(): Promise<void> {
    await this.pool.query('select 1');
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

/** The store inside the transaction that is open on a connection, which stays whoever opened it's to commit and to end. */
export function storeOn(client: pg.Client): Store {
  let last: Promise<unknown> = Promise.resolve();
  const query = (statement: pg.QueryConfig | string, values?: unknown[]): Promise<pg.QueryResult> => {
    const answer = last.then(() => client.query(statement as string, values));
    last = answer.catch(() => {});
    return answer;
  };
  const commit = async (batch: Batch) => {
    await query(batchStatement(batch));
  };
  // Of a pool the store needs that it can be asked.
  return new PostgresStore({ pool: { query } as unknown as pg.Pool, writers: [{ commit, close: async () => {} }] });
}

import pg from 'pg';
import { type Batch, Conflict, LostAnswer } from '../store.ts';
import { batchStatement } from './batch.ts';
import { byKey, clientConfig, type Database } from './connection.ts';

/**
 * One connection that writes batches. Statements are sent without waiting for the answers to those before (pipelining),
 * each its own transaction. All batches of a book go through the same writer: on two connections the fence of the second
 * would not wait for the first, it would just find the version not there yet.
 */
export class Writer {
  readonly #database: Database;
  #client: Promise<pg.Client> | null = null;
  #closed = false;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @throws Conflict, LostAnswer, or the database's refusal of the statement */
  async commit(batch: Batch): Promise<void> {
    let client: pg.Client;
    try {
      client = await this.#connected();
    } catch (error) {
      throw new LostAnswer('PostgreSQL cannot be reached', { cause: error });
    }
    try {
      await client.query(batchStatement(batch));
    } catch (error) {
      if (isConflict(error)) throw new Conflict(`book ${batch.book} moved on from ${batch.from}`, { cause: error });
      if (isRefusal(error)) throw error;
      this.#drop(client);
      throw new LostAnswer(`no answer to a batch of book ${batch.book}`, { cause: error });
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const client = await this.#client?.catch(() => null);
    await client?.end().catch(() => {});
  }

  // Not awaited where the connection stands, so that batches keep the order they were handed over in.
  #connected(): Promise<pg.Client> {
    if (this.#closed) return Promise.reject(new Error('the writer is closed'));
    this.#client ??= this.#connect();
    return this.#client;
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({ ...clientConfig(this.#database), ...byKey, pipeline: true } as pg.ClientConfig);
    client.on('error', () => this.#drop(client));
    client.on('end', () => this.#drop(client));
    const connecting = client.connect();
    try {
      await connecting;
    } catch (error) {
      this.#client = null;
      throw error;
    }
    this.#current = client;
    return client;
  }

  #current: pg.Client | null = null;

  #drop(client: pg.Client): void {
    if (this.#current !== client) return;
    this.#current = null;
    this.#client = null;
    client.end().catch(() => {});
  }
}

const sqlState = (error: unknown): string | undefined => (error instanceof pg.DatabaseError ? error.code : undefined);

/** Serialization failure, deadlock, a lock that was not given in time: somebody else was there first. */
const isConflict = (error: unknown): boolean => ['40001', '40P01', '55P03'].includes(sqlState(error) ?? '');

/**
 * The database answered that it will not have this statement, so nothing of it was written. Classes 57 (shutting down) and
 * 08 (connection) are no such answer: they may come after the commit.
 */
const isRefusal = (error: unknown): boolean => {
  const state = sqlState(error);
  return state !== undefined && !state.startsWith('57') && !state.startsWith('08');
};

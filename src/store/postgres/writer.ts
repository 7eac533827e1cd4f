import type { Socket } from 'node:net';
import pg from 'pg';
import { type Batch, Conflict, KeyKnown, LostAnswer } from '../store.ts';
import { writeBatch } from './batch.ts';
import { byKey, type Database, endWithClient, isCalledOff, newClient } from './connection.ts';

/** As long as those wait whose writes they are. */
const answerMsMax = 20_000;

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

  /** @throws Conflict, KeyKnown, LostAnswer, or the database's refusal of the statement */
  async commit(batch: Batch): Promise<void> {
    let client: pg.Client;
    try {
      client = await this.#connected();
    } catch (error) {
      throw new LostAnswer('PostgreSQL cannot be reached', { cause: error });
    }
    try {
      await writeBatch(batch, (statement) => client.query(statement));
    } catch (error) {
      if (error instanceof KeyKnown) throw error;
      if (isConflict(error)) throw new Conflict(`book ${batch.book} moved on from ${batch.from}`, { cause: error });
      if (isRefusal(error)) throw error;
      this.#drop(client);
      throw new LostAnswer(`no answer to a batch of book ${batch.book}`, { cause: error });
    }
    // Somebody had the session stop waiting for the standby: it says "done" for what this server alone has.
    if (client === this.#calledOff) {
      this.#drop(client);
      throw new LostAnswer(`the standby did not confirm a batch of book ${batch.book}`);
    }
  }

  /**
   * Returns when the database has all that was sent, or the connection is gone. A batch is more than a socket takes at once,
   * and the database reads none of it while it works on the one before.
   */
  async handedOver(): Promise<void> {
    const stream = (this.#current as { readonly connection?: { readonly stream: Socket } } | null)?.connection?.stream;
    if (!stream?.writableNeedDrain) return;
    // Many books may wait at once: they share what listens.
    if (this.#handingOver?.stream !== stream) this.#handingOver = { stream, over: handedOver(stream) };
    const { over } = this.#handingOver;
    await over;
    if (this.#handingOver?.over === over) this.#handingOver = null;
  }

  #handingOver: { readonly stream: Socket; readonly over: Promise<void> } | null = null;

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
    const client = newClient(this.#database, { ...byKey, pipeline: true, query_timeout: answerMsMax });
    client.on('error', () => this.#drop(client));
    client.on('end', () => this.#drop(client));
    client.on('notice', (notice) => {
      if (isCalledOff(notice)) this.#calledOff = client;
    });
    const connecting = client.connect();
    try {
      await connecting;
      await endWithClient(client);
    } catch (error) {
      this.#client = null;
      throw error;
    }
    this.#current = client;
    return client;
  }

  #current: pg.Client | null = null;
  /** The connection on which a wait for the standby was called off. */
  #calledOff: pg.Client | null = null;

  #drop(client: pg.Client): void {
    if (this.#current !== client) return;
    this.#current = null;
    this.#client = null;
    client.end().catch(() => {});
  }
}

const handedOver = (stream: Socket): Promise<void> =>
  new Promise((resolve) => {
    const over = () => {
      stream.off('drain', over).off('close', over);
      resolve();
    };
    stream.on('drain', over).on('close', over);
  });

const sqlState = (error: unknown): string | undefined => (error instanceof pg.DatabaseError ? error.code : undefined);

/** Serialization failure, deadlock, a lock that was not given in time: somebody else was there first. */
const isConflict = (error: unknown): boolean => ['40001', '40P01', '55P03'].includes(sqlState(error) ?? '');

/**
 * The database answered that it will not have this statement, so nothing of it was written. These are no such answer:
 * classes 57 (shutting down) and 08 (connection), which may come after the commit; 53 (no space, no memory), 58 (a file that
 * cannot be read) and 25006 (read-only: no primary any more), which say nothing of the statement.
 */
const isRefusal = (error: unknown): boolean => {
  const state = sqlState(error);
  return state !== undefined && !/^(57|08|53|58|25006)/.test(state);
};

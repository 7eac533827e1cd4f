import type pg from 'pg';
import type { Latencies } from './latency.ts';
import { machineSeconds, processorSeconds, secondsSince } from './processor.ts';

/** What a run came to. */
export interface Measured extends Latencies {
  readonly seconds: number;
  readonly errors: number;
  readonly cost: Cost;
}

/** What a run left in the database and cost the machine; processors as seconds a second. */
export interface Cost {
  readonly server: number;
  readonly database: number;
  /** The load generator and whatever else the machine does: should it be large, the figures are too low. */
  readonly rest: number;
  readonly walPerCharge: number;
  readonly perBatch: number;
}

/** Started after the warm-up, read before the connections of the run are closed. */
export class Meter {
  readonly #sql: pg.Client;
  readonly #book: number;
  readonly #pids: { readonly server: number; readonly database: number };
  #wal = '0/0';
  #version = 0;
  #server: ReadonlyMap<number, number> = new Map();
  #database: ReadonlyMap<number, number> = new Map();
  #machine = 0;
  #started = 0;

  constructor(sql: pg.Client, book: number, pids: { readonly server: number; readonly database: number }) {
    this.#sql = sql;
    this.#book = book;
    this.#pids = pids;
  }

  async start(): Promise<void> {
    const { rows } = await this.#sql.query('select pg_current_wal_lsn() as wal, version from books where book = $1', [
      this.#book,
    ]);
    this.#wal = rows[0].wal;
    this.#version = Number(rows[0].version);
    this.#server = processorSeconds(this.#pids.server);
    this.#database = processorSeconds(this.#pids.database);
    this.#machine = machineSeconds();
    this.#started = performance.now();
  }

  async read(): Promise<Cost> {
    const elapsed = (performance.now() - this.#started) / 1000;
    const machine = (machineSeconds() - this.#machine) / elapsed;
    const server = secondsSince(this.#server, this.#pids.server) / elapsed;
    const database = secondsSince(this.#database, this.#pids.database) / elapsed;
    const { rows } = await this.#sql.query(
      `select pg_current_wal_lsn() - $2::pg_lsn as wal, count(*) as operations, count(distinct batch) as batches
       from operations where book = $1 and seq > $3`,
      [this.#book, this.#wal, this.#version],
    );
    const operations = Number(rows[0].operations);
    return {
      server,
      database,
      rest: machine - server - database,
      walPerCharge: Number(rows[0].wal) / operations,
      perBatch: operations / Number(rows[0].batches),
    };
  }
}

import type pg from 'pg';
import type { Latencies } from './latency.ts';
import { machineSeconds, processorSeconds, secondsSince } from './processor.ts';

/** Started after the warm-up, read before the connections of the run are closed. */
export interface Gauge<Reading> {
  start(): Promise<void>;
  read(): Promise<Reading>;
}

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
  /** Processor time of server and database for each charge; comparable even on a machine that does other things as well. */
  readonly microsPerCharge: { readonly server: number; readonly database: number };
}

/** Processor seconds of some processes and their children. */
export class ProcessorGauge implements Gauge<number> {
  readonly #pids: readonly number[];
  #before: ReadonlyMap<number, number>[] = [];

  constructor(pids: readonly number[]) {
    this.#pids = pids;
  }

  async start(): Promise<void> {
    this.#before = this.#pids.map(processorSeconds);
  }

  async read(): Promise<number> {
    return this.#pids.reduce((sum, pid, i) => sum + secondsSince(this.#before[i] ?? new Map(), pid), 0);
  }
}

/** What the operations of some books leave and cost. */
export class Meter implements Gauge<Cost> {
  readonly #sql: pg.Client;
  readonly #books: readonly number[];
  readonly #server: ProcessorGauge;
  readonly #database: ProcessorGauge;
  #wal = '0/0';
  #versions: readonly number[] = [];
  #machine = 0;
  #started = 0;

  constructor(
    sql: pg.Client,
    books: readonly number[],
    pids: { readonly servers: readonly number[]; readonly database: number },
  ) {
    this.#sql = sql;
    this.#books = books;
    this.#server = new ProcessorGauge(pids.servers);
    this.#database = new ProcessorGauge([pids.database]);
  }

  async start(): Promise<void> {
    const { rows } = await this.#sql.query(
      `select pg_current_wal_lsn() as wal, array_agg(b.version order by w.n)::text[] as versions
       from unnest($1::integer[]) with ordinality as w(book, n) join books b on b.book = w.book`,
      [this.#books],
    );
    this.#wal = rows[0].wal;
    this.#versions = rows[0].versions.map(Number);
    await this.#server.start();
    await this.#database.start();
    this.#machine = machineSeconds();
    this.#started = performance.now();
  }

  async read(): Promise<Cost> {
    const elapsed = (performance.now() - this.#started) / 1000;
    const machine = machineSeconds() - this.#machine;
    const server = await this.#server.read();
    const database = await this.#database.read();
    const { rows } = await this.#sql.query(
      `select pg_current_wal_lsn() - $1::pg_lsn as wal, count(*) as operations, count(distinct (o.book, o.batch)) as batches
       from unnest($2::integer[], $3::bigint[]) as w(book, version)
       join operations o on o.book = w.book and o.seq > w.version`,
      [this.#wal, this.#books, this.#versions],
    );
    const operations = Number(rows[0].operations);
    return {
      server: server / elapsed,
      database: database / elapsed,
      rest: (machine - server - database) / elapsed,
      walPerCharge: Number(rows[0].wal) / operations,
      perBatch: operations / Number(rows[0].batches),
      microsPerCharge: { server: (server * 1e6) / operations, database: (database * 1e6) / operations },
    };
  }
}

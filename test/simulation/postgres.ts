/** The real store to stand on: PostgreSQL behind wires that break, with statements that are ended or refused half-way. */
import type pg from 'pg';
import { minor } from '../../src/kernel/money.ts';
import type { Day } from '../../src/kernel/time.ts';
import type { Balance, Maturing } from '../../src/ledger/balance.ts';
import { allKinds } from '../../src/registry.ts';
import { type MemoryBook, MemoryStore, type Written } from '../../src/store/memory.ts';
import { audit } from '../../src/store/postgres/audit.ts';
import { newClient } from '../../src/store/postgres/connection.ts';
import { PostgresStore } from '../../src/store/postgres/postgres.ts';
import type { Book, DueRow, LineRow } from '../../src/store/store.ts';
import type { Clock, Ground } from './ground.ts';
import { Random } from './random.ts';
import { type Broken, nothingBroken, Wire } from './wire.ts';

/** Where PostgreSQL listens, and a migrated database of the simulation's own. */
export interface Place {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

/**
 * Now and then a batch is refused when nearly all of it is written: another was first, a lock was not given, the disk is full.
 */
const refusing = `
create function refuse_now_and_then() returns trigger language plpgsql as $$
declare
  drawn integer := floor(random() * 400);
begin
  if drawn < 4 then
    raise exception 'so it was drawn' using errcode = (array['40001', '40P01', '55P03', '53100'])[drawn + 1];
  end if;
  return null;
end $$;
create trigger refuse_now_and_then after insert on account_operations for each statement execute function refuse_now_and_then()`;

/** One in so many statements is ended while it runs, or its connection with it. */
const endedOneIn = 400;

/** A database for many sequences, each in a book of its own. */
export class RealDatabase {
  readonly #place: Place;
  readonly #client: pg.Client;
  readonly #random: Random;
  /** What broke so far, and how often: wires, and statements that were ended. */
  readonly broken: Broken & { ended: number } = { ...nothingBroken(), ended: 0 };
  #books = 0;

  private constructor(place: Place, client: pg.Client, seed: number) {
    this.#place = place;
    this.#client = client;
    this.#random = new Random(seed);
  }

  static async open(place: Place, seed: number): Promise<RealDatabase> {
    const client = newClient(place);
    await client.connect();
    await client.query(refusing);
    return new RealDatabase(place, client, seed);
  }

  /** Ground for the next sequence. */
  ground(): Ground {
    return new RealGround(++this.#books, this.#place, this.#client, this.#random, this.broken);
  }

  /** What `evenkeel audit` finds wrong with everything, or null. */
  async prove(): Promise<string | null> {
    const { findings } = await audit(this.#place, allKinds);
    return findings.length === 0 ? null : findings.map((found) => JSON.stringify(found)).join('\n');
  }

  close(): Promise<void> {
    return this.#client.end();
  }
}

class RealGround implements Ground {
  readonly book: number;
  // Keys are forgotten by the clock of the database's machine, so nobody sets it.
  readonly clock: Clock = { now: Math.floor(Date.now() / 1000), isReal: true };
  readonly tables: Copy;
  readonly #place: Place;
  readonly #client: pg.Client;
  readonly #random: Random;
  readonly #broken: RealDatabase['broken'];

  constructor(book: number, place: Place, client: pg.Client, random: Random, broken: RealDatabase['broken']) {
    this.book = book;
    this.#broken = broken;
    this.#place = place;
    this.#client = client;
    this.#random = random;
    this.tables = new Copy(book, client);
  }

  look(): Promise<void> {
    return this.tables.read();
  }

  async connect() {
    const { host, port, user, database } = this.#place;
    const wire = new Wire(`${host}/.s.PGSQL.${port}`, this.#random, this.#broken, () => this.#endSomething());
    const url = `postgresql://${user}@127.0.0.1:${await wire.listen()}/${database}?sslmode=disable`;
    const store = new PostgresStore({ url });
    return {
      store,
      close: async () => {
        await wire.close();
        await store.close().catch(() => {});
      },
    };
  }

  #endSomething(): void {
    if (this.#random.int(endedOneIn) > 0) return;
    const how = this.#random.pick(['pg_cancel_backend', 'pg_terminate_backend']);
    this.#broken.ended++;
    void this.#client.query(
      `select ${how}(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and state = 'active' and backend_type = 'client backend'
       order by random() limit 1`,
    );
  }
}

/** A book as the tables hold it, read again from where the last look ended. */
class Copy extends MemoryStore {
  readonly #book: number;
  readonly #client: pg.Client;
  #copy: MemoryBook | null = null;

  constructor(book: number, client: pg.Client) {
    super();
    this.#book = book;
    this.#client = client;
  }

  override book(): MemoryBook {
    if (this.#copy === null) throw new Error('nobody has looked yet');
    return this.#copy;
  }

  async read(): Promise<void> {
    const seen = this.#copy?.row.version ?? 0;
    const all = async <Row extends object>(text: string, ...more: unknown[]): Promise<Row[]> =>
      (await this.#client.query<Row>(text, [this.#book, ...more])).rows;
    const [row] = await all<Book & { nextDue: number | null }>(
      `select book, livemode, encode(secret, 'hex') as secret, version, encode(hash, 'hex') as hash, last_time as "lastTime",
              settled_through as "settledThrough", frozen_time as "frozenTime", advance_to as "advanceTo", next_due as "nextDue"
       from books where book = $1`,
    );
    if (row === undefined) throw new Error(`book ${this.#book} does not exist`);
    const copy: MemoryBook = {
      row,
      nextDue: row.nextDue,
      operations: this.#copy?.operations ?? [],
      objects: this.#copy?.objects ?? new Map(),
      lines: this.#copy?.lines ?? [],
      balances: new Map(),
      schedule: await all<DueRow>(
        `select at, step as "order", job, subject from schedule where book = $1
         order by at, step, job collate "C", subject collate "C"`,
      ),
      keys: new Map(),
    };
    type Stored = Omit<Written, 'legs' | 'key' | 'accounts'> & {
      readonly legs: string;
      readonly keyText: string | null;
    };
    const news = await all<{ seq: number; account: number; events: string }>(
      `select seq, account, array_to_string(events, ',') as events from account_operations where book = $1 and seq > $2`,
      seen,
    );
    const operations = await all<Stored>(
      `select seq, time, command, account, batch, request, key as "keyText", path, encode(fingerprint, 'hex') as fingerprint,
              array_to_string(legs, ',') as legs, changes, status, body, encode(hash, 'hex') as hash
       from operations where book = $1 and seq > $2 order by seq`,
      seen,
    );
    for (const { legs, keyText, ...operation } of operations) {
      const accounts = news.filter(({ seq }) => seq === operation.seq);
      copy.operations.push({
        ...operation,
        key: keyText === null ? null : { key: keyText, hash: '' },
        legs: numbersIn(legs),
        objects: [],
        lines: [],
        accounts: new Map(accounts.map(({ account, events }) => [account, numbersIn(events)])),
      });
    }
    for (const { seq, pos, ...object } of await all<{
      seq: number;
      pos: number;
      account: number;
      kind: number;
      changed: number;
    }>('select seq, pos, account, kind, changed from objects where book = $1 and changed > $2', seen)) {
      copy.objects.set(`${seq}.${pos}`, { ...object, refs: [] });
    }
    copy.lines.push(
      ...(await all<LineRow & { seq: number }>(
        `select seq, pos, account, currency, type, amount, fee, day from balance_transactions
         where book = $1 and seq > $2 order by seq, pos`,
        seen,
      )),
    );
    const waiting = await all<{ account: number; currency: string; day: Day; amount: number }>(
      'select account, currency, day, amount from maturing where book = $1 order by day',
    );
    for (const { account, currency, available, reserved } of await all<{
      account: number;
      currency: string;
      available: number;
      reserved: number;
    }>('select account, currency, available, reserved from balances where book = $1')) {
      const maturing = waiting.filter((one) => one.account === account && one.currency === currency);
      copy.balances.set(`${account} ${currency}`, {
        available: minor(available),
        reserved: minor(reserved),
        maturing: maturing.map(({ day, amount }): Maturing => ({ day, amount: minor(amount) })),
      } satisfies Balance);
    }
    this.#copy = copy;
  }
}

const numbersIn = (text: string): number[] => (text === '' ? [] : text.split(',').map(Number));

import type pg from 'pg';
import type { Birth } from '../../kernel/id.ts';
import type { StoredObject } from '../../kernel/kind.ts';
import { accountId } from '../../ledger/chart.ts';
import {
  type Attempt,
  type AttemptResult,
  type Delivery,
  type DeliveryPlace,
  type DeliveryQuery,
  type DeliveryStore,
  type DueDelivery,
  type DuePage,
  deliveryStatuses,
  type EndpointVersion,
  type Feed,
  type NewDelivery,
  type News,
  type NewsQuery,
  type Queue,
} from '../deliveries.ts';
import type { RecordedEvent } from '../reader.ts';
import { type Database, openPool } from './connection.ts';
import { booksBehind, type Followed, readFeed } from './feed.ts';
import { objectIn, readChanges } from './journal.ts';
import { PostgresReader } from './read.ts';
import { integers, nowMs } from './sql.ts';

const connections = 4;
const prunedAtOnce = 5000;

/**
 * Within a statement: it does not wait for the disk. What a sudden end of the database takes away is dispatched or sent once
 * more, which may happen anyway, and the commits of the books need not share the disk with it.
 */
const lazily = `(select set_config('synchronous_commit', 'off', true) as mode) as lazy`;

const endpoints: Followed = { what: 'webhook', kind: 30, cursors: 'webhook_cursors' };

interface DeliveryRow {
  seq: number;
  pos: number;
  endpoint_seq: number;
  endpoint_pos: number;
  account: number;
  type: number;
  status: number;
  attempts: Attempt[];
  created: number;
  next_at: number | null;
}

export class PostgresDeliveries implements DeliveryStore {
  readonly #pool: pg.Pool;
  readonly #reader: PostgresReader;

  constructor(database: Database) {
    this.#pool = openPool(database, connections);
    this.#reader = new PostgresReader(this.#pool);
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  async booksBehind(): Promise<readonly number[]> {
    return booksBehind(this.#pool, endpoints);
  }

  async feed(book: number): Promise<Feed | null> {
    const feed = await readFeed(this.#pool, endpoints, book);
    return feed && { livemode: feed.livemode, version: feed.version, through: feed.through, endpoints: feed.enabled };
  }

  async startFeed(book: number, seq: number): Promise<void> {
    await this.#pool.query('insert into webhook_cursors (book, seq) values ($1, $2) on conflict do nothing', [
      book,
      seq,
    ]);
  }

  async history(
    book: number,
    endpoint: Birth,
    changed: number,
    isEnabled: (object: StoredObject) => boolean,
  ): Promise<readonly EndpointVersion[]> {
    const versions: EndpointVersion[] = [];
    for (let seq = changed; seq > 0; ) {
      const { rows } = await this.#pool.query<{ changes: string }>({
        name: 'operation_changes',
        text: 'select changes from operations where book = $1 and seq = $2',
        values: [book, seq],
      });
      const changes = rows[0] && readChanges(rows[0].changes);
      const object = changes && objectIn(changes, book, endpoint);
      if (!changes || !object || !isEnabled(object)) break;
      versions.push({ from: seq, object });
      const index = changes.put?.findIndex(({ id }) => id === object.id) ?? -1;
      seq = changes.was?.[index] ?? 0;
    }
    return versions;
  }

  async news(book: number, { after, upTo, limit, accounts, types }: NewsQuery): Promise<readonly News[]> {
    const range = [book, after, upTo, limit];
    const { rows } = await this.#pool.query<{ seq: number; changes: string }>(
      accounts === undefined
        ? {
            name: 'webhook_news',
            text: 'select seq, changes from operations where book = $1 and seq > $2 and seq <= $3 order by seq limit $4',
            values: range,
          }
        : {
            name: 'webhook_news_of',
            text: `select s.seq, op.changes
                   from (select distinct a.seq from unnest($5::bigint[]) as w(account)
                         cross join lateral (
                           select seq from account_operations
                           where book = $1 and account = w.account and seq > $2 and seq <= $3
                             and cardinality(events) > 0 and ($6::smallint[] is null or events && $6)
                           order by seq limit $4) a
                         order by a.seq limit $4) s
                   cross join lateral (select changes from operations where book = $1 and seq = s.seq limit 1) op
                   order by s.seq`,
            values: [...range, integers(accounts), types === undefined ? null : integers(types)],
          },
    );
    return rows.map(({ seq, changes }) => ({ seq, events: emittedBy(book, changes) }));
  }

  async dispatch({
    book,
    from,
    to,
    deliveries,
  }: {
    readonly book: number;
    readonly from: number;
    readonly to: number;
    readonly deliveries: readonly NewDelivery[];
  }): Promise<boolean> {
    const queues = new Map(deliveries.map(({ endpoint }) => [`${endpoint.seq}.${endpoint.pos}`, endpoint]));
    // In one order everywhere, so that two dispatchers never wait for each other's rows.
    const sorted = [...queues.values()].sort((a, b) => a.seq - b.seq || a.pos - b.pos);
    const { rows } = await this.#pool.query<{ moved: number }>({
      name: 'webhook_dispatch',
      text: `with moved as (
               update webhook_cursors set seq = $3 from ${lazily} where book = $1 and seq = $2 and mode = 'off' returning ${nowMs} as at
             ), made as (
               insert into deliveries (book, seq, pos, endpoint_seq, endpoint_pos, account, type, endpoints, by_hand, created, next_at)
               select $1, d.seq, d.pos, d.endpoint_seq, d.endpoint_pos, d.account, d.type, d.endpoints, false, moved.at, moved.at
               from moved, unnest($4::bigint[], $5::integer[], $6::bigint[], $7::integer[], $8::bigint[], $9::smallint[], $10::integer[])
                 as d(seq, pos, endpoint_seq, endpoint_pos, account, type, endpoints)
               on conflict do nothing
             ), queued as (
               insert into webhook_queues (book, endpoint_seq, endpoint_pos, next_at, revision)
               select $1, q.seq, q.pos, moved.at, 1 from moved, unnest($11::bigint[], $12::integer[]) as q(seq, pos)
               on conflict (book, endpoint_seq, endpoint_pos) do update
               set next_at = least(webhook_queues.next_at, excluded.next_at), revision = webhook_queues.revision + 1
             )
             select count(*)::integer as moved from moved`,
      values: [
        book,
        from,
        to,
        integers(deliveries.map(({ event }) => event.seq)),
        integers(deliveries.map(({ event }) => event.pos)),
        integers(deliveries.map(({ endpoint }) => endpoint.seq)),
        integers(deliveries.map(({ endpoint }) => endpoint.pos)),
        integers(deliveries.map(({ account }) => account)),
        integers(deliveries.map(({ type }) => type)),
        integers(deliveries.map(({ endpoints }) => endpoints)),
        integers(sorted.map(({ seq }) => seq)),
        integers(sorted.map(({ pos }) => pos)),
      ],
    });
    return rows[0]?.moved === 1;
  }

  async heartbeat(worker: number, leaseMs: number): Promise<void> {
    await this.#pool.query({
      name: 'webhook_heartbeat',
      text: `insert into webhook_workers (id, alive_until) values ($1, ${nowMs} + $2)
             on conflict (id) do update set alive_until = excluded.alive_until`,
      values: [worker, leaseMs],
    });
  }

  async retire(worker: number): Promise<void> {
    // Workers that ended without a word are cleared away by those that end in order.
    await this.#pool.query(`delete from webhook_workers where id = $1 or alive_until < ${nowMs} - 3600000`, [worker]);
  }

  async claim(worker: number, limit: number): Promise<readonly Queue[]> {
    const { rows } = await this.#pool.query<{ book: number; livemode: boolean; seq: number; pos: number }>({
      name: 'webhook_claim',
      text: `with due as (
               select book, endpoint_seq, endpoint_pos from webhook_queues q
               where next_at <= ${nowMs}
                 and (owner is null or not exists (select from webhook_workers w where w.id = q.owner and w.alive_until > ${nowMs}))
               order by next_at limit $2 for update skip locked
             )
             update webhook_queues q set owner = $1 from due
             where q.book = due.book and q.endpoint_seq = due.endpoint_seq and q.endpoint_pos = due.endpoint_pos
             returning q.book, (select livemode from books b where b.book = q.book), q.endpoint_seq as seq, q.endpoint_pos as pos`,
      values: [worker, limit],
    });
    return rows.map(({ book, livemode, seq, pos }) => ({ book, livemode, endpoint: { seq, pos } }));
  }

  async due({ book, endpoint }: Queue, worker: number, limit: number): Promise<DuePage | null> {
    const { rows } = await this.#pool.query<{
      revision: number;
      changed: number;
      failing: boolean;
      seq: number | null;
      pos: number;
      account: number;
      endpoints: number;
      by_hand: boolean;
      tries: number;
    }>({
      name: 'webhook_due',
      text: `select q.revision, o.changed, q.failing_since is not null as failing, d.* from webhook_queues q
             cross join lateral (select changed from objects where book = $1 and seq = $2 and pos = $3 limit 1) o
             left join lateral (
               select seq, pos, account, endpoints, by_hand, tries from deliveries
               where book = $1 and endpoint_seq = $2 and endpoint_pos = $3 and status = 0 and next_at <= ${nowMs}
               order by next_at, seq, pos limit $5) d on true
             where q.book = $1 and q.endpoint_seq = $2 and q.endpoint_pos = $3 and q.owner = $4`,
      values: [book, endpoint.seq, endpoint.pos, worker, limit],
    });
    const [first] = rows;
    if (first === undefined) return null;
    const deliveries = rows.flatMap(({ seq, pos, account, endpoints, by_hand, tries }): DueDelivery[] =>
      seq === null ? [] : [{ event: { seq, pos }, account, endpoints, byHand: by_hand, tries }],
    );
    return { revision: first.revision, changed: first.changed, isFailing: first.failing, deliveries };
  }

  events(book: number, births: readonly Birth[]): Promise<readonly (RecordedEvent | null)[]> {
    return this.#reader.eventsAt(book, births);
  }

  async release({ book, endpoint }: Queue, worker: number, revision: number): Promise<boolean> {
    const { rowCount } = await this.#pool.query({
      name: 'webhook_release',
      text: `update webhook_queues
             set owner = null, next_at = (
               select min(next_at) from deliveries where book = $1 and endpoint_seq = $2 and endpoint_pos = $3 and status = 0)
             where book = $1 and endpoint_seq = $2 and endpoint_pos = $3 and owner = $4 and revision = $5`,
      values: [book, endpoint.seq, endpoint.pos, worker, revision],
    });
    return rowCount === 1;
  }

  async drop({ book, endpoint }: Queue, through: number | null): Promise<void> {
    await this.#pool.query({
      name: 'webhook_drop',
      text: `update deliveries set status = 3, next_at = null, finished = ${nowMs}
             where book = $1 and endpoint_seq = $2 and endpoint_pos = $3 and status = 0
               and ($4::bigint is null or (seq <= $4 and not by_hand))`,
      values: [book, endpoint.seq, endpoint.pos, through],
    });
  }

  async record(results: readonly AttemptResult[]): Promise<void> {
    await this.#pool.query({
      name: 'webhook_record',
      // `finished is null` and not `status = 0`, with which the plan goes through all that waits for the endpoint.
      text: `update deliveries d
             set tries = d.tries + 1, attempts = d.attempts || jsonb_build_array(r.attempt::jsonb), status = r.status,
                 next_at = case when r.status = 0 then ${nowMs} + r.delay end,
                 finished = case when r.status <> 0 then ${nowMs} end
             from unnest($1::integer[], $2::bigint[], $3::integer[], $4::bigint[], $5::integer[], $6::smallint[], $7::bigint[], $8::text[])
               as r(book, seq, pos, endpoint_seq, endpoint_pos, status, delay, attempt),
             ${lazily}
             where mode = 'off' and d.book = r.book and d.seq = r.seq and d.pos = r.pos
               and d.endpoint_seq = r.endpoint_seq and d.endpoint_pos = r.endpoint_pos and d.finished is null`,
      values: [
        integers(results.map(({ book }) => book)),
        integers(results.map(({ event }) => event.seq)),
        integers(results.map(({ event }) => event.pos)),
        integers(results.map(({ endpoint }) => endpoint.seq)),
        integers(results.map(({ endpoint }) => endpoint.pos)),
        integers(results.map(({ succeeded, retryAfterMs }) => (succeeded ? 1 : retryAfterMs === null ? 2 : 0))),
        integers(results.map(({ retryAfterMs }) => Math.round(retryAfterMs ?? 0))),
        // JSON cannot hold NUL in the database.
        results.map(({ attempt }) => JSON.stringify(attempt).replaceAll('\\u0000', '\\ufffd')),
      ],
    });
    // Of who is well and stays so there is nothing to write, which is nearly always.
    const told = results.filter(({ succeeded, wasFailing }) => !succeeded || wasFailing);
    if (told.length > 0) await this.#mark(told);
  }

  /** Writes down since when endpoints fail. A statement of its own: it never holds deliveries while it waits for a queue. */
  async #mark(results: readonly AttemptResult[]): Promise<void> {
    await this.#pool.query({
      name: 'webhook_mark',
      // Whoever goes on failing is only looked at. In the order that dispatching takes queues in.
      text: `with told as (
               select r.book, r.seq, r.pos, max(r.version) as version, bool_or(r.succeeded) as is_well
               from unnest($1::integer[], $2::bigint[], $3::integer[], $4::bigint[], $5::boolean[]) as r(book, seq, pos, version, succeeded)
               group by r.book, r.seq, r.pos
             ), changed as (
               select q.book, q.endpoint_seq, q.endpoint_pos, told.version, told.is_well
               from told join webhook_queues q on q.book = told.book and q.endpoint_seq = told.seq and q.endpoint_pos = told.pos
               where case when told.is_well then q.failing_since is not null
                          else q.failing_since is null or q.failing_version <> told.version end
               order by 1, 2, 3 for update of q
             )
             update webhook_queues q
             set failing_since = case when not changed.is_well then ${nowMs} end, failing_version = changed.version
             from changed, ${lazily}
             where mode = 'off' and q.book = changed.book
               and q.endpoint_seq = changed.endpoint_seq and q.endpoint_pos = changed.endpoint_pos`,
      values: [
        integers(results.map(({ book }) => book)),
        integers(results.map(({ endpoint }) => endpoint.seq)),
        integers(results.map(({ endpoint }) => endpoint.pos)),
        integers(results.map(({ changed }) => changed)),
        results.map(({ succeeded }) => succeeded),
      ],
    });
  }

  async failingFor({ book, endpoint }: Queue, changed: number): Promise<number | null> {
    const { rows } = await this.#pool.query<{ ms: number }>({
      name: 'webhook_failing_for',
      text: `select ${nowMs} - failing_since as ms from webhook_queues
             where book = $1 and endpoint_seq = $2 and endpoint_pos = $3
               and failing_version = $4 and failing_since is not null`,
      values: [book, endpoint.seq, endpoint.pos, changed],
    });
    return rows[0]?.ms ?? null;
  }

  async resend(book: number, { event, endpoint, account, type }: Omit<NewDelivery, 'endpoints'>): Promise<void> {
    await this.#pool.query(
      `with made as (
         insert into deliveries (book, seq, pos, endpoint_seq, endpoint_pos, account, type, endpoints, by_hand, created, next_at)
         values ($1, $2, $3, $4, $5, $6, $7, 1, true, ${nowMs}, ${nowMs})
         on conflict (book, seq, pos, endpoint_seq, endpoint_pos) do update
         set status = 0, by_hand = true, next_at = excluded.next_at, finished = null
       )
       insert into webhook_queues (book, endpoint_seq, endpoint_pos, next_at, revision) values ($1, $4, $5, ${nowMs}, 1)
       on conflict (book, endpoint_seq, endpoint_pos) do update
       set next_at = least(webhook_queues.next_at, excluded.next_at), revision = webhook_queues.revision + 1`,
      [book, event.seq, event.pos, endpoint.seq, endpoint.pos, account, type],
    );
  }

  async list(query: DeliveryQuery): Promise<{ readonly items: readonly Delivery[]; readonly hasMore: boolean }> {
    const values: unknown[] = [query.book];
    const value = (one: unknown) => `$${values.push(one)}`;
    const conditions = ['book = $1'];
    const beyond = (sign: '<' | '>', { event, endpoint }: DeliveryPlace) =>
      conditions.push(
        `(seq, pos, endpoint_seq, endpoint_pos) ${sign}
         (${value(event.seq)}::bigint, ${value(event.pos)}::integer, ${value(endpoint.seq)}::bigint, ${value(endpoint.pos)}::integer)`,
      );
    if (query.after) beyond('<', query.after);
    if (query.before) beyond('>', query.before);
    const { event, endpoint, status } = query;
    if (event) conditions.push(`seq = ${value(event.seq)} and pos = ${value(event.pos)}`);
    if (endpoint) conditions.push(`endpoint_seq = ${value(endpoint.seq)} and endpoint_pos = ${value(endpoint.pos)}`);
    if (status) conditions.push(`status = ${value(deliveryStatuses.indexOf(status))}`);
    const order = query.before ? 'asc' : 'desc';
    const columns = ['seq', 'pos', 'endpoint_seq', 'endpoint_pos'].map((column) => `${column} ${order}`).join(', ');
    const { rows } = await this.#pool.query<DeliveryRow>(
      `select seq, pos, endpoint_seq, endpoint_pos, account, type, status, attempts, created, next_at
       from deliveries where ${conditions.join(' and ')} order by ${columns} limit ${value(query.limit + 1)}`,
      values,
    );
    const items = rows.slice(0, query.limit).map(toDelivery);
    return { items: query.before ? items.reverse() : items, hasMore: rows.length > query.limit };
  }

  async waiting(book: number, events: readonly Birth[]): Promise<readonly number[]> {
    const { rows } = await this.#pool.query<{ n: number }>({
      name: 'webhook_waiting',
      // What waits for an endpoint that was disabled stays until it would have been due, and is no longer waited for.
      text: `select d.n from unnest($2::bigint[], $3::integer[]) with ordinality as e(seq, pos, i)
             cross join lateral (
               select count(*)::integer as n from deliveries d
               cross join lateral (
                 select from objects where book = $1 and seq = d.endpoint_seq and pos = d.endpoint_pos and ref1 = 'enabled' limit 1) o
               where d.book = $1 and d.seq = e.seq and d.pos = e.pos and d.status in (0, 2)) d
             order by e.i`,
      values: [book, integers(events.map(({ seq }) => seq)), integers(events.map(({ pos }) => pos))],
    });
    return rows.map(({ n }) => n);
  }

  async prune(seconds: number): Promise<number> {
    const { rowCount } = await this.#pool.query(
      `delete from deliveries where ctid = any(array(
         select ctid from deliveries where finished < ${nowMs} - $1::bigint * 1000 order by finished limit ${prunedAtOnce}))`,
      [seconds],
    );
    return rowCount ?? 0;
  }
}

/** Whose events an operation's changes tell of; the journal's own spelling is described at `Changes`. */
function emittedBy(book: number, text: string): News['events'] {
  // Most operations of some books have none, and then need no parsing.
  if (!text.includes('"emit":[[')) return [];
  const { put, emit } = readChanges(text);
  return (emit ?? []).map(([type, about, owner], pos) => {
    const account = typeof about === 'string' ? about : typeof owner === 'string' ? owner : put?.[about]?.account;
    return { pos, type, account: account ?? accountId(1, book) };
  });
}

const toDelivery = (row: DeliveryRow): Delivery => ({
  event: { seq: row.seq, pos: row.pos },
  endpoint: { seq: row.endpoint_seq, pos: row.endpoint_pos },
  account: row.account,
  type: row.type,
  status: deliveryStatuses[row.status] ?? 'pending',
  attempts: row.attempts,
  created: Math.floor(row.created / 1000),
  nextAttempt: row.next_at === null ? null : Math.ceil(row.next_at / 1000),
});

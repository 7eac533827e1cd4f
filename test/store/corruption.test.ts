/**
 * Corruption by chance: one column of one row of any table is changed, or a row is deleted, and the audit must see it. What
 * it cannot see stands below with the reason why that can do no harm to the books.
 */
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { allKinds } from '../../src/registry.ts';
import { auditBooks, onOne } from '../../src/store/postgres/audit.ts';
import { newClient } from '../../src/store/postgres/connection.ts';
import { createDatabase, databaseUrl, dropDatabase } from '../support/database.ts';
import { admin, advanceClock, createPlatform, stripeFor } from '../support/platform.ts';
import { startServer } from '../support/server.ts';

const monday = 1_772_445_600;
const day = 86_400;
const damages = 300;

/** `table.column`, or `table` for its deleted rows → why it need not be seen. */
const unseen: Readonly<Record<string, string>> = {
  'operations.batch': 'asked for only while its batch is on its way: whether a lost answer was written',
  'books.next_due': 'seen when it is too late; too early is a look in vain',
  api_keys: 'a key that is gone opens nothing',
  expanded_answers: 'an answer that is gone is rendered anew',
  'webhook_cursors.seq': 'a position: behind, events that were handed over are found to be so',
  'api_keys.last_used': 'shown, and nothing follows from it',
  'webhook_cursors.book': 'the position of another book; of a book that is not there it is seen',
  webhook_cursors: 'a position: begun anew with the next event',
  'webhook_queues.book': 'as with cursors',
  'webhook_queues.next_at': 'a position: a queue is looked at sooner or later',
  'webhook_queues.revision': 'a counter while a queue is worked off',
  'webhook_queues.owner': 'a lease',
  'webhook_queues.failing_since': 'what the sender remembers of its last tries: the next success clears it',
  'webhook_queues.failing_version': 'as before',
  'webhook_queues.endpoint_seq': 'what waits is found by `deliveries` when the endpoint has its next event',
  'webhook_queues.endpoint_pos': 'as before',
  webhook_queues: 'as before',
  'deliveries.seq': 'a log of what was sent; the events themselves stand in the journal and can be sent again',
  'deliveries.pos': 'as before',
  'deliveries.endpoint_seq': 'as before',
  'deliveries.endpoint_pos': 'as before',
  'deliveries.endpoints': 'as before',
  'deliveries.by_hand': 'as before',
  'deliveries.created': 'as before',
  'deliveries.status': 'as before',
  'deliveries.tries': 'as before',
  'deliveries.attempts': 'as before',
  'deliveries.next_at': 'as before',
  'deliveries.finished': 'as before',
  deliveries: 'as before',
  'notification_cursors.seq': 'a position: behind, messages that were written are found to be there',
  'notification_cursors.book': 'as with cursors of webhooks',
  notification_cursors: 'a position',
  'messages.status': 'a log of what became of what was told',
  'messages.tries': 'as before',
  'messages.error': 'as before',
  'messages.next_at': 'as before',
  'messages.sent': 'as before',
  messages: 'a message that is gone is not told of again, or was told of',
  'report_claims.book': 'a lease',
  'report_claims.seq': 'a lease',
  'report_claims.pos': 'a lease',
  'report_claims.until': 'a lease',
  'report_claims.attempts': 'a lease',
  report_claims: 'a lease',
};

const postgres = inject('postgres');
const database = `corruption_${process.pid}`;
let client: pg.Client;

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
}
let columns: Column[];

beforeAll(async () => {
  await createDatabase(postgres, database);
  const url = databaseUrl(postgres, database);
  const server = await startServer({ env: { DATABASE_URL: url } });
  try {
    const platform = await createPlatform(server, { test_clock: { frozen_time: monday } });
    const stripe = stripeFor(server, platform);
    await stripe.webhookEndpoints.create({ url: 'http://127.0.0.1:9/nobody', enabled_events: ['charge.succeeded'] });
    await admin(server, platform.secret_key, 'POST', '/evenkeel/v1/notifications', { enabled: true });
    const seller = await stripe.accounts.create({
      type: 'express',
      country: 'US',
      email: 'anna@example.com',
      external_account: {
        object: 'bank_account',
        country: 'US',
        currency: 'usd',
        routing_number: '110000000',
        account_number: '000123456789',
      },
      settings: { payouts: { schedule: { interval: 'daily' } } },
      capabilities: { transfers: { requested: true }, card_payments: { requested: true } },
    });
    const charged = async (index: number, capture = true) =>
      stripe.charges.create(
        {
          amount: 5000 + index,
          currency: 'usd',
          source: 'tok_visa',
          capture,
          transfer_data: { destination: seller.id },
          expand: ['balance_transaction'],
        },
        { idempotencyKey: `charge ${index}` },
      );
    for (let i = 0; i < 10; i++) await charged(i);
    await charged(10, false);
    await advanceClock(stripe, platform.test_clock as string, monday + 3 * day);
    const last = await charged(11);
    await stripe.refunds.create(
      { charge: last.id, amount: 1000, reverse_transfer: true },
      { idempotencyKey: 'refund' },
    );
    await stripe.charges.create({ amount: 9000, currency: 'usd', source: 'tok_createDispute' });
    await stripe.files.create({
      purpose: 'dispute_evidence',
      file: { data: Buffer.from('%PDF-1.7\n'), name: 'a.pdf', type: 'application/pdf' },
    });
    // What is sent and told is written after the answers.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  } finally {
    await server.stop();
  }
  client = newClient({ url });
  await client.connect();
  columns = (
    await client.query<Column>(
      `select c.relname::text as table, a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
         and exists (select from pg_attribute b where b.attrelid = c.oid and b.attname = 'book')
       order by 1, a.attnum`,
    )
  ).rows;
  // The database's own checks would refuse some damage; what rots on a disk asks nobody.
  await client.query('alter table operations drop constraint operations_legs_check');
}, 120_000);

afterAll(async () => {
  await client?.end();
  await dropDatabase(postgres, database);
});

/** Another value of the column's type, by chance. */
function other({ name, type }: Column, draw: (below: number) => number): string {
  const by = draw(2) === 0 ? draw(3) + 1 : -(draw(3) + 1);
  switch (type) {
    case 'smallint':
    case 'integer':
    case 'bigint':
      return `coalesce(${name} + ${by}, ${draw(1000)})`;
    case 'boolean':
      return `not ${name}`;
    case 'text':
      return draw(2) === 0 ? `coalesce(${name}, '') || 'x'` : `overlay(${name} placing 'q' from 1)`;
    case 'bytea': {
      const bit = draw(8);
      return `case when length(${name}) > 0 then set_bit(${name}, ${bit}, 1 - get_bit(${name}, ${bit})) else '\\x01' end`;
    }
    case 'uuid':
      return 'gen_random_uuid()';
    case 'jsonb':
      return `${name} || '[{}]'`;
    default:
      return `${name} || 7::${type.slice(0, -2)}`;
  }
}

/** Small, so that a seed is the same run everywhere. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

async function findings(): Promise<readonly string[]> {
  const report = await auditBooks(onOne(client), allKinds);
  return report.findings.map(({ promise, book, row, says }) => `${promise}  book ${book}  ${row}: ${says}`);
}

/** Does the damage and looks at it; null where the database refuses it, or it changes nothing. */
async function after(damage: string): Promise<readonly string[] | null> {
  await client.query('savepoint whole');
  try {
    const { rowCount } = await client.query(damage);
    return rowCount === 0 ? null : await findings();
  } catch (error) {
    if (error instanceof pg.DatabaseError && /^(22|23)/.test(error.code ?? '')) return null;
    throw new Error(`the audit fails after ${damage}`, { cause: error });
  } finally {
    await client.query('rollback to savepoint whole');
  }
}

test('books that nobody touched are clean', async () => {
  await client.query('begin');
  expect(await findings()).toEqual([]);
  await client.query('rollback');
});

test.each([1, 2])(
  'seed %i: whatever is changed or deleted is seen',
  async (seed) => {
    const draw = generator(seed);
    const rows = new Map<string, string[]>();
    for (const table of new Set(columns.map((column) => column.table))) {
      const places = await client.query<{ place: string }>(
        `select 'tableoid = ' || tableoid || ' and ctid = ''' || ctid || '''' as place from ${table}`,
      );
      if (places.rows.length > 0)
        rows.set(
          table,
          places.rows.map(({ place }) => place),
        );
    }
    const isSeen = ({ table, name }: Column) => !(`${table}.${name}` in unseen) && rows.has(table);
    const seen = columns.filter(isSeen);
    const deletable = [...rows.keys()].filter((table) => !(table in unseen));
    const missed: string[] = [];
    let done = 0;
    await client.query('begin');
    // First every column of every table and a row of each; then at random.
    for (let i = 0; done < damages / 2; i++) {
      const column = (i < seen.length ? seen[i] : seen[draw(seen.length)]) as Column;
      const table = i < seen.length ? column.table : (deletable[draw(deletable.length)] as string);
      const places = rows.get(table) as string[];
      const place = places[draw(places.length)];
      const isDeleted = i >= seen.length && draw(4) === 0;
      const value = other(column, draw);
      const damage = isDeleted
        ? `delete from ${table} where ${place}`
        : `update ${column.table} set ${column.name} = ${value} where ${
            i < seen.length
              ? place
              : (rows.get(column.table) as string[])[draw((rows.get(column.table) as string[]).length)]
          } and ${column.name} is distinct from ${value}`;
      const found = await after(damage);
      if (found === null) continue;
      done++;
      if (found.length === 0) missed.push(damage);
    }
    await client.query('rollback');
    expect(missed).toEqual([]);
  },
  300_000,
);

test('every table has rows to damage, and the list names what there is', async () => {
  const names = new Set(columns.flatMap(({ table, name }) => [table, `${table}.${name}`]));
  expect(Object.keys(unseen).filter((name) => !names.has(name))).toEqual([]);
  const empty: string[] = [];
  for (const table of new Set(columns.map((column) => column.table))) {
    const { rows } = await client.query(`select 1 from ${table} limit 1`);
    if (rows.length === 0) empty.push(table);
  }
  // A claim is there while a report is being written.
  expect(empty).toEqual(['report_claims']);
});

test('rows of a book that is not there are seen, in each table', async () => {
  await client.query('begin');
  await client.query('insert into report_claims values (1, 1, 1, 1, 1)');
  for (const table of new Set(columns.map((column) => column.table))) {
    if (table === 'books') continue;
    // As whoever plants one would write it: with its seal.
    const reseal =
      table === 'api_keys'
        ? ', seal = key_seal(key_hash, 999, kind, prefix, last4, created, revoked, name, grants)'
        : '';
    const found = await after(
      `update ${table} set book = 999${reseal} where (tableoid, ctid) = (select tableoid, ctid from ${table} limit 1)`,
    );
    expect(found, table).toContain(`book  book 999  book 999: has rows in ${table}, and no row of its own`);
  }
  await client.query('rollback');
});

test('work that is looked at too late is seen', async () => {
  await client.query('begin');
  expect(await after('update books set next_due = next_due + 1 where next_due is not null')).not.toEqual([]);
  expect(await after('update books set next_due = null where next_due is not null')).not.toEqual([]);
  await client.query('rollback');
});

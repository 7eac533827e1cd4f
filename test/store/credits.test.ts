/** How old money is, read from the rows of drawn books: PostgreSQL says what the store without a database says. */
import { expect, test } from 'vitest';
import { balanceTransactionTypeNo } from '../../src/data/balance-transaction-types.ts';
import { minor } from '../../src/kernel/money.ts';
import { dayOf, SECONDS_PER_DAY } from '../../src/kernel/time.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { PostgresStore } from '../../src/store/postgres/postgres.ts';
import type { LineRow, Wants } from '../../src/store/store.ts';
import { Random } from '../simulation/random.ts';
import { ownStore } from '../support/store.ts';

const ours = ownStore('credits');

interface Row extends Pick<LineRow, 'account' | 'currency' | 'type' | 'amount' | 'fee' | 'day'> {
  readonly seq: number;
  readonly pos: number;
}
/** The moments of the operations of a book, and its rows. */
interface Drawn {
  readonly times: readonly number[];
  readonly rows: readonly Row[];
}

const types = (['charge', 'refund', 'topup', 'payout_cancel', 'reserve_transaction'] as const).map(
  balanceTransactionTypeNo,
);

/** How long after one operation the next one comes. */
const gaps: readonly ((random: Random, time: number) => number)[] = [
  (random) => random.int(40_000),
  // A clock that stands still, and leaps by years.
  (random) => (random.chance(20) ? random.int(900) * SECONDS_PER_DAY : 0),
  // The first and the last second of a day.
  (random, time) => SECONDS_PER_DAY - (time % SECONDS_PER_DAY) - random.int(2) + random.int(3) * SECONDS_PER_DAY,
  (random) => random.int(20) * SECONDS_PER_DAY + random.int(100),
];

function drawBook(random: Random): Drawn {
  let time = random.pick([0, 1_700_000_000, 4_000_000_000]) + random.int(SECONDS_PER_DAY);
  const gap = random.pick(gaps);
  const times: number[] = [];
  const rows: Row[] = [];
  for (let seq = 1, count = random.pick([0, 1, 2, 30, 120]); seq <= count; seq++) {
    times.push(time);
    for (let pos = random.int(4); pos > 0; pos--) {
      rows.push({
        seq,
        pos,
        account: random.pick([1, 1, 2]),
        currency: random.pick(['usd', 'usd', 'eur']),
        type: random.pick(types),
        amount: minor(random.int(60) - 10),
        fee: minor(random.chance(30) ? random.int(20) : 0),
        day: random.chance(40) ? dayOf(time) + random.pick([0, 1, 7, 31, 59, 60]) : null,
      });
    }
    time += gap(random, time);
  }
  return { times, rows };
}

async function write(book: number, { times, rows }: Drawn): Promise<void> {
  const { pool } = ours.store;
  await ours.store.createBook({ book, livemode: false, secret: '00' });
  await pool.query('update books set version = $2 where book = $1', [book, times.length]);
  await pool.query(
    `insert into operations (book, seq, time, command, account, batch, legs, changes, status, hash)
     select $1, seq, time, 'drawn', 1, 1, '{}', '{}', 200, '' from unnest($2::bigint[]) with ordinality as o(time, seq)`,
    [book, times],
  );
  await pool.query(
    `insert into balance_transactions (book, account, seq, pos, type, currency, amount, fee, day)
     select $1, account, seq, pos, type, currency, amount, fee, day
     from json_populate_recordset(null::balance_transactions, $2)`,
    [book, JSON.stringify(rows)],
  );
}

async function inMemory(book: number, { times, rows }: Drawn): Promise<MemoryStore> {
  const memory = new MemoryStore();
  await memory.createBook({ book, livemode: false, secret: '00' });
  const { operations, lines } = memory.book(book);
  for (const time of times) operations.push({ time } as (typeof operations)[number]);
  lines.push(...(rows as typeof lines));
  return memory;
}

const wanting = (credits: Wants['credits']): Wants => ({
  objects: [],
  balances: [],
  keys: [],
  maturing: null,
  credits,
});

const spans = [0, 1, 31, 32, 33, 90, 159, 160, 161, 671, 672, 673, 730];

test('whatever the days of a book, and however many ask at once', async () => {
  let found = 0;
  for (let book = 1; book <= 40; book++) {
    const random = new Random(book);
    const drawn = drawBook(random);
    await write(book, drawn);
    const memory = await inMemory(book, drawn);
    const last = dayOf(drawn.times.at(-1) ?? 0);
    for (let round = 0; round < 4; round++) {
      const wants = wanting(
        Array.from({ length: 1 + random.int(6) }, () => {
          const through = last + random.int(3);
          const after = through - random.pick(spans);
          const enough = minor(1 + random.int(random.pick([5, 100, 4000])));
          return { account: random.pick([1, 1, 2, 3]), currency: random.pick(['usd', 'eur']), after, through, enough };
        }),
      );
      const { credits } = await ours.store.fetch(book, wants);
      expect({ book, wants, credits }).toEqual({ book, wants, credits: (await memory.fetch(book, wants)).credits });
      found += credits.flat().length;
    }
  }
  expect(found).toBeGreaterThan(100);
});

test('many that ask at once are hardly more work than one', async () => {
  const book = 1000;
  await write(book, { times: Array.from({ length: 730 }, (_, day) => day * SECONDS_PER_DAY), rows: [] });
  // Most of it is looking for the first operations of days, which are counted. What was planned before does not count.
  await ours.store.pool.query(`
    create sequence looks;
    alter function first_seq_at rename to first_seq_looked_for;
    create function first_seq_at(p_book integer, p_time bigint) returns bigint language plpgsql stable as $$
    begin
      perform nextval('looks');
      return first_seq_looked_for(p_book, p_time);
    end $$`);
  const counted = new PostgresStore({ url: ours.url });
  const looks = async (accounts: number) => {
    await counted.pool.query("select setval('looks', 1, false)");
    const rest = { currency: 'usd', after: 0, through: 730, enough: minor(1) } as const;
    await counted.fetch(book, wanting(Array.from({ length: accounts }, (_, n) => ({ account: 1 + n, ...rest }))));
    const { rows } = await counted.pool.query<{ looks: number }>("select nextval('looks') - 1 as looks");
    return Number(rows[0]?.looks);
  };
  try {
    const alone = await looks(1);
    expect(alone).toBeGreaterThan(700);
    expect(await looks(64)).toBeLessThan(16 * alone);
  } finally {
    await counted.close();
  }
});

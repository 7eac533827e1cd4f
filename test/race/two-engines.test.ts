import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { birthOf } from '../../src/kernel/id.ts';
import { PostgresStore } from '../../src/store/postgres/postgres.ts';
import { createDatabase, databaseUrl, dropDatabase } from '../support/database.ts';
import { deposit, idOf, openBook, pay, task, toyEngine } from '../support/toy.ts';

const postgres = inject('postgres');
const database = `race_${process.pid}`;
const stores: PostgresStore[] = [];

beforeAll(async () => {
  await createDatabase(postgres, database);
  for (let i = 0; i < 3; i++) stores.push(new PostgresStore({ url: databaseUrl(postgres, database) }));
});
afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await dropDatabase(postgres, database);
});

test('three engines fight for one book: no money is made or lost, no key works twice', async () => {
  const engines = stores.map((store) => toyEngine(store));
  const [first] = engines as [ReturnType<typeof toyEngine>];
  const [a, b] = (await openBook(stores[0] as PostgresStore, first, 1, 2)) as [string, string];
  await first.submit(1, task(deposit, { to: a, amount: 500 }));
  const outcomes = await Promise.all(
    Array.from({ length: 900 }, (_, i) =>
      // Each key is used by all three engines at about the same time.
      engines[i % 3]?.submit(1, task(pay, { from: a, to: b, amount: 2 }, `key ${Math.floor(i / 3)}`)),
    ),
  );
  const paid = outcomes.filter((outcome) => outcome && outcome.kind !== 'refused' && outcome.status === 200);
  expect(new Set(paid.map((outcome) => outcome && idOf(outcome))).size).toBe(250);
  const balances = await stores[0]?.reader.balances(1, birthOf(b, 1)?.seq ?? 0);
  expect(balances?.get('usd')?.available).toBe(500);
  const { rows } = await (stores[0] as PostgresStore).pool.query(
    `select count(*) as operations, max(seq) as last, count(distinct key) filter (where key is not null) as keys,
            count(key) as keyed from operations where book = 1`,
  );
  expect(rows[0].operations).toBe(rows[0].last);
  expect(rows[0].keyed).toBe(rows[0].keys);
});

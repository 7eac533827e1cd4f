/** Old keys of requests go by emptying a whole part, which must never hold anybody up. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { dayOf, systemClock } from '../../src/kernel/time.ts';
import { audit } from '../../src/store/postgres/audit.ts';
import { PostgresStore } from '../../src/store/postgres/postgres.ts';
import { createDatabase, databaseUrl, dropDatabase } from '../support/database.ts';
import { deposit, kinds, openBook, task, toyEngine } from '../support/toy.ts';

const postgres = inject('postgres');
const database = `expiry_${process.pid}`;
const url = databaseUrl(postgres, database);
const today = dayOf(systemClock());
const daysAgo = (days: number) => () => systemClock() - days * 86_400;
let store: PostgresStore;
let account: string;

beforeAll(async () => {
  await createDatabase(postgres, database);
  store = new PostgresStore({ url });
  const engine = toyEngine(store, { clock: daysAgo(3) });
  [account] = (await openBook(store, engine, 1, 1)) as [string];
  await engine.submit(1, task(deposit, { to: account, amount: 1000 }, 'old'));
  await engine.stop();
});
afterAll(async () => {
  await store.close();
  await dropDatabase(postgres, database);
});

const keys = async (): Promise<number[]> =>
  (await store.pool.query<{ seq: number }>('select seq from idempotency_keys order by seq')).rows.map(({ seq }) => seq);

test('while somebody reads all keys, none go and nobody waits; afterwards the old ones go, and the books are clean', async () => {
  const engine = toyEngine(store);
  const reader = await store.pool.connect();
  try {
    await reader.query('begin transaction isolation level repeatable read');
    await reader.query('select count(*) from idempotency_keys');
    const started = performance.now();
    const [outcome] = await Promise.all([
      engine.submit(1, task(deposit, { to: account, amount: 1000 }, 'new')),
      store.expireKeys(today),
    ]);
    expect(outcome.kind).toBe('decided');
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(await keys()).toEqual([2, 3]);
    await reader.query('commit');
  } finally {
    reader.release();
  }
  await store.expireKeys(today);
  expect(await keys()).toEqual([3]);
  await engine.stop();
  expect((await audit({ url }, kinds)).findings).toEqual([]);
});

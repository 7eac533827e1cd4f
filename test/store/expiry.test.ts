/** Old keys of requests go by emptying a whole part, which must never hold anybody up. */
import { beforeAll, expect, test } from 'vitest';
import { dayOf, systemClock } from '../../src/kernel/time.ts';
import { audit } from '../../src/store/postgres/audit.ts';
import { ownStore } from '../support/store.ts';
import { deposit, kinds, openBook, task, toyEngine } from '../support/toy.ts';

const ours = ownStore('expiry');
const today = dayOf(systemClock());
const daysAgo = (days: number) => () => systemClock() - days * 86_400;
let account: string;

beforeAll(async () => {
  const engine = toyEngine(ours.store, { clock: daysAgo(3) });
  [account] = (await openBook(ours.store, engine, 1, 1)) as [string];
  await engine.submit(1, task(deposit, { to: account, amount: 1000 }, 'old'));
  await engine.stop();
});

const keys = async (): Promise<number[]> =>
  (await ours.store.pool.query<{ seq: number }>('select seq from idempotency_keys order by seq')).rows.map(
    ({ seq }) => seq,
  );

test('while somebody reads all keys, none go and nobody waits; afterwards the old ones go, and the books are clean', async () => {
  const engine = toyEngine(ours.store);
  const reader = await ours.store.pool.connect();
  try {
    await reader.query('begin transaction isolation level repeatable read');
    await reader.query('select count(*) from idempotency_keys');
    const started = performance.now();
    const [outcome] = await Promise.all([
      engine.submit(1, task(deposit, { to: account, amount: 1000 }, 'new')),
      ours.store.expireKeys(today),
    ]);
    expect(outcome.kind).toBe('decided');
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(await keys()).toEqual([2, 3]);
    await reader.query('commit');
  } finally {
    reader.release();
  }
  await ours.store.expireKeys(today);
  expect(await keys()).toEqual([3]);
  await engine.stop();
  expect((await audit({ url: ours.url }, kinds)).findings).toEqual([]);
});

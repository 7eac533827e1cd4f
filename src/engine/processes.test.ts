/** What a process knows of a book may be old: another one wrote meanwhile. And the database may have no room. */
import { expect, test } from 'vitest';
import { deposit, freeze, jobs, open, openBook, task, toyEngine } from '../../test/support/toy.ts';
import { assert } from '../kernel/assert.ts';
import { accountNo } from '../ledger/chart.ts';
import { MemoryStore } from '../store/memory.ts';
import type { Batch } from '../store/store.ts';
import { command } from './command.ts';

/** Trusts what other commands promise: the account has been given its money. */
const trusting = command({
  name: 'toy.trusting',
  load: (read, params: { to: string }) => read.balance(params.to, 'usd'),
  decide(_, balance) {
    assert(balance.available === 5, 'the money is there');
    return { result: null };
  },
});

test('a fault that comes of an old state is nobody’s: the command is decided again', async () => {
  const store = new MemoryStore();
  const [one, other] = [toyEngine(store), toyEngine(store)];
  const [a] = (await openBook(store, one, 1, 1)) as [string];
  await other.submit(1, task(trusting, { to: a })).catch(() => {});
  await one.submit(1, task(deposit, { to: a, amount: 5 }));
  await expect(other.submit(1, task(trusting, { to: a }))).resolves.toMatchObject({ status: 200 });
  await one.submit(1, task(deposit, { to: a, amount: 1 }));
  await expect(other.submit(1, task(trusting, { to: a }))).rejects.toThrow('the money is there');
});

test('what another process schedules while a book is opened is not forgotten', async () => {
  let meanwhile = async () => {};
  class Slow extends MemoryStore {
    override async openBook(book: number) {
      await meanwhile();
      return super.openBook(book);
    }
  }
  let now = 1_772_445_600;
  const shared = new Slow(() => now);
  const [one, other] = [toyEngine(shared, { jobs, clock: () => now }), toyEngine(shared, { jobs, clock: () => now })];
  const [a] = (await openBook(shared, one, 1, 1)) as [string];
  meanwhile = async () => {
    meanwhile = async () => {};
    await one.submit(1, task(deposit, { to: a, amount: 5, inDays: 1 }));
  };
  await other.submit(1, task(deposit, { to: a, amount: 1 }));
  now += 86_400;
  expect(await shared.booksDue(now)).toEqual([1]);
  await other.catchUp(1);
  expect(shared.balances(1, accountNo(a, 1)).get('usd')?.available).toBe(6);
});

test('what another process left undone is done, whatever this one remembers', async () => {
  const store = new MemoryStore();
  const [one, other] = [toyEngine(store), toyEngine(store)];
  await openBook(store, one, 1, 1);
  await one.submit(1, task(freeze, { at: 1000 }));
  await other.submit(1, task(open, {}));
  // It ends before it has come to what follows.
  await one.submit(1, task(freeze, { advanceTo: 2000 }));
  await other.catchUp(1);
  expect(store.book(1).row).toMatchObject({ frozenTime: 2000, advanceTo: null });
});

test.each([1, 3])('%i jobs that a full disk refuses are done when there is room', async (count) => {
  let isFull = false;
  class Disk extends MemoryStore {
    override async commit(batch: Batch): Promise<void> {
      if (isFull) throw Object.assign(new Error('no space left on device'), { code: '53100' });
      await super.commit(batch);
    }
  }
  let now = 1_772_445_600;
  const store = new Disk(() => now);
  const engine = toyEngine(store, { jobs, clock: () => now });
  const [a] = (await openBook(store, engine, 1, 1)) as [string];
  for (let day = 1; day <= count; day++) await engine.submit(1, task(deposit, { to: a, amount: 5, inDays: day }));
  now += count * 86_400;
  isFull = true;
  await engine.catchUp(1);
  await expect(engine.submit(1, task(deposit, { to: a, amount: 1 }))).rejects.toThrow('what is due cannot be done');
  isFull = false;
  await engine.catchUp(1);
  expect(store.balances(1, accountNo(a, 1)).get('usd')?.available).toBe(count * 5);
  expect(store.book(1).schedule).toEqual([]);
});

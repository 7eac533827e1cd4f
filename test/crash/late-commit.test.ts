import { expect, test } from 'vitest';
import { birthOf } from '../../src/kernel/id.ts';
import { type Batch, LostAnswer } from '../../src/store/store.ts';
import { ownStore } from '../support/store.ts';
import { deposit, openBook, task, toyEngine } from '../support/toy.ts';

const ours = ownStore('late');

test.each(['a key', undefined])('a batch that is committed after it was given up happens once (%s)', async (key) => {
  const book = key ? 1 : 2;
  const [a] = (await openBook(ours.store, toyEngine(ours.store), book, 1)) as [string];
  const holder = await ours.store.pool.connect();
  await holder.query('begin');
  await holder.query('select 1 from books where book = $1 for update', [book]);
  const commits = [
    async (batch: Batch) => {
      // The statement waits in PostgreSQL for longer than we wait for its answer.
      void ours.store.commit(batch).catch(() => {});
      setTimeout(() => void holder.query('commit').then(() => holder.release()), 500);
      await new Promise((resolve) => setTimeout(resolve, 100));
      throw new LostAnswer('late');
    },
  ];
  const slow = new Proxy(ours.store, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (name === 'commit') return (batch: Batch) => (commits.shift() ?? ours.store.commit.bind(ours.store))(batch);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  await toyEngine(slow).submit(book, task(deposit, { to: a, amount: 5 }, key));
  const balances = await ours.store.reader.balances(book, birthOf(a, book)?.seq ?? 0);
  expect(balances.get('usd')?.available).toBe(5);
});

import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { birthOf } from '../../src/kernel/id.ts';
import { PostgresStore } from '../../src/store/postgres/postgres.ts';
import { type Batch, LostAnswer } from '../../src/store/store.ts';
import { createDatabase, databaseUrl, dropDatabase } from '../support/database.ts';
import { deposit, openBook, task, toyEngine } from '../support/toy.ts';

const postgres = inject('postgres');
const database = `late_${process.pid}`;
let store: PostgresStore;

beforeAll(async () => {
  await createDatabase(postgres, database);
  store = new PostgresStore({ url: databaseUrl(postgres, database) });
});
afterAll(async () => {
  await store.close();
  await dropDatabase(postgres, database);
});

test.each(['a key', undefined])('a batch that is committed after it was given up happens once (%s)', async (key) => {
  const book = key ? 1 : 2;
  const [a] = (await openBook(store, toyEngine(store), book, 1)) as [string];
  const holder = await store.pool.connect();
  await holder.query('begin');
  await holder.query('select 1 from books where book = $1 for update', [book]);
  const commits = [
    async (batch: Batch) => {
      // The statement waits in PostgreSQL for longer than we wait for its answer.
      void store.commit(batch).catch(() => {});
      setTimeout(() => void holder.query('commit').then(() => holder.release()), 500);
      await new Promise((resolve) => setTimeout(resolve, 100));
      throw new LostAnswer('late');
    },
  ];
  const slow = new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (name === 'commit') return (batch: Batch) => (commits.shift() ?? store.commit.bind(store))(batch);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  await toyEngine(slow).submit(book, task(deposit, { to: a, amount: 5 }, key));
  const balances = await store.reader.balances(book, birthOf(a, book)?.seq ?? 0);
  expect(balances.get('usd')?.available).toBe(5);
});

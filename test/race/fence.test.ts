import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { birthOf } from '../../src/kernel/id.ts';
import { audit } from '../../src/store/postgres/audit.ts';
import { PostgresStore } from '../../src/store/postgres/postgres.ts';
import type { Batch } from '../../src/store/store.ts';
import { createDatabase, databaseUrl, dropDatabase } from '../support/database.ts';
import { deposit, kinds, openBook, task, toyEngine } from '../support/toy.ts';

const postgres = inject('postgres');
const database = `fence_${process.pid}`;
let store: PostgresStore;

beforeAll(async () => {
  await createDatabase(postgres, database);
  store = new PostgresStore({ url: databaseUrl(postgres, database) });
});
afterAll(async () => {
  await store.close();
  await dropDatabase(postgres, database);
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('a batch whose predecessor lost to another process of just as many operations is refused as well', async () => {
  const other = toyEngine(store);
  const [a] = (await openBook(store, other, 1, 1)) as [string];
  let before = Promise.resolve();
  let isFirst = true;
  // Everything it writes waits until the other engine has written one operation; in order, as a connection keeps it.
  const late = new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (name !== 'commit') return typeof value === 'function' ? value.bind(target) : value;
      return (batch: Batch) => {
        const intrude = isFirst;
        isFirst = false;
        const done = before.then(async () => {
          if (intrude) {
            await pause(100);
            await other.submit(1, task(deposit, { to: a, amount: 100 }));
          }
          await store.commit(batch);
        });
        before = done.catch(() => {});
        return done;
      };
    },
  });
  // One a batch, so that the second is sent before the first is answered.
  const engine = toyEngine(late, { batchLimit: 1 });
  await Promise.all([10, 1].map((amount) => engine.submit(1, task(deposit, { to: a, amount }))));
  const balances = await store.reader.balances(1, birthOf(a, 1)?.seq ?? 0);
  expect(balances.get('usd')?.available).toBe(111);
  expect((await audit({ url: databaseUrl(postgres, database) }, kinds)).findings).toEqual([]);
});

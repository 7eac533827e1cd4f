import { expect, test } from 'vitest';
import { birthOf } from '../../src/kernel/id.ts';
import { audit } from '../../src/store/postgres/audit.ts';
import type { Batch } from '../../src/store/store.ts';
import { ownStore } from '../support/store.ts';
import { deposit, kinds, openBook, task, toyEngine } from '../support/toy.ts';

const ours = ownStore('fence');

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('a batch whose predecessor lost to another process of just as many operations is refused as well', async () => {
  const other = toyEngine(ours.store);
  const [a] = (await openBook(ours.store, other, 1, 1)) as [string];
  let before = Promise.resolve();
  let isFirst = true;
  // Everything it writes waits until the other engine has written one operation; in order, as a connection keeps it.
  const late = new Proxy(ours.store, {
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
          await ours.store.commit(batch);
        });
        before = done.catch(() => {});
        return done;
      };
    },
  });
  // One a batch, so that the second is sent before the first is answered.
  const engine = toyEngine(late, { batchLimit: 1 });
  await Promise.all([10, 1].map((amount) => engine.submit(1, task(deposit, { to: a, amount }))));
  const balances = await ours.store.reader.balances(1, birthOf(a, 1)?.seq ?? 0);
  expect(balances.get('usd')?.available).toBe(111);
  expect((await audit({ url: ours.url }, kinds)).findings).toEqual([]);
});

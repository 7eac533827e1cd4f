/** A list that is asked what no column says looks at so many objects, and tells where it stopped. */
import { expect, test } from 'vitest';
import { accountNo } from '../../src/ledger/chart.ts';
import type { ObjectQuery } from '../../src/store/reader.ts';
import { ownStore } from '../support/store.ts';
import { deposit, notes, openBook, task, toyEngine } from '../support/toy.ts';

const ours = ownStore('scan');

test('whoever goes on from there misses nothing', async () => {
  const engine = toyEngine(ours.store);
  const [to] = await openBook(ours.store, engine, 1, 1);
  const amounts = Array.from({ length: 1200 }, (_, i) => (i % 300 === 0 ? 7 : 1));
  await Promise.all(amounts.map((amount) => engine.submit(1, task(deposit, { to, amount }))));
  const query: ObjectQuery = {
    book: 1,
    account: accountNo(to as string, 1),
    kind: notes.no,
    limit: 10,
    where: (note) => (note as unknown as { amount: number }).amount === 7,
  };
  const whole = await ours.store.reader.list(query);
  expect(whole.items).toHaveLength(4);
  expect(whole).not.toHaveProperty('stopped');

  const found: string[] = [];
  let pages = 0;
  for (let after: ObjectQuery['after']; ; pages++) {
    const page = await ours.store.reader.list({ ...query, scanMax: 500, ...(after && { after }) });
    found.push(...page.items.map(({ id }) => id));
    expect(page.hasMore).toBe(page.stopped !== undefined);
    if (page.stopped === undefined) break;
    after = page.stopped;
  }
  expect(pages).toBe(2);
  expect(found).toEqual(whole.items.map(({ id }) => id));

  const full = await ours.store.reader.list({ ...query, limit: 1, scanMax: 1200 });
  expect(full).toMatchObject({ items: [{ id: found[0] }], hasMore: true });
  expect(full).not.toHaveProperty('stopped');
});

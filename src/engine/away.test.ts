/** The database is away, or takes no writes, for longer than anyone waits: who waits is told, and the book goes on afterwards. */
import { afterEach, expect, test, vi } from 'vitest';
import { deposit, openBook, task, toyEngine } from '../../test/support/toy.ts';
import { MemoryStore } from '../store/memory.ts';
import { type Batch, LostAnswer } from '../store/store.ts';

/** While it is away a minute passes with every question. */
class AwayStore extends MemoryStore {
  away: 'no' | 'for all' | 'for writes' = 'no';

  #meet(...hindrances: AwayStore['away'][]): void {
    if (!hindrances.includes(this.away)) return;
    const now = Date.now() + 60_000;
    vi.spyOn(Date, 'now').mockReturnValue(now);
    throw new LostAnswer('away');
  }

  override async commit(batch: Batch): Promise<void> {
    this.#meet('for all', 'for writes');
    await super.commit(batch);
  }

  override async secure(): Promise<void> {
    this.#meet('for all');
  }

  override async fetch(...args: Parameters<MemoryStore['fetch']>) {
    this.#meet('for all');
    return super.fetch(...args);
  }

  override async written(...args: Parameters<MemoryStore['written']>) {
    this.#meet('for all');
    return super.written(...args);
  }
}

afterEach(() => vi.restoreAllMocks());

test.each(['for all', 'for writes'] as const)('a task is told so, and its key stays free (%s)', async (away) => {
  const store = new AwayStore();
  const engine = toyEngine(store);
  const [a] = (await openBook(store, engine, 1, 1)) as [string];
  const ask = () => engine.submit(1, task(deposit, { to: a, amount: 5 }, 'key'));
  store.away = away;
  await expect(ask()).rejects.toMatchObject({ name: 'Unavailable' });
  store.away = 'no';
  expect(await ask()).toMatchObject({ kind: 'decided', status: 200 });
  expect(await ask()).toMatchObject({ kind: 'replayed', status: 200 });
});

test.each(['for all', 'for writes'] as const)('scheduled work waits for it (%s)', async (away) => {
  const store = new AwayStore();
  let now = 1_772_445_600;
  const engine = toyEngine(store, { clock: () => now });
  const [a] = (await openBook(store, engine, 1, 1)) as [string];
  await engine.submit(1, task(deposit, { to: a, amount: 5, inDays: 1 }));
  now += 2 * 86_400;
  store.away = away;
  const caughtUp = engine.catchUp(1);
  if (away === 'for writes') setTimeout(() => (store.away = 'no'), 100);
  await caughtUp;
  store.away = 'no';
  await engine.catchUp(1);
  expect(store.book(1).operations.filter(({ command }) => command === 'toy.settle')).toHaveLength(1);
  expect(await engine.submit(1, task(deposit, { to: a, amount: 5 }))).toMatchObject({ status: 200 });
});

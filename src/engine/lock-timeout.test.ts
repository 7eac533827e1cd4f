import { expect, test } from 'vitest';
import { deposit, openBook, task, toyEngine } from '../../test/support/toy.ts';
import { MemoryStore } from '../store/memory.ts';
import { type Batch, Conflict } from '../store/store.ts';

/** A book in which another process is always first, while `isBusy`. */
class ContendedStore extends MemoryStore {
  isBusy = false;
  lost = 0;

  override async commit(batch: Batch): Promise<void> {
    if (this.isBusy) {
      this.lost++;
      throw new Conflict('the book moved on');
    }
    await super.commit(batch);
  }
}

test('a task that never comes first is refused in the end, and its key stays free', async () => {
  const store = new ContendedStore();
  const engine = toyEngine(store);
  const [a] = (await openBook(store, engine, 1, 1)) as [string];
  const ask = () => engine.submit(1, task(deposit, { to: a, amount: 5 }, 'key'));
  store.isBusy = true;
  expect(await ask()).toMatchObject({ kind: 'refused', refusal: { name: 'lock_timeout', status: 429 } });
  expect(store.lost).toBeGreaterThan(50);
  store.isBusy = false;
  expect(await ask()).toMatchObject({ kind: 'decided', status: 200 });
  expect(await ask()).toMatchObject({ kind: 'replayed', status: 200 });
});

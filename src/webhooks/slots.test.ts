import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Slot, Slots } from './slots.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const patienceMs = 1000;

/** Takes `count` and says which were let in so far. */
function takeAll(slots: Slots, count: number): { in: number[]; slots: Slot[] } {
  const taken: { in: number[]; slots: Slot[] } = { in: [], slots: [] };
  for (let i = 0; i < count; i++) {
    void slots.take().then((slot) => {
      taken.in.push(i);
      taken.slots[i] = slot;
    });
  }
  return taken;
}
const settle = () => vi.advanceTimersByTimeAsync(0);

test('a few at once, in order', async () => {
  const taken = takeAll(new Slots({ quick: 2, total: 10, patienceMs }), 4);
  await settle();
  expect(taken.in).toEqual([0, 1]);
  taken.slots[1]?.release();
  await settle();
  expect(taken.in).toEqual([0, 1, 2]);
  taken.slots[0]?.release();
  taken.slots[2]?.release();
  await settle();
  expect(taken.in).toEqual([0, 1, 2, 3]);
});

test('what takes long makes room, up to the total', async () => {
  const slots = new Slots({ quick: 2, total: 5, patienceMs });
  const taken = takeAll(slots, 8);
  await vi.advanceTimersByTimeAsync(patienceMs);
  expect(taken.in).toEqual([0, 1, 2, 3]);
  await vi.advanceTimersByTimeAsync(patienceMs);
  expect(taken.in).toEqual([0, 1, 2, 3, 4]);
  await vi.advanceTimersByTimeAsync(10 * patienceMs);
  expect(slots.inUse).toBe(5);
  taken.slots[0]?.release();
  await settle();
  expect(taken.in).toEqual([0, 1, 2, 3, 4, 5]);
  for (let i = 1; i < 8; i++) {
    taken.slots[i]?.release();
    await settle();
  }
  expect(slots.inUse).toBe(0);
  expect(taken.in).toHaveLength(8);
});

import { expect, test } from 'vitest';
import type { AttemptResult } from '../store/deliveries.ts';
import { Recorder } from './recorder.ts';

const result = (seq: number): AttemptResult => ({
  book: 1,
  changed: 1,
  wasFailing: false,
  endpoint: { seq: 1, pos: 0 },
  event: { seq, pos: 0 },
  attempt: { at: 1, status: 200, error: null, ms: 1, response: '' },
  succeeded: true,
  retryAfterMs: null,
});

test('results that come together are written together', async () => {
  const batches: number[][] = [];
  const recorder = new Recorder(
    {
      record: async (results) => {
        batches.push(results.map(({ event }) => event.seq));
      },
    },
    () => {},
  );
  const first = recorder.add(result(1));
  const others = [recorder.add(result(2)), recorder.add(result(3))];
  await Promise.all([first, ...others]);
  await recorder.add(result(4));
  expect(batches).toEqual([[1, 2, 3], [4]]);
});

test('what cannot be written is tried again, until the recorder closes', async () => {
  let failures = 1;
  const errors: unknown[] = [];
  const written: number[] = [];
  const recorder = new Recorder(
    {
      record: async (results) => {
        if (failures-- > 0) throw new Error('away');
        written.push(...results.map(({ event }) => event.seq));
      },
    },
    (error) => errors.push(error),
  );
  await recorder.add(result(1));
  expect(written).toEqual([1]);
  failures = Number.POSITIVE_INFINITY;
  const lost = recorder.add(result(2));
  await recorder.close();
  await lost;
  expect(written).toEqual([1]);
  expect(errors).toHaveLength(2);
});

import { expect, test } from 'vitest';
import { Crew } from './audit-crew.ts';
import type { About, Part } from './audit-part.ts';

const about: About = {
  book: 1,
  kinds: new Map(),
  settledThrough: 0,
  hasListeners: false,
  keptFrom: 0,
  oldest: new Map(),
};
const rows = (): Uint8Array => Buffer.allocUnsafeSlow(0);
const part = (): Part => ({
  before: { seq: 0, time: 0, hash: '' },
  operations: rows(),
  lines: rows(),
  news: rows(),
  objects: rows(),
  keys: rows(),
  sent: new Map(),
});

test('a thread that is gone says so to whoever asks it later', async () => {
  // Nothing is built beside this source, so no thread starts.
  const crew = new Crew(1);
  crew.begin(about);
  const failed = await crew.check(part()).catch((error: Error) => error);
  expect(failed).toBeInstanceOf(Error);
  await expect(crew.check(part())).rejects.toBe(failed);
  await expect(crew.totals()).rejects.toBe(failed);
  await crew.end();
});

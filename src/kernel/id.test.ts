import fc from 'fast-check';
import { expect, test } from 'vitest';
import { birthOf, mint, prefixOf } from './id.ts';

const birth = fc.record({
  seq: fc.integer({ min: 0, max: 62 ** 7 - 1 }),
  pos: fc.integer({ min: 0, max: 62 ** 3 - 1 }),
});
const book = fc.integer({ min: 0, max: 62 ** 4 - 1 });

test('an id says where it was born, and only in its own book', () => {
  fc.assert(
    fc.property(book, book, birth, (here, there, born) => {
      const id = mint('ch', here, born);
      expect(id).toMatch(/^ch_[0-9A-Za-z]{16}$/);
      expect(birthOf(id, here)).toEqual(born);
      if (there !== here) expect(birthOf(id, there)).toBeNull();
    }),
  );
});

test('ids of a book compare as text in the order they were born in', () => {
  fc.assert(
    fc.property(book, birth, birth, (here, a, b) => {
      const earlier = a.seq < b.seq || (a.seq === b.seq && a.pos < b.pos);
      if (earlier) expect(mint('ch', here, a) < mint('ch', here, b)).toBe(true);
    }),
  );
});

test.each([
  '',
  'ch',
  'ch_',
  'ch_1',
  'ch_000100000010000',
  'ch_00010000001000000',
  'ch_0001000000100é00',
  'ch_000100000010\u0000000',
])('%j is no id', (text) => {
  expect(birthOf(text, 1)).toBeNull();
});

test('most mistyped ids are known as such', () => {
  const id = mint('ch', 1, { seq: 7, pos: 0 });
  const typos = [...'0123456789'].map((digit) => id.slice(0, 13) + digit + id.slice(14)).filter((typo) => typo !== id);
  expect(typos.filter((typo) => birthOf(typo, 1) !== null).length).toBeLessThan(2);
});

test('the prefix is what stands before the last underscore', () => {
  expect([prefixOf('ch_1'), prefixOf('group_ch_1'), prefixOf('plain')]).toEqual(['ch', 'group_ch', '']);
});

import { expect, test } from 'vitest';
import { Recent } from './recent.ts';

test('what is in use stays, the rest goes, and there are never more than the limit', () => {
  const recent = new Recent<number, { changed: number }>(10);
  recent.set(-1, { changed: 0 });
  for (let i = 0; i < 1000; i++) {
    recent.set(i, { changed: i });
    recent.trim(i);
    expect(recent.get(-1)).toEqual({ changed: 0 });
  }
  const kept = Array.from({ length: 1000 }, (_, i) => i).filter((i) => recent.get(i) !== undefined);
  expect(kept.length).toBeLessThan(10);
  expect(kept.at(-1)).toBe(999);
});

test('what is not on disk yet stays, in its newest version', () => {
  const recent = new Recent<string, { changed: number }>(4);
  recent.set('a', { changed: 7 });
  for (let i = 0; i < 100; i++) {
    recent.set(`b${i}`, { changed: 0 });
    recent.trim(6);
  }
  recent.set('a', { changed: 8 });
  for (let i = 0; i < 100; i++) {
    recent.set(`c${i}`, { changed: 0 });
    recent.trim(6);
  }
  expect(recent.get('a')).toEqual({ changed: 8 });
});

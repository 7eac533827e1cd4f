import { describe, expect, test } from 'vitest';
import type { Interval } from '../../data/billing.ts';
import { periodEnd } from './periods.ts';

const at = (iso: string): number => Date.parse(iso) / 1000;

describe('R72 a period ends', () => {
  const table: readonly [string, Interval, number, number, string][] = [
    ['2026-01-31T10:00:05Z', 'month', 1, 0, '2026-01-31T10:00:05Z'],
    ['2026-01-31T10:00:05Z', 'month', 1, 1, '2026-02-28T10:00:05Z'],
    ['2026-01-31T10:00:05Z', 'month', 1, 2, '2026-03-31T10:00:05Z'],
    ['2026-01-31T10:00:05Z', 'month', 1, 3, '2026-04-30T10:00:05Z'],
    ['2026-01-31T10:00:05Z', 'month', 1, 12, '2027-01-31T10:00:05Z'],
    ['2026-11-30T00:00:00Z', 'month', 3, 1, '2027-02-28T00:00:00Z'],
    ['2028-02-29T00:00:00Z', 'year', 1, 1, '2029-02-28T00:00:00Z'],
    ['2028-02-29T00:00:00Z', 'year', 1, 4, '2032-02-29T00:00:00Z'],
    ['2026-12-31T23:59:59Z', 'week', 2, 1, '2027-01-14T23:59:59Z'],
    ['2026-02-28T12:00:00Z', 'day', 1, 1, '2026-03-01T12:00:00Z'],
  ];
  for (const [anchor, interval, interval_count, periods, end] of table) {
    test(`${periods} times ${interval_count} ${interval} after ${anchor}: ${end}`, () => {
      expect(periodEnd(at(anchor), { interval, interval_count }, periods)).toBe(at(end));
    });
  }
});

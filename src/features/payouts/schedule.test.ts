import { describe, expect, test } from 'vitest';
import { monday } from '../../engine/testing.ts';
import { dayOf, isoDay, startOfDay } from '../../kernel/time.ts';
import type { PayoutSchedule } from '../accounts/object.ts';
import { arrivalDay } from './arrival.ts';
import { nextPayoutDay } from './schedule.ts';

const account = (schedule: PayoutSchedule, country: 'US' | 'JP' | 'BR' = 'US') => ({ country, schedule });
const next = (schedule: PayoutSchedule, now: number, country?: 'US' | 'JP' | 'BR'): string | null => {
  const day = nextPayoutDay(account(schedule, country), now);
  return day === null ? null : isoDay(day);
};
/** 10:00 of that many days after Monday, 2026-03-02. */
const later = (days: number): number => monday + days * 86_400;

describe('R181 the next day of automatic payouts', () => {
  const weekly = (...weekly_payout_days: string[]): PayoutSchedule => ({ interval: 'weekly', weekly_payout_days });
  const monthly = (...monthly_payout_days: number[]): PayoutSchedule => ({ interval: 'monthly', monthly_payout_days });
  const table: readonly (readonly [string, PayoutSchedule, number, string | null])[] = [
    ['manual has none', { interval: 'manual' }, 0, null],
    ['daily: tomorrow', { interval: 'daily' }, 0, '2026-03-03'],
    ['daily on a Friday: Monday', { interval: 'daily' }, 4, '2026-03-09'],
    ['daily on a Saturday: Monday', { interval: 'daily' }, 5, '2026-03-09'],
    ['daily on a Sunday: Monday', { interval: 'daily' }, 6, '2026-03-09'],
    ['weekly: its weekday', weekly('thursday'), 0, '2026-03-05'],
    ['weekly on that very day: a week later', weekly('monday'), 0, '2026-03-09'],
    ['weekly with two days: the nearer one', weekly('monday', 'wednesday'), 1, '2026-03-04'],
    ['weekly by anchor', { interval: 'weekly', weekly_anchor: 'friday' }, 0, '2026-03-06'],
    ['weekly with an anchor on Saturday: Monday', { interval: 'weekly', weekly_anchor: 'saturday' }, 0, '2026-03-09'],
    ['Saturday still comes on Sunday', { interval: 'weekly', weekly_anchor: 'saturday' }, 6, '2026-03-09'],
    ['Saturday came on Monday', { interval: 'weekly', weekly_anchor: 'saturday' }, 7, '2026-03-16'],
    ['monthly: its day', monthly(10), 0, '2026-03-10'],
    ['monthly by anchor', { interval: 'monthly', monthly_anchor: 10 }, 0, '2026-03-10'],
    ['monthly on a Sunday: Monday', monthly(15), 0, '2026-03-16'],
    ['the 15th still comes on Sunday', monthly(15), 13, '2026-03-16'],
    ['monthly with two days', monthly(2, 20), 0, '2026-03-20'],
    ['the 31st of April is the 30th', monthly(31), 40, '2026-04-30'],
    ['the 31st of March is there', monthly(31), 0, '2026-03-31'],
    ['the 30th of May is a Saturday: June 1', monthly(30), 60, '2026-06-01'],
    ['the 29th of February 2027 is Sunday the 28th: Monday March 1', monthly(29), 345, '2027-03-01'],
  ];
  for (const [because, schedule, days, expected] of table) {
    test(because, () => expect(next(schedule, later(days))).toBe(expected));
  }

  test('at 00:00:00 of a payout day exactly it is the next one, a second before it is this', () => {
    const tuesday = startOfDay(dayOf(monday) + 1);
    expect(next({ interval: 'daily' }, tuesday)).toBe('2026-03-04');
    expect(next({ interval: 'daily' }, tuesday - 1)).toBe('2026-03-03');
  });

  test('countries without daily payouts have Fridays, those with nothing else are daily', () => {
    expect(next({ interval: 'daily' }, monday, 'JP')).toBe('2026-03-06');
    expect(next({ interval: 'weekly', weekly_anchor: 'wednesday' }, monday, 'JP')).toBe('2026-03-04');
    expect(next({ interval: 'manual' }, monday, 'BR')).toBe('2026-03-03');
  });
});

describe('R180 arrival', () => {
  test('one business day later; a weekend counts from Monday', () => {
    expect(isoDay(arrivalDay(monday))).toBe('2026-03-03');
    expect(isoDay(arrivalDay(later(4)))).toBe('2026-03-09');
    expect(isoDay(arrivalDay(later(5)))).toBe('2026-03-10');
  });
  test('a reversal takes three (E41)', () => expect(isoDay(arrivalDay(later(1), 3))).toBe('2026-03-06'));
});

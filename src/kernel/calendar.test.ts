import { describe, expect, test } from 'vitest';
import { Fault } from './assert.ts';
import { addBusinessDays, availableOn, isBusinessDay, nextBusinessDay, weekday } from './calendar.ts';
import { closeOfDay, dayOf, isoDay, SECONDS_PER_DAY, startOfDay, systemClock } from './time.ts';

// 2026-03-02 is a Monday.
const MONDAY = 20_514;
const week = { Monday: 0, Tuesday: 1, Wednesday: 2, Thursday: 3, Friday: 4, Saturday: 5, Sunday: 6 } as const;
const TWO_BUSINESS_DAYS = { days: 2, kind: 'business' } as const;

test('days and seconds', () => {
  expect(isoDay(MONDAY)).toBe('2026-03-02');
  expect(isoDay(0)).toBe('1970-01-01');
  expect(dayOf(startOfDay(MONDAY))).toBe(MONDAY);
  expect(dayOf(startOfDay(MONDAY) - 1)).toBe(MONDAY - 1);
  expect(closeOfDay(MONDAY)).toBe(startOfDay(MONDAY) + 23 * 3600 + 59 * 60);
  expect(dayOf(closeOfDay(MONDAY) + 59)).toBe(MONDAY);
  expect(Number.isSafeInteger(systemClock())).toBe(true);
});

test('weekdays', () => {
  expect(weekday(0)).toBe(4);
  expect(weekday(-4)).toBe(7);
  for (const [index, name] of Object.keys(week).entries()) {
    expect(weekday(MONDAY + index), name).toBe(index + 1);
    expect(isBusinessDay(MONDAY + index), name).toBe(index < 5);
  }
});

describe('R3: 2 business days', () => {
  const table = [
    // created       available   days later
    ['Monday', 'Wednesday', 2],
    ['Tuesday', 'Thursday', 2],
    ['Wednesday', 'Friday', 2],
    ['Thursday', 'Monday', 4],
    ['Friday', 'Tuesday', 4],
    ['Saturday', 'Wednesday', 4],
    ['Sunday', 'Wednesday', 3],
  ] as const;

  test.each(table)('%s is available on %s', (created, available, later) => {
    const day = MONDAY + week[created];
    for (const second of [0, SECONDS_PER_DAY - 1]) {
      const on = availableOn(startOfDay(day) + second, TWO_BUSINESS_DAYS);
      expect(on).toBe(day + later);
      expect(weekday(on)).toBe(week[available] + 1);
    }
  });
});

test('R3: 7 calendar days go from Saturday to Saturday', () => {
  const saturday = MONDAY + week.Saturday;
  expect(availableOn(startOfDay(saturday), { days: 7, kind: 'calendar' })).toBe(saturday + 7);
  expect(availableOn(startOfDay(saturday), { days: 0, kind: 'calendar' })).toBe(saturday);
});

describe('R126: 3 business days after a withdrawal', () => {
  const table = [
    ['Monday', 3],
    ['Thursday', 5],
    ['Friday', 5],
    ['Saturday', 5],
    ['Sunday', 4],
  ] as const;

  test.each(table)('posted on %s', (posted, later) => {
    expect(addBusinessDays(MONDAY + week[posted], 3)).toBe(MONDAY + week[posted] + later);
  });
});

test('holidays are skipped, at the start and on the way', () => {
  const holidays = new Set([MONDAY, MONDAY + 1]);
  expect(nextBusinessDay(MONDAY, holidays)).toBe(MONDAY + 2);
  expect(nextBusinessDay(MONDAY)).toBe(MONDAY);
  expect(addBusinessDays(MONDAY - 2, 0, holidays)).toBe(MONDAY + 2);
  expect(availableOn(startOfDay(MONDAY - 3), TWO_BUSINESS_DAYS, holidays)).toBe(MONDAY + 3);
  expect(availableOn(startOfDay(MONDAY), { days: 1, kind: 'calendar' }, holidays)).toBe(MONDAY + 1);
});

test('business days are counted forward', () => {
  expect(() => addBusinessDays(MONDAY, -1)).toThrow(Fault);
  expect(() => addBusinessDays(MONDAY, 1.5)).toThrow(Fault);
});

import { assert } from './assert.ts';
import { type Day, dayOf, type UnixSeconds } from './time.ts';

/** Days without banking besides Saturday and Sunday, for one country. */
export type Holidays = ReadonlySet<Day>;

/** How long money waits: business days skip weekends and holidays, calendar days do not. */
export type Delay = { readonly days: number; readonly kind: 'business' | 'calendar' };

const NONE: Holidays = new Set();

/** 1 is Monday, 7 is Sunday, as in ISO 8601. Day 0, 1970-01-01, was a Thursday. */
export const weekday = (day: Day): number => ((((day + 3) % 7) + 7) % 7) + 1;

export const isBusinessDay = (day: Day, holidays: Holidays = NONE): boolean => weekday(day) <= 5 && !holidays.has(day);

/** The day itself if it is a business day, otherwise the first one after it. */
export function nextBusinessDay(day: Day, holidays: Holidays = NONE): Day {
  let next = day;
  while (!isBusinessDay(next, holidays)) next += 1;
  return next;
}

/**
 * `count` business days forward. A start on a weekend or holiday counts from the next business day, which is day 0
 * (R3, R126; the same holds for payouts): Saturday plus one is Tuesday.
 */
export function addBusinessDays(day: Day, count: number, holidays: Holidays = NONE): Day {
  assert(Number.isSafeInteger(count), 'business days are whole');
  assert(count >= 0, 'business days are counted forward');
  let end = nextBusinessDay(day, holidays);
  for (let left = count; left > 0; left -= 1) end = nextBusinessDay(end + 1, holidays);
  return end;
}

/**
 * The day from whose 00:00:00 UTC on a payment is available.
 *
 * @rule R3
 */
export function availableOn(created: UnixSeconds, delay: Delay, holidays: Holidays = NONE): Day {
  const day = dayOf(created);
  return delay.kind === 'business' ? addBusinessDays(day, delay.days, holidays) : day + delay.days;
}

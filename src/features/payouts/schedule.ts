import { countries } from '../../data/countries.ts';
import { nextBusinessDay, weekday } from '../../kernel/calendar.ts';
import { type Day, dayOf, isoDay, type UnixSeconds } from '../../kernel/time.ts';
import type { AccountObject, PayoutSchedule } from '../accounts/object.ts';

/** In the order of `weekday`: Monday is 1. */
const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** A shift to a business day moves a payout by a weekend at most, so whatever falls due now was meant for one of these days. */
const SHIFT_DAYS_MAX = 2;

const dayOfMonth = (day: Day): number => Number(isoDay(day).slice(8));

/** The schedule that applies: where a country offers no daily payouts they are on Fridays, where it has nothing else they are daily. */
function effective({ country, schedule }: Pick<AccountObject, 'country' | 'schedule'>): PayoutSchedule {
  const { dailyPayouts } = countries[country];
  if (dailyPayouts === 'only') return { interval: 'daily' };
  if (dailyPayouts === 'never' && schedule.interval === 'daily') {
    return { interval: 'weekly', weekly_payout_days: ['friday'] };
  }
  return schedule;
}

/** Whether the schedule names this day, before it is shifted to a business day. */
function namesOf(schedule: PayoutSchedule): (day: Day) => boolean {
  if (schedule.interval === 'daily') return () => true;
  if (schedule.interval === 'weekly') {
    const { weekly_payout_days: listed = [], weekly_anchor = 'monday' } = schedule;
    const names = listed.length > 0 ? listed : [weekly_anchor];
    return (day) => names.includes(weekdays[weekday(day) - 1] ?? '');
  }
  const { monthly_payout_days: listed = [], monthly_anchor = 1 } = schedule;
  const numbers = listed.length > 0 ? listed : [monthly_anchor];
  return (day) => {
    const number = dayOfMonth(day);
    if (numbers.includes(number)) return true;
    // The 29th to 31st of a shorter month is its last day.
    return numbers.some((wanted) => wanted > number) && dayOfMonth(day + 1) === 1;
  };
}

/**
 * The first day whose 00:00:00 is after `now` on which the account's automatic payouts are made: business days only, a named
 * day that is none moves to the next one.
 *
 * @returns null where payouts are made by hand
 * @rule R181
 */
export function nextPayoutDay(account: Pick<AccountObject, 'country' | 'schedule'>, now: UnixSeconds): Day | null {
  const schedule = effective(account);
  if (schedule.interval === 'manual') return null;
  const isNamed = namesOf(schedule);
  const first = dayOf(now) + 1;
  let named = first - SHIFT_DAYS_MAX;
  // Shifting keeps the order of days, so the first that is not over is the next.
  while (!isNamed(named) || nextBusinessDay(named) < first) named += 1;
  return nextBusinessDay(named);
}

import { type Country, countries, DELAY_DAYS_MAX } from '../../data/countries.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { PayoutSchedule } from './object.ts';
import type { UpdateAccount } from './params.ts';

type ScheduleChange = NonNullable<NonNullable<NonNullable<UpdateAccount['settings']>['payouts']>['schedule']>;

const AT = 'settings[payouts][schedule]';
const LISTED_DAYS_MAX = 2;

/** Of a new account: daily, where the country offers it, otherwise weekly on Friday. */
export const defaultSchedule = (country: Country): PayoutSchedule =>
  countries[country].dailyPayouts === 'never'
    ? { interval: 'weekly', weekly_anchor: 'friday', weekly_payout_days: ['friday'] }
    : { interval: 'daily' };

const isWeekday = (day: string): boolean => day !== 'saturday' && day !== 'sunday';

function weekly(change: ScheduleChange, old: PayoutSchedule): Partial<PayoutSchedule> {
  const days = change.weekly_payout_days;
  const anchor = days?.[0] ?? change.weekly_anchor ?? old.weekly_anchor ?? 'monday';
  const kept = change.weekly_anchor === undefined ? old.weekly_payout_days : undefined;
  return { weekly_anchor: anchor, weekly_payout_days: days ?? kept ?? (isWeekday(anchor) ? [anchor] : []) };
}

function monthly(change: ScheduleChange, old: PayoutSchedule): Partial<PayoutSchedule> {
  const days = change.monthly_payout_days;
  const anchor = days?.[0] ?? change.monthly_anchor ?? old.monthly_anchor ?? 1;
  const kept = change.monthly_anchor === undefined ? old.monthly_payout_days : undefined;
  return { monthly_anchor: anchor, monthly_payout_days: days ?? kept ?? [anchor] };
}

function refuseDays(change: ScheduleChange): Refusal | null {
  for (const name of ['weekly_payout_days', 'monthly_payout_days'] as const) {
    const days = change[name];
    if (days && (days.length === 0 || days.length > LISTED_DAYS_MAX)) {
      return refuse('invalid_value', { param: `${AT}[${name}]`, reason: `must have 1 to ${LISTED_DAYS_MAX} days` });
    }
  }
  return null;
}

function refuseInterval({ interval }: ScheduleChange, country: Country): Refusal | null {
  const { dailyPayouts } = countries[country];
  const offered = !(
    (dailyPayouts === 'never' && interval === 'daily') ||
    (dailyPayouts === 'only' && interval !== undefined && interval !== 'daily')
  );
  if (offered) return null;
  return refuse('invalid_value', { param: `${AT}[interval]`, reason: `${interval} is not offered in ${country}` });
}

/** The days money waits at least, in the country's kind of days. */
export const delayDaysMin = (country: Country): number => countries[country].delay.days;

/**
 * The payout schedule after a change. `minimum` takes an own delay away again.
 *
 * @returns refusals: an interval that the country does not have, more days than two, a delay out of range
 */
export function scheduleFrom(
  change: ScheduleChange | undefined,
  old: PayoutSchedule,
  country: Country,
): PayoutSchedule | Refusal {
  if (change === undefined) return old;
  const wrong = refuseInterval(change, country) ?? refuseDays(change);
  if (wrong) return wrong;
  const { delay_days } = change;
  const minimum = delayDaysMin(country);
  if (typeof delay_days === 'number' && (delay_days < minimum || delay_days > DELAY_DAYS_MAX)) {
    return refuse('delay_days_out_of_range', { minimum, maximum: Math.max(minimum, DELAY_DAYS_MAX) });
  }
  const interval = change.interval ?? old.interval;
  const delay = delay_days === 'minimum' ? undefined : (delay_days ?? old.delay_days);
  return {
    interval,
    ...(interval === 'weekly' && weekly(change, old)),
    ...(interval === 'monthly' && monthly(change, old)),
    ...(delay !== undefined && { delay_days: delay }),
  };
}

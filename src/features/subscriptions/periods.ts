import type { Interval } from '../../data/billing.ts';
import { assert } from '../../kernel/assert.ts';
import { addMonths, SECONDS_PER_DAY, type UnixSeconds } from '../../kernel/time.ts';
import type { Recurring } from '../prices/object.ts';
import type { SubscriptionObject } from './object.ts';

const lengths: Readonly<Record<Interval, { readonly months: number } | { readonly days: number }>> = {
  day: { days: 1 },
  week: { days: 7 },
  month: { months: 1 },
  year: { months: 12 },
};

/**
 * When so many periods after the anchor are over. Counted from the anchor and not from one period to the next: what began on
 * the 31st ends on the last day of short months and on the 31st of long ones.
 */
export function periodEnd(anchor: UnixSeconds, { interval, interval_count }: Recurring, periods: number): UnixSeconds {
  const length = lengths[interval];
  const times = interval_count * periods;
  return 'months' in length ? addMonths(anchor, length.months * times) : anchor + length.days * times * SECONDS_PER_DAY;
}

/** The subscription in its next period; after a trial that is the first one that is paid. */
export function nextPeriod(subscription: SubscriptionObject): SubscriptionObject {
  const recurring = subscription.items[0]?.price.recurring;
  assert(recurring, 'what a subscription bills has an interval');
  const cycle = subscription.cycle + 1;
  return inPeriod(
    { ...subscription, cycle },
    {
      start: periodEnd(subscription.billing_cycle_anchor, recurring, cycle - 1),
      end: periodEnd(subscription.billing_cycle_anchor, recurring, cycle),
    },
  );
}

/** The subscription and its items with this as their current period. */
export function inPeriod(
  subscription: SubscriptionObject,
  { start, end }: { readonly start: UnixSeconds; readonly end: UnixSeconds },
): SubscriptionObject {
  const period = { current_period_start: start, current_period_end: end };
  return { ...subscription, ...period, items: subscription.items.map((item) => ({ ...item, ...period })) };
}

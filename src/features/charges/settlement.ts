import { countries } from '../../data/countries.ts';
import { availableOn, type Delay } from '../../kernel/calendar.ts';
import { bps, type Minor, minor } from '../../kernel/money.ts';
import type { Day, UnixSeconds } from '../../kernel/time.ts';
import type { When } from '../../ledger/chart.ts';
import type { AccountObject } from '../accounts/object.ts';

type Merchant = Pick<AccountObject, 'country' | 'schedule'>;

/**
 * How long card money of an account stays pending: the days set for it, otherwise its country's, in the country's kind.
 *
 * @rule R3
 */
export function delayOf({ country, schedule }: Merchant): Delay {
  const { delay } = countries[country];
  return schedule.delay_days === undefined ? delay : { days: schedule.delay_days, kind: delay.kind };
}

/** From when the money of a charge made now may be spent. */
export function settlesOn(
  merchant: Merchant,
  { now, settledThrough }: { readonly now: UnixSeconds; readonly settledThrough: Day },
): When {
  const day = availableOn(now, delayOf(merchant));
  return day <= settledThrough ? 'now' : day;
}

/**
 * The card processing fee, by the country of the settlement merchant; halves away from zero.
 *
 * @returns in the currency of `amount`
 */
export function processingFee(amount: Minor, { country }: Pick<AccountObject, 'country'>): Minor {
  const { cardFee } = countries[country];
  return minor(bps(amount, cardFee.bps) + cardFee.fixed);
}

import { countries } from '../../data/countries.ts';
import { type FxTable, fxRate, fxRates } from '../../data/fx-rates.ts';
import { availableOn, type Delay } from '../../kernel/calendar.ts';
import { bps, convert, type Minor, type Money, minor } from '../../kernel/money.ts';
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
 * The card processing fee, by the country of the settlement merchant; halves away from zero. Its fixed part is a figure in
 * the country's own currency.
 *
 * @param amount  as it was credited, minor units of `currency`
 * @param rates   without a rate for the currency there is no fixed part
 * @returns minor units of `currency`
 */
export function processingFee(
  { amount, currency }: Money,
  { country }: Pick<AccountObject, 'country'>,
  rates: FxTable = fxRates,
): Minor {
  const { cardFee, defaultCurrency: from } = countries[country];
  const fixed = minor(cardFee.fixed);
  if (currency === from) return minor(bps(amount, cardFee.bps) + fixed);
  const rate = fxRate({ from, to: currency }, rates);
  return minor(bps(amount, cardFee.bps) + (rate ? convert(fixed, { from, to: currency, rate }) : 0));
}

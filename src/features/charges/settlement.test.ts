import { describe, expect, test } from 'vitest';
import { type Country, countries } from '../../data/countries.ts';
import type { Currency } from '../../data/currencies.ts';
import { minor } from '../../kernel/money.ts';
import { dayOf, isoDay } from '../../kernel/time.ts';
import { delayOf, processingFee, settlesOn } from './settlement.ts';

const at = (time: string) => Date.parse(time) / 1000;

// R3: created, country, days set for the account, day from which the money may be spent
const delays = [
  ['2026-03-02T10:00:00Z', 'US', undefined, '2026-03-04', 'Monday and two business days'],
  ['2026-03-05T10:00:00Z', 'US', undefined, '2026-03-09', 'Thursday: over the weekend'],
  ['2026-03-06T23:59:59Z', 'US', undefined, '2026-03-10', 'Friday, up to its last second'],
  ['2026-03-07T10:00:00Z', 'US', undefined, '2026-03-11', 'E32: on Saturday Monday is day 0'],
  ['2026-03-07T10:00:00Z', 'CA', undefined, '2026-03-14', 'E32: calendar days do not skip weekends'],
  ['2026-03-09T10:00:00Z', 'US', undefined, '2026-03-11', 'E32: the same day as Saturday'],
  ['2026-03-02T10:00:00Z', 'US', 5, '2026-03-09', 'days of its own, in the kind of the country'],
  ['2026-03-02T10:00:00Z', 'CA', 14, '2026-03-16', 'days of its own, calendar days'],
  ['2026-03-02T10:00:00Z', 'BR', undefined, '2026-04-01', 'thirty calendar days'],
] as const;

test.each(delays)('R3 %s in %s with %s days: %s, %s', (created, country, delay_days, day) => {
  const merchant = {
    country,
    schedule: { interval: 'manual', ...(delay_days !== undefined && { delay_days }) },
  } as const;
  const now = at(created);
  expect(isoDay(settlesOn(merchant, { now, settledThrough: dayOf(now) }) as number)).toBe(day);
});

test('R3 a day that has settled already is now', () => {
  const merchant = { country: 'CA', schedule: { interval: 'manual', delay_days: 0 } } as const;
  const now = at('2026-03-02T10:00:00Z');
  expect(delayOf(merchant)).toEqual({ days: 0, kind: 'calendar' });
  expect(settlesOn(merchant, { now, settledThrough: dayOf(now) })).toBe('now');
});

describe('the processing fee', () => {
  const table: readonly [Country, number, number, string][] = [
    ['US', 2000, 88, '58 + 30'],
    ['US', 4215, 152, '122.235 + 30'],
    ['US', 1000, 59, '29 + 30'],
    ['US', 10_000, 320, '290 + 30'],
    ['US', 5000, 175, '145 + 30'],
    ['US', 50, 31, '1.45 + 30'],
    ['US', 500, 45, '14.5 away from zero, + 30'],
    ['GB', 10_000, 170, '150 + 20'],
    ['JP', 10_000, 360, 'no fixed part'],
    ['JP', 125, 5, '4.5 away from zero'],
    ['AU', 10_000, 200, '170 + 30'],
  ];
  test.each(table)('%s %d is %d: %s', (country, amount, fee) => {
    const currency = countries[country].defaultCurrency;
    expect(processingFee({ amount: minor(amount), currency }, { country })).toBe(fee);
  });

  const converted: readonly [Country, Currency, number, number, string][] = [
    ['US', 'eur', 10_000, 317, '290 + 0.30 usd, 27.27 cents'],
    ['US', 'jpy', 10_000, 335, '290 + 0.30 usd, 45 yen'],
    ['GB', 'usd', 10_000, 176, '150 + 0.20 gbp'],
    ['US', 'kwd', 10_000, 290, 'nobody has a rate, so there is no fixed part'],
  ];
  test.each(converted)('%s in %s, %d is %d: %s', (country, currency, amount, fee) => {
    expect(processingFee({ amount: minor(amount), currency }, { country })).toBe(fee);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Currency, currencies } from '../data/currencies.ts';
import { type FxTable, fxRates } from '../data/fx-rates.ts';
import { minor } from '../kernel/money.ts';
import { available, house } from './chart.ts';
import {
  convertBack,
  convertTo,
  exchanged,
  type Holder,
  ratesOf,
  refuseConversion,
  refuseRate,
  settlementCurrency,
} from './conversion.ts';

// 1 usd is 150 jpy, 0.3 kwd, 360 huf, 138 isk, 0.909… eur.
const rates: FxTable = { ...fxRates, kwd: { units: 3, usd: 10 }, isk: { units: 138, usd: 1 } };

describe('which currency an account gets', () => {
  const holder = (...held: Currency[]): Holder => ({
    default_currency: 'usd',
    external_accounts: held.map((currency) => ({ currency })),
  });
  const table = [
    ['usd', holder(), 'usd', 'its default, with no bank account at all'],
    ['usd', holder('eur'), 'usd', 'its default, with a bank account in another'],
    ['eur', holder('usd', 'eur'), 'eur', 'what it has a bank account in'],
    ['eur', holder('usd'), 'usd', 'anything else is converted'],
  ] as const;
  test.each(table)('M45 %s: %o gets %s, %s', (currency, account, gets) => {
    expect(settlementCurrency(account, currency)).toBe(gets);
  });

  test("M45 a platform's own table stands in place of the default one", () => {
    expect(ratesOf(undefined)).toBe(fxRates);
    expect(ratesOf({})).toBe(fxRates);
    expect(ratesOf({ platform: { fx_rates: rates } })).toBe(rates);
  });
});

// What is it worth, and which rate does its row show?
const table: readonly [number, Currency, Currency, number, number | undefined, string][] = [
  [10_000, 'usd', 'usd', 10_000, undefined, 'nothing to convert'],
  [10_000, 'usd', 'jpy', 15_000, 1.5, 'cents to yen'],
  [15_000, 'jpy', 'usd', 10_000, 0.666667, 'six digits'],
  [1, 'jpy', 'usd', 1, 0.666667, '0.67 of a cent'],
  [101, 'jpy', 'usd', 67, 0.666667, '67.33'],
  [1, 'usd', 'jpy', 2, 1.5, 'half a yen, away from zero'],
  [10_000, 'usd', 'kwd', 30_000, 3, 'two decimals to three'],
  [333, 'usd', 'kwd', 1000, 3, '999 fils, to the nearest ten'],
  [30_000, 'kwd', 'usd', 10_000, 0.333333, 'and back'],
  [15_000, 'kwd', 'jpy', 7500, 0.5, 'three decimals to none'],
  [15_000, 'jpy', 'kwd', 30_000, 2, 'none to three'],
  [50, 'usd', 'isk', 6900, 138, 'whole krónur, written with two decimals'],
  [10_000, 'eur', 'usd', 11_000, 1.1, '1.10 usd'],
  [10_000, 'eur', 'gbp', 8462, 0.846154, '8461.54'],
  [10_000, 'huf', 'usd', 28, 0.00277778, 'significant digits, not decimals'],
  [100, 'huf', 'usd', 0, 0.00277778, 'worth nothing'],
];

describe('there and back', () => {
  test.each(table)('M45 %d %s to %s is %d, rate %s: %s', (amount, from, to, worth, rate) => {
    const there = { from: house('card_network', from), to: available('acct_a', to) };
    const back = { from: available('acct_a', to), to: house('card_network', from) };
    expect(exchanged(minor(amount), { from, to }, rates)).toBe(worth);
    const sent = convertTo(minor(amount), there, rates);
    const returned = convertBack(minor(amount), back, rates);
    expect(sent).toMatchObject({ amount: worth });
    expect(returned).toMatchObject({ amount: worth });
    expect([sent.exchange_rate, returned.exchange_rate]).toEqual([rate, rate]);
    if (from === to) return;
    const fx = (currency: Currency) => house('fx', currency);
    const into = { amount: worth, from: fx(to), to: there.to };
    const out = { amount: worth, from: back.from, to: fx(to) };
    expect(sent.moves).toEqual([{ amount, from: there.from, to: fx(from) }, ...(worth > 0 ? [into] : [])]);
    expect(returned.moves).toEqual([...(worth > 0 ? [out] : []), { amount, from: fx(from), to: back.to }]);
  });

  test('nothing moves where there is nothing', () => {
    const ends = { from: available('acct_a', 'usd'), to: available('acct_b', 'eur') };
    expect(convertTo(minor(0), ends, rates)).toMatchObject({ amount: 0, moves: [] });
    expect(convertTo(minor(0), { ...ends, to: available('acct_b', 'usd') }, rates)).toEqual({ amount: 0, moves: [] });
  });
});

const codes = Object.keys(rates) as Currency[];

test('M45 what comes of it is whole steps of the currency, within half a step of what it is worth', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 99_999_999 }),
      fc.constantFrom(...codes),
      fc.constantFrom(...codes),
      (amount, from, to) => {
        const worth = exchanged(minor(amount), { from, to }, rates);
        const usd = (amount / 10 ** currencies[from].decimals / rates[from]!.units) * rates[from]!.usd;
        const exact = ((usd * rates[to]!.units) / rates[to]!.usd) * 10 ** currencies[to].decimals;
        const { step } = currencies[to];
        if (from === to) {
          expect(worth).toBe(amount);
          return;
        }
        expect(worth % step).toBe(0);
        expect(Math.abs(worth - exact)).toBeLessThanOrEqual(step / 2 + exact * 1e-12);
      },
    ),
  );
});

describe('what cannot be converted', () => {
  const refused = (amount: number, from: Currency, to: Currency, table: FxTable = rates, param?: string) =>
    refuseConversion(minor(amount), { from, to }, table, param);

  test('a currency without a rate, which the message names', () => {
    expect(refused(10_000, 'afn', 'usd')).toMatchObject({
      status: 400,
      name: 'conversion_without_rate',
      error: {
        param: 'currency',
        message: 'Amounts in afn cannot be converted to usd, because there is no exchange rate between them.',
      },
    });
    expect(refused(10_000, 'usd', 'afn')?.name).toBe('conversion_without_rate');
    expect(refuseRate({ from: 'usd', to: 'afn' }, rates)?.name).toBe('conversion_without_rate');
  });

  test('nothing is asked where nothing is converted', () => {
    expect(refused(1, 'afn', 'afn')).toBeUndefined();
    expect(refuseRate({ from: 'afn', to: 'afn' }, rates)).toBeUndefined();
  });

  test('an amount that is worth nothing', () => {
    expect(refused(180, 'huf', 'usd')).toBeUndefined();
    expect(refused(179, 'huf', 'usd', rates, 'transfer_data[amount]')).toMatchObject({
      name: 'conversion_too_small',
      error: {
        code: 'amount_too_small',
        param: 'transfer_data[amount]',
        message: 'Amount must convert to at least $0.01. Ft1.79 is worth less.',
      },
    });
  });

  test('an amount that cannot be counted any more', () => {
    const most = Number.MAX_SAFE_INTEGER;
    expect(refused(most, 'huf', 'usd')).toBeUndefined();
    expect(refused(most, 'usd', 'huf')).toMatchObject({ name: 'amount_too_large', error: { param: 'amount' } });
    expect(refused(99_999_999, 'usd', 'huf')).toBeUndefined();
  });
});

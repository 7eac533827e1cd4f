import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countries } from '../data/countries.ts';
import { type Currency, currencyCodes } from '../data/currencies.ts';
import { fxRate } from '../data/fx-rates.ts';
import { Fault } from './assert.ts';
import { bps, convert, formatMoney, type Minor, minor, share, usdEquivalent, ZERO } from './money.ts';

const rate = (from: Currency, to: Currency) => fxRate({ from, to })!;

describe('minor', () => {
  test('takes safe integers only', () => {
    expect(minor(-5)).toBe(-5);
    for (const value of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) expect(() => minor(value)).toThrow(Fault);
  });

  test('knows one zero', () => {
    expect(Object.is(minor(-0), 0)).toBe(true);
    expect(ZERO).toBe(0);
  });
});

describe('bps', () => {
  const table = [
    // amount     bps    gives     because
    [10_000, 290, 290, 'exact'],
    [2_000, 290, 58, 'exact'],
    [4_215, 290, 122, '122.235 goes down'],
    [50, 290, 1, '1.45 goes down'],
    [50, 100, 1, 'a half goes away from zero'],
    [260, 150, 4, '3.9 goes up'],
    [0, 290, 0, 'nothing of nothing'],
    [9_000_000_000_000_000, 9_999, 8_999_100_000_000_000, 'a product past 2^53 stays exact'],
  ] as const;

  test.each(table)('%i at %i bps is %i: %s', (amount, basisPoints, gives) => {
    expect(bps(minor(amount), basisPoints)).toBe(gives);
  });

  test('refuses to take a part of a debt', () => {
    expect(() => bps(minor(-1), 290)).toThrow(Fault);
    expect(() => bps(minor(1), 2.9)).toThrow(Fault);
  });
});

describe('card fees', () => {
  const table = [
    [2_000, 88],
    [4_215, 152],
    [1_000, 59],
    [10_000, 320],
    [5_000, 175],
  ] as const;

  test.each(table)('US %i costs %i', (amount, fee) => {
    const { cardFee } = countries.US;
    expect(bps(minor(amount), cardFee.bps) + cardFee.fixed).toBe(fee);
  });
});

describe('share', () => {
  const table = [
    // total    part     whole    gives    because
    [8_770, 10_000, 10_000, 8_770, 'the whole'],
    [8_770, 3_333, 10_000, 2_923, '2 923.04'],
    [8_770, 50, 10_000, 44, '43.85'],
    [1, 1, 2, 1, 'a half goes up'],
    [8_770, 0, 10_000, 0, 'nothing'],
    [99_999_999, 99_999_998, 99_999_999, 99_999_998, 'a product past 2^53 stays exact'],
  ] as const;

  test.each(table)('%i × %i / %i is %i: %s', (total, part, whole, gives) => {
    expect(share(minor(total), { part: minor(part), whole: minor(whole) })).toBe(gives);
  });

  test('cumulative parts add up to the total, and none is negative', () => {
    const parts = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999 }), parts, (total, pieces) => {
        const whole = minor(pieces.reduce((sum, piece) => sum + piece, 0));
        let soFar = 0;
        let taken = 0;
        for (const piece of pieces) {
          soFar += piece;
          const due = share(minor(total), { part: minor(soFar), whole });
          expect(due).toBeGreaterThanOrEqual(taken);
          taken = due;
        }
        expect(taken).toBe(total);
      }),
    );
  });

  test('is of something, at most all of it', () => {
    expect(() => share(minor(-1), { part: minor(1), whole: minor(2) })).toThrow(Fault);
    expect(() => share(minor(1), { part: minor(3), whole: minor(2) })).toThrow(Fault);
    expect(() => share(minor(1), { part: minor(0), whole: minor(0) })).toThrow(Fault);
  });
});

describe('convert', () => {
  const table: [number, Currency, Currency, number, string][] = [
    [100, 'eur', 'usd', 110, '1 euro is 1.10 dollars'],
    [10_000_000, 'usd', 'jpy', 15_000_000, 'yen have no cents'],
    [15_000_000, 'jpy', 'usd', 10_000_000, 'and back'],
    [1, 'jpy', 'usd', 1, '0.67 cents'],
    [-1, 'jpy', 'usd', -1, 'away from zero on the other side, too'],
    [5, 'eur', 'usd', 6, '5.5 cents'],
    [-5, 'eur', 'usd', -6, '-5.5 cents'],
    [1_000, 'gbp', 'eur', 1_182, '1 181.8, across the dollar'],
    [777, 'sek', 'sek', 777, 'the same currency'],
  ];

  test.each(table)('%i %s to %s is %i: %s', (amount, from, to, gives) => {
    expect(convert(minor(amount), { from, to, rate: rate(from, to) })).toBe(gives);
  });

  test('lands on the steps of the currency', () => {
    const even = { numerator: 1, denominator: 3 };
    expect(convert(minor(100), { from: 'usd', to: 'kwd', rate: even })).toBe(330);
    expect(convert(minor(10_000), { from: 'usd', to: 'isk', rate: even })).toBe(3_300);
  });
});

test('R80 the equivalent in dollars of the largest debit', () => {
  expect(usdEquivalent(minor(10_000_000), 'usd')).toBe(10_000_000);
  expect(usdEquivalent(minor(15_000_000), 'jpy')).toBe(10_000_000);
  expect(usdEquivalent(minor(15_000_001), 'jpy')).toBe(10_000_001);
  expect(usdEquivalent(minor(1), 'afn')).toBeUndefined();
  expect(usdEquivalent(minor(200), 'eur', { eur: { units: 1, usd: 2 }, usd: { units: 1, usd: 1 } })).toBe(400);
});

describe('formatMoney', () => {
  const table: [number, Currency, string][] = [
    [50, 'usd', '$0.50'],
    [5, 'usd', '$0.05'],
    [0, 'usd', '$0.00'],
    [99_999_999, 'usd', '$999,999.99'],
    [1_000, 'usd', '$10.00'],
    [100_000, 'usd', '$1,000.00'],
    [1_100, 'eur', '€11.00'],
    [-1_100, 'eur', '-€11.00'],
    [30, 'gbp', '£0.30'],
    [50, 'jpy', '¥50'],
    [99_999_999, 'jpy', '¥99,999,999'],
    [1_500, 'kwd', 'KWD 1.500'],
    [250, 'sek', 'kr2.50'],
    [50, 'chf', 'CHF 0.50'],
  ];

  test.each(table)('%i %s is %s', (amount, currency, text) => {
    expect(formatMoney(minor(amount), currency)).toBe(text);
  });

  test('writes every currency', () => {
    for (const currency of currencyCodes)
      expect(formatMoney(1_234_560 as Minor, currency)).toMatch(/^\S+ ?[\d,]+(\.\d+)?$/);
  });
});

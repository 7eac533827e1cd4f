import { describe, expect, test } from 'vitest';
import { platformOf, sellerOf } from '../../../test/support/parties.ts';
import { type Country, countries } from '../../data/countries.ts';
import type { Currency } from '../../data/currencies.ts';
import { monday } from '../../engine/testing.ts';
import { minor } from '../../kernel/money.ts';
import { blocksRefunds, canBeDisputed, disputeFee, dueBy, feeCountry, inquiryEnds, isOpen, partsOf } from './rules.ts';

describe('R164 the dispute fee', () => {
  const fees: readonly [Country, Currency, number, string][] = [
    ['US', 'usd', 1500, 'as listed'],
    ['CA', 'cad', 1500, 'as listed'],
    ['AU', 'aud', 2500, 'as listed'],
    ['NZ', 'nzd', 2500, 'as listed'],
    ['HK', 'hkd', 8500, 'as listed'],
    ['JP', 'jpy', 1300, 'in whole yen'],
    ['GB', 'gbp', 2000, 'as listed'],
    ['DE', 'eur', 2000, 'as listed'],
    ['CZ', 'czk', 36_000, 'as listed'],
    ['DK', 'dkk', 11_500, 'as listed'],
    ['HU', 'huf', 575_000, 'as listed'],
    ['PL', 'pln', 6500, 'as listed'],
    ['SE', 'sek', 17_500, 'as listed'],
    ['CH', 'chf', 1500, 'as listed'],
    ['SG', 'sgd', 1500, 'as listed'],
    ['MX', 'mxn', 30_000, 'as listed'],
    ['BR', 'brl', 5500, 'as listed'],
    ['TH', 'thb', 50_000, 'as listed'],
    ['DE', 'usd', 2200, '20.00 eur at 1.10'],
    ['JP', 'usd', 867, '1300 yen at 150: 8.666'],
    ['US', 'jpy', 2250, '15.00 usd at 150'],
    ['GB', 'eur', 2364, '20.00 gbp at 1.30 / 1.10: 23.636'],
  ];
  test.each(fees)('of %s in %s is %i: %s', (country, currency, fee) => {
    expect(disputeFee(country, currency)).toBe(fee);
  });

  test('is by the rates of the platform, where it has its own', () => {
    const rates = { eur: { units: 1, usd: 2 }, usd: { units: 1, usd: 1 } };
    expect(disputeFee('DE', 'usd', rates)).toBe(4000);
    expect(disputeFee('JP', 'usd', rates)).toBe(867);
  });

  test('is nothing in a currency that nobody has a rate for', () => {
    expect(disputeFee('US', 'isk')).toBe(0);
  });

  test('is known of every country', () => {
    for (const { disputeFee: fee } of Object.values(countries)) expect(fee).toBeGreaterThan(0);
  });

  const platform = platformOf();
  const german = sellerOf(1, { country: 'DE' });
  const british = sellerOf(2, { country: 'GB' });
  const nobody = { platform, destination: undefined, onBehalfOf: undefined };
  test.each([
    ['the owner of a direct charge', { ...nobody, owner: german }, 'DE'],
    ['the destination', { ...nobody, owner: platform, destination: german, onBehalfOf: british }, 'DE'],
    ['whom it is made on behalf of', { ...nobody, owner: platform, onBehalfOf: british }, 'GB'],
    ['the platform, if nobody else', { ...nobody, owner: platform }, 'US'],
  ] as const)('is by the country of %s', (_, parties, country) => {
    expect(feeCountry(parties)).toBe(country);
  });
  test('is by the country of who is debited, if that is the policy', () => {
    const parties = { ...nobody, owner: platform, destination: german };
    expect(feeCountry(parties, { country: 'debited' })).toBe('US');
  });
});

test('R176 evidence is due at the end of the tenth day', () => {
  const end = Date.UTC(2026, 2, 12, 23, 59, 59) / 1000;
  expect(dueBy(monday)).toBe(end);
  expect(dueBy(Date.UTC(2026, 2, 2) / 1000)).toBe(end);
  expect(dueBy(Date.UTC(2026, 2, 2, 23, 59, 59) / 1000)).toBe(end);
});

test('M20 an inquiry is over after 120 days', () => {
  expect(inquiryEnds({ created: monday })).toBe(monday + 120 * 86_400);
});

test.each([
  ['warning_needs_response', true, false],
  ['warning_under_review', true, false],
  ['warning_closed', false, false],
  ['needs_response', true, true],
  ['under_review', true, true],
  ['won', false, false],
  ['lost', false, true],
] as const)('R171, R172 %s: open %s, forbids refunds %s', (status, open, blocks) => {
  expect(isOpen({ status })).toBe(open);
  expect(blocksRefunds({ status })).toBe(blocks);
});

test('only card money that came in can be disputed', () => {
  const card = {
    brand: 'visa',
    country: 'US',
    exp_month: 1,
    exp_year: 2030,
    fingerprint: 'f',
    funding: 'credit',
    last4: '4242',
  };
  const paid = { status: 'succeeded', captured: true, card } as const;
  expect(canBeDisputed(paid)).toBe(true);
  expect(canBeDisputed({ ...paid, captured: false })).toBe(false);
  expect(canBeDisputed({ ...paid, status: 'failed' })).toBe(false);
  expect(canBeDisputed({ status: 'succeeded', captured: true })).toBe(false);
});

test.each([
  [10_000, 'usd', 2, [5000, 5000]],
  [10_001, 'usd', 2, [5000, 5001]],
  [1000, 'kwd', 3, [330, 330, 340]],
  [1, 'usd', 2, [1]],
] as const)('R175 %i %s in %i parts', (amount, currency, count, parts) => {
  expect(partsOf({ amount: minor(amount), currency }, count)).toEqual(parts);
});

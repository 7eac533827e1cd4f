import { describe, expect, test } from 'vitest';
import { platformOf, sellerOf } from '../../../test/support/parties.ts';
import { testAccount, testContext, testPlatform } from '../../engine/testing.ts';
import { minor } from '../../kernel/money.ts';
import { type Parties, type PaymentTerms, refuseTerms } from './terms.ts';

const A = testAccount(1);
const active = { requested: true, status: 'active' } as const;
const able = sellerOf(1, { capabilities: { transfers: active, card_payments: active } });
const unable = sellerOf(1, { capabilities: {} });
const far = sellerOf(1, { country: 'JP', capabilities: {} });

const platform = platformOf();
const parties: Parties = { owner: platform, platform, destination: able, onBehalfOf: able };
const header = testContext({ account: A });
const direct: Parties = { ...parties, owner: able };

// Everything wrong at once; each row puts right what the row before it was refused for.
const wrong: PaymentTerms = {
  amount: minor(49),
  currency: 'usd',
  application_fee_amount: minor(10),
  on_behalf_of: A,
};
const noDestination = { ...parties, destination: undefined, onBehalfOf: undefined };
const to = (amount?: number) => ({
  transfer_data: { destination: A, ...(amount !== undefined && { amount: minor(amount) }) },
});
const { application_fee_amount: _, ...noFee } = { ...wrong, amount: minor(1000) };

const order: readonly [string, string | null, string | undefined, PaymentTerms, Parties][] = [
  ['X30', 'amount_too_small', 'amount', wrong, noDestination],
  ['X58', 'amount_too_large', 'amount', { ...wrong, amount: minor(100_000_000) }, noDestination],
  ['X35', 'fee_without_connect', 'application_fee_amount', { ...wrong, amount: minor(1000) }, noDestination],
  [
    'X31',
    'fee_with_transfer_amount',
    'application_fee_amount',
    { ...wrong, amount: minor(1000), ...to(1001) },
    noDestination,
  ],
  ['X33', 'transfer_amount_above_charge', 'transfer_data[amount]', { ...noFee, ...to(1001) }, noDestination],
  ['X61', 'no_such_destination', 'transfer_data[destination]', { ...noFee, ...to(1000) }, noDestination],
  ['X13', 'transfer_region', 'destination', { ...noFee, ...to() }, { ...noDestination, destination: far }],
  ['X14', 'transfer_capability', undefined, { ...noFee, ...to() }, { ...noDestination, destination: unable }],
  ['unknown', 'no_such', 'on_behalf_of', { ...noFee, ...to() }, { ...noDestination, destination: able }],
  ['X32', 'on_behalf_of_capability', 'on_behalf_of', { ...noFee, ...to() }, { ...parties, onBehalfOf: unable }],
  [
    'blocked',
    'charges_blocked',
    undefined,
    { ...noFee, ...to() },
    { ...parties, onBehalfOf: { ...able, charges_enabled: false } },
  ],
  ['nothing wrong', null, undefined, { ...noFee, ...to() }, parties],
];

test.each(order)('%s: %s', (_rule, name, param, terms, found) => {
  const refusal = refuseTerms(terms, found, testContext());
  expect(refusal?.name ?? null).toBe(name);
  expect(refusal?.error.param).toBe(param);
});

describe('R32: amounts', () => {
  const table = [
    [50, 'usd', null],
    [49, 'usd', 'Amount must be at least $0.50 usd'],
    [30, 'gbp', null],
    [29, 'gbp', 'Amount must be at least £0.30 gbp'],
    [50, 'jpy', null],
    [49, 'jpy', 'Amount must be at least ¥50 jpy'],
    [399, 'hkd', 'Amount must be at least $4.00 hkd'],
    [99_999_999, 'usd', null],
    [100_000_000, 'usd', 'Amount must be no more than $999,999.99'],
    [1505, 'kwd', 'Invalid amount: amounts in kwd must be multiples of 10.'],
  ] as const;
  test.each(table)('%d %s', (amount, currency, message) => {
    const refusal = refuseTerms({ amount: minor(amount), currency }, parties, testContext());
    expect(refusal?.error.message ?? null).toBe(message);
  });
});

describe('with the header', () => {
  const terms: PaymentTerms = { amount: minor(1000), currency: 'usd' };

  test('a fee is agreed on without a destination', () => {
    expect(refuseTerms({ ...terms, application_fee_amount: minor(2000) }, direct, header)).toBeNull();
  });
  test('there is no destination', () => {
    expect(refuseTerms({ ...terms, ...to() }, direct, header)?.name).toBe('destination_with_header');
  });
  test('on_behalf_of is oneself or nobody', () => {
    expect(refuseTerms({ ...terms, on_behalf_of: A }, direct, header)).toBeNull();
    expect(refuseTerms({ ...terms, on_behalf_of: testAccount(2) }, direct, header)?.name).toBe('no_such');
  });
  test('an account whose charges are blocked makes none', () => {
    const blocked = { ...direct, owner: { ...able, charges_enabled: false } };
    expect(refuseTerms(terms, blocked, header)?.error.message).toContain(A);
  });
});

test('X19: the platform is no destination of its own', () => {
  const own = { transfer_data: { destination: testPlatform } };
  const refusal = refuseTerms(
    { amount: minor(1000), currency: 'usd', ...own },
    { ...parties, destination: platform },
    testContext(),
  );
  expect(refusal?.name).toBe('transfer_to_self');
});

import { expect, test } from 'vitest';
import { platformOf, sellerOf } from '../../../test/support/parties.ts';
import type { Currency } from '../../data/currencies.ts';
import { minor } from '../../kernel/money.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { groupFor, hasPaid, needsSource, refuseDestination, sourceOf, takeFromSource } from './rules.ts';

// R28: where the platform is, where the seller is, and what comes of it.
const ways = [
  ['US', 'US', undefined],
  ['US', 'FR', undefined],
  ['GB', 'CH', undefined],
  ['US', 'AU', 'transfer_region'],
  ['AU', 'AU', undefined],
  ['BR', 'BR', undefined],
  ['US', 'BR', 'transfer_region'],
  ['US', 'GI', 'transfer_region'],
] as const;

test.each(ways)('R28: from %s to %s: %s', (from, to, refusal) => {
  expect(refuseDestination(platformOf({ country: from }), sellerOf(1, { country: to }))?.name).toBe(refusal);
});

test('R28, X13: no border is crossed under the recipient agreement', () => {
  const refusal = (from: 'DE' | 'US' | 'AU', to: 'DE' | 'US', service_agreement: string) =>
    refuseDestination(
      platformOf({ country: from }),
      sellerOf(1, { country: to, tos_acceptance: { service_agreement }, capabilities: {} }),
    );
  expect(refusal('US', 'DE', 'recipient')).toMatchObject({
    name: 'transfer_service_agreement',
    error: {
      code: 'transfers_not_allowed',
      param: 'destination',
      message:
        "Funds can't be sent to accounts located in DE when the account is under the `recipient` service agreement. To learn more, see https://stripe.com/docs/connect/service-agreement-types.",
    },
  });
  expect(refusal('US', 'DE', 'full')?.name).toBe('transfer_capability');
  expect(refusal('DE', 'DE', 'recipient')?.name).toBe('transfer_capability');
  expect(refusal('AU', 'US', 'recipient')?.name).toBe('transfer_region');
});

test('R28: one receiving capability is enough, but it has to be active', () => {
  const capable = (capabilities: object) =>
    refuseDestination(platformOf(), sellerOf(1, { capabilities }))?.name ?? 'allowed';
  expect(capable({ legacy_payments: { requested: true, status: 'active' } })).toBe('allowed');
  expect(capable({ transfers: { requested: true, status: 'pending' } })).toBe('transfer_capability');
  expect(capable({ card_payments: { requested: true, status: 'active' } })).toBe('transfer_capability');
});

test('X17: Brazil on either side needs a source', () => {
  expect(needsSource({ country: 'BR' }, { country: 'US' })).toBe(true);
  expect(needsSource({ country: 'US' }, { country: 'BR' })).toBe(true);
  expect(needsSource({ country: 'US' }, { country: 'MX' })).toBe(false);
});

// R26: a charge of 100.00 usd; what was transferred before, what is asked for now, what comes of it.
const parts = [
  [0, 10_000, 10_000],
  [9_000, 1_000, 1_000],
  [9_000, undefined, 1_000],
  [0, undefined, 10_000],
  [0, 10_001, 'Transfers using this transaction as a source must not exceed the source amount of $100.00.'],
  [
    9_000,
    1_001,
    'Transfers using this transaction as a source must not exceed the source amount of $100.00. (There is already a transfer using this source, amounting to $90.00.)',
  ],
  [
    10_000,
    undefined,
    'Transfers using this transaction as a source must not exceed the source amount of $100.00. (There is already a transfer using this source, amounting to $100.00.)',
  ],
] as const;

test.each(parts)('R26: after %s, asked for %s: %s', (transferred, amount, answer) => {
  const source = sourceOf({ amount_captured: minor(10_000), currency: 'usd', transferred: minor(transferred) });
  const wanted = amount === undefined ? {} : { amount: minor(amount) };
  const taken = takeFromSource(source, { ...wanted, currency: 'usd' });
  expect(isRefusal(taken) ? taken.error.message : taken).toBe(answer);
});

test('X15: the currency is the one the charge was credited in', () => {
  const charge = {
    amount_captured: minor(10_000),
    currency: 'eur',
    settlementCurrency: 'usd',
    settledAmount: minor(11_000),
  } as const;
  const take = (currency: Currency, amount: number) =>
    takeFromSource(sourceOf(charge), { currency, amount: minor(amount) });
  expect(take('eur', 1)).toMatchObject({ name: 'transfer_currency_of_source', error: { param: 'source_transaction' } });
  expect(take('usd', 11_000)).toBe(11_000);
  expect(take('usd', 11_001)).toMatchObject({ name: 'transfer_above_source' });
});

test('only money that came in can be passed on', () => {
  expect(hasPaid({ status: 'succeeded', captured: true })).toBe(true);
  expect(hasPaid({ status: 'succeeded', captured: false })).toBe(false);
  expect(hasPaid({ status: 'failed', captured: true })).toBe(false);
  expect(hasPaid({ status: 'pending', captured: true })).toBe(false);
});

test('R27: transfer and charge share a group', () => {
  expect(groupFor('MINE', { id: 'ch_1', transfer_group: 'ITS' })).toEqual({ group: 'MINE', isNew: false });
  expect(groupFor(undefined, { id: 'ch_1', transfer_group: 'ITS' })).toEqual({ group: 'ITS', isNew: false });
  expect(groupFor(undefined, { id: 'ch_1' })).toEqual({ group: 'group_ch_1', isNew: true });
  expect(groupFor(undefined, { id: 'ch_1', payment_intent: 'pi_1' })).toEqual({ group: 'group_pi_1', isNew: true });
});

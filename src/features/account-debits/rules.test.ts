import { describe, expect, test } from 'vitest';
import { bankOf, platformOf, sellerOf } from '../../../test/support/parties.ts';
import { controllerPresets } from '../../data/controllers.ts';
import type { Country } from '../../data/countries.ts';
import type { Reader } from '../../engine/command.ts';
import { type Minor, minor } from '../../kernel/money.ts';
import type { AccountObject } from '../accounts/object.ts';
import {
  type DebitCase,
  debitFee,
  debitForms,
  findReference,
  hasConsented,
  mayGoNegative,
  referenceOf,
  refuseDebit,
} from './rules.ts';

const both = ['charge', 'transfer'] as const;
const stripeLiable = controllerPresets.standard;

const ask = (given: Partial<DebitCase> = {}) =>
  refuseDebit({
    form: debitForms.charge,
    platform: platformOf(),
    seller: sellerOf(1),
    amount: minor(1500),
    currency: 'usd',
    available: minor(20_000),
    ...given,
  });

describe('R74: the order of answers', () => {
  // From the last rule to the first: each row leaves all the faults of the rows before it in place.
  const broke = {
    seller: { external_accounts: [] },
    platform: { platform: { application_name: 'Evenkeel', reserves_enabled: false } },
    available: minor(0),
  } as const;
  const withoutConsent = { tos_acceptance: {} } as const;
  const tooMuch = minor(10_000_001);
  const table = [
    // refusal               param of the charge form and of the transfer form        amount     currency   seller's fault so far
    ['debit_into_negative', undefined, undefined, minor(1500), 'usd', {}],
    ['debit_consent', undefined, undefined, minor(1500), 'usd', withoutConsent],
    ['debit_too_large', 'amount', 'amount', tooMuch, 'usd', withoutConsent],
    ['debit_currency', 'currency', 'currency', tooMuch, 'eur', withoutConsent],
    ['debit_region', 'source', 'destination', tooMuch, 'eur', { ...withoutConsent, country: 'CA' }],
  ] as const;

  for (const [name, ofCharge, ofTransfer, amount, currency, fault] of table) {
    test.each(both)(`${name} by %s`, (by) => {
      const refusal = ask({
        form: debitForms[by],
        seller: sellerOf(1, { ...broke.seller, ...fault }),
        platform: platformOf(broke.platform),
        available: broke.available,
        amount,
        currency,
      });
      expect(refusal?.name).toBe(name);
      expect(refusal?.error.param).toBe(by === 'charge' ? ofCharge : ofTransfer);
    });
  }

  // Liability comes before all of these; a reference is judged by type, then whether it is there.
  const hopeless = {
    seller: sellerOf(1, { ...broke.seller, ...withoutConsent, country: 'CA', controller: stripeLiable }),
    platform: platformOf(broke.platform),
    available: broke.available,
    amount: tooMuch,
    currency: 'eur',
  } as const;
  const references = [
    ['debit_source_liability', 'source', 'charge', undefined],
    ['debit_reference_required', 'reference_transaction', 'transfer', undefined],
    ['debit_reference_type', 'reference_transaction[type]', 'transfer', { type: 'refund', charge: 'ch_1' }],
    ['missing_parameter', 'reference_transaction[charge]', 'transfer', { type: 'charge', payout: 'po_1' }],
    ['debit_reference_missing', 'reference_transaction[charge]', 'transfer', { type: 'charge', charge: 'ch_1' }],
    ['debit_reference_missing', 'reference_transaction[payout]', 'transfer', { type: 'payout', payout: 'po_1' }],
  ] as const;

  test.each(references)('R71, R72, R90, X59: %s: %s by %s', (name, param, by, reference) => {
    const refusal = ask({ ...hopeless, form: debitForms[by], reference, referenceFound: false });
    expect(refusal).toMatchObject({ name, error: { param } });
  });

  test('R92: a good reference leads on to the region', () => {
    const reference = { type: 'charge', charge: 'ch_1' };
    expect(ask({ ...hopeless, form: debitForms.transfer, reference, referenceFound: true })?.name).toBe('debit_region');
  });
});

test('R94: a reference on an account of the platform is checked, but not needed', () => {
  const form = debitForms.transfer;
  const reference = { type: 'charge', charge: 'py_1' };
  expect(ask({ form })).toBeUndefined();
  expect(ask({ form, reference, referenceFound: true })).toBeUndefined();
  expect(ask({ form, reference, referenceFound: false })?.name).toBe('debit_reference_missing');
});

describe('R77, R78: one region', () => {
  const table: [Country, Country, boolean][] = [
    ['US', 'US', true],
    ['JP', 'JP', true],
    ['DE', 'GB', true],
    ['GB', 'CH', true],
    ['GI', 'LI', true],
    ['US', 'CA', false],
    ['AU', 'NZ', false],
    ['SG', 'SG', false],
    ['BR', 'BR', false],
  ];
  test.each(table)('platform in %s, seller in %s: %s', (platform, country, allowed) => {
    const seller = sellerOf(1, { country });
    const refusal = ask({
      platform: platformOf({ country: platform }),
      seller,
      currency: seller.default_currency,
      amount: minor(10),
    });
    expect(refusal?.name).toBe(allowed ? undefined : 'debit_region');
  });

  test('the message names both', () => {
    expect(ask({ seller: sellerOf(1, { country: 'CA' }) })?.error.message).toBe(
      'Account debits are only available between accounts of the same region; CA cannot be debited from US.',
    );
  });
});

describe('R80: at most 100,000.00 usd or its equivalent', () => {
  const rich = minor(9_000_000_000);
  const limit = (country: Country, amount: number, given: Partial<AccountObject> = {}) => {
    const seller = sellerOf(1, { country });
    const platform = platformOf({ country, ...given });
    const { default_currency: currency } = seller;
    return ask({ form: debitForms.transfer, platform, seller, currency, amount: minor(amount), available: rich })?.name;
  };
  const table: [Country, number][] = [
    ['US', 10_000_000],
    ['JP', 15_000_000],
    // Compared to the nearest US cent: 0.38 of one is not yet above.
    ['HK', 78_000_003],
  ];
  test.each(table)('%s: %s and no more', (country, amount) => {
    expect(limit(country, amount)).toBeUndefined();
    expect(limit(country, amount + 1)).toBe('debit_too_large');
  });

  test('by the rates of the platform, where it has its own', () => {
    const platform = {
      application_name: 'Evenkeel',
      reserves_enabled: true,
      fx_rates: { jpy: { units: 100, usd: 1 }, usd: { units: 1, usd: 1 } },
    };
    expect(limit('JP', 10_000_000, { platform })).toBeUndefined();
    expect(limit('JP', 10_000_001, { platform })).toBe('debit_too_large');
    expect(limit('GB', 1, { platform })).toBe('debit_too_large');
  });

  test('X58 after X55: the charge form also has the limit of every charge', () => {
    const seller = sellerOf(1, { country: 'HU' });
    const platform = platformOf({ country: 'HU' });
    const huf = (by: 'charge' | 'transfer', amount: number) =>
      ask({
        form: debitForms[by],
        platform,
        seller,
        currency: 'huf',
        amount: minor(amount),
        available: rich,
      })?.name;
    expect(huf('charge', 99_999_999)).toBeUndefined();
    expect(huf('charge', 100_000_000)).toBe('amount_too_large');
    expect(huf('transfer', 100_000_000)).toBeUndefined();
    expect(huf('charge', 3_700_000_000)).toBe('debit_too_large');
  });
});

test('R76: agreed terms or a recorded consent', () => {
  const date = 1;
  expect(hasConsented({ tos_acceptance: { date } })).toBe(true);
  expect(hasConsented({ consent: { date } })).toBe(true);
  expect(hasConsented({ tos_acceptance: { ip: '127.0.0.1' } })).toBe(false);
  expect(hasConsented({})).toBe(false);
});

describe('R81: below zero only with somebody to stand in', () => {
  const reserves = platformOf();
  const without = platformOf({ platform: { application_name: 'Evenkeel', reserves_enabled: false } });
  const card = { ...bankOf(1, 'usd'), object: 'card' as const };
  const table: [string, AccountObject, Partial<AccountObject>, boolean][] = [
    ['reserves and a bank account', reserves, {}, true],
    ['no reserves', without, {}, false],
    ['no bank account', reserves, { external_accounts: [] }, false],
    ['a bank account in another currency', reserves, { external_accounts: [bankOf(1, 'eur')] }, false],
    ['a card is no bank account', reserves, { external_accounts: [card] }, false],
    ['R92: losses of Stripe', without, { external_accounts: [], controller: stripeLiable }, true],
  ];
  test.each(table)('%s', (_, platform, given, allowed) => {
    expect(mayGoNegative(platform, sellerOf(1, given), 'usd')).toBe(allowed);
  });

  test('exactly 0 is always fine, a cent below is not', () => {
    const seller = sellerOf(1, { external_accounts: [] });
    expect(ask({ platform: without, seller, available: minor(1500) })).toBeUndefined();
    expect(ask({ platform: without, seller, available: minor(1499) })?.error.message).toMatch(
      / This debit would make the balance negative, which needs reserves and a bank account in usd\.$/,
    );
  });
});

// R84: 1.5 percent, halves up.
test.each([
  [1500, 23],
  [2500, 38],
  [260, 4],
  [10_000_000, 150_000],
  [33, 0],
  [34, 1],
])('R84: a debit of %s costs %s', (amount, fee) => {
  expect(debitFee(amount as Minor)).toBe(fee);
});

describe('R91: what a reference may point to', () => {
  const mine = new Set(['ch_mine', 'py_mine', 'po_mine']);
  const read = { own: (_: unknown, id: string) => (mine.has(id) ? {} : undefined) } as unknown as Reader;
  const table = [
    [{ type: 'charge', charge: 'ch_mine' }, true],
    [{ type: 'charge', charge: 'py_mine' }, true],
    [{ type: 'charge', charge: 'ch_other' }, false],
    [{ type: 'charge', payout: 'po_mine' }, false],
    [{ type: 'refund', charge: 'ch_mine' }, false],
    // No account has payouts.
    [{ type: 'payout', payout: 'po_mine' }, false],
  ] as const;
  test.each(table)('%o: %s', (reference, found) => {
    expect(findReference(read, reference)).toBe(found);
  });

  test('only what belongs to its type is kept', () => {
    expect(referenceOf({ type: 'charge', charge: 'ch_1', payout: 'po_1' })).toEqual({ type: 'charge', charge: 'ch_1' });
    expect(referenceOf({ type: 'payout', payout: 'po_1' })).toEqual({ type: 'payout', payout: 'po_1' });
    expect(referenceOf({ type: 'charge' })).toBeUndefined();
  });
});

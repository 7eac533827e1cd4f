import { controllerPresets } from '../../src/data/controllers.ts';
import { countries } from '../../src/data/countries.ts';
import type { Currency } from '../../src/data/currencies.ts';
import { monday, testAccount, testBook, testPlatform } from '../../src/engine/testing.ts';
import type { AccountObject, ExternalAccount } from '../../src/features/accounts/object.ts';
import { mint } from '../../src/kernel/id.ts';
import { type Minor, minor } from '../../src/kernel/money.ts';
import type { Balance } from '../../src/ledger/balance.ts';

/**
 * The people of the worked examples, for tests of `decide` that have no database: a US platform with reserves, and express
 * sellers with consent and a bank account. What a test is about it says itself.
 */
export function platformOf(given: Partial<AccountObject> = {}): AccountObject {
  return {
    ...sellerOf(0, { country: given.country ?? 'US' }),
    id: testPlatform,
    platform: { application_name: 'Evenkeel', reserves_enabled: true },
    ...given,
  };
}

/** @param n tells sellers apart: the id is `testAccount(n)` */
export function sellerOf(n: number, given: Partial<AccountObject> = {}): AccountObject {
  const country = given.country ?? 'US';
  const currency = countries[country].defaultCurrency;
  return {
    id: testAccount(n),
    account: testPlatform,
    created: monday,
    type: 'express',
    controller: controllerPresets.express,
    country,
    default_currency: currency,
    capabilities: { transfers: { requested: true, status: 'active' } },
    external_accounts: [bankOf(n, currency)],
    tos_acceptance: { date: monday },
    debit_negative_balances: true,
    schedule: { interval: 'manual' },
    charges_enabled: true,
    payouts_enabled: true,
    details_submitted: true,
    metadata: {},
    ...given,
  };
}

export const bankOf = (n: number, currency: Currency): ExternalAccount => ({
  id: mint('ba', testBook, { seq: 100 + n, pos: 1 }),
  object: 'bank_account',
  created: monday,
  country: 'US',
  currency,
  default_for_currency: true,
  last4: '6789',
  fingerprint: `bank${n}`,
  outcome: 'paid',
  instant: false,
});

export const holding = (available: number): Balance => ({
  available: minor(available),
  maturing: [],
  reserved: 0 as Minor,
});

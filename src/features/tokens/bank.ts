import { countryOf } from '../../data/countries.ts';
import type { Currency } from '../../data/currencies.ts';
import {
  bankByToken,
  bankOutcome,
  instantPayoutFails,
  isRoutingNumber,
  successNumberOf,
  type TestBankToken,
} from '../../data/test-banks.ts';
import { assert } from '../../kernel/assert.ts';
import type { Id } from '../../kernel/id.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import type { UnixSeconds } from '../../kernel/time.ts';
import type { ExternalAccount } from '../accounts/object.ts';
import { fingerprintOf } from './card.ts';

/** A bank account as it is typed in, in Stripe's spelling. */
export interface EnteredBank {
  readonly country: string;
  readonly currency: Currency;
  readonly account_number: string;
  readonly routing_number?: string;
  readonly account_holder_name?: string;
  readonly account_holder_type?: string;
  readonly account_type?: string;
}

/** The id and birth of an external account; it keeps both when it goes from a token to its owner. */
export interface BankBirth {
  readonly id: Id<'ba'>;
  readonly created: UnixSeconds;
}

/** Routing numbers that Stripe's testing page gives for test accounts, where the country has them. */
const testRouting: Readonly<Record<string, string>> = {
  US: '110000000',
  CA: '11000-000',
  GB: '108800',
  AU: '110000',
  BR: '110-0000',
  HK: '110-000',
  JP: '1100000',
  SG: '1100-000',
  TH: '110-000',
  MY: 'TESTMYKL',
  IN: 'HDFC0004051',
};

/** Where a test bank takes instant payouts; elsewhere only debit cards do. */
const INSTANT_BANK_COUNTRIES: ReadonlySet<string> = new Set(['US']);

const lastFour = (number: string): string => number.replace(/[\s-]/g, '').slice(-4);

/**
 * A bank account as an external account without an owner, status `new`. The number is not kept, only what it stands for.
 *
 * @param at the parameter it came in, for refusals: `bank_account`, `external_account`
 * @returns refusals: country_unsupported, account_number_invalid, routing_number_invalid
 */
export function newExternalBankAccount(
  entered: EnteredBank,
  birth: BankBirth,
  at = 'bank_account',
): ExternalAccount | Refusal {
  const country = entered.country.toUpperCase();
  if (!countryOf(country)) return refuse('country_unsupported', { country: entered.country, param: `${at}[country]` });
  const outcome = bankOutcome({ ...entered, country });
  if (outcome === undefined) {
    return refuse('account_number_invalid', { example: successNumberOf(country), param: `${at}[account_number]` });
  }
  const routing = entered.routing_number;
  if (!isRoutingNumber(country, routing)) {
    return refuse('routing_number_invalid', { country, value: routing ?? '', param: `${at}[routing_number]` });
  }
  return {
    ...birth,
    object: 'bank_account',
    country,
    currency: entered.currency,
    default_for_currency: false,
    last4: lastFour(entered.account_number),
    fingerprint: fingerprintOf(`${country}${routing ?? ''}:${entered.account_number}`),
    ...(routing !== undefined && { routing_number: routing }),
    ...(entered.account_holder_name !== undefined && { account_holder_name: entered.account_holder_name }),
    ...(entered.account_holder_type !== undefined && { account_holder_type: entered.account_holder_type }),
    ...(entered.account_type !== undefined && { account_type: entered.account_type }),
    status: 'new',
    outcome,
    instant: INSTANT_BANK_COUNTRIES.has(country),
    ...(instantPayoutFails(entered.account_number) && { instantFails: true }),
  };
}

function bankOfTable(entered: EnteredBank, birth: BankBirth): ExternalAccount {
  const bank = newExternalBankAccount(entered, birth);
  assert(!isRefusal(bank), 'a bank account of our own tables is right');
  return bank;
}

/** The bank account of the country that payouts to and debits of succeed with; verified. */
export function successfulBankOf(
  country: string,
  currency: Currency,
  id: Id<'ba'>,
  created: UnixSeconds,
): ExternalAccount {
  const routing = testRouting[country];
  const entered: EnteredBank = {
    country,
    currency,
    account_number: successNumberOf(country),
    ...(routing !== undefined && { routing_number: routing }),
  };
  return { ...bankOfTable(entered, { id, created }), status: 'verified' };
}

const bankOfToken = ({ status, ...entered }: TestBankToken, birth: BankBirth): ExternalAccount => ({
  ...bankOfTable(entered, birth),
  status,
});

/**
 * The bank account behind a fixed test token (`btok_us_verified` …), which may be used any number of times.
 *
 * @returns undefined when it is no such token
 */
export function bankFromAlias(alias: string, birth: () => BankBirth): ExternalAccount | undefined {
  const row = bankByToken(alias);
  return row && bankOfToken(row, birth());
}

import type { Currency } from './currencies.ts';

/**
 * Bank account numbers of test mode. The same number decides what happens to a payout and to a bank debit.
 *
 * routing  form of the routing number, blanks and hyphens removed; null: the country uses an IBAN or one number alone
 * example  the number that messages recommend
 * numbers  account number, blanks and hyphens removed, and its outcome
 *
 * Source: Stripe's published Connect testing page; checked 2026-11-22. Evenkeel's choice, by analogy: failures of HK, JP, NZ.
 * SG, MX, TH, MY, IN, AE have numbers that work only.
 * Surprise: an IBAN is known by its last five digits, whatever its country, and its check digits are not verified, because
 * some published ones are wrong. GB and AU take eight or nine digits, the same digit filled up.
 */
const table: Readonly<Record<string, BankRow>> = {
  US: {
    routing: /^\d{9}$/,
    example: '000123456789',
    numbers: {
      ...failing('000111111116', '000111111113', '000222222227', '000333333335', '000444444440'),
      '000123456789': 'paid',
      // Instant payouts fail (instantPayoutFails), standard ones do not.
      '000888888883': 'paid',
      // These differ only in the verification of ownership.
      '000999999991': 'paid',
      '000999999992': 'paid',
    },
  },
  CA: {
    routing: /^\d{8,9}$/,
    example: '000123456789',
    numbers: {
      ...failing('000111111116', '000111111113', '000222222227', '000333333335', '000444444440'),
      '000123456789': 'paid',
    },
  },
  BR: {
    routing: /^\d{7,8}$/,
    example: '000123456789',
    numbers: {
      ...failing('000111111116', '000111111113', '000222222227', '000333333335', '000444444440'),
      '000123456789': 'paid',
    },
  },
  GB: { routing: /^\d{6}$/, example: '00012345', numbers: eightOrNineDigits() },
  AU: { routing: /^\d{6}$/, example: '000123456', numbers: eightOrNineDigits() },
  HK: {
    routing: /^\d{6}$/,
    example: '000123-456',
    numbers: { ...failing('111111116', '111111113', '222222227', '333333335', '444444440'), '000123456': 'paid' },
  },
  JP: {
    routing: /^\d{7}$/,
    example: '0001234',
    numbers: { ...failing('1111116', '1111113', '2222227', '3333335', '4444440'), '0001234': 'paid' },
  },
  NZ: {
    routing: null,
    example: '1100000000000010',
    // Bank and branch 110000, then account and suffix; they may also come without the leading routing number.
    numbers: {
      ...failing('1111111116', '1111111113', '2222222227', '3333333335', '4444444440'),
      ...failing('1100001111111116', '1100001111111113', '1100002222222227', '1100003333333335', '1100004444444440'),
      '0000000010': 'paid',
      '110000000000010': 'paid',
      '1100000000000010': 'paid',
    },
  },
  SG: { routing: /^\d{7}$/, example: '000123456', numbers: { '000123456': 'paid' } },
  MX: { routing: null, example: '000000001234567897', numbers: { '000000001234567897': 'paid' } },
  TH: { routing: /^\d{3,7}$/, example: '000123456789', numbers: { '000123456789': 'paid' } },
  MY: { routing: /^[A-Z0-9]{8,11}$/, example: '000123456000', numbers: { '000123456000': 'paid' } },
  IN: { routing: /^[A-Z]{4}0[A-Z0-9]{6}$/, example: '000123456789', numbers: { '000123456789': 'paid' } },
  AE: { routing: null, example: 'AE070331234567890123456', numbers: { AE070331234567890123456: 'paid' } },
};

export type BankFailure =
  | 'no_account'
  | 'account_closed'
  | 'insufficient_funds'
  | 'debit_not_authorized'
  | 'invalid_currency';

export type BankOutcome = 'paid' | BankFailure;

interface BankRow {
  readonly routing: RegExp | null;
  readonly example: string;
  readonly numbers: Readonly<Record<string, BankOutcome>>;
}

/** Last five digits of an IBAN. */
const ibanEndings: ReadonlyMap<string, BankOutcome> = new Map([
  ['13000', 'paid'],
  ['13001', 'no_account'],
  ['13002', 'account_closed'],
  ['13003', 'insufficient_funds'],
  ['13004', 'debit_not_authorized'],
  ['13005', 'invalid_currency'],
]);

const IBAN = /^[A-Z]{2}\d{2}[A-Z0-9]{6,30}$/;
const IBAN_EXAMPLE = 'DE89370400440532013000';
const INSTANT_FAILS = '000888888883';

function failing(
  noAccount: string,
  closed: string,
  insufficient: string,
  unauthorized: string,
  currency: string,
): Record<string, BankOutcome> {
  return {
    [noAccount]: 'no_account',
    [closed]: 'account_closed',
    [insufficient]: 'insufficient_funds',
    [unauthorized]: 'debit_not_authorized',
    [currency]: 'invalid_currency',
  };
}

function eightOrNineDigits(): Record<string, BankOutcome> {
  return {
    ...failing('11111116', '11111113', '22222227', '33333335', '44444440'),
    ...failing('111111116', '111111113', '222222227', '333333335', '444444440'),
    '00012345': 'paid',
    '000123456': 'paid',
  };
}

const bare = (number: string): string => number.replace(/[\s-]/g, '').toUpperCase();

const rowOf = (country: string): BankRow | undefined => (Object.hasOwn(table, country) ? table[country] : undefined);

/**
 * What the bank answers to a payout to this account, or to a debit of it.
 *
 * @returns undefined when it is no test number: tokenisation refuses those (account_number_invalid)
 */
export function bankOutcome(bank: {
  readonly country: string;
  readonly routing_number?: string | null;
  readonly account_number: string;
}): BankOutcome | undefined {
  const number = bare(bank.account_number);
  const { numbers } = rowOf(bank.country) ?? {};
  if (numbers && Object.hasOwn(numbers, number)) return numbers[number];
  return IBAN.test(number) ? ibanEndings.get(number.slice(-5)) : undefined;
}

/** Whether a routing number has the country's form; a country without one accepts its absence alone or anything. */
export function isRoutingNumber(country: string, routing: string | null | undefined): boolean {
  const form = rowOf(country)?.routing ?? null;
  return form === null || (routing != null && form.test(bare(routing)));
}

/** The country's number that works, for messages. */
export const successNumberOf = (country: string): string => rowOf(country)?.example ?? IBAN_EXAMPLE;

/** Standard payouts to this account succeed, instant ones fail. */
export const instantPayoutFails = (accountNumber: string): boolean => bare(accountNumber) === INSTANT_FAILS;

/** Micro-deposits that verify a test bank account: their amounts, or the code in the descriptor. */
export const microDeposits = { amounts: [32, 45], descriptorCode: 'SM11AA' } as const;

export interface TestBankToken {
  readonly country: string;
  readonly currency: Currency;
  readonly routing_number: string;
  readonly account_number: string;
  readonly status: 'new' | 'verified';
}

const us = (account_number: string, status: TestBankToken['status'] = 'verified'): TestBankToken => ({
  country: 'US',
  currency: 'usd',
  routing_number: '110000000',
  account_number,
  status,
});

const bankTokens: ReadonlyMap<string, TestBankToken> = new Map([
  ['btok_us', us('000123456789', 'new')],
  ['btok_us_verified', us('000123456789')],
  ['btok_us_verified_noAccount', us('000111111116')],
  ['btok_us_verified_accountClosed', us('000111111113')],
  ['btok_us_verified_insufficientFunds', us('000222222227')],
  ['btok_us_verified_debitNotAuthorized', us('000333333335')],
  ['btok_us_verified_invalidCurrency', us('000444444440')],
]);

/** The bank account behind a fixed test token, which is reusable and never stored. */
export const bankByToken = (token: string): TestBankToken | undefined => bankTokens.get(token);

/** dispute: succeeds, and is taken back later; processing: stays so. */
export type BankPaymentOutcome = BankOutcome | 'dispute' | 'processing';

const bankPayments: ReadonlyMap<string, { readonly account_number: string; readonly outcome: BankPaymentOutcome }> =
  new Map([
    ['pm_usBankAccount_success', { account_number: '000123456789', outcome: 'paid' }],
    ['pm_usBankAccount_noAccount', { account_number: '000111111116', outcome: 'no_account' }],
    ['pm_usBankAccount_accountClosed', { account_number: '000111111113', outcome: 'account_closed' }],
    ['pm_usBankAccount_insufficientFunds', { account_number: '000222222227', outcome: 'insufficient_funds' }],
    ['pm_usBankAccount_debitNotAuthorized', { account_number: '000333333335', outcome: 'debit_not_authorized' }],
    ['pm_usBankAccount_invalidCurrency', { account_number: '000444444440', outcome: 'invalid_currency' }],
    ['pm_usBankAccount_dispute', { account_number: '000555555559', outcome: 'dispute' }],
    ['pm_usBankAccount_processing', { account_number: '000000000009', outcome: 'processing' }],
  ]);

export const bankPaymentByAlias = (
  alias: string,
): { readonly account_number: string; readonly outcome: BankPaymentOutcome } | undefined => bankPayments.get(alias);

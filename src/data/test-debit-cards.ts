import type { Currency } from './currencies.ts';

/**
 * Debit cards that may receive payouts in test mode.
 *
 * Source: Stripe's published Connect testing page; checked 2026-11-22.
 * Surprise: 4000056655665556 is an ordinary card to charge as well (test-cards.ts). None of these is ever debited (R97).
 */
const table = [
  ['4000056655665556', 'US', 'usd', 'visa', 'paid'],
  ['4000056655665572', 'US', 'usd', 'visa', 'could_not_process'],
  ['4000056755665555', 'US', 'usd', 'visa', 'instantUnsupported'],
  ['5200828282828210', 'US', 'usd', 'mastercard', 'paid'],
  ['6011981111111113', 'US', 'usd', 'discover', 'paid'],
  ['4000051240000005', 'CA', 'cad', 'visa', 'paid'],
  ['4000051240000021', 'CA', 'cad', 'visa', 'could_not_process'],
  ['4000051240000039', 'CA', 'cad', 'visa', 'instantUnsupported'],
  ['5510121240000006', 'CA', 'cad', 'mastercard', 'paid'],
  ['4000057020000008', 'SG', 'sgd', 'visa', 'paid'],
  ['4000057020000016', 'SG', 'sgd', 'visa', 'could_not_process'],
  ['4000057020000024', 'SG', 'sgd', 'visa', 'instantUnsupported'],
  ['4000050360000019', 'AU', 'aud', 'visa', 'paid'],
  ['4000050360000027', 'AU', 'aud', 'visa', 'could_not_process'],
  ['4000050360000035', 'AU', 'aud', 'visa', 'instantUnsupported'],
  ['4000058260000203', 'GB', 'gbp', 'visa', 'paid'],
  ['4000058260000211', 'GB', 'gbp', 'visa', 'could_not_process'],
  ['4000058260000229', 'GB', 'gbp', 'visa', 'instantUnsupported'],
  ['4000052760000037', 'DE', 'eur', 'visa', 'paid'],
  ['4000052760000011', 'DE', 'eur', 'visa', 'could_not_process'],
  ['4000052760000029', 'DE', 'eur', 'visa', 'instantUnsupported'],
  ['4000052500000008', 'FR', 'eur', 'visa', 'paid'],
  ['4000052500000016', 'FR', 'eur', 'visa', 'could_not_process'],
  ['4000052500000024', 'FR', 'eur', 'visa', 'instantUnsupported'],
  ['4000055540000003', 'NZ', 'nzd', 'visa', 'paid'],
  ['4000055540000011', 'NZ', 'nzd', 'visa', 'could_not_process'],
  ['4000055540000029', 'NZ', 'nzd', 'visa', 'instantUnsupported'],
  ['4000057840000006', 'AE', 'aed', 'visa', 'paid'],
  ['4000057840000014', 'AE', 'aed', 'visa', 'could_not_process'],
  ['4000057840000022', 'AE', 'aed', 'visa', 'instantUnsupported'],
] as const satisfies readonly (readonly [string, string, Currency, string, DebitCardOutcome])[];

/** instantUnsupported: standard payouts are paid, instant ones are refused (X25). could_not_process is a failure code. */
export type DebitCardOutcome = 'paid' | 'could_not_process' | 'instantUnsupported';

export interface TestDebitCard {
  readonly number: string;
  readonly last4: string;
  readonly country: string;
  readonly currency: Currency;
  readonly brand: 'discover' | 'mastercard' | 'visa';
  readonly outcome: DebitCardOutcome;
  readonly token: string;
}

const endings = {
  paid: 'transferSuccess',
  could_not_process: 'transferFail',
  instantUnsupported: 'instantPayoutUnsupported',
} as const satisfies Record<DebitCardOutcome, string>;

export const testDebitCards: readonly TestDebitCard[] = table.map(([number, country, currency, brand, outcome]) => ({
  number,
  last4: number.slice(-4),
  country,
  currency,
  brand,
  outcome,
  token: `tok_${brand}_debit_${country.toLowerCase()}_${endings[outcome]}`,
}));

const byNumber = new Map(testDebitCards.map((row) => [row.number, row]));
const byToken = new Map(testDebitCards.map((row) => [row.token, row]));

export const debitCardByNumber = (number: string): TestDebitCard | undefined => byNumber.get(number);
export const debitCardByToken = (token: string): TestDebitCard | undefined => byToken.get(token);

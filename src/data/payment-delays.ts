/**
 * How long money of a payment method other than a card waits; replaces the country's delay (countries.ts).
 *
 * Source: Stripe's published payout timing of bank debits; checked 2026-11-22. highRisk replaces every other delay.
 */
export const paymentDelays = {
  us_bank_account: { days: 4, kind: 'business' },
  sepa_debit: { days: 6, kind: 'business' },
  bacs_debit: { days: 4, kind: 'business' },
  au_becs_debit: { days: 2, kind: 'business' },
  acss_debit: { days: 5, kind: 'business' },
} as const satisfies Record<string, { days: number; kind: 'business' | 'calendar' }>;

export const highRiskDelay = { days: 14, kind: 'calendar' } as const;

export type BankDebitMethod = keyof typeof paymentDelays;

export const isBankDebitMethod = (type: string): type is BankDebitMethod => Object.hasOwn(paymentDelays, type);

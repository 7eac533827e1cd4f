/**
 * What an account can be allowed to do. Only the first three matter to money rules: `card_payments` for on_behalf_of (X32),
 * `transfers` or its elder `legacy_payments` to receive transfers (X14). The others are stored and shown.
 *
 * Source: Stripe's published list of capabilities, those of the payment methods and reports Evenkeel has; checked 2026-11-22.
 */
export const capabilities = [
  'card_payments',
  'transfers',
  'legacy_payments',
  'us_bank_account_ach_payments',
  'sepa_debit_payments',
  'bacs_debit_payments',
  'au_becs_debit_payments',
  'acss_debit_payments',
  'card_issuing',
  'tax_reporting_us_1099_k',
  'tax_reporting_us_1099_misc',
] as const;

export type Capability = (typeof capabilities)[number];

/** One of these makes an account a possible destination of transfers (R28). */
export const receivingCapabilities = ['transfers', 'legacy_payments'] as const satisfies readonly Capability[];

/** An account with the full dashboard counts as having asked for these without saying so. */
export const fullDashboardCapabilities = ['card_payments', 'transfers'] as const satisfies readonly Capability[];

export const isCapability = (name: string): name is Capability => (capabilities as readonly string[]).includes(name);

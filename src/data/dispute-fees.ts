import type { Country } from './countries.ts';

/**
 * Whose country decides the dispute fee (its figures are in countries.ts), and where a won dispute gives it back.
 *
 * Source: Stripe's guide for platforms names the connected account's country (R164), its pricing pages that of the account
 * that pays; its pricing of Mexico is the only one that returns the fee (M21). Checked 2026-11-25. An operator may change both.
 */
export const disputeFeePolicy: {
  /** 'connected': the account that the charge belongs or pays to; 'debited': the account whose balance is charged. */
  readonly country: 'connected' | 'debited';
  readonly returnedOnWinIn: ReadonlySet<Country>;
} = { country: 'connected', returnedOnWinIn: new Set<Country>(['MX']) };

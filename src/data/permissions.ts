/**
 * What a restricted key may be let into. A permission is the name of one of these and `read` or `write`; `write` includes
 * `read`. In messages it is spelled as Stripe does, `rak_charge_write`.
 *
 * Source: Stripe's error messages name the permission that was lacking; checked 2026-11-26.
 * Surprise: accounts are two: `account` is the one that acts, `connected_account` those of the platform. Prices are `plan`.
 */
export const resources = [
  'account',
  'application_fee',
  'balance',
  'balance_transaction_source',
  'charge',
  'connected_account',
  'customer',
  'dispute',
  'event',
  'file',
  'invoice',
  'payment_intent',
  'payment_method',
  'payout',
  'plan',
  'product',
  'refund',
  'report_runs_and_report_types',
  'setup_intent',
  'subscription',
  'test_clock',
  'token',
  'topup',
  'transfer',
  'webhook',
] as const;

export type Resource = (typeof resources)[number];

export type Level = 'read' | 'write';

/** What a restricted key may do. What is not named it may not. */
export interface Grants {
  readonly permissions: { readonly [R in Resource]?: Level };
  /** The connected accounts that it may act as (`Stripe-Account`): all of them, or these acct_ ids. */
  readonly accounts: 'all' | readonly string[];
}

/** Whether a key may act as a connected account, as far as its grants go. @param grants null: a secret key */
export const mayActAs = (grants: Grants | null, account: string): boolean =>
  mayActAsAll(grants) || grants?.accounts.includes(account) === true;

/** Whether a key may act as every connected account. @param grants null: a secret key */
export const mayActAsAll = (grants: Grants | null): boolean => grants === null || grants.accounts === 'all';

/** @param grants null: a secret key, which may do everything */
export function permits(grants: Grants | null, resource: Resource | null, level: Level): boolean {
  if (grants === null) return true;
  const granted = resource === null ? undefined : grants.permissions[resource];
  return granted === 'write' || granted === level;
}

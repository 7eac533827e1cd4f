import type { Country } from './countries.ts';

/**
 * Fees that do not depend on a card's or an account's country (those are in countries.ts). bps: basis points.
 *
 * Source: Stripe's published Connect and instant-payout pricing; checked 2026-11-22. An operator may change all of them.
 * Surprise: the account-debit rate is Evenkeel's choice, because Stripe publishes none; 0 makes it neutral. What is off by
 * default is null, not 0: a fee of 0 would still be a decision about its row.
 */
export const fees = {
  accountDebitBps: 150,
  instantPayoutBps: 100,
  /** Added to the card fee for cards of another country, and for a conversion; US pricing. */
  internationalCardBps: null,
  conversionBps: null,
  /** Per account with a payout in the month, and per payout; smallest unit of usd. */
  connectActiveAccount: null,
  connectPayoutBps: null,
  connectPayoutFixed: null,
  disputeCountered: null,
} as const satisfies Record<string, number | null>;

/** Where instant payouts cost another rate. */
const instantPayoutBpsByCountry: { readonly [C in Country]?: number } = { AU: 150 };

export const instantPayoutBps = (country: Country): number =>
  instantPayoutBpsByCountry[country] ?? fees.instantPayoutBps;

/** What the null rates above are when an operator turns them on without naming a figure. */
export const optionalFees = {
  internationalCardBps: 150,
  conversionBps: 100,
  connectActiveAccount: 200,
  connectPayoutBps: 25,
  connectPayoutFixed: 25,
} as const;

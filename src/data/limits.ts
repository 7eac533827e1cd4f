import type { Country } from './countries.ts';

/**
 * Largest and smallest values that are accepted. Amounts in the smallest unit.
 *
 * Source: Stripe's published API reference and Connect guides; checked 2026-11-22. Evenkeel's choice: debitAttemptsMax,
 * testClockAdvanceDaysMax, disputeDueDays.
 * Surprise: the largest charge is the same count of units in every currency, 999,999.99 dollars as well as 99,999,999 yen.
 */
export const limits = {
  /** Of whatever has no smaller limit of its own. */
  amountMax: 999_999_999_999,
  chargeMax: 99_999_999,
  /** Cents of usd; exactly this much is allowed (R80). */
  accountDebitMaxUsd: 10_000_000,
  metadataKeysMax: 50,
  metadataKeyLengthMax: 40,
  metadataValueLengthMax: 500,
  descriptionLengthMax: 5000,
  transferGroupLengthMax: 500,
  statementDescriptorLengthMax: 22,
  idempotencyKeyLengthMax: 255,
  expandDepthMax: 4,
  pageSizeDefault: 10,
  pageSizeMax: 100,
  /** Ours: of a platform, those that let somebody in. */
  apiKeysMax: 100,
  /** How long a key may go on when another takes its place; seconds. */
  apiKeyOverlapMax: 7 * 86_400,
  webhookEndpointsMax: 16,
  eventListDays: 30,
  idempotencyKeyHours: 24,
  authorizationDays: 7,
  /** Failures in a row on one external account before it is paused (R102). */
  debitAttemptsMax: 3,
  /** Business days from a withdrawal's posting to the bank's answer, and until its reserve is released (R101, R126). */
  withdrawalTransitDays: 3,
  withdrawalHoldDays: 3,
  payoutTransitDays: 1,
  /** Business days until a reversed payout is back; days after which a payout is not reversed any more (R183). */
  payoutReversalTransitDays: 3,
  payoutReversalDays: 90,
  /** Days before money has waited for a payout by hand as long as it may, when that is told of (R192). */
  holdingNoticeDays: 7,
  topupStatementDescriptorLengthMax: 15,
  /** Days without interruption below zero before the platform pays (R150). */
  collectionAfterDays: 180,
  disputeDueDays: 10,
  inquiryClosesAfterDays: 120,
  instantPayoutsPerDay: 10,
  testClockAdvanceDaysMax: 750,
} as const satisfies Record<string, number>;

/** Platforms created from 2017-02-01T00:00:00Z on have reserves enabled by default (R82). */
export const RESERVES_DEFAULT_SINCE = 1_485_907_200;

/** Smallest and largest instant payout, in the country's default currency (X26); countries without a row have none. */
const instantPayoutLimits: { readonly [C in Country]?: { readonly minimum: number; readonly maximum: number } } = {
  US: { minimum: 50, maximum: 999_900 },
  CA: { minimum: 60, maximum: 999_900 },
  SG: { minimum: 50, maximum: 999_900 },
  GB: { minimum: 40, maximum: 999_900 },
  AU: { minimum: 50, maximum: 999_900 },
};

/** @returns undefined where instant payouts do not exist */
export const instantPayoutLimitsOf = (country: Country): { minimum: number; maximum: number } | undefined =>
  instantPayoutLimits[country];

/**
 * The times of billing.
 *
 * draftSeconds       how long an invoice that renews a subscription, or is to advance by itself, stays a draft
 * retryDays          days from a failed payment to the next automatic one; after the last one the subscription ends as set
 * incompleteHours    how long the first payment of a subscription may take before it is given up
 * trialNoticeDays    how long before its end a trial is announced
 *
 * Source: Stripe's published guides to subscriptions and invoices; checked 2026-11-22. Evenkeel's choice: retryDays, which
 * Stripe leaves to a model of its own or to the dashboard.
 */
export const billing = {
  draftSeconds: 3600,
  retryDays: [3, 5, 7],
  incompleteHours: 23,
  trialNoticeDays: 3,
} as const;

/** The longest period of a price, three years, in each interval. */
export const intervalCountMax = { day: 1095, week: 156, month: 36, year: 3 } as const;

export type Interval = keyof typeof intervalCountMax;

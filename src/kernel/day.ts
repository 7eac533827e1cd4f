/**
 * The two moments of a day, and what happens in them, in this order. Scheduled work of one moment runs by its step's number,
 * and within a step by job and subject: accounts in the order they were made, since their ids sort so.
 *
 * Missed moments are run in order, each at its own time, before anything else; a request that arrives at such a moment
 * exactly is executed after its work.
 */
export const steps = {
  /** 00:00:00: money whose day has come becomes available. */
  settle: 1,
  /** What banks answered: payouts, debits of negative balances and top-ups arrive or fail. */
  bankResults: 2,
  /** Reserves held for a bank debit's three business days are let go; authorisations run out. */
  holds: 3,
  /** Accounts negative for 180 days are settled from the platform's money. */
  collection: 4,
  /** Refunds that wait for funds are tried again. */
  refundRetries: 5,
  /** Payouts by schedule. */
  automaticPayouts: 6,
  /** 23:59:00: negative balances are debited from banks. */
  bankDebits: 7,
  /** At any time of day: drafts are finalized, invoices are collected, subscriptions are renewed. */
  billing: 8,
  /** 00:00:00 on the first of a month: customers' cards that expire with it are told of. */
  expiries: 9,
  /** A test clock arrives where it was told to go, after everything that was due on the way. */
  clockArrives: 99,
} as const;

/** The job that turns a day's pending money into available money (M46); whoever makes money pending causes it. */
export const settleJob = 'balance.settle';

import type { BalanceTransactionType } from '../data/balance-transaction-types.ts';
import type { Currency } from '../data/currencies.ts';
import { assert } from '../kernel/assert.ts';
import type { Id } from '../kernel/id.ts';
import type { Minor } from '../kernel/money.ts';
import { ZERO } from '../kernel/money.ts';
import type { When } from './chart.ts';

/** One reason for a fee, as `fee_details` shows it. `application` is the ca_ id when the fee goes to a platform. */
export interface FeeDetail {
  readonly amount: Minor;
  readonly application?: string;
  readonly description: string;
  readonly type: 'stripe_fee' | 'application_fee';
}

/**
 * A row of an account's statement: a balance transaction at its birth. Rows are never changed (I7); whether one is
 * pending is read from its day, so the clock rewrites nothing either.
 *
 * `amount` is signed and gross, `fee` is what the details add up to, net is amount - fee (I3). `on` is 'now' when the
 * money is spendable at once. Absent fields are null on the wire.
 */
export interface Line {
  readonly id: Id<'txn'>;
  readonly account: string;
  readonly currency: Currency;
  readonly type: BalanceTransactionType;
  readonly amount: Minor;
  readonly fee: Minor;
  readonly fee_details?: readonly FeeDetail[];
  readonly on: When;
  readonly source?: string;
  readonly description?: string;
  readonly exchange_rate?: number;
  /** Where the type alone does not decide it: an adjustment says what it adjusts. */
  readonly reporting_category?: string;
}

/** A row; its fee is the sum of its details. */
export function line(draft: Omit<Line, 'fee'>): Line {
  let fee: number = ZERO;
  for (const detail of draft.fee_details ?? []) fee += detail.amount;
  assert(Number.isSafeInteger(draft.amount - fee), 'a row is counted in safe integers');
  return { ...draft, fee: fee as Minor };
}

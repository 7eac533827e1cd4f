import type { Currency } from '../../data/currencies.ts';
import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';
import type { Minor } from '../../kernel/money.ts';
import type { UnixSeconds } from '../../kernel/time.ts';
import type { SourceType } from '../balance/source-types.ts';

/**
 * Money that leaves a balance for a bank or card (amount > 0), or is pulled in from one (amount < 0): the debit of a
 * negative balance, or the reversal of a payout.
 */
export interface PayoutObject extends StoredObject {
  readonly id: Id<'po'>;
  readonly amount: Minor;
  readonly currency: Currency;
  readonly arrival_date: UnixSeconds;
  readonly automatic: boolean;
  readonly balance_transaction: Id<'txn'>;
  readonly description?: string;
  /** The external account's id. */
  readonly destination: string;
  readonly type: 'bank_account' | 'card';
  readonly method: 'standard' | 'instant';
  readonly source_type: SourceType;
  readonly status: 'pending' | 'in_transit' | 'paid' | 'failed' | 'canceled';
  readonly failure_balance_transaction?: Id<'txn'>;
  readonly failure_code?: string;
  readonly failure_message?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly original_payout?: Id<'po'>;
  readonly reversed_by?: Id<'po'>;
  readonly statement_descriptor?: string;
  /** It can be told which rows an automatic payout took along. */
  readonly reconciled?: true;
  /** A bank debit of a negative balance (M36). */
  readonly coversNegative?: true;
  /** What the simulated bank will answer when not that it is paid. The account number decides, whatever becomes of the account. */
  readonly bankRefuses?: string;
}

/** What the row of every payout says, whatever the payout's own description. */
export const PAYOUT_ROW = 'STRIPE PAYOUT';

export const payouts = kind<PayoutObject>({
  no: 13,
  object: 'payout',
  prefixes: ['po'],
  noun: 'payout',
  refs: ['destination', 'status'],
});

import type { Currency } from '../../data/currencies.ts';
import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';
import type { Minor } from '../../kernel/money.ts';

/**
 * A refund: of a card charge (re_), or of a payment from another balance (pyr_), which is the receiving side of a
 * transfer's reversal. The release of an authorisation is one without a row.
 */
export interface RefundObject extends StoredObject {
  readonly id: Id<'re'> | Id<'pyr'>;
  readonly amount: Minor;
  readonly currency: Currency;
  readonly charge: string;
  readonly payment_intent?: string;
  readonly payment_method?: string;
  readonly balance_transaction?: Id<'txn'>;
  readonly failure_balance_transaction?: Id<'txn'>;
  readonly failure_reason?: 'charge_for_pending_refund_disputed' | 'expired_or_canceled_card';
  readonly metadata?: Readonly<Record<string, string>>;
  /** While it is pending: its bank takes its time, or it waits for funds and nothing has moved yet (R66). */
  readonly pending_reason?: 'insufficient_funds' | 'processing';
  readonly reason?: string;
  /** Of a pyr_: the reversal that made it. */
  readonly source_transfer_reversal?: Id<'trr'>;
  readonly status: 'pending' | 'succeeded' | 'failed' | 'canceled';
  readonly transfer_reversal?: Id<'trr'>;

  /** It waits for funds and is to give back its part of the application fee as well. */
  readonly refundsFee?: true;
}

export const refunds = kind<RefundObject>({
  no: 8,
  object: 'refund',
  prefixes: ['re', 'pyr'],
  noun: 'refund',
  refs: ['charge', 'payment_intent'],
});

/** Whether it waits for funds: nothing of it has moved (R66). */
export const waitsForFunds = ({ status, pending_reason }: RefundObject): boolean =>
  status === 'pending' && pending_reason === 'insufficient_funds';

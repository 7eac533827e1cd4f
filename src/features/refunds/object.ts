import type { Currency } from '../../data/currencies.ts';
import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';
import type { Minor } from '../../kernel/money.ts';

/** A refund; the release of an authorisation is one without a row. */
export interface RefundObject extends StoredObject {
  readonly id: Id<'re'> | Id<'pyr'>;
  readonly amount: Minor;
  readonly currency: Currency;
  readonly charge: string;
  readonly payment_intent?: string;
  readonly payment_method?: string;
  readonly balance_transaction?: Id<'txn'>;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly reason?: string;
  readonly status: 'pending' | 'succeeded' | 'failed' | 'canceled';
}

export const refunds = kind<RefundObject>({
  no: 8,
  object: 'refund',
  prefixes: ['re', 'pyr'],
  noun: 'refund',
  refs: ['charge', 'payment_intent'],
});

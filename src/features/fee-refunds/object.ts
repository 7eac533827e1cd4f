import type { Currency } from '../../data/currencies.ts';
import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';
import type { Minor } from '../../kernel/money.ts';

export interface FeeRefundObject extends StoredObject {
  readonly id: Id<'fr'>;
  readonly amount: Minor;
  readonly currency: Currency;
  readonly balance_transaction: Id<'txn'>;
  readonly fee: Id<'fee'>;
  readonly metadata?: Readonly<Record<string, string>>;
}

export const feeRefunds = kind<FeeRefundObject>({
  no: 11,
  object: 'fee_refund',
  prefixes: ['fr'],
  noun: 'fee refund',
  refs: ['fee'],
});

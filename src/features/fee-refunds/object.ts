import type { Currency } from '../../data/currencies.ts';
import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';
import type { Minor } from '../../kernel/money.ts';

/** A part of an application fee that the platform gave back. */
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

/** A fee refund as its fee keeps it, so that the fee is shown without a look-up: what the fee says is left out. */
export type KeptFeeRefund = Omit<FeeRefundObject, 'account' | 'currency' | 'fee'>;

export const keptFeeRefund = ({ account, currency, fee, ...kept }: FeeRefundObject): KeptFeeRefund => kept;

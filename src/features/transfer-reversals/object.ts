import type { Currency } from '../../data/currencies.ts';
import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';
import type { Minor } from '../../kernel/money.ts';

/** A part of a transfer that went back; it belongs to the account that had sent the transfer. */
export interface TransferReversalObject extends StoredObject {
  readonly id: Id<'trr'>;
  readonly amount: Minor;
  readonly currency: Currency;
  readonly balance_transaction: Id<'txn'>;
  readonly destination_payment_refund: Id<'pyr'>;
  readonly source_refund?: string;
  readonly transfer: Id<'tr'>;
  readonly metadata?: Readonly<Record<string, string>>;
}

export const transferReversals = kind<TransferReversalObject>({
  no: 10,
  object: 'transfer_reversal',
  prefixes: ['trr'],
  noun: 'transfer reversal',
  refs: ['transfer'],
});

/** A reversal as its transfer keeps it, so that the transfer is shown without a look-up: what the transfer says is left out. */
export type KeptReversal = Omit<TransferReversalObject, 'account' | 'currency' | 'transfer'>;

export const keptReversal = ({ account, currency, transfer, ...kept }: TransferReversalObject): KeptReversal => kept;

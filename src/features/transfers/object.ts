import type { Currency } from '../../data/currencies.ts';
import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';
import { type Minor, ZERO } from '../../kernel/money.ts';
import type { When } from '../../ledger/chart.ts';
import type { SourceType } from '../balance/source-types.ts';
import type { Kept } from '../transfer-reversals/kept.ts';
import type { KeptReversal } from '../transfer-reversals/object.ts';

/** What an account debit of a Stripe-liable account refers to (R90). */
export type ReferenceTransaction =
  | { readonly type: 'charge'; readonly charge: string }
  | { readonly type: 'payout'; readonly payout: string };

export interface TransferObject extends StoredObject {
  readonly id: Id<'tr'>;
  readonly amount: Minor;
  readonly amount_reversed: Minor;
  readonly currency: Currency;
  readonly balance_transaction: Id<'txn'>;
  readonly destination: string;
  readonly destination_payment: Id<'py'>;
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly reversed: boolean;
  readonly source_transaction?: string;
  readonly source_type: SourceType;
  readonly transfer_group?: string;
  readonly reference_transaction?: ReferenceTransaction;
  /** What was taken back: how often, and the newest times, which is all that it shows of them. */
  readonly reversals?: Kept<KeptReversal>;
  /** From when its money may be spent, on both sides. */
  readonly settlesOn: When;
}

export const transfers = kind<TransferObject>({
  no: 5,
  object: 'transfer',
  prefixes: ['tr'],
  noun: 'transfer',
  refs: ['destination', 'transfer_group'],
});

/** A transfer at its birth, of which nothing is reversed yet; `source_type` is card unless asked otherwise. */
export const newTransfer = (
  given: Omit<TransferObject, 'amount_reversed' | 'reversed' | 'source_type'> &
    Partial<Pick<TransferObject, 'source_type'>>,
): TransferObject => ({ amount_reversed: ZERO, reversed: false, source_type: 'card', ...given });

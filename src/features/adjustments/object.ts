import type { Currency } from '../../data/currencies.ts';
import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';
import type { Minor } from '../../kernel/money.ts';
import { type Line, line } from '../../ledger/statement.ts';

export const adjustmentTypes = ['correction', 'loss', 'stripe_fee'] as const;
export type AdjustmentType = (typeof adjustmentTypes)[number];

/** A correction by the operator, on the account that it corrects. Clients know it by its row alone. */
export interface AdjustmentObject extends StoredObject {
  readonly id: Id<'adj'>;
  /** Signed. */
  readonly amount: Minor;
  readonly currency: Currency;
  readonly description?: string;
  /** Absent on corrections. */
  readonly type?: Exclude<AdjustmentType, 'correction'>;
  readonly balance_transaction: Id<'txn'>;
}

export const adjustments = kind<AdjustmentObject>({
  no: 21,
  object: 'adjustment',
  prefixes: ['adj'],
  noun: 'adjustment',
  refs: [],
});

/** Its row. The source is left out: it would name an object that no client can read. */
export const adjustmentLine = (adjustment: AdjustmentObject): Line =>
  line({
    id: adjustment.balance_transaction,
    account: adjustment.account,
    currency: adjustment.currency,
    type: adjustment.type === 'stripe_fee' ? 'stripe_fee' : 'adjustment',
    amount: adjustment.amount,
    on: 'now',
    ...(adjustment.description !== undefined && { description: adjustment.description }),
    ...(adjustment.type !== 'stripe_fee' && { reporting_category: 'other_adjustment' }),
  });

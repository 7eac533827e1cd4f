import type { Currency } from '../../data/currencies.ts';
import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';
import type { Minor } from '../../kernel/money.ts';
import type { UnixSeconds } from '../../kernel/time.ts';
import type { Line } from '../../ledger/statement.ts';

export interface DisputeObject extends StoredObject {
  readonly id: Id<'du'>;
  readonly amount: Minor;
  readonly currency: Currency;
  readonly charge: string;
  readonly payment_intent?: string;
  readonly reason: string;
  readonly status:
    | 'warning_needs_response'
    | 'warning_under_review'
    | 'warning_closed'
    | 'needs_response'
    | 'under_review'
    | 'won'
    | 'lost';
  readonly is_charge_refundable: boolean;
  readonly evidence?: Readonly<Record<string, string>>;
  readonly due_by?: UnixSeconds;
  readonly submission_count: number;
  readonly has_evidence: boolean;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly brand?: string;
  /** Its rows, whole: the wire shows them, and they never change. `born` is when each was written. */
  readonly lines: readonly { readonly line: Line; readonly born: UnixSeconds }[];
  /** The fee that was taken when it was opened (R164), in the currency of the row. */
  readonly fee?: Minor;
}

export const disputes = kind<DisputeObject>({
  no: 12,
  object: 'dispute',
  prefixes: ['du', 'dp'],
  noun: 'dispute',
  refs: ['charge', 'payment_intent'],
});

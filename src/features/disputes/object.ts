import type { Currency } from '../../data/currencies.ts';
import type { EvidenceKey } from '../../data/dispute-evidence.ts';
import type { DisputeReason } from '../../data/dispute-reasons.ts';
import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';
import type { Minor } from '../../kernel/money.ts';
import type { Day, UnixSeconds } from '../../kernel/time.ts';
import type { Line } from '../../ledger/statement.ts';

export type Evidence = { readonly [key in EvidenceKey]?: string };

/** A chargeback, or the inquiry that may come before it (`warning_…`). Its account is the one that has the charge. */
export interface DisputeObject extends StoredObject {
  readonly id: Id<'du'>;
  /** In the charge's currency; may be more than the charge (R175). */
  readonly amount: Minor;
  readonly currency: Currency;
  readonly charge: string;
  readonly payment_intent?: string;
  readonly reason: DisputeReason;
  readonly status:
    | 'warning_needs_response'
    | 'warning_under_review'
    | 'warning_closed'
    | 'needs_response'
    | 'under_review'
    | 'won'
    | 'lost';
  readonly is_charge_refundable: boolean;
  readonly evidence?: Evidence;
  /** While it is open. */
  readonly due_by?: UnixSeconds;
  readonly submission_count: number;
  readonly has_evidence: boolean;
  readonly intended_submission_method?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly brand?: string;
  /**
   * Its withdrawal and its reinstatement, whole: the wire shows them, and they never change. `born` is when each was
   * written.
   */
  readonly lines: readonly { readonly line: Line; readonly born: UnixSeconds }[];
  /** How far money had settled when this version was made: which of its rows were available then. */
  readonly settledThrough: Day;
  /** The fee that was taken when the money was withdrawn (R164), and who paid it. */
  readonly fee?: { readonly amount: Minor; readonly currency: Currency; readonly account: string };
  /** The fee comes back if it is won (M21). */
  readonly feeReturns?: true;
}

export const disputes = kind<DisputeObject>({
  no: 12,
  object: 'dispute',
  prefixes: ['du', 'dp'],
  noun: 'dispute',
  refs: ['charge', 'payment_intent'],
});

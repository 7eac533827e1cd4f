import { type ViewEnv, view, type Wire } from '../../api/view.ts';
import { type EvidenceKey, evidenceFiles, evidenceKeys } from '../../data/dispute-evidence.ts';
import { networkReasonCode } from '../../data/dispute-reasons.ts';
import { lineView } from '../balance-transactions/line-wire.ts';
import { type DisputeObject, disputes } from './object.ts';
import { isInquiry } from './rules.ts';

/** Evidence of special programmes is not taken, so that its place is always empty. */
const shownKeys = [...evidenceKeys, 'enhanced_evidence' as const].sort();

const evidenceWire = ({ evidence = {} }: DisputeObject): Wire =>
  Object.fromEntries(
    shownKeys.map((key) => [key, key === 'enhanced_evidence' ? {} : (evidence[key as EvidenceKey] ?? null)]),
  );

/** Its rows, whole; available as they were when this version was made, or where the book stands when it is read. */
function rowsWire({ lines, settledThrough: then }: DisputeObject, { settledThrough = then }: ViewEnv): readonly Wire[] {
  return lines.map(({ line, born }) =>
    lineView({ line, created: born, settled: line.on === 'now' || line.on <= settledThrough }),
  );
}

export const disputeView = view<DisputeObject>({
  kind: disputes,
  readsSettlement: true,
  expandable: ['charge', ...evidenceFiles.map((key) => `evidence.${key}`), 'payment_intent'],
  render: (dispute, env) => ({
    id: dispute.id,
    object: 'dispute',
    amount: dispute.amount,
    balance_transactions: rowsWire(dispute, env),
    charge: dispute.charge,
    created: dispute.created,
    currency: dispute.currency,
    enhanced_eligibility_types: [],
    evidence: evidenceWire(dispute),
    evidence_details: {
      due_by: dispute.due_by ?? null,
      enhanced_eligibility: {},
      has_evidence: dispute.has_evidence,
      // Evidence that comes late is refused.
      past_due: false,
      submission_count: dispute.submission_count,
      submission_method: dispute.submission_count > 0 ? 'manual' : 'not_submitted',
    },
    intended_submission_method: dispute.intended_submission_method ?? null,
    is_charge_refundable: dispute.is_charge_refundable,
    livemode: env.livemode,
    metadata: dispute.metadata ?? {},
    payment_intent: dispute.payment_intent ?? null,
    ...(dispute.brand !== undefined && {
      payment_method_details: {
        card: {
          brand: dispute.brand,
          case_type: isInquiry(dispute) ? 'inquiry' : 'chargeback',
          network: dispute.brand,
          network_reason_code: networkReasonCode(dispute.brand, dispute.reason),
        },
        type: 'card',
      },
    }),
    reason: dispute.reason,
    status: dispute.status,
  }),
});

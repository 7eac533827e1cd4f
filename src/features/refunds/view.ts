import { view } from '../../api/view.ts';
import { refunds } from './object.ts';

export const refundView = view({
  kind: refunds,
  expandable: [
    'balance_transaction',
    'charge',
    'customer',
    'failure_balance_transaction',
    'payment_intent',
    'payment_method',
    'source_transfer_reversal',
    'transfer_reversal',
  ],
  render: (refund) => ({
    id: refund.id,
    object: 'refund',
    amount: refund.amount,
    balance_transaction: refund.balance_transaction ?? null,
    charge: refund.charge,
    created: refund.created,
    currency: refund.currency,
    customer: null,
    customer_account: null,
    // A payment from a balance goes back to a balance: there is no bank to tell of.
    ...(refund.id.startsWith('re_') && {
      destination_details: {
        card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
        type: 'card',
      },
    }),
    // Only a refund that failed has these keys, and only one that is pending has its reason.
    ...(refund.failure_balance_transaction !== undefined && {
      failure_balance_transaction: refund.failure_balance_transaction,
    }),
    ...(refund.failure_reason !== undefined && { failure_reason: refund.failure_reason }),
    metadata: refund.metadata ?? {},
    payment_intent: refund.payment_intent ?? null,
    payment_method: refund.payment_method ?? null,
    ...(refund.pending_reason !== undefined && { pending_reason: refund.pending_reason }),
    reason: refund.reason ?? null,
    receipt_number: null,
    source_transfer_reversal: refund.source_transfer_reversal ?? null,
    status: refund.status,
    transfer_reversal: refund.transfer_reversal ?? null,
  }),
});

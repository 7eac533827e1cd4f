import { view } from '../../api/view.ts';
import { deletedExternalWire, externalWire } from '../accounts/external-wire.ts';
import { accounts } from '../accounts/object.ts';
import { type PayoutObject, payouts } from './object.ts';

function reconciliation({ automatic, coversNegative, reconciled, status }: PayoutObject): string {
  if (!automatic) return 'not_applicable';
  // A bank debit takes no rows along, so there is nothing left to reconcile once it is paid.
  return reconciled || (coversNegative && status === 'paid') ? 'completed' : 'in_progress';
}

const hasArrived = ({ status }: PayoutObject): boolean => status !== 'pending' && status !== 'in_transit';

export const payoutView = view({
  kind: payouts,
  expandable: [
    'application_fee',
    'balance_transaction',
    'failure_balance_transaction',
    'original_payout',
    'reversed_by',
  ],
  shows: { destination: 'account' },
  included: {
    // It lives within its account, so there is no object of its id to look up.
    destination: async (payout, _, read) => {
      const account = await read.anywhere(accounts, payout.account);
      const external = account?.external_accounts.find(({ id }) => id === payout.destination);
      if (external) return externalWire(external, payout.account);
      const { destination, type, currency } = payout;
      return deletedExternalWire({ id: destination as `ba_${string}` | `card_${string}`, object: type, currency });
    },
  },
  render: (payout, { livemode }) => ({
    id: payout.id,
    object: 'payout',
    amount: payout.amount,
    application_fee: null,
    application_fee_amount: null,
    arrival_date: payout.arrival_date,
    automatic: payout.automatic,
    balance_transaction: payout.balance_transaction,
    created: payout.created,
    currency: payout.currency,
    description: payout.description ?? null,
    destination: payout.destination,
    failure_balance_transaction: payout.failure_balance_transaction ?? null,
    failure_code: payout.failure_code ?? null,
    failure_message: payout.failure_message ?? null,
    livemode,
    metadata: payout.metadata ?? {},
    method: payout.method,
    original_payout: payout.original_payout ?? null,
    payout_method: null,
    reconciliation_status: reconciliation(payout),
    reversed_by: payout.reversed_by ?? null,
    source_type: payout.source_type,
    statement_descriptor: payout.statement_descriptor ?? null,
    status: payout.status,
    // Simulated banks give no trace numbers.
    trace_id: { status: hasArrived(payout) ? 'unsupported' : 'pending', value: null },
    type: payout.type,
  }),
});

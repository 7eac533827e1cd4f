import { type View, view } from '../../api/view.ts';
import { type CustomerBalanceObject, customerBalances } from './object.ts';

export const customerBalanceView: View<CustomerBalanceObject> = view({
  kind: customerBalances,
  expandable: ['customer', 'invoice'],
  render: (transaction, { livemode }) => ({
    id: transaction.id,
    object: customerBalances.object,
    amount: transaction.amount,
    checkout_session: null,
    created: transaction.created,
    credit_note: null,
    currency: transaction.currency,
    customer: transaction.customer,
    customer_account: null,
    description: transaction.description ?? null,
    ending_balance: transaction.ending_balance,
    invoice: transaction.invoice ?? null,
    livemode,
    metadata: transaction.metadata ?? {},
    type: transaction.type,
  }),
});

import { embeddedList, view } from '../../api/view.ts';
import { applicationFees } from './object.ts';

export const applicationFeeView = view({
  kind: applicationFees,
  expandable: ['account', 'application', 'balance_transaction', 'charge', 'originating_transaction'],
  render: (fee, { livemode }) => ({
    id: fee.id,
    object: 'application_fee',
    account: fee.payer,
    amount: fee.amount,
    amount_refunded: fee.amount_refunded,
    application: fee.application,
    balance_transaction: fee.balance_transaction,
    charge: fee.charge,
    created: fee.created,
    currency: fee.currency,
    fee_source: { charge: fee.charge, type: 'charge' },
    livemode,
    originating_transaction: fee.originating_transaction ?? null,
    refunded: fee.amount_refunded === fee.amount,
    refunds: embeddedList(`/v1/application_fees/${fee.id}/refunds`, [], 0),
  }),
});

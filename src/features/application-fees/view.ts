import { embeddedList, view, type Wire } from '../../api/view.ts';
import { feeRefundWire } from '../fee-refunds/wire.ts';
import { type ApplicationFeeObject, applicationFees } from './object.ts';

function refundsWire({ id, account, currency, refunds }: ApplicationFeeObject): Wire {
  const newest = refunds?.newest ?? [];
  return embeddedList(
    `/v1/application_fees/${id}/refunds`,
    newest.map((kept) => feeRefundWire({ ...kept, account, currency, fee: id })),
    refunds?.total ?? 0,
  );
}

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
    refunds: refundsWire(fee),
  }),
});

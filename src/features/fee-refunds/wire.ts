import type { Wire } from '../../api/view.ts';
import type { FeeRefundObject } from './object.ts';

export const feeRefundWire = (refund: FeeRefundObject): Wire => ({
  id: refund.id,
  object: 'fee_refund',
  amount: refund.amount,
  balance_transaction: refund.balance_transaction,
  created: refund.created,
  currency: refund.currency,
  fee: refund.fee,
  metadata: refund.metadata ?? {},
});

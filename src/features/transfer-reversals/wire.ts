import type { Wire } from '../../api/view.ts';
import type { TransferReversalObject } from './object.ts';

export const reversalWire = (reversal: TransferReversalObject): Wire => ({
  id: reversal.id,
  object: 'transfer_reversal',
  amount: reversal.amount,
  balance_transaction: reversal.balance_transaction,
  created: reversal.created,
  currency: reversal.currency,
  destination_payment_refund: reversal.destination_payment_refund,
  metadata: reversal.metadata ?? {},
  source_refund: reversal.source_refund ?? null,
  transfer: reversal.transfer,
});

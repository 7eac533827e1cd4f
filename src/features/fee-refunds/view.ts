import { view } from '../../api/view.ts';
import { feeRefunds } from './object.ts';
import { feeRefundWire } from './wire.ts';

export const feeRefundView = view({
  kind: feeRefunds,
  expandable: ['balance_transaction', 'fee'],
  render: feeRefundWire,
});

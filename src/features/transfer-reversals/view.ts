import { view } from '../../api/view.ts';
import { transferReversals } from './object.ts';
import { reversalWire } from './wire.ts';

export const transferReversalView = view({
  kind: transferReversals,
  expandable: ['balance_transaction', 'destination_payment_refund', 'source_refund', 'transfer'],
  render: reversalWire,
});

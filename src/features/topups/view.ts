import { view } from '../../api/view.ts';
import { topups } from './object.ts';
import { topupWire } from './wire.ts';

export const topupView = view({
  kind: topups,
  expandable: ['balance_transaction', 'payment_method', 'source'],
  render: topupWire,
});

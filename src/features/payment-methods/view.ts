import { view } from '../../api/view.ts';
import { paymentMethods } from './object.ts';
import { paymentMethodWire } from './wire.ts';

export const paymentMethodView = view({
  kind: paymentMethods,
  expandable: ['customer'],
  render: paymentMethodWire,
});

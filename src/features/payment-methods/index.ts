import { feature } from '../../api/feature.ts';
import { routes } from './api.ts';
import { paymentMethods as kind } from './object.ts';
import { paymentMethodView } from './view.ts';

/** What customers pay with. */
export const paymentMethods = feature({
  name: 'payment-methods',
  resource: 'payment_method',
  kinds: [kind],
  views: [paymentMethodView],
  routes,
});

import { form, integer, metadata, object, oneOf, optional, unsupported } from '../../api/params.ts';
import { create, list, type Route, retrieve, update } from '../../api/route.ts';
import { createPaymentMethod } from './create.ts';
import { billingDetails, enteredCard, ignored } from './params.ts';
import { updatePaymentMethod } from './update.ts';
import { paymentMethodView } from './view.ts';

export const routes: readonly Route[] = [
  create('/v1/payment_methods', {
    tier: 1,
    summary: 'Makes a payment method from a card, as it is typed in or by a token.',
    params: form({
      allow_redisplay: ignored(),
      billing_details: optional(billingDetails()),
      card: optional(enteredCard()),
      customer: unsupported(),
      metadata: optional(metadata()),
      payment_method: unsupported(),
      radar_options: ignored(),
      type: oneOf(['card']),
    }),
    command: createPaymentMethod,
    view: paymentMethodView,
  }),
  list('/v1/payment_methods', paymentMethodView, {
    tier: 1,
    summary: 'Payment methods of the account, newest first.',
    filters: { customer: 'ref', type: 'ref' },
  }),
  retrieve('/v1/payment_methods/:payment_method', paymentMethodView, {
    tier: 1,
    param: 'payment_method',
    summary: 'One payment method.',
  }),
  update('/v1/payment_methods/:payment_method', {
    tier: 1,
    summary: 'Changes a payment method that a customer keeps.',
    params: form({
      allow_redisplay: ignored(),
      billing_details: optional(billingDetails()),
      card: optional(object({ exp_month: optional(integer()), exp_year: optional(integer()), networks: ignored() })),
      metadata: optional(metadata()),
    }),
    command: updatePaymentMethod,
    view: paymentMethodView,
  }),
];

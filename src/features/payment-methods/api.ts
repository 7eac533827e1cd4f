import { Refused } from '../../api/errors.ts';
import { form, id, integer, metadata, object, oneOf, optional, unsupported } from '../../api/params.ts';
import { create, list, type Route, read, retrieve, update } from '../../api/route.ts';
import { refuse } from '../../kernel/refusal.ts';
import { noSuchCustomerInPath } from '../customers/keep.ts';
import { customers } from '../customers/object.ts';
import { attachPaymentMethod } from './attach.ts';
import { createPaymentMethod } from './create.ts';
import { detachPaymentMethod } from './detach.ts';
import { paymentMethods } from './object.ts';
import { billingDetails, enteredCard, ignored, otherMethods } from './params.ts';
import { updatePaymentMethod } from './update.ts';
import { paymentMethodView } from './view.ts';

export const routes: readonly Route[] = [
  create('/v1/payment_methods', {
    tier: 1,
    summary: "Makes a payment method from a card, as it is typed in or by a token, or a copy of the platform's.",
    params: form({
      allow_redisplay: ignored(),
      billing_details: optional(billingDetails()),
      card: optional(enteredCard()),
      customer: optional(id()),
      metadata: optional(metadata()),
      payment_method: optional(id()),
      radar_options: ignored(),
      type: optional(oneOf(['card'])),
      ...otherMethods,
    }),
    unsupported: ['custom'],
    command: createPaymentMethod,
    view: paymentMethodView,
  }),
  list('/v1/payment_methods', paymentMethodView, {
    tier: 1,
    summary: 'Payment methods of the account, newest first.',
    filters: { customer: 'ref', type: 'ref' },
    unsupported: ['allow_redisplay', 'customer_account'],
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
    unsupported: ['us_bank_account'],
    command: updatePaymentMethod,
    view: paymentMethodView,
  }),
  update('/v1/payment_methods/:payment_method/attach', {
    tier: 1,
    summary: 'Lets a customer keep a payment method, so that it can be used again.',
    params: form({ customer: id(), customer_account: unsupported() }),
    command: attachPaymentMethod,
    view: paymentMethodView,
  }),
  update('/v1/payment_methods/:payment_method/detach', {
    tier: 1,
    summary: 'Takes a payment method from its customer; it can never be used again.',
    command: detachPaymentMethod,
    view: paymentMethodView,
  }),
  list('/v1/customers/:customer/payment_methods', paymentMethodView, {
    tier: 1,
    summary: 'The payment methods that a customer keeps, newest first.',
    owner: { view: { kind: customers }, param: 'id', ref: 'customer' },
    filters: { type: 'ref' },
    unsupported: ['allow_redisplay'],
  }),
  read('/v1/customers/:customer/payment_methods/:payment_method', {
    tier: 1,
    summary: 'One payment method that a customer keeps.',
    view: paymentMethodView,
    handler: async (read, { customer: owner, payment_method: id }) => {
      const customer = await read.object(customers, owner);
      if (!customer || customer.deleted) throw new Refused(noSuchCustomerInPath(owner));
      const method = await read.object(paymentMethods, id);
      if (method?.customer === customer.id) return read.view(method);
      throw new Refused(refuse('no_such_payment_method_in_path', { id }));
    },
  }),
];

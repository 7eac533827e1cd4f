import { Refused } from '../../api/errors.ts';
import { writtenOut } from '../../api/param.ts';
import {
  amount,
  array,
  boolean,
  currency,
  either,
  email,
  feeAmount,
  form,
  id,
  integer,
  metadata,
  object,
  oneOf,
  optional,
  type Param,
  text,
  unsettable,
  unsupported,
  url,
} from '../../api/params.ts';
import { create, list, type Route, retrieve, update } from '../../api/route.ts';
import { search } from '../../api/search/route.ts';
import type { Minor } from '../../kernel/money.ts';
import { refuse } from '../../kernel/refusal.ts';
import {
  description,
  shipping,
  statementDescriptor,
  transferData,
  transferGroup,
  transferPart,
} from '../charges/params.ts';
import { ignored, methodData } from '../payment-methods/params.ts';
import { cancelPaymentIntent } from './cancel.ts';
import { capturePaymentIntent } from './capture.ts';
import { confirmPaymentIntent } from './confirm.ts';
import { createPaymentIntent } from './create.ts';
import { searchFields } from './search.ts';
import { applyCustomerBalance, incrementAuthorization, verifyMicrodeposits } from './unavailable.ts';
import { updatePaymentIntent } from './update.ts';
import { paymentIntentView } from './view.ts';

/** The amount of a payment; zero has an answer of its own, which leads to setup intents. */
function payable(): Param<Minor> {
  const positive = amount();
  return {
    ...positive,
    parse(value, name) {
      if (/^[+-]?0+$/.test(writtenOut(value))) throw new Refused(refuse('amount_zero', { param: name }));
      return positive.parse(value, name);
    },
  };
}

const methods = () => array(oneOf(['card']));
const captureMethod = () => oneOf(['automatic', 'automatic_async', 'manual']);
const futureUsage = () => oneOf(['off_session', 'on_session']);
const offSession = () => either(boolean(), oneOf(['one_off', 'recurring']));

/** Taken from whoever sends them, without effect. */
const withoutEffect = {
  allowed_payment_method_types: ignored(),
  amount_details: ignored(),
  excluded_payment_method_types: ignored(),
  payment_method_options: ignored(),
} as const;

/** Parameters that would change the payment, and cannot here. */
const notSupported = ['customer_account', 'hooks', 'payment_details', 'payment_method_configuration'];
const notSupportedToConfirm = ['confirmation_token', 'hooks', 'mandate', 'payment_details'];

export const routes: readonly Route[] = [
  create('/v1/payment_intents', {
    tier: 1,
    summary: 'A payment that is going to be made; with confirm, the first try to make it.',
    params: form({
      amount: payable(),
      currency: currency(),
      ...withoutEffect,
      application_fee_amount: optional(feeAmount()),
      automatic_payment_methods: optional(
        object({ allow_redirects: optional(oneOf(['always', 'never'])), enabled: boolean() }),
      ),
      capture_method: optional(captureMethod()),
      confirm: optional(boolean()),
      confirmation_method: optional(oneOf(['automatic', 'manual'])),
      customer: optional(id()),
      description: optional(description()),
      error_on_requires_action: optional(boolean()),
      mandate_data: ignored(),
      metadata: optional(metadata()),
      off_session: optional(offSession()),
      on_behalf_of: optional(id()),
      payment_method: optional(id()),
      payment_method_data: optional(methodData()),
      payment_method_types: optional(methods()),
      radar_options: ignored(),
      receipt_email: optional(email()),
      return_url: optional(url()),
      setup_future_usage: optional(futureUsage()),
      shipping: optional(shipping()),
      statement_descriptor: optional(statementDescriptor()),
      statement_descriptor_suffix: optional(statementDescriptor()),
      transfer_data: optional(transferData()),
      transfer_group: optional(transferGroup()),
      use_stripe_sdk: ignored(),
    }),
    unsupported: [...notSupported, 'confirmation_token', 'mandate'],
    command: createPaymentIntent,
    view: paymentIntentView,
  }),
  list('/v1/payment_intents', paymentIntentView, {
    tier: 1,
    summary: 'Payment intents of the account, newest first.',
    filters: { created: 'created', customer: 'ref' },
    unsupported: ['customer_account'],
  }),
  search('/v1/payment_intents/search', paymentIntentView, searchFields),
  retrieve('/v1/payment_intents/:intent', paymentIntentView, {
    tier: 1,
    param: 'intent',
    // What a browser proves itself by; a secret key needs no more.
    params: form({ client_secret: ignored() }),
    summary: 'One payment intent.',
  }),
  update('/v1/payment_intents/:intent', {
    tier: 1,
    summary: 'Changes labels at any time, and terms while nothing is paid.',
    params: form({
      ...withoutEffect,
      amount: optional(payable()),
      application_fee_amount: optional(unsettable(feeAmount())),
      capture_method: optional(captureMethod()),
      currency: optional(currency()),
      customer: optional(id()),
      description: optional(description()),
      metadata: optional(metadata()),
      payment_method: optional(id()),
      payment_method_data: optional(methodData()),
      payment_method_types: optional(methods()),
      receipt_email: optional(unsettable(email())),
      setup_future_usage: optional(unsettable(futureUsage())),
      shipping: optional(unsettable(shipping())),
      statement_descriptor: optional(statementDescriptor()),
      statement_descriptor_suffix: optional(statementDescriptor()),
      transfer_data: optional(transferPart()),
      transfer_group: optional(transferGroup()),
    }),
    unsupported: notSupported,
    command: updatePaymentIntent,
    view: paymentIntentView,
  }),
  update('/v1/payment_intents/:intent/confirm', {
    tier: 1,
    summary: 'Tries to be paid.',
    params: form({
      ...withoutEffect,
      amount_to_confirm: unsupported(),
      capture_method: optional(captureMethod()),
      error_on_requires_action: optional(boolean()),
      mandate_data: ignored(),
      off_session: optional(offSession()),
      payment_method: optional(id()),
      payment_method_data: optional(methodData()),
      payment_method_types: ignored(),
      radar_options: ignored(),
      receipt_email: optional(unsettable(email())),
      return_url: optional(url()),
      setup_future_usage: optional(futureUsage()),
      shipping: optional(unsettable(shipping())),
      use_stripe_sdk: ignored(),
    }),
    unsupported: notSupportedToConfirm,
    command: confirmPaymentIntent,
    view: paymentIntentView,
  }),
  update('/v1/payment_intents/:intent/capture', {
    tier: 1,
    summary: 'Takes the money of an authorisation; what is not taken is released.',
    params: form({
      amount_details: ignored(),
      amount_to_capture: optional(amount()),
      application_fee_amount: optional(feeAmount()),
      final_capture: ignored(),
      metadata: optional(metadata()),
      statement_descriptor: optional(statementDescriptor()),
      statement_descriptor_suffix: optional(statementDescriptor()),
      transfer_data: optional(transferPart()),
    }),
    unsupported: ['hooks', 'payment_details'],
    command: capturePaymentIntent,
    view: paymentIntentView,
  }),
  create('/v1/payment_intents/:intent/increment_authorization', {
    tier: 3,
    summary: 'Refused: no card here has its authorisation raised.',
    params: form({
      amount: amount(),
      amount_details: ignored(),
      application_fee_amount: optional(amount()),
      description: optional(description()),
      metadata: optional(metadata()),
      statement_descriptor: optional(statementDescriptor()),
      transfer_data: optional(transferPart()),
    }),
    unsupported: ['hooks', 'payment_details'],
    command: incrementAuthorization,
    view: paymentIntentView,
  }),
  create('/v1/payment_intents/:intent/apply_customer_balance', {
    tier: 3,
    summary: 'Refused: no intent here is paid by bank transfers.',
    params: form({ amount: optional(amount()), currency: optional(currency()) }),
    command: applyCustomerBalance,
    view: paymentIntentView,
  }),
  create('/v1/payment_intents/:intent/verify_microdeposits', {
    tier: 3,
    summary: 'Refused: no intent here is paid by bank debits.',
    params: form({ amounts: optional(array(integer())), descriptor_code: optional(text()) }),
    command: verifyMicrodeposits,
    view: paymentIntentView,
  }),
  update('/v1/payment_intents/:intent/cancel', {
    tier: 1,
    summary: 'Ends an intent that is not paid; an authorisation is released.',
    params: form({
      cancellation_reason: optional(oneOf(['duplicate', 'fraudulent', 'requested_by_customer', 'abandoned'])),
    }),
    command: cancelPaymentIntent,
    view: paymentIntentView,
  }),
];

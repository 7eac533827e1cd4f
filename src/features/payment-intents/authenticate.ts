import { type Context, command, event, type Reader } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import { refuse } from '../../kernel/refusal.ts';
import { sameText } from '../../kernel/same-text.ts';
import { loadParties, refuseTerms } from '../charges/terms.ts';
import { findCustomer } from '../customers/keep.ts';
import { paymentMethods } from '../payment-methods/object.ts';
import { confirmIntent } from './confirmation.ts';
import { type PaymentIntentObject, paymentIntents } from './object.ts';

export interface AuthenticatePayment {
  readonly intent: string;
  /** Whoever has it may say whether the customer confirmed. */
  readonly client_secret: string;
  readonly succeeds: boolean;
}

function load(read: Reader, params: AuthenticatePayment, ctx: Context) {
  const intent = read.own(paymentIntents, params.intent);
  return {
    intent,
    parties: intent && loadParties(read, intent, ctx),
    method: intent?.payment_method === undefined ? undefined : read.own(paymentMethods, intent.payment_method),
    customer: findCustomer(read, intent?.customer),
  };
}

/**
 * The customer has been at the bank's page: the payment goes on, or the method is of no use. Coming back a second time
 * changes nothing.
 */
export const authenticatePayment = command({
  name: 'payment_intents.authenticate',
  load,

  decide(params: AuthenticatePayment, { intent, parties, method, customer }: ReturnType<typeof load>, ctx) {
    if (!intent || !parties || !sameText(intent.client_secret, params.client_secret)) {
      return refuse('no_such_in_path', { object: paymentIntents.noun, id: params.intent, param: 'intent' });
    }
    if (intent.status !== 'requires_action') return { result: intent };
    assert(method, 'what waits for the customer has a method');
    if (!params.succeeds) {
      const { next_action: _action, payment_method: _method, ...rest } = intent;
      const { error } = refuse('payment_authentication_failed', { extra: { payment_method: method } });
      const failed: PaymentIntentObject = { ...rest, status: 'requires_payment_method', last_payment_error: error };
      return { result: failed, put: [failed], emit: [event('payment_intent.payment_failed', failed)] };
    }
    // The accounts may have changed since the terms were agreed on.
    const noLonger = refuseTerms(intent, parties, ctx);
    if (noLonger) return noLonger;
    const paying = { parties, customer, said: { isAuthenticated: true } };
    const { intent: confirmed, ...confirmation } = confirmIntent(
      intent,
      { method, isNew: false, put: [] },
      {},
      paying,
      ctx,
    );
    return { ...confirmation, result: confirmed };
  },
});

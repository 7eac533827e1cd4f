import { type Context, command, event, type Reader } from '../../engine/command.ts';
import { isRefusal, refuse } from '../../kernel/refusal.ts';
import { loadParties, refuseTerms } from '../charges/terms.ts';
import { findCustomer, noSuchCustomer } from '../customers/keep.ts';
import { findMethod, type MethodRequest, resolveMethod } from '../payment-methods/find.ts';
import { type ConfirmOptions, confirmIntent } from './confirmation.ts';
import { refuseMethod } from './method.ts';
import { type NewIntent, newIntent } from './new-intent.ts';
import type { PaymentIntentObject } from './object.ts';

export interface CreatePaymentIntent extends NewIntent, MethodRequest, ConfirmOptions {
  readonly confirm?: boolean;
}

const load = (read: Reader, params: CreatePaymentIntent, ctx: Context) => ({
  parties: loadParties(read, params, ctx),
  found: findMethod(read, params),
  customer: findCustomer(read, params.customer),
});

/**
 * A payment that is going to be made, and with `confirm` the first try to make it.
 *
 * @rule R20 to R24, R29, R32
 */
export const createPaymentIntent = command({
  name: 'payment_intents.create',
  load,

  decide(params: CreatePaymentIntent, { parties, found, customer }: ReturnType<typeof load>, ctx) {
    const refusal = refuseTerms(params, parties, ctx);
    if (refusal) return refusal;
    if (params.customer !== undefined && !customer) return noSuchCustomer(params.customer);
    const intent = newIntent(params, ctx);
    const resolved = resolveMethod(params, found, ctx);
    if (isRefusal(resolved)) return resolved;
    const badMethod = resolved && refuseMethod(intent, resolved.method);
    if (badMethod) return badMethod;
    if (params.confirm === true) {
      if (!resolved) return refuse('intent_without_method');
      const { intent: confirmed, ...confirmation } = confirmIntent(
        intent,
        resolved,
        params,
        { parties, customer },
        ctx,
      );
      return {
        ...confirmation,
        result: confirmed,
        emit: [event('payment_intent.created', confirmed), ...confirmation.emit],
      };
    }
    const made: PaymentIntentObject = resolved
      ? { ...intent, status: 'requires_confirmation', payment_method: resolved.method.id }
      : intent;
    return {
      result: made,
      put: [made, ...(resolved?.isNew ? [resolved.method] : []), ...(resolved?.put ?? [])],
      emit: [event('payment_intent.created', made)],
    };
  },
});

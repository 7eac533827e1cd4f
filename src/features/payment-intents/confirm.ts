import { type Context, command, type Reader } from '../../engine/command.ts';
import { isRefusal, refuse } from '../../kernel/refusal.ts';
import { loadParties, refuseTerms } from '../charges/terms.ts';
import { findCustomer } from '../customers/keep.ts';
import { findMethod, type MethodRequest, resolveMethod } from '../payment-methods/find.ts';
import { type ConfirmOptions, confirmIntent } from './confirmation.ts';
import { refuseMethod } from './method.ts';
import { type PaymentIntentObject, paymentIntents } from './object.ts';
import { refuseConfirm } from './states.ts';

export interface ConfirmPaymentIntent extends MethodRequest, ConfirmOptions {
  readonly intent: string;
  readonly capture_method?: PaymentIntentObject['capture_method'];
  readonly receipt_email?: string | null;
  readonly setup_future_usage?: string;
  readonly shipping?: Readonly<Record<string, unknown>> | null;
}

/** The method named now, or the one that the intent has. */
function methodRequest(params: ConfirmPaymentIntent, intent: PaymentIntentObject | undefined): MethodRequest {
  if (params.payment_method !== undefined || params.payment_method_data) return params;
  return intent?.payment_method === undefined ? {} : { payment_method: intent.payment_method };
}

function load(read: Reader, params: ConfirmPaymentIntent, ctx: Context) {
  const intent = read.own(paymentIntents, params.intent);
  return {
    intent,
    parties: intent && loadParties(read, intent, ctx),
    found: findMethod(read, methodRequest(params, intent)),
    customer: findCustomer(read, intent?.customer),
  };
}

/** Tries to be paid; from then on the intent goes where the card's bank sends it. */
export const confirmPaymentIntent = command({
  name: 'payment_intents.confirm',
  load,

  decide(params: ConfirmPaymentIntent, { intent, parties, found, customer }: ReturnType<typeof load>, ctx) {
    if (!intent || !parties) {
      return refuse('no_such_in_path', { object: paymentIntents.noun, id: params.intent, param: 'intent' });
    }
    const extra = { payment_intent: intent };
    const refusal = refuseConfirm(intent);
    if (refusal) return refusal;
    if (intent.invoice !== undefined && params.capture_method !== undefined) {
      return refuse('intent_of_invoice', { invoice: intent.invoice, param: 'capture_method' });
    }
    const resolved = resolveMethod(methodRequest(params, intent), found, ctx);
    if (isRefusal(resolved)) return resolved;
    if (!resolved) return refuse('intent_without_method', { extra });
    const badMethod = refuseMethod(intent, resolved.method, extra);
    if (badMethod) return badMethod;
    // The accounts may have changed since the terms were agreed on.
    const noLonger = refuseTerms(intent, parties, ctx);
    if (noLonger) return noLonger;
    const { capture_method, receipt_email, setup_future_usage, shipping } = params;
    const agreed: PaymentIntentObject = {
      ...intent,
      ...(capture_method !== undefined && { capture_method }),
      ...(receipt_email && { receipt_email }),
      ...(setup_future_usage !== undefined && { setup_future_usage }),
      ...(shipping && { shipping }),
    };
    const { intent: confirmed, ...confirmation } = confirmIntent(agreed, resolved, params, { parties, customer }, ctx);
    return { ...confirmation, result: confirmed };
  },
});

import { command, type Reader } from '../../engine/command.ts';
import { isRefusal, refuse } from '../../kernel/refusal.ts';
import { findCustomer } from '../customers/keep.ts';
import { findMethod, type MethodRequest, resolveMethod } from '../payment-methods/find.ts';
import { confirmSetup } from './confirmation.ts';
import { type SetupIntentObject, setupIntents } from './object.ts';
import { noSuchIntent, refuseConfirm, refuseMethod } from './states.ts';

export interface ConfirmSetupIntent extends MethodRequest {
  readonly intent: string;
  readonly return_url?: string;
}

/** The method named now, or the one that the intent has. */
function methodRequest(params: ConfirmSetupIntent, intent: SetupIntentObject | undefined): MethodRequest {
  if (params.payment_method !== undefined || params.payment_method_data) return params;
  return intent?.payment_method === undefined ? {} : { payment_method: intent.payment_method };
}

function load(read: Reader, params: ConfirmSetupIntent) {
  const intent = read.own(setupIntents, params.intent);
  return {
    intent,
    customer: findCustomer(read, intent?.customer),
    found: findMethod(read, methodRequest(params, intent)),
  };
}

/** Tries to set the method up; from then on the intent goes where the card's bank sends it. */
export const confirmSetupIntent = command({
  name: 'setup_intents.confirm',
  load,

  decide(params: ConfirmSetupIntent, { intent, customer, found }: ReturnType<typeof load>, ctx) {
    if (!intent) return noSuchIntent(params.intent);
    const refusal = refuseConfirm(intent);
    if (refusal) return refusal;
    const resolved = resolveMethod(methodRequest(params, intent), found, ctx);
    if (isRefusal(resolved)) return resolved;
    if (!resolved) return refuse('setup_without_method', { extra: { setup_intent: intent } });
    const badMethod = refuseMethod(intent, resolved.method);
    if (badMethod) return badMethod;
    const how = { customer, isAuthenticated: false, return_url: params.return_url };
    const { intent: confirmed, ...confirmation } = confirmSetup(intent, resolved, how, ctx);
    return { ...confirmation, result: confirmed };
  },
});

import { command, event, type Reader } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import { refuse } from '../../kernel/refusal.ts';
import { sameText } from '../../kernel/same-text.ts';
import { findCustomer } from '../customers/keep.ts';
import { paymentMethods } from '../payment-methods/object.ts';
import { attempted, setupAttempts } from './attempt.ts';
import { confirmSetup } from './confirmation.ts';
import { type SetupIntentObject, setupIntents } from './object.ts';
import { noSuchIntent } from './states.ts';

export interface AuthenticateSetup {
  readonly intent: string;
  /** Whoever has it may say whether the customer confirmed. */
  readonly client_secret: string;
  readonly succeeds: boolean;
}

function load(read: Reader, params: AuthenticateSetup) {
  const intent = read.own(setupIntents, params.intent);
  return {
    intent,
    method: intent?.payment_method === undefined ? undefined : read.own(paymentMethods, intent.payment_method),
    customer: findCustomer(read, intent?.customer),
    waiting: intent?.latest_attempt && read.own(setupAttempts, intent.latest_attempt),
  };
}

/** The customer has been at the bank's page. Coming back a second time changes nothing. */
export const authenticateSetup = command({
  name: 'setup_intents.authenticate',
  load,

  decide(params: AuthenticateSetup, { intent, method, customer, waiting }: ReturnType<typeof load>, ctx) {
    if (!intent || !sameText(intent.client_secret, params.client_secret)) return noSuchIntent(params.intent);
    if (intent.status !== 'requires_action') return { result: intent };
    assert(method, 'what waits for the customer has a method');
    if (!params.succeeds) {
      const { next_action: _action, payment_method: _method, ...rest } = intent;
      const { error } = refuse('setup_authentication_failed', { extra: { payment_method: method } });
      const outcome = { status: 'failed', setup_error: error, three_d_secure: 'failed' } as const;
      const failure = attempted(intent, method, outcome, waiting, ctx);
      const failed: SetupIntentObject = {
        ...rest,
        status: 'requires_payment_method',
        last_setup_error: error,
        latest_attempt: failure.id,
      };
      return { result: failed, put: [failed, failure], emit: [event('setup_intent.setup_failed', failed)] };
    }
    const resolved = { method, isNew: false, put: [] };
    const { intent: confirmed, ...confirmation } = confirmSetup(
      intent,
      resolved,
      { customer, isAuthenticated: true, waiting },
      ctx,
    );
    return { ...confirmation, result: confirmed };
  },
});

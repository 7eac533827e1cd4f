import { originOf, type ViewEnv, type Wire } from '../../api/view.ts';
import type { RefusalError } from '../../kernel/refusal.ts';
import type { PaymentMethodObject } from '../payment-methods/object.ts';
import { paymentMethodWire } from '../payment-methods/wire.ts';

/** The error of an intent's last try, the method that it was made with shown in full. */
export function errorWire(error: RefusalError | undefined, env: ViewEnv): Wire | null {
  if (!error) return null;
  const method = error.payment_method as PaymentMethodObject | undefined;
  return method ? { ...error, payment_method: paymentMethodWire(method, env) } : error;
}

/** What is shown of an intent that waits for its customer. */
interface Waiting {
  readonly id: string;
  readonly client_secret: string;
  readonly next_action?: { readonly return_url?: string };
}

/** The page on which the customer confirms; a client's library opens it, or the browser is sent there. */
export function actionWire(
  kind: 'payment_intents' | 'setup_intents',
  { id, client_secret, next_action: action }: Waiting,
  env: ViewEnv,
): Wire | null {
  if (!action) return null;
  const { return_url } = action;
  const url = `${originOf(env)}/authenticate/${kind}/${id}?client_secret=${client_secret}`;
  return return_url === undefined
    ? { type: 'use_stripe_sdk', use_stripe_sdk: { stripe_js: url, type: 'three_d_secure_redirect' } }
    : { redirect_to_url: { return_url, url }, type: 'redirect_to_url' };
}

import { ZERO } from '../../kernel/money.ts';
import type { PaymentIntentObject } from './object.ts';

/**
 * The intent as it was made, before what the same request tried with it: the journal keeps the version that a request leaves
 * behind, and `payment_intent.created` tells of the one before any try.
 *
 * @param intent as the operation that made it left it
 */
export function asCreated(intent: PaymentIntentObject): PaymentIntentObject {
  if (intent.status === 'requires_confirmation') return intent;
  const {
    payment_method: _method,
    latest_charge: _charge,
    last_payment_error: _error,
    next_action: _,
    ...made
  } = intent;
  return { ...made, status: 'requires_payment_method', amount_capturable: ZERO, amount_received: ZERO };
}

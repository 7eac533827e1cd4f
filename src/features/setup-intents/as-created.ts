import type { SetupIntentObject } from './object.ts';

/** The intent as it was made, before what the same request tried with it; see `asCreated` of payment intents. */
export function asCreated(intent: SetupIntentObject): SetupIntentObject {
  if (intent.status === 'requires_confirmation') return intent;
  const {
    payment_method: _method,
    last_setup_error: _error,
    latest_attempt: _attempt,
    next_action: _,
    ...made
  } = intent;
  return { ...made, status: 'requires_payment_method' };
}

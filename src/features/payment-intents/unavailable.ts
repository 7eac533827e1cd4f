import { type Command, command } from '../../engine/command.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { type PaymentIntentObject, paymentIntents } from './object.ts';

interface Named {
  readonly intent: string;
}

/** What no intent here can do: it says why this one cannot. */
const unavailable = (
  name: string,
  refusalOf: (intent: PaymentIntentObject) => Refusal,
): Command<Named, { readonly intent: PaymentIntentObject | undefined }, null> =>
  command({
    name,
    load: (read, { intent }: Named) => ({ intent: read.own(paymentIntents, intent) }),
    decide: ({ intent: id }, { intent }) =>
      intent ? refusalOf(intent) : refuse('no_such_in_path', { object: paymentIntents.noun, id, param: 'intent' }),
  });

/** Charges say `incremental_authorization: { status: 'unavailable' }`. */
export const incrementAuthorization = unavailable('payment_intents.increment_authorization', (intent) => {
  const { id, status } = intent;
  const extra = { payment_intent: intent };
  return status === 'requires_capture'
    ? refuse('intent_not_incrementable', { id, extra })
    : refuse('intent_increment_state', { id, status, extra });
});

/** Customers have no cash balance, into which bank transfers would come. */
export const applyCustomerBalance = unavailable('payment_intents.apply_customer_balance', (intent) =>
  refuse('intent_without_customer_balance', { id: intent.id, extra: { payment_intent: intent } }),
);

/** Only bank debits are verified so, and intents are paid by cards. */
export const verifyMicrodeposits = unavailable('payment_intents.verify_microdeposits', (intent) =>
  refuse('intent_without_microdeposits', { id: intent.id, extra: { payment_intent: intent } }),
);

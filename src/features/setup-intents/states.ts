import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { refuseMethodOf } from '../payment-methods/attachment.ts';
import type { PaymentMethodObject } from '../payment-methods/object.ts';
import { type SetupIntentObject, setupIntents } from './object.ts';

/** While something may still become of it. */
const open: readonly SetupIntentObject['status'][] = [
  'requires_payment_method',
  'requires_confirmation',
  'requires_action',
];

/** What may be changed only while it is open; everything else are labels. */
const termsOf: readonly string[] = ['customer', 'payment_method', 'payment_method_data', 'payment_method_types'];

/** Clients read `error.setup_intent.status`. */
const whole = (intent: SetupIntentObject) => ({ extra: { setup_intent: intent } });

export const noSuchIntent = (id: string): Refusal =>
  refuse('no_such_in_path', { object: setupIntents.noun, id, param: 'intent' });

/** @param changes the parameters as sent; only the first that may not be changed is named */
export function refuseUpdate(intent: SetupIntentObject, changes: object): Refusal | null {
  if (open.includes(intent.status)) return null;
  const param = termsOf.find((name) => Object.hasOwn(changes, name));
  return param === undefined ? null : refuse('setup_update_state', { status: intent.status, ...whole(intent), param });
}

export const refuseConfirm = (intent: SetupIntentObject): Refusal | null =>
  open.includes(intent.status) ? null : refuse('setup_confirm_state', { status: intent.status, ...whole(intent) });

export const refuseCancel = (intent: SetupIntentObject): Refusal | null =>
  open.includes(intent.status) ? null : refuse('setup_cancel_state', { status: intent.status, ...whole(intent) });

/** Whether the method may be set up for the intent's customer. */
export const refuseMethod = (
  { customer }: Pick<SetupIntentObject, 'customer'>,
  method: PaymentMethodObject,
): Refusal | null => (method.spent ? refuse('payment_method_used_up') : refuseMethodOf(customer, method));

import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { PaymentIntentObject } from './object.ts';

type Status = PaymentIntentObject['status'];

/** While the terms may still be changed. */
const open: readonly Status[] = ['requires_payment_method', 'requires_confirmation', 'requires_action'];
const cancelable: readonly Status[] = [...open, 'requires_capture', 'processing'];

/** Fields that decide about money or how it is paid; the others are labels, which may be changed at any time. */
const termsOf: readonly string[] = [
  'amount',
  'currency',
  'application_fee_amount',
  'capture_method',
  'customer',
  'payment_method',
  'payment_method_data',
  'payment_method_types',
  'setup_future_usage',
  'transfer_data',
];

/** What an invoice decides for the intent that pays it. */
const termsOfInvoice: readonly string[] = [
  'amount',
  'currency',
  'application_fee_amount',
  'capture_method',
  'customer',
  'transfer_data',
];

/** Clients read `error.payment_intent.status`. */
const whole = (intent: PaymentIntentObject) => ({ extra: { payment_intent: intent } });

/** @param changes the parameters as sent; only the first that may not be changed is named */
export function refuseUpdate(intent: PaymentIntentObject, changes: object): Refusal | null {
  const { invoice } = intent;
  if (invoice !== undefined) {
    const decided = termsOfInvoice.find((name) => Object.hasOwn(changes, name));
    if (decided !== undefined) return refuse('intent_of_invoice', { invoice, param: decided });
  }
  if (open.includes(intent.status)) return null;
  const param = termsOf.find((name) => Object.hasOwn(changes, name));
  return param === undefined ? null : refuse('intent_update_state', { status: intent.status, ...whole(intent), param });
}

export function refuseConfirm(intent: PaymentIntentObject): Refusal | null {
  const { status } = intent;
  if (status === 'succeeded') return refuse('intent_already_succeeded', whole(intent));
  return open.includes(status) ? null : refuse('intent_confirm_state', { status, ...whole(intent) });
}

export function refuseCapture(intent: PaymentIntentObject): Refusal | null {
  const { status } = intent;
  return status === 'requires_capture' ? null : refuse('intent_capture_state', { status, ...whole(intent) });
}

export function refuseCancel(intent: PaymentIntentObject): Refusal | null {
  const { status, invoice } = intent;
  if (invoice !== undefined) return refuse('intent_of_invoice', { invoice });
  return cancelable.includes(status) ? null : refuse('intent_cancel_state', { status, ...whole(intent) });
}

import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { refuseMethodOf } from '../payment-methods/attachment.ts';
import type { PaymentMethodObject } from '../payment-methods/object.ts';
import type { PaymentIntentObject } from './object.ts';

/**
 * Whether an intent may be paid with the method: it is not used up, and no other customer's.
 *
 * @param extra what else the refusal shows
 */
export function refuseMethod(
  { customer }: Pick<PaymentIntentObject, 'customer'>,
  method: PaymentMethodObject,
  extra: Readonly<Record<string, unknown>> = {},
): Refusal | null {
  return method.spent ? refuse('payment_method_used_up', { extra }) : refuseMethodOf(customer, method);
}

import type { Context } from '../../engine/command.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { refuseToKeep } from '../charges/card-network.ts';
import { refuseMore, withMethod } from '../customers/keep.ts';
import type { CustomerObject } from '../customers/object.ts';
import type { PaymentMethodObject } from './object.ts';

/** A method and the customer that keeps it: both are to be put. */
export interface Attached {
  readonly method: PaymentMethodObject;
  readonly customer: CustomerObject;
}

/** A method that its customer keeps from now on. */
export const keptBy = (method: PaymentMethodObject, customer: CustomerObject): Attached => ({
  method: { ...method, customer: customer.id },
  customer: withMethod(customer, method.id),
});

/**
 * Lets a customer keep a method, so that it can be used again.
 *
 * @returns refusals: somebody keeps it already, it was used or detached, the customer keeps as many as it can, its bank
 *          declines (402)
 */
export function attachMethod(
  method: PaymentMethodObject,
  customer: CustomerObject,
  { now }: Pick<Context, 'now'>,
): Attached | Refusal {
  if (method.customer !== undefined) return refuse('payment_method_already_attached');
  if (method.spent) return refuse('payment_method_used_up');
  const tooMany = refuseMore(customer);
  if (tooMany) return tooMany;
  return refuseToKeep(method.card, now) ?? keptBy(method, customer);
}

/** Nobody keeps it any more, and nobody can use it. */
export function detachedMethod({ customer: _, ...method }: PaymentMethodObject): PaymentMethodObject {
  return { ...method, spent: true };
}

/**
 * Whether a payment for this customer (undefined: for nobody in particular) may be made with the method. What no customer
 * keeps may be used once by anyone.
 */
export function refuseMethodOf(customer: string | undefined, method: PaymentMethodObject): Refusal | null {
  const { id, customer: keeper } = method;
  if (keeper === undefined || keeper === customer) return null;
  return customer === undefined
    ? refuse('payment_method_without_customer', { id, customer: keeper })
    : refuse('payment_method_of_other_customer', { id });
}

import { command, event, type Reader } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { without } from '../customers/keep.ts';
import { customers } from '../customers/object.ts';
import { detachedMethod } from './attachment.ts';
import { paymentMethods } from './object.ts';

export interface DetachPaymentMethod {
  readonly payment_method: string;
}

function load(read: Reader, { payment_method }: DetachPaymentMethod) {
  const method = read.own(paymentMethods, payment_method);
  return { method, customer: method?.customer === undefined ? undefined : read.own(customers, method.customer) };
}

/** Takes a method from its customer. It stays readable, and can never be used again. */
export const detachPaymentMethod = command({
  name: 'payment_methods.detach',
  load,

  decide({ payment_method: id }: DetachPaymentMethod, { method, customer }: ReturnType<typeof load>) {
    if (!method) return refuse('no_such_payment_method_in_path', { id });
    if (method.customer === undefined) return refuse('payment_method_not_attached_to_detach');
    const detached = detachedMethod(method);
    return {
      result: detached,
      put: [detached, ...(customer ? [without(customer, id)] : [])],
      emit: [event('payment_method.detached', detached)],
    };
  },
});

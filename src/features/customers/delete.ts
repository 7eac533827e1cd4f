import { command, type Reader } from '../../engine/command.ts';
import { detachedMethod } from '../payment-methods/attachment.ts';
import { paymentMethods } from '../payment-methods/object.ts';
import { findCustomer, noSuchCustomerInPath } from './keep.ts';
import type { CustomerObject } from './object.ts';
import { customerWire } from './wire.ts';

interface DeleteCustomer {
  readonly customer: string;
}

function load(read: Reader, params: DeleteCustomer) {
  const customer = findCustomer(read, params.customer);
  const kept = [...(customer?.methods ?? []), ...(customer?.sources ?? [])];
  return { customer, methods: kept.map((id) => read.own(paymentMethods, id)).filter((method) => method !== undefined) };
}

/** Forgets a customer; its payment methods can be used no more. What it paid stays. */
export const deleteCustomer = command({
  name: 'customers.delete',
  load,

  decide(params: DeleteCustomer, { customer, methods }: ReturnType<typeof load>, ctx) {
    if (!customer) return noSuchCustomerInPath(params.customer);
    const deleted: CustomerObject = { ...customer, methods: [], sources: [], deleted: true };
    return {
      result: deleted,
      put: [deleted, ...methods.map(detachedMethod)],
      // Whoever hears of it learns who is gone, so it tells of the customer in full.
      emit: [
        { type: 'customer.deleted', account: customer.account, object: { rendered: customerWire(customer, ctx) } },
      ],
    };
  },
});

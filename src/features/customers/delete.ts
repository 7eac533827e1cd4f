import { command, type Reader } from '../../engine/command.ts';
import { detachedMethod } from '../payment-methods/attachment.ts';
import { paymentMethods } from '../payment-methods/object.ts';
import { subscriptions, withItems } from '../subscriptions/object.ts';
import { ended, subscriptionNews } from '../subscriptions/states.ts';
import { findCustomer, noSuchCustomerInPath } from './keep.ts';
import type { CustomerObject } from './object.ts';
import { customerWire } from './wire.ts';

interface DeleteCustomer {
  readonly customer: string;
}

function load(read: Reader, params: DeleteCustomer) {
  const customer = findCustomer(read, params.customer);
  const kept = [...(customer?.methods ?? []), ...(customer?.sources ?? [])];
  const subscribed = (customer?.billing?.subscriptions ?? []).map((id) => read.own(subscriptions, id));
  return {
    customer,
    subscribed: subscribed.filter((each) => each !== undefined),
    methods: kept.map((id) => read.own(paymentMethods, id)).filter((method) => method !== undefined),
  };
}

/** Forgets a customer; its payment methods can be used no more, and its subscriptions end. What it paid stays. */
export const deleteCustomer = command({
  name: 'customers.delete',
  load,

  decide(params: DeleteCustomer, { customer, subscribed, methods }: ReturnType<typeof load>, ctx) {
    if (!customer) return noSuchCustomerInPath(params.customer);
    const deleted: CustomerObject = { ...customer, methods: [], sources: [], deleted: true };
    const over = subscribed.map((each) => ended(each, ctx.now, 'cancellation_requested'));
    return {
      result: deleted,
      put: [deleted, ...methods.map(detachedMethod), ...over.flatMap(withItems)],
      // Whoever hears of it learns who is gone, so it tells of the customer in full.
      emit: [
        ...over.map(subscriptionNews),
        { type: 'customer.deleted', account: customer.account, object: { rendered: customerWire(customer, ctx) } },
      ],
    };
  },
});

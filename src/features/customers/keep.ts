import type { Reader } from '../../engine/command.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { type CustomerObject, customers } from './object.ts';

/** Every one stands in the customer, which is written whole whenever one is added. */
const KEPT_MAX = 500;

/** The customer of the acting account, unless it is deleted. */
export function findCustomer(read: Reader, id: string | undefined | null): CustomerObject | undefined {
  const customer = id ? read.own(customers, id) : undefined;
  return customer?.deleted ? undefined : customer;
}

export const noSuchCustomer = (id: string, param = 'customer'): Refusal =>
  refuse('no_such', { object: customers.noun, id, param });

export const noSuchCustomerInPath = (id: string): Refusal =>
  refuse('no_such_in_path', { object: customers.noun, id, param: 'id' });

/** @returns a refusal when the customer keeps as many as it can */
export const refuseMore = ({ methods, sources }: CustomerObject): Refusal | null =>
  methods.length + sources.length < KEPT_MAX
    ? null
    : refuse('invalid_value', {
        param: 'customer',
        reason: `a customer keeps at most ${KEPT_MAX} payment methods, so detach one that is not needed any more first`,
      });

/** The customer with one more method; each stands in it once. */
export const withMethod = (customer: CustomerObject, id: string): CustomerObject =>
  customer.methods.includes(id) ? customer : { ...customer, methods: [...customer.methods, id] };

/** The customer without a method or source, and without what points at it. */
export function without(customer: CustomerObject, id: string): CustomerObject {
  const { default_source: source, invoice_settings: settings, ...rest } = customer;
  const sources = rest.sources.filter((each) => each !== id);
  // The next one takes the place of a default that is gone.
  const default_source = source === id ? sources[0] : source;
  const { default_payment_method: method, ...others } = settings ?? {};
  const kept = method === undefined || method === id ? others : { ...others, default_payment_method: method };
  return {
    ...rest,
    methods: rest.methods.filter((each) => each !== id),
    sources,
    ...(default_source !== undefined && { default_source }),
    ...(Object.keys(kept).length > 0 && { invoice_settings: kept }),
  };
}

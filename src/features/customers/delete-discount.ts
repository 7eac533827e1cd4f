import { command } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { findCustomer, noSuchCustomerInPath } from './keep.ts';

/** There are no coupons, so that no customer has a discount to lose. */
export const deleteDiscount = command({
  name: 'customers.delete_discount',
  load: (read, { customer }: { readonly customer: string }) => ({ customer: findCustomer(read, customer) }),
  decide: ({ customer: id }, { customer }) =>
    customer ? refuse('customer_without_discount', { id }) : noSuchCustomerInPath(id),
});

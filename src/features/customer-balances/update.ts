import { type Metadata, mergeMetadata } from '../../api/params.ts';
import { command, type Reader } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { findCustomer, noSuchCustomerInPath } from '../customers/keep.ts';
import { type CustomerBalanceObject, customerBalances } from './object.ts';

export interface UpdateCustomerBalance {
  readonly customer: string;
  readonly id: string;
  readonly description?: string;
  readonly metadata?: Metadata | null;
}

/** Changes the labels; what was agreed on is changed by another transaction. */
export const updateCustomerBalance = command({
  name: 'customers.balance_transactions.update',
  load: (read: Reader, { customer, id }: UpdateCustomerBalance) => ({
    customer: findCustomer(read, customer),
    transaction: read.own(customerBalances, id),
  }),

  decide({ customer: owner, id, description, metadata }: UpdateCustomerBalance, { customer, transaction: before }) {
    if (!customer) return noSuchCustomerInPath(owner);
    if (before?.customer !== owner)
      return refuse('no_such_in_path', { object: customerBalances.noun, id, param: 'id' });
    const changed: CustomerBalanceObject = {
      ...before,
      ...(description !== undefined && { description }),
      ...(metadata !== undefined && { metadata: mergeMetadata(before.metadata, metadata) }),
    };
    return { result: changed, put: [changed] };
  },
});

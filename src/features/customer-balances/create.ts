import { type Metadata, mergeMetadata } from '../../api/params.ts';
import type { Currency } from '../../data/currencies.ts';
import { limits } from '../../data/limits.ts';
import { command, event, type Reader } from '../../engine/command.ts';
import { formatMoney, type Minor, minor } from '../../kernel/money.ts';
import { refuse } from '../../kernel/refusal.ts';
import { findCustomer, noSuchCustomerInPath } from '../customers/keep.ts';
import { balanceOf, moved } from './object.ts';

export interface CreateCustomerBalance {
  readonly customer: string;
  readonly amount: Minor;
  readonly currency: Currency;
  readonly description?: string;
  readonly metadata?: Metadata | null;
}

/** Changes a customer's balance by hand. The first change, like the first invoice, says in which currency it is. */
export const createCustomerBalance = command({
  name: 'customers.balance_transactions.create',
  load: (read: Reader, params: CreateCustomerBalance) => ({ customer: findCustomer(read, params.customer) }),

  decide(params: CreateCustomerBalance, { customer: before }, ctx) {
    if (!before) return noSuchCustomerInPath(params.customer);
    const { amount, currency, description, metadata } = params;
    const is = before.billing?.currency ?? currency;
    if (is !== currency) return refuse('customer_currency', { currency: is });
    if (amount === 0) return refuse('invalid_value', { param: 'amount', reason: 'it must not be zero' });
    if (Math.abs(balanceOf(before, currency) + amount) > limits.chargeMax) {
      return refuse('amount_too_large', { maximum: formatMoney(minor(limits.chargeMax), currency) });
    }
    const { customer, transaction } = moved(
      before,
      {
        amount,
        currency,
        type: 'adjustment',
        ...(description !== undefined && { description }),
        ...(metadata && { metadata: mergeMetadata(undefined, metadata) }),
      },
      ctx,
    );
    return { result: transaction, put: [transaction, customer], emit: [event('customer.updated', customer)] };
  },
});

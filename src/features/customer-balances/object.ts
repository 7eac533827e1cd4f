import type { Currency } from '../../data/currencies.ts';
import type { Context } from '../../engine/command.ts';
import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';
import { type Minor, minor, ZERO } from '../../kernel/money.ts';
import type { CustomerObject } from '../customers/object.ts';

/**
 * A change of what a customer owes besides its invoices. No money moves: it is an agreement between the two, which the next
 * invoice settles. Negative amounts are in the customer's favour.
 */
export interface CustomerBalanceObject extends StoredObject {
  readonly id: Id<'cbtxn'>;
  readonly amount: Minor;
  readonly currency: Currency;
  readonly customer: Id<'cus'>;
  /** What the customer's balance was afterwards. */
  readonly ending_balance: Minor;
  readonly type: 'adjustment' | 'applied_to_invoice' | 'invoice_too_small' | 'unapplied_from_invoice';
  readonly description?: string;
  readonly invoice?: Id<'in'>;
  readonly metadata?: Readonly<Record<string, string>>;
}

export const customerBalances = kind<CustomerBalanceObject>({
  no: 49,
  object: 'customer_balance_transaction',
  prefixes: ['cbtxn'],
  noun: 'customer balance transaction',
  refs: ['customer', 'invoice'],
});

/** What a customer owes (or, negative, has to its credit) in this currency; a customer's balance is in one alone. */
export const balanceOf = ({ billing }: CustomerObject, currency: Currency): Minor =>
  billing?.currency === currency ? (billing.balance ?? ZERO) : ZERO;

/** The customer after a change of its balance, and the change. */
export function moved(
  customer: CustomerObject,
  given: Pick<CustomerBalanceObject, 'amount' | 'currency' | 'type' | 'description' | 'invoice' | 'metadata'>,
  ctx: Pick<Context, 'id' | 'now'>,
): { readonly customer: CustomerObject; readonly transaction: CustomerBalanceObject } {
  const balance = minor(balanceOf(customer, given.currency) + given.amount);
  return {
    customer: { ...customer, billing: { ...customer.billing, currency: given.currency, balance } },
    transaction: {
      id: ctx.id('cbtxn'),
      account: customer.account,
      created: ctx.now,
      customer: customer.id,
      ending_balance: balance,
      ...given,
    },
  };
}

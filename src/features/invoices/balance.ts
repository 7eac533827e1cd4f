import { minimumCharge } from '../../data/currencies.ts';
import type { Context } from '../../engine/command.ts';
import { type Minor, minor, ZERO } from '../../kernel/money.ts';
import { balanceOf, type CustomerBalanceObject, moved } from '../customer-balances/object.ts';
import type { CustomerObject } from '../customers/object.ts';
import type { InvoiceObject } from './object.ts';
import { type Bill, news, type Step } from './parts.ts';

/** What there is to pay: its lines, and what the customer's balance adds to it or takes off it. */
export const dueOf = ({ total, starting_balance = ZERO, ending_balance = ZERO }: InvoiceObject): Minor =>
  minor(total + starting_balance - ending_balance);

/** What the balance will be once an invoice over `total` has been settled by it. */
function balanceAfter(total: Minor, starting: Minor, invoice: Pick<InvoiceObject, 'currency'>): Minor {
  const due = total + starting;
  if (due <= 0) return minor(due);
  // Nobody can be charged so little: it waits for the next invoice.
  return starting !== 0 && due < minimumCharge(invoice.currency) ? minor(due) : minor(0);
}

/** A draft with the part that the customer's balance has in it. */
export function withBalance(draft: InvoiceObject, customer: CustomerObject): InvoiceObject {
  const starting_balance = balanceOf(customer, draft.currency);
  if (starting_balance === 0) return draft;
  return { ...draft, starting_balance, ending_balance: balanceAfter(draft.total, starting_balance, draft) };
}

type Change = Pick<CustomerBalanceObject, 'amount' | 'type'>;

/** Changes the customer's balance for the sake of an invoice; nothing for changes of nothing. */
function changed(bill: Bill, changes: readonly Change[], ctx: Pick<Context, 'id' | 'now'>): Step {
  const { invoice } = bill;
  const put: CustomerBalanceObject[] = [];
  let { customer } = bill;
  for (const change of changes) {
    if (change.amount === 0) continue;
    const step = moved(customer, { ...change, currency: invoice.currency, invoice: invoice.id }, ctx);
    customer = step.customer;
    put.push(step.transaction);
  }
  if (put.length === 0) return { bill, parts: {} };
  return { bill: { ...bill, customer }, parts: { put, emit: [news('customer.updated', customer)] } };
}

/** The balance pays for its part of an invoice that is being finalized, or is charged with it. */
export function balanceApplied(bill: Bill, ctx: Pick<Context, 'id' | 'now'>): Step {
  const { starting_balance: before = ZERO, ending_balance: after = ZERO } = bill.invoice;
  if (after === before) return { bill, parts: {} };
  const tooSmall = Math.max(after, 0);
  return changed(
    bill,
    [
      { amount: minor(after - tooSmall - before), type: 'applied_to_invoice' },
      { amount: minor(tooSmall), type: 'invoice_too_small' },
    ],
    ctx,
  );
}

/** What an invoice took from the balance, or put into it, is undone: it counts no more. */
export function balanceRestored(bill: Bill, ctx: Pick<Context, 'id' | 'now'>): Step {
  const { starting_balance: before = ZERO, ending_balance: after = ZERO } = bill.invoice;
  return changed(bill, [{ amount: minor(before - after), type: 'unapplied_from_invoice' }], ctx);
}

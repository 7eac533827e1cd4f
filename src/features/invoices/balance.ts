import { minimumCharge } from '../../data/currencies.ts';
import type { Context } from '../../engine/command.ts';
import { type Minor, minor, ZERO } from '../../kernel/money.ts';
import { balanceOf, type CustomerBalanceObject, moved } from '../customer-balances/object.ts';
import type { CustomerObject } from '../customers/object.ts';
import type { InvoiceObject } from './object.ts';
import { type Bill, news, type Step } from './parts.ts';

/** What the balance will be once a draft has been settled by it. */
function balanceAfter({ total, starting_balance = ZERO, currency }: InvoiceObject): Minor {
  const due = minor(total + starting_balance);
  // Nobody can be charged so little: it waits for the next invoice.
  return due < minimumCharge(currency) ? due : ZERO;
}

/** What there is to pay: its lines, and what the customer's balance adds to it or takes off it. Of a draft, as things stand. */
export function dueOf(invoice: InvoiceObject): Minor {
  const { total, starting_balance = ZERO, ending_balance = ZERO } = invoice;
  return minor(total + starting_balance - (invoice.status === 'draft' ? balanceAfter(invoice) : ending_balance));
}

/** A draft that shows what the customer's balance is now. */
export function withStart(draft: InvoiceObject, customer: CustomerObject): InvoiceObject {
  const balance = balanceOf(customer, draft.currency);
  if (balance === (draft.starting_balance ?? 0)) return draft;
  const { starting_balance: _, ...rest } = draft;
  return balance === 0 ? rest : { ...rest, starting_balance: balance };
}

/** A draft with the part that the customer's balance has in it from now on. */
export function withBalance(draft: InvoiceObject, customer: CustomerObject): InvoiceObject {
  const started = withStart(draft, customer);
  const ending_balance = balanceAfter(started);
  return ending_balance === 0 ? started : { ...started, ending_balance };
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

import { type Context, command, type Reader } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { ended, subscriptionNews, withoutSubscription } from '../subscriptions/states.ts';
import { voided } from './closing.ts';
import { findOwnBill, noSuchInvoice } from './find.ts';
import type { InvoiceObject } from './object.ts';
import { changedIn, joined, news } from './parts.ts';
import { atRest } from './settle.ts';

interface NamedInvoice {
  readonly invoice: string;
}

const load = (read: Reader, { invoice }: NamedInvoice, ctx: Context) => findOwnBill(read, invoice, ctx);

/** An invoice that was a mistake counts no more. Without its first invoice a subscription does not begin. */
export const voidInvoice = command({
  name: 'invoices.void',
  load,

  decide({ invoice: id }: NamedInvoice, found: ReturnType<typeof load>, ctx) {
    if (!found) return noSuchInvoice(id);
    const { invoice, subscription } = found.bill;
    if (invoice.status !== 'open' && invoice.status !== 'uncollectible') return refuse('invoice_not_open');
    const step = voided(found.bill, ctx);
    const never = subscription?.status === 'incomplete' ? ended(subscription, ctx.now, 'payment_failed') : undefined;
    const bill = never
      ? { ...step.bill, subscription: never, customer: withoutSubscription(step.bill.customer, never.id) }
      : step.bill;
    return {
      ...joined(step.parts, { emit: never ? [subscriptionNews(never)] : [] }),
      result: bill.invoice,
      put: [...(step.parts.put ?? []), ...changedIn(found.bill, bill)],
    };
  },
});

/** An invoice that will hardly be paid, but still may. */
export const markUncollectible = command({
  name: 'invoices.mark_uncollectible',
  load,

  decide({ invoice: id }: NamedInvoice, found: ReturnType<typeof load>, ctx) {
    if (!found) return noSuchInvoice(id);
    const { invoice } = found.bill;
    if (invoice.status !== 'open') return refuse('invoice_not_open');
    const given: InvoiceObject = { ...atRest(invoice), status: 'uncollectible', marked_uncollectible_at: ctx.now };
    return { result: given, put: [given], emit: [news('invoice.marked_uncollectible', given)] };
  },
});

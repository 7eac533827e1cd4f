import { type Context, command, type Due, event, type Reader } from '../../engine/command.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { withItems } from '../subscriptions/object.ts';
import { collect } from './collect.ts';
import { advance } from './finalize.ts';
import { findBill } from './find.ts';
import { type InvoiceObject, invoices } from './object.ts';
import { actingAs, changedIn, joined, type Step } from './parts.ts';
import { pastDue } from './settle.ts';

const load = (read: Reader, { subject }: Due, ctx: Context) => findBill(read, read.find(invoices, subject), ctx);

/**
 * What an invoice does by itself, each at its own time: a draft is finalized and paid, a payment that failed is tried again,
 * an invoice that was sent is overdue. Whatever has happened meanwhile takes the reason away.
 */
export const advanceInvoice = command({
  name: 'invoices.advance',
  load,

  decide(due: Due, found: ReturnType<typeof load>, jobCtx) {
    if (!found || found.bill.customer.deleted) return { result: null };
    const { invoice, subscription } = found.bill;
    const ctx = actingAs(jobCtx, invoice.account);
    const done = ({ bill, parts }: Step) => ({
      ...parts,
      result: null,
      put: [...(parts.put ?? []), ...changedIn(found.bill, bill)],
    });
    if (invoice.status === 'draft') {
      if (!invoice.auto_advance || invoice.automatically_finalizes_at !== due.at) return { result: null };
      const step = advance(found, ctx);
      if (!isRefusal(step)) {
        const { invoice: after } = step.bill;
        const isSent = after.status === 'open' && after.collection_method === 'send_invoice';
        return done(isSent ? { ...step, parts: joined(step.parts, { emit: [event('invoice.sent', after)] }) } : step);
      }
      // It can not be paid as it is: somebody has to look at it.
      const { automatically_finalizes_at: _, ...rest } = invoice;
      const stuck: InvoiceObject = { ...rest, auto_advance: false, last_finalization_error: step.error };
      return { result: null, put: [stuck], emit: [event('invoice.finalization_failed', stuck)] };
    }
    if (invoice.status !== 'open') return { result: null };
    if (invoice.next_payment_attempt === due.at && invoice.auto_advance) {
      const { next_payment_attempt: _, ...tried } = invoice;
      return done(collect({ ...found.bill, invoice: tried }, { ...found, offSession: true, automatic: true }, ctx));
    }
    if (invoice.due_date === due.at && subscription) {
      const late = pastDue(subscription, invoice);
      if (late === subscription) return { result: null };
      return { result: null, put: withItems(late), emit: [event('customer.subscription.updated', late)] };
    }
    return { result: null };
  },
});

import { type Context, command, event, type Reader } from '../../engine/command.ts';
import { isRefusal, refuse } from '../../kernel/refusal.ts';
import { finalise } from './finalise.ts';
import { findOwnBill, noSuchInvoice } from './find.ts';
import { changedIn, joined, type Step } from './parts.ts';

interface SendInvoice {
  readonly invoice: string;
}

/** Tells the world that an invoice goes to its customer; a draft is finalized first. No mail is sent. */
export const sendInvoice = command({
  name: 'invoices.send',
  load: (read: Reader, { invoice }: SendInvoice, ctx: Context) => findOwnBill(read, invoice, ctx),

  decide({ invoice: id }: SendInvoice, found, ctx) {
    if (!found) return noSuchInvoice(id);
    const { invoice } = found.bill;
    if (invoice.collection_method !== 'send_invoice') return refuse('invoice_not_sendable');
    if (invoice.status !== 'draft' && invoice.status !== 'open') return refuse('invoice_not_open');
    const final: Step | ReturnType<typeof finalise> =
      invoice.status === 'draft' ? finalise(found.bill, found.parties, ctx) : { bill: found.bill, parts: {} };
    if (isRefusal(final)) return final;
    const { bill, parts } = final;
    return {
      ...joined(parts, { emit: [event('invoice.sent', bill.invoice)] }),
      result: bill.invoice,
      put: [...(parts.put ?? []), bill.invoice, ...changedIn(found.bill, bill)],
    };
  },
});

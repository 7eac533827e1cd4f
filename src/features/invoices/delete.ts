import { command, type Reader } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { customers } from '../customers/object.ts';
import { noSuchInvoice } from './find.ts';
import { type InvoiceItemObject, type InvoiceObject, invoiceItems, invoices } from './object.ts';
import { invoiceWire } from './wire.ts';

function load(read: Reader, { invoice: id }: { readonly invoice: string }) {
  const invoice = read.own(invoices, id);
  const ids = invoice?.lines.map(({ invoice_item }) => invoice_item).filter((each) => each !== undefined) ?? [];
  return {
    invoice,
    customer: invoice && read.own(customers, invoice.customer),
    items: ids.map((each) => read.own(invoiceItems, each)).filter((item) => item !== undefined),
  };
}

/** Throws a draft away. What was on it waits for the customer's next invoice. */
export const deleteInvoice = command({
  name: 'invoices.delete',
  load,

  decide({ invoice: id }: { readonly invoice: string }, { invoice, customer, items }: ReturnType<typeof load>, ctx) {
    if (!invoice || invoice.deleted || !customer) return noSuchInvoice(id);
    if (invoice.status !== 'draft') return refuse('invoice_not_draft_to_delete');
    if (invoice.subscription !== undefined) return refuse('invoice_of_subscription_to_delete');
    const deleted: InvoiceObject = { ...invoice, deleted: true };
    const freed = items.map(({ invoice: _, line: __, ...item }): InvoiceItemObject => item);
    const pendingItems = [...(customer.billing?.pendingItems ?? []), ...freed.map((item) => item.id)];
    const waiting = { ...customer, billing: { ...customer.billing, pendingItems } };
    return {
      result: deleted,
      put: [deleted, ...freed, ...(freed.length > 0 ? [waiting] : [])],
      emit: [{ type: 'invoice.deleted', account: invoice.account, object: { rendered: invoiceWire(invoice, ctx) } }],
    };
  },
});

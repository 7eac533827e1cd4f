import { Refused } from '../../api/errors.ts';
import { listOf, paging, placeOf } from '../../api/list.ts';
import { boolean, form, id, optional, range } from '../../api/params.ts';
import { pageOfParts } from '../../api/part.ts';
import { create, list, type Route, read, remove, retrieve, update } from '../../api/route.ts';
import { search } from '../../api/search/route.ts';
import { birthOf } from '../../kernel/id.ts';
import { refuse } from '../../kernel/refusal.ts';
import { createInvoice } from './create.ts';
import { deleteInvoice } from './delete.ts';
import { finalizeInvoice } from './finalize.ts';
import { noSuchInvoice } from './find.ts';
import { createInvoiceItem, deleteInvoiceItem, updateInvoiceItem } from './items.ts';
import { type InvoiceItemObject, invoiceItems, invoices } from './object.ts';
import { createInvoiceForm, createItemForm, payInvoiceForm, updateInvoiceForm, updateItemForm } from './params.ts';
import { payInvoice } from './pay.ts';
import { searchFields } from './search.ts';
import { sendInvoice } from './send.ts';
import { updateInvoice } from './update.ts';
import { invoiceItemView, invoicePaymentView, invoiceView } from './view.ts';
import { markUncollectible, voidInvoice } from './void.ts';
import { lineWire } from './wire.ts';

export const routes: readonly Route[] = [
  create('/v1/invoices', {
    tier: 3,
    summary: 'A draft for a customer.',
    params: createInvoiceForm,
    command: createInvoice,
    view: invoiceView,
  }),
  list('/v1/invoices', invoiceView, {
    tier: 3,
    summary: 'Invoices of the account, newest first.',
    filters: {
      collection_method: 'field',
      created: 'created',
      customer: 'ref',
      due_date: 'range',
      status: 'ref',
      subscription: 'ref',
    },
    unsupported: ['customer_account'],
  }),
  search('/v1/invoices/search', invoiceView, searchFields),
  retrieve('/v1/invoices/:invoice', invoiceView, { tier: 3, param: 'invoice', summary: 'One invoice.' }),
  update('/v1/invoices/:invoice', {
    tier: 3,
    summary: 'Changes a draft, or the labels of an invoice that is finalized.',
    params: updateInvoiceForm,
    command: updateInvoice,
    view: invoiceView,
  }),
  remove('/v1/invoices/:invoice', {
    tier: 3,
    summary: 'Throws a draft away.',
    command: deleteInvoice,
    view: invoiceView,
  }),
  read('/v1/invoices/:invoice/lines', {
    tier: 3,
    summary: 'The lines of an invoice, in their order.',
    params: form(paging),
    handler: async (read, { invoice: id, ...place }, env) => {
      const invoice = await read.object(invoices, id);
      if (!invoice || invoice.deleted) throw new Refused(noSuchInvoice(id));
      const page = pageOfParts(invoice.lines, () => true, place, 'line_item');
      return listOf(
        read.path,
        page.items.map((line) => lineWire(line, invoice, env)),
        page.hasMore,
      );
    },
  }),
  update('/v1/invoices/:invoice/finalize', {
    tier: 3,
    summary: 'Finalizes a draft; if it advances by itself it is paid at once.',
    params: form({ auto_advance: optional(boolean()) }),
    command: finalizeInvoice,
    view: invoiceView,
  }),
  update('/v1/invoices/:invoice/pay', {
    tier: 3,
    summary: 'Pays an invoice now.',
    params: payInvoiceForm,
    aliases: { source: 'payment_method' },
    command: payInvoice,
    view: invoiceView,
  }),
  update('/v1/invoices/:invoice/send', {
    tier: 3,
    summary: 'Tells that an invoice goes to its customer; no mail is sent.',
    command: sendInvoice,
    view: invoiceView,
  }),
  update('/v1/invoices/:invoice/void', {
    tier: 3,
    summary: 'An invoice that was a mistake counts no more.',
    command: voidInvoice,
    view: invoiceView,
  }),
  update('/v1/invoices/:invoice/mark_uncollectible', {
    tier: 3,
    summary: 'Marks an invoice that will hardly be paid; it still may be.',
    command: markUncollectible,
    view: invoiceView,
  }),

  create('/v1/invoiceitems', {
    tier: 3,
    summary: "Something to be billed, on a draft or with the customer's next invoice.",
    params: createItemForm,
    command: createInvoiceItem,
    view: invoiceItemView,
  }),
  read('/v1/invoiceitems', {
    tier: 3,
    summary: 'Invoice items of the account, newest first.',
    params: form({
      created: optional(range()),
      customer: optional(id()),
      invoice: optional(id()),
      pending: optional(boolean()),
      ...paging,
    }),
    unsupported: ['customer_account'],
    handler: async (read, { created, customer, invoice, pending, ...cursors }) => {
      if (invoice !== undefined && !(await read.object(invoices, invoice))) {
        throw new Refused(refuse('no_such', { object: invoices.noun, id: invoice, param: 'invoice' }));
      }
      const place = await placeOf(cursors, invoiceItems.noun, async (cursor) =>
        (await read.object(invoiceItems, cursor)) ? birthOf(cursor, read.book) : null,
      );
      const page = await read.objects(invoiceItems, {
        ...place,
        ...(created && { created }),
        refs: [
          ...(customer === undefined ? [] : [{ index: 0, value: customer }]),
          ...(invoice === undefined ? [] : [{ index: 1, value: invoice }]),
        ],
        where: (object) => {
          const item = object as InvoiceItemObject;
          const waits = item.invoice === undefined;
          return !item.deleted && (pending ?? waits) === waits;
        },
      });
      return listOf(
        read.path,
        page.items.map((item) => read.view(item)),
        page.hasMore,
      );
    },
  }),
  retrieve('/v1/invoiceitems/:invoiceitem', invoiceItemView, {
    tier: 3,
    param: 'invoiceitem',
    summary: 'One invoice item.',
  }),
  update('/v1/invoiceitems/:invoiceitem', {
    tier: 3,
    summary: 'Changes an invoice item that is not finalized.',
    params: updateItemForm,
    command: updateInvoiceItem,
    view: invoiceItemView,
  }),
  remove('/v1/invoiceitems/:invoiceitem', {
    tier: 3,
    summary: 'Takes back an invoice item that is not finalized.',
    command: deleteInvoiceItem,
    view: invoiceItemView,
  }),

  list('/v1/invoice_payments', invoicePaymentView, {
    tier: 3,
    summary: 'What payment intents pay of invoices, newest first.',
    filters: { created: 'created', invoice: 'ref', status: 'ref' },
    unsupported: ['payment'],
  }),
  retrieve('/v1/invoice_payments/:invoice_payment', invoicePaymentView, {
    tier: 3,
    param: 'invoice_payment',
    summary: 'What a payment intent pays of an invoice.',
  }),
];

import { type Metadata, mergeMetadata } from '../../api/params.ts';
import type { Currency } from '../../data/currencies.ts';
import { type Context, command, type EventDraft, event, type Reader } from '../../engine/command.ts';
import type { StoredObject } from '../../kernel/kind.ts';
import { type Minor, minor } from '../../kernel/money.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import { findCustomer, noSuchCustomer } from '../customers/keep.ts';
import type { CustomerObject } from '../customers/object.ts';
import { choosePrice, type FoundPrice, findPrice, priceNews, putPrice, type SentPrice } from '../prices/find.ts';
import { withStart } from './balance.ts';
import { billItems, lineOf, withLines } from './new-invoice.ts';
import { type InvoiceItemObject, type InvoiceObject, invoiceItems, invoices, type Period } from './object.ts';
import { invoiceItemWire } from './wire.ts';

/** They stand in the invoice, or in the customer. */
const ITEMS_MAX = 250;

interface ItemFields {
  readonly amount?: Minor;
  readonly description?: string;
  readonly metadata?: Metadata | null;
  readonly period?: Period;
  readonly price_data?: SentPrice['price_data'];
  readonly pricing?: { readonly price?: string };
  readonly quantity?: number;
}

export interface CreateInvoiceItem extends ItemFields {
  readonly customer?: string;
  readonly currency?: Currency;
  readonly invoice?: string;
}

export interface UpdateInvoiceItem extends ItemFields {
  readonly invoiceitem: string;
}

const sentPrice = ({ pricing, price_data }: ItemFields): SentPrice => ({
  ...(pricing?.price !== undefined && { price: pricing.price }),
  ...(price_data && { price_data }),
});

const hasPrice = (fields: ItemFields): boolean =>
  fields.pricing?.price !== undefined || fields.price_data !== undefined;

interface Costs {
  readonly costs: Pick<InvoiceItemObject, 'amount' | 'currency' | 'quantity' | 'unit_amount'> &
    Partial<Pick<InvoiceItemObject, 'description' | 'price' | 'product'>>;
  readonly put: readonly StoredObject[];
  readonly emit: readonly EventDraft[];
}

/** What an item comes to: so many of a price, or an amount. */
function costsOf(fields: ItemFields, found: FoundPrice, currency: Currency | undefined, ctx: Context): Costs | Refusal {
  const { amount, quantity = 1 } = fields;
  if (!hasPrice(fields)) {
    if (amount === undefined) return refuse('missing_parameter', { name: 'amount' });
    if (currency === undefined) return refuse('missing_parameter', { name: 'currency' });
    return { costs: { amount, currency, quantity: 1, unit_amount: amount }, put: [], emit: [] };
  }
  const at = fields.price_data ? '' : 'pricing';
  const chosen = choosePrice(sentPrice(fields), found, { at, type: 'one_time' }, ctx);
  if (isRefusal(chosen)) return chosen;
  const { price, product } = chosen;
  const costs = {
    amount: minor(price.unit_amount * quantity),
    currency: price.currency,
    quantity,
    unit_amount: price.unit_amount,
    description: product.name,
    price: price.id,
    product: product.id,
  };
  return { costs, put: putPrice(chosen), emit: priceNews(chosen) };
}

function load(read: Reader, params: CreateInvoiceItem) {
  const invoice = params.invoice === undefined ? undefined : read.own(invoices, params.invoice);
  return {
    invoice: invoice?.deleted ? undefined : invoice,
    customer: findCustomer(read, params.customer ?? invoice?.customer),
    price: findPrice(read, sentPrice(params)),
  };
}

/** The customer with an item that waits for the next invoice. */
const withPending = (customer: CustomerObject, id: string): CustomerObject => ({
  ...customer,
  billing: { ...customer.billing, pendingItems: [...(customer.billing?.pendingItems ?? []), id] },
});

/** Something to be billed, on a draft or with the customer's next invoice. */
export const createInvoiceItem = command({
  name: 'invoiceitems.create',
  load,

  decide(params: CreateInvoiceItem, { invoice, customer, price }: ReturnType<typeof load>, ctx) {
    if (params.invoice !== undefined && !invoice) {
      return refuse('no_such', { object: invoices.noun, id: params.invoice, param: 'invoice' });
    }
    if (!customer) {
      return params.customer === undefined && !invoice
        ? refuse('missing_parameter', { name: 'customer' })
        : noSuchCustomer(params.customer ?? invoice?.customer ?? '');
    }
    if (invoice && (invoice.status !== 'draft' || invoice.customer !== customer.id)) {
      return refuse('invoiceitem_not_editable');
    }
    const before = invoice ? invoice.lines : (customer.billing?.pendingItems ?? []);
    if (before.length >= ITEMS_MAX) {
      const reason = `at most ${ITEMS_MAX} items stand on an invoice, or wait for one`;
      return refuse('invalid_value', { param: invoice ? 'invoice' : 'customer', reason });
    }
    const currency = params.currency ?? invoice?.currency ?? customer.billing?.currency;
    const made = costsOf(params, price, currency, ctx);
    if (isRefusal(made)) return made;
    const expected = invoice?.currency ?? params.currency ?? made.costs.currency;
    if (made.costs.currency !== expected) {
      return refuse('price_currency', { currency: made.costs.currency, expected, param: 'currency' });
    }
    const { description, metadata, period } = params;
    const item: InvoiceItemObject = {
      id: ctx.id('ii'),
      account: ctx.account,
      created: ctx.now,
      ...made.costs,
      customer: customer.id,
      period: period ?? { start: ctx.now, end: ctx.now },
      ...(description !== undefined && { description }),
      ...(metadata && { metadata: mergeMetadata(undefined, metadata) }),
      ...(customer.test_clock !== undefined && { test_clock: customer.test_clock }),
    };
    if (!invoice) {
      return {
        result: item,
        put: [item, withPending(customer, item.id), ...made.put],
        emit: [...made.emit, event('invoiceitem.created', item)],
      };
    }
    const billed = billItems(invoice, customer, [item], ctx);
    const [placed = item] = billed.items;
    return {
      result: placed,
      put: [placed, billed.invoice, ...made.put],
      emit: [...made.emit, event('invoiceitem.created', placed), event('invoice.updated', billed.invoice)],
    };
  },
});

function loadItem(read: Reader, params: UpdateInvoiceItem) {
  const item = read.own(invoiceItems, params.invoiceitem);
  return {
    item: item?.deleted ? undefined : item,
    customer: findCustomer(read, item?.customer),
    invoice: item?.invoice === undefined ? undefined : read.own(invoices, item.invoice),
    price: findPrice(read, sentPrice(params)),
  };
}

const noSuchItem = (id: string): Refusal =>
  refuse('no_such_in_path', { object: invoiceItems.noun, id, param: 'invoiceitem' });

/** A draft with other lines, as things stand with its customer. */
function relined(
  invoice: InvoiceObject,
  lines: InvoiceObject['lines'],
  customer: CustomerObject | undefined,
): InvoiceObject {
  const changed = withLines(invoice, lines);
  return customer ? withStart(changed, customer) : changed;
}

export const updateInvoiceItem = command({
  name: 'invoiceitems.update',
  load: loadItem,

  decide(params: UpdateInvoiceItem, { item, invoice, customer, price }: ReturnType<typeof loadItem>, ctx) {
    if (!item) return noSuchItem(params.invoiceitem);
    if (invoice && invoice.status !== 'draft') return refuse('invoiceitem_not_editable');
    const { description, metadata, period, amount, quantity } = params;
    let changed: InvoiceItemObject = {
      ...item,
      ...(description !== undefined && { description }),
      ...(period && { period }),
      ...(metadata !== undefined && { metadata: mergeMetadata(item.metadata, metadata) }),
    };
    const put: StoredObject[] = [];
    const emit: EventDraft[] = [];
    if (amount !== undefined || hasPrice(params)) {
      const made = costsOf({ quantity: item.quantity, ...params }, price, item.currency, ctx);
      if (isRefusal(made)) return made;
      if (made.costs.currency !== item.currency) {
        return refuse('price_currency', {
          currency: made.costs.currency,
          expected: item.currency,
          param: 'pricing[price]',
        });
      }
      const { price: _, product: __, ...rest } = changed;
      const { description: named, ...costs } = made.costs;
      changed = { ...rest, ...costs, ...(description === undefined && named !== undefined && { description: named }) };
      put.push(...made.put);
      emit.push(...made.emit);
    } else if (quantity !== undefined) {
      changed = { ...changed, quantity, amount: minor(changed.unit_amount * quantity) };
    }
    const lines = invoice?.lines.map((line) => (line.invoice_item === item.id ? lineOf(changed, line.id) : line));
    const billed = invoice && lines && relined(invoice, lines, customer);
    return {
      result: changed,
      put: [changed, ...(billed ? [billed] : []), ...put],
      emit: [...emit, ...(billed ? [event('invoice.updated', billed)] : [])],
    };
  },
});

export const deleteInvoiceItem = command({
  name: 'invoiceitems.delete',
  load: loadItem,

  decide({ invoiceitem: id }: UpdateInvoiceItem, { item, invoice, customer }: ReturnType<typeof loadItem>, ctx) {
    if (!item) return noSuchItem(id);
    if (invoice && invoice.status !== 'draft') return refuse('invoiceitem_not_editable');
    const deleted: InvoiceItemObject = { ...item, deleted: true };
    const lines = invoice?.lines.filter(({ invoice_item }) => invoice_item !== id);
    const left = invoice && lines && relined(invoice, lines, customer);
    const { pendingItems = [] } = customer?.billing ?? {};
    const free =
      customer && pendingItems.includes(id)
        ? { ...customer, billing: { ...customer.billing, pendingItems: pendingItems.filter((each) => each !== id) } }
        : undefined;
    return {
      result: deleted,
      put: [deleted, ...(left ? [left] : []), ...(free ? [free] : [])],
      emit: [
        { type: 'invoiceitem.deleted', account: item.account, object: { rendered: invoiceItemWire(item, ctx) } },
        ...(left ? [event('invoice.updated', left)] : []),
      ],
    };
  },
});

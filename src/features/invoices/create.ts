import { type Metadata, mergeMetadata } from '../../api/params.ts';
import { billing } from '../../data/billing.ts';
import type { Currency } from '../../data/currencies.ts';
import { type Context, command, event, type Reader } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import { findParties } from '../charges/terms.ts';
import { findCustomer, noSuchCustomer } from '../customers/keep.ts';
import { paymentMethods } from '../payment-methods/object.ts';
import { accountsIn, type InvoiceFields, refuseFields, withFields } from './editing.ts';
import { billItems, newInvoice } from './new-invoice.ts';
import { invoiceItems } from './object.ts';
import { advances } from './parts.ts';

export interface CreateInvoice extends InvoiceFields {
  readonly customer: string;
  readonly currency?: Currency;
  readonly metadata?: Metadata | null;
  readonly pending_invoice_items_behavior?: 'exclude' | 'include';
}

function load(read: Reader, params: CreateInvoice, ctx: Context) {
  const customer = findCustomer(read, params.customer);
  const { default_payment_method: method } = params;
  return {
    customer,
    parties: findParties(read, accountsIn(params), ctx),
    named: method === undefined ? undefined : read.own(paymentMethods, method),
    pending: (customer?.billing?.pendingItems ?? []).map((id) => read.own(invoiceItems, id)),
  };
}

/** A draft for a customer, with the invoice items that wait for one if they shall be on it. */
export const createInvoice = command({
  name: 'invoices.create',
  load,

  decide(params: CreateInvoice, { customer, parties, named, pending }: ReturnType<typeof load>, ctx) {
    if (!customer) return noSuchCustomer(params.customer);
    const { owner } = parties;
    assert(owner, 'a request runs as an account that is there');
    const { metadata, pending_invoice_items_behavior: behavior } = params;
    const currency = params.currency ?? customer.billing?.currency ?? owner.default_currency;
    const bare = newInvoice(
      {
        billing_reason: 'manual',
        currency,
        auto_advance: false,
        ...(metadata && { metadata: mergeMetadata(undefined, metadata) }),
      },
      { owner, customer },
      ctx,
    );
    const wanted = withFields(bare, params);
    const refusal = refuseFields(wanted, { customer, named, parties }, params, ctx);
    if (refusal) return refusal;
    const finalizesAt = ctx.now + billing.draftSeconds;
    const draft = wanted.auto_advance ? { ...wanted, automatically_finalizes_at: finalizesAt } : wanted;
    const waiting =
      behavior === 'include' ? pending.filter((item) => item !== undefined && item.currency === currency) : [];
    const billed = billItems(draft, customer, waiting as Parameters<typeof billItems>[2], ctx);
    return {
      result: billed.invoice,
      put: [billed.invoice, ...billed.items, ...(billed.customer === customer ? [] : [billed.customer])],
      emit: [event('invoice.created', billed.invoice)],
      schedule: draft.auto_advance ? [advances(draft, finalizesAt)] : [],
    };
  },
});

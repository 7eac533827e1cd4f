import { embeddedList, type ViewEnv, type Wire } from '../../api/view.ts';
import { shippingWire } from '../charges/shipping-wire.ts';
import { addressWire } from '../payment-methods/wire.ts';
import { dueOf } from './balance.ts';
import type { InvoiceItemObject, InvoiceLine, InvoiceObject, InvoicePaymentObject } from './object.ts';
import { remaining } from './settle.ts';

type Mode = Pick<ViewEnv, 'livemode'>;

const pricingWire = ({
  price,
  product,
  unit_amount,
}: Pick<InvoiceLine, 'price' | 'product' | 'unit_amount'>): Wire => ({
  ...(price !== undefined && product !== undefined && { price_details: { price, product } }),
  type: 'price_details',
  unit_amount_decimal: String(unit_amount),
});

function lineParent(line: InvoiceLine, subscription: string | undefined): Wire {
  const { invoice_item = null, subscription_item } = line;
  const plain = { proration: false, proration_details: null, subscription: subscription ?? null };
  return subscription_item === undefined
    ? {
        invoice_item_details: { invoice_item, ...plain, subscription: null },
        subscription_item_details: null,
        type: 'invoice_item_details',
      }
    : {
        invoice_item_details: null,
        subscription_item_details: { invoice_item: null, ...plain, subscription_item },
        type: 'subscription_item_details',
      };
}

export const lineWire = (line: InvoiceLine, invoice: InvoiceObject, { livemode }: Mode): Wire => ({
  id: line.id,
  object: 'line_item',
  amount: line.amount,
  currency: invoice.currency,
  description: line.description ?? null,
  discount_amounts: [],
  discountable: true,
  discounts: [],
  invoice: invoice.id,
  livemode,
  metadata: line.metadata ?? {},
  parent: lineParent(line, invoice.subscription),
  period: { end: line.period.end, start: line.period.start },
  pretax_credit_amounts: [],
  pricing: pricingWire(line),
  quantity: line.quantity,
  quantity_decimal: String(line.quantity),
  subscription: line.subscription_item === undefined ? null : (invoice.subscription ?? null),
  subtotal: line.amount,
  taxes: [],
});

/** As many as an invoice shows of itself; the others are listed. */
const linesShown = 10;

function parentWire({ subscription, subscription_metadata }: InvoiceObject): Wire | null {
  return subscription === undefined
    ? null
    : {
        quote_details: null,
        subscription_details: { metadata: subscription_metadata ?? {}, subscription },
        type: 'subscription_details',
      };
}

/** Of a draft that is collected by itself: when it is finalized. */
const nextAttempt = ({ collection_method, next_payment_attempt, automatically_finalizes_at }: InvoiceObject) =>
  next_payment_attempt ??
  (collection_method === 'charge_automatically' ? automatically_finalizes_at : undefined) ??
  null;

/** An invoice in full, also one that was deleted: its last event shows what it was. */
export const invoiceWire = (invoice: InvoiceObject, env: Mode): Wire => {
  const { total } = invoice;
  return {
    id: invoice.id,
    object: 'invoice',
    account_country: invoice.account_country,
    account_name: invoice.account_name ?? null,
    account_tax_ids: null,
    amount_due: dueOf(invoice),
    amount_overpaid: 0,
    amount_paid: invoice.amount_paid,
    amount_paid_off_stripe: invoice.amount_paid_off_stripe ?? 0,
    amount_remaining: remaining(invoice),
    amount_shipping: 0,
    application: invoice.application ?? null,
    attempt_count: invoice.attempt_count,
    attempted: invoice.attempted,
    auto_advance: invoice.auto_advance,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
    automatically_finalizes_at: invoice.automatically_finalizes_at ?? null,
    billing_reason: invoice.billing_reason,
    collection_method: invoice.collection_method,
    created: invoice.created,
    currency: invoice.currency,
    custom_fields: null,
    customer: invoice.customer,
    customer_account: null,
    customer_address: invoice.customer_address ? addressWire(invoice.customer_address) : null,
    customer_email: invoice.customer_email ?? null,
    customer_name: invoice.customer_name ?? null,
    customer_phone: invoice.customer_phone ?? null,
    customer_shipping: shippingWire(invoice.customer_shipping),
    customer_tax_exempt: invoice.customer_tax_exempt ?? 'none',
    customer_tax_ids: [],
    default_payment_method: invoice.default_payment_method ?? null,
    default_source: null,
    default_tax_rates: [],
    description: invoice.description ?? null,
    discounts: [],
    due_date: invoice.due_date ?? null,
    effective_at: invoice.finalized_at ?? null,
    ending_balance: invoice.status === 'draft' ? null : (invoice.ending_balance ?? 0),
    footer: invoice.footer ?? null,
    from_invoice: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: { type: 'self' },
    last_finalization_error: invoice.last_finalization_error ?? null,
    latest_revision: null,
    lines: embeddedList(
      `/v1/invoices/${invoice.id}/lines`,
      invoice.lines.slice(0, linesShown).map((line) => lineWire(line, invoice, env)),
      invoice.lines.length,
    ),
    livemode: env.livemode,
    metadata: invoice.metadata ?? {},
    next_payment_attempt: nextAttempt(invoice),
    number: invoice.number ?? null,
    on_behalf_of: invoice.on_behalf_of ?? null,
    parent: parentWire(invoice),
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: invoice.period.end,
    period_start: invoice.period.start,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: invoice.starting_balance ?? 0,
    statement_descriptor: invoice.statement_descriptor ?? null,
    status: invoice.status,
    status_transitions: {
      finalized_at: invoice.finalized_at ?? null,
      marked_uncollectible_at: invoice.marked_uncollectible_at ?? null,
      paid_at: invoice.paid_at ?? null,
      voided_at: invoice.voided_at ?? null,
    },
    subtotal: total,
    subtotal_excluding_tax: total,
    test_clock: invoice.test_clock ?? null,
    total,
    total_discount_amounts: [],
    total_excluding_tax: total,
    total_pretax_credit_amounts: [],
    total_taxes: [],
    webhooks_delivered_at: null,
  };
};

/** An invoice item in full, also one that was deleted: its last event shows what it was. */
export const invoiceItemWire = (item: InvoiceItemObject, { livemode }: Mode): Wire => ({
  id: item.id,
  object: 'invoiceitem',
  amount: item.amount,
  currency: item.currency,
  customer: item.customer,
  customer_account: null,
  date: item.created,
  description: item.description ?? null,
  discountable: true,
  discounts: [],
  invoice: item.invoice ?? null,
  livemode,
  metadata: item.metadata ?? {},
  net_amount: item.amount,
  parent: null,
  period: { end: item.period.end, start: item.period.start },
  pricing: pricingWire(item),
  proration: false,
  quantity: item.quantity,
  quantity_decimal: String(item.quantity),
  tax_rates: [],
  test_clock: item.test_clock ?? null,
});

export const invoicePaymentWire = (payment: InvoicePaymentObject, { livemode }: Mode): Wire => ({
  id: payment.id,
  object: 'invoice_payment',
  amount_paid: payment.amount_paid ?? null,
  amount_requested: payment.amount_requested,
  created: payment.created,
  currency: payment.currency,
  invoice: payment.invoice,
  is_default: true,
  livemode,
  payment: { payment_intent: payment.payment_intent, type: 'payment_intent' },
  status: payment.status,
  status_transitions: { canceled_at: payment.canceled_at ?? null, paid_at: payment.paid_at ?? null },
});

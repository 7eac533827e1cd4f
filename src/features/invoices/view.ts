import { emptyList, type View, view, type Wire } from '../../api/view.ts';
import { paymentIntents } from '../payment-intents/object.ts';
import {
  type InvoiceItemObject,
  type InvoiceObject,
  type InvoicePaymentObject,
  invoiceItems,
  invoicePayments,
  invoices,
} from './object.ts';
import { invoiceItemWire, invoicePaymentWire, invoiceWire } from './wire.ts';

export const invoiceView: View<InvoiceObject> = view({
  kind: invoices,
  expandable: [
    'application',
    'customer',
    'default_payment_method',
    'default_source',
    'discounts',
    'latest_revision',
    'on_behalf_of',
    'parent.subscription_details.subscription',
    'test_clock',
  ],
  render: (invoice, env) =>
    invoice.deleted ? { id: invoice.id, object: 'invoice', deleted: true } : invoiceWire(invoice, env),
  shows: { confirmation_secret: 'payment_intent' },
  included: {
    /** What a client confirms the payment with; empty where there is nothing to pay. */
    confirmation_secret: async ({ payment_intent: id }, _, read): Promise<Wire> => {
      const intent = id === undefined ? null : await read.object(paymentIntents, id);
      return { client_secret: intent?.client_secret ?? '', type: 'payment_intent' };
    },
    payments: async ({ id, payment }, _, read): Promise<Wire> => {
      const url = `/v1/invoice_payments?invoice=${id}`;
      const found = payment === undefined ? null : await read.object(invoicePayments, payment);
      return { ...emptyList(url), data: found ? [read.view(found)] : [] };
    },
  },
});

export const invoiceItemView: View<InvoiceItemObject> = view({
  kind: invoiceItems,
  expandable: ['customer', 'discounts', 'invoice', 'pricing.price_details.price', 'test_clock'],
  render: (item, env) =>
    item.deleted ? { id: item.id, object: 'invoiceitem', deleted: true } : invoiceItemWire(item, env),
});

export const invoicePaymentView: View<InvoicePaymentObject> = view({
  kind: invoicePayments,
  expandable: ['invoice', 'payment.payment_intent'],
  render: invoicePaymentWire,
});

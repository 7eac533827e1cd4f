import { feature } from '../../api/feature.ts';
import { advanceInvoice } from './advance.ts';
import { routes } from './api.ts';
import { invoiceItems, invoicePayments, invoices as kind } from './object.ts';
import { advanceJob } from './parts.ts';
import { invoiceItemView, invoicePaymentView, invoiceView } from './view.ts';

/** What customers are asked to pay, and what they paid. */
export const invoices = feature({
  name: 'invoices',
  resource: 'invoice',
  kinds: [kind, invoiceItems, invoicePayments],
  views: [invoiceView, invoiceItemView, invoicePaymentView],
  routes,
  jobs: { [advanceJob]: advanceInvoice },
});

import type { ViewEnv, Wire } from '../../api/view.ts';
import { shippingWire } from '../charges/shipping-wire.ts';
import { addressWire } from '../payment-methods/wire.ts';
import type { CustomerObject } from './object.ts';

function settingsWire({ invoice_settings: settings }: CustomerObject): Wire {
  const rendering = settings?.rendering_options;
  return {
    custom_fields: settings?.custom_fields ?? null,
    default_payment_method: settings?.default_payment_method ?? null,
    footer: settings?.footer ?? null,
    rendering_options: rendering
      ? { amount_tax_display: rendering.amount_tax_display ?? null, template: rendering.template ?? null }
      : null,
  };
}

/** A customer in full, also one that was deleted: its last event shows who it was. */
export const customerWire = (customer: CustomerObject, { livemode }: Pick<ViewEnv, 'livemode'>): Wire => ({
  id: customer.id,
  object: 'customer',
  address: customer.address ? addressWire(customer.address) : null,
  balance: customer.billing?.balance ?? 0,
  created: customer.created,
  currency: customer.billing?.currency ?? null,
  customer_account: null,
  default_source: customer.default_source ?? null,
  delinquent: false,
  description: customer.description ?? null,
  discount: null,
  email: customer.email ?? null,
  invoice_prefix: customer.invoice_prefix,
  invoice_settings: settingsWire(customer),
  livemode,
  metadata: customer.metadata ?? {},
  name: customer.name ?? null,
  next_invoice_sequence: (customer.billing?.invoices ?? 0) + 1,
  phone: customer.phone ?? null,
  preferred_locales: customer.preferred_locales ?? [],
  shipping: shippingWire(customer.shipping),
  tax_exempt: customer.tax_exempt ?? 'none',
  test_clock: customer.test_clock ?? null,
});

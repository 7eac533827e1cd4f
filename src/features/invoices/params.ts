import {
  amount,
  boolean,
  currency,
  feeAmount,
  form,
  id,
  integer,
  metadata,
  object,
  oneOf,
  optional,
  text,
  timestamp,
  unsettable,
  unsupported,
} from '../../api/params.ts';
import { limits } from '../../data/limits.ts';
import { ignored } from '../payment-methods/params.ts';
import { priceData } from '../prices/params.ts';

/** What may be said of an invoice when it is made and while it is a draft. */
const fields = {
  account_tax_ids: unsupported(),
  application_fee_amount: optional(feeAmount()),
  auto_advance: optional(boolean()),
  automatic_tax: unsupported(),
  automatically_finalizes_at: unsupported(),
  collection_method: optional(oneOf(['charge_automatically', 'send_invoice'])),
  custom_fields: unsupported(),
  days_until_due: optional(integer({ min: 0, max: 1000 })),
  default_payment_method: optional(id()),
  default_source: unsupported(),
  default_tax_rates: unsupported(),
  description: optional(text({ max: 1500 })),
  discounts: unsupported(),
  due_date: optional(timestamp()),
  effective_at: unsupported(),
  footer: optional(text()),
  issuer: unsupported(),
  metadata: optional(metadata()),
  number: unsupported(),
  payment_settings: unsupported(),
  rendering: unsupported(),
  shipping_cost: unsupported(),
  shipping_details: unsupported(),
  statement_descriptor: optional(text({ max: limits.statementDescriptorLengthMax })),
} as const;

const transferData = () => object({ amount: optional(amount()), destination: id() });

export const createInvoiceForm = form({
  customer: id(),
  ...fields,
  currency: optional(currency()),
  customer_account: unsupported(),
  from_invoice: unsupported(),
  on_behalf_of: optional(id()),
  pending_invoice_items_behavior: optional(oneOf(['exclude', 'include'])),
  subscription: unsupported(),
  transfer_data: optional(transferData()),
});

export const updateInvoiceForm = form({
  ...fields,
  on_behalf_of: optional(unsettable(id())),
  transfer_data: optional(unsettable(transferData())),
});

export const payInvoiceForm = form({
  forgive: unsupported(),
  mandate: unsupported(),
  off_session: optional(boolean()),
  paid_out_of_band: optional(boolean()),
  payment_method: optional(id()),
});

const itemFields = {
  amount: optional(amount({ min: 0 })),
  description: optional(text()),
  discountable: ignored(),
  discounts: unsupported(),
  invoicing_rules: unsupported(),
  metadata: optional(metadata()),
  period: optional(object({ end: timestamp(), start: timestamp() })),
  price_data: optional(priceData()),
  pricing: optional(object({ price: optional(id()) })),
  quantity: optional(integer({ min: 0, max: 1_000_000 })),
  quantity_decimal: unsupported(),
  tax_behavior: unsupported(),
  tax_code: unsupported(),
  tax_rates: unsupported(),
  unit_amount_decimal: unsupported(),
} as const;

export const createItemForm = form({
  ...itemFields,
  currency: optional(currency()),
  customer: optional(id()),
  customer_account: unsupported(),
  invoice: optional(id()),
  subscription: unsupported(),
});

export const updateItemForm = form(itemFields);

import {
  array,
  email,
  form,
  id,
  integer,
  metadata,
  object,
  oneOf,
  optional,
  type ParamsOf,
  text,
  unsettable,
  unsupported,
} from '../../api/params.ts';
import { address, ignored } from '../payment-methods/params.ts';
import { sourceParam } from './source-params.ts';

const line = (max = 5000) => optional(unsettable(text({ max })));

const shipping = () =>
  object({
    address: address(),
    name: text(),
    phone: optional(text()),
  });

const invoiceSettings = object({
  custom_fields: optional(unsettable(array(object({ name: text({ max: 40 }), value: text({ max: 140 }) })))),
  default_payment_method: optional(unsettable(id())),
  footer: line(),
  rendering_options: optional(
    unsettable(
      object({
        amount_tax_display: optional(unsettable(oneOf(['exclude_tax', 'include_inclusive_tax']))),
        template: optional(text()),
      }),
    ),
  ),
});

/** What may be said of a customer when it is made and later. */
const fields = {
  address: optional(unsettable(address())),
  balance: unsupported(),
  business_name: ignored(),
  cash_balance: unsupported(),
  description: line(),
  email: optional(unsettable(email())),
  individual_name: ignored(),
  invoice_prefix: unsupported(),
  invoice_settings: optional(invoiceSettings),
  metadata: optional(metadata()),
  name: line(256),
  next_invoice_sequence: unsupported(),
  phone: line(20),
  preferred_locales: optional(unsettable(array(text()))),
  shipping: optional(unsettable(shipping())),
  source: optional(sourceParam()),
  tax: ignored(),
  tax_exempt: optional(unsettable(oneOf(['exempt', 'none', 'reverse']))),
  validate: ignored(),
} as const;

export const createCustomerForm = form({
  ...fields,
  payment_method: optional(id()),
  tax_id_data: unsupported(),
  test_clock: optional(id()),
});
export type CreateCustomer = ParamsOf<typeof createCustomerForm>;

export const updateCustomerForm = form({ ...fields, default_source: optional(id()) });
export type UpdateCustomer = ParamsOf<typeof updateCustomerForm>;

export const createSourceForm = form({
  metadata: optional(metadata()),
  source: sourceParam(),
  validate: ignored(),
});
export type CreateSource = ParamsOf<typeof createSourceForm>;

export const updateSourceForm = form({
  account_holder_name: line(),
  account_holder_type: optional(unsettable(oneOf(['company', 'individual']))),
  address_city: line(),
  address_country: line(),
  address_line1: line(),
  address_line2: line(),
  address_state: line(),
  address_zip: line(),
  exp_month: optional(integer({ min: 1, max: 12 })),
  exp_year: optional(integer({ min: 0 })),
  metadata: optional(metadata()),
  name: line(),
  owner: unsupported(),
});
export type UpdateSource = ParamsOf<typeof updateSourceForm>;

export const verifySourceForm = form({ amounts: optional(array(integer())) });
export type VerifySource = ParamsOf<typeof verifySourceForm>;

import {
  boolean,
  currency,
  form,
  integer,
  object,
  oneOf,
  optional,
  type ParamsOf,
  text,
  unsupported,
} from '../../api/params.ts';
import { individual, person, toldCompany } from '../accounts/params.ts';
import { ignored } from '../payment-methods/params.ts';

export const createTokenForm = form({
  account: optional(
    object({
      business_type: optional(oneOf(['company', 'government_entity', 'individual', 'non_profit'])),
      company: optional(toldCompany),
      individual: optional(individual),
      tos_shown_and_accepted: optional(boolean()),
    }),
  ),
  bank_account: optional(
    object({
      account_holder_name: optional(text()),
      account_holder_type: optional(oneOf(['company', 'individual'])),
      account_number: text(),
      account_type: optional(oneOf(['checking', 'futsu', 'savings', 'toza'])),
      country: text(),
      currency: currency(),
      payment_method: unsupported(),
      routing_number: optional(text()),
    }),
  ),
  card: optional(
    object({
      address_city: optional(text()),
      address_country: optional(text()),
      address_line1: optional(text()),
      address_line2: optional(text()),
      address_state: optional(text()),
      address_zip: optional(text()),
      currency: optional(currency()),
      cvc: optional(text()),
      exp_month: integer(),
      exp_year: integer(),
      name: optional(text()),
      networks: ignored(),
      number: text(),
    }),
  ),
  customer: unsupported(),
  cvc_update: optional(object({ cvc: text({ max: 5 }) })),
  person: optional(object(person)),
  pii: optional(object({ id_number: optional(text()) })),
});
export type CreateToken = ParamsOf<typeof createTokenForm>;

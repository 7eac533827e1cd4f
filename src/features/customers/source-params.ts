import {
  currency,
  either,
  id,
  integer,
  metadata,
  object,
  oneOf,
  optional,
  type Param,
  text,
} from '../../api/params.ts';
import type { Currency } from '../../data/currencies.ts';

/** A card or bank account typed in whole. Without `object` it is a card if it has a `number`. */
export interface EnteredSource {
  readonly object?: 'card' | 'bank_account';
  readonly number?: string;
  readonly exp_month?: number;
  readonly exp_year?: number;
  readonly cvc?: string;
  readonly name?: string;
  readonly address_city?: string;
  readonly address_country?: string;
  readonly address_line1?: string;
  readonly address_line2?: string;
  readonly address_state?: string;
  readonly address_zip?: string;
  readonly account_holder_name?: string;
  readonly account_holder_type?: string;
  readonly account_number?: string;
  readonly country?: string;
  readonly currency?: Currency;
  readonly routing_number?: string;
  readonly metadata?: Readonly<Record<string, string>> | null;
}

/** `source`: a token, or what a token would be made of. */
export const sourceParam = (): Param<string | EnteredSource> =>
  either(
    id(),
    object({
      account_holder_name: optional(text()),
      account_holder_type: optional(oneOf(['company', 'individual'])),
      account_number: optional(text()),
      address_city: optional(text()),
      address_country: optional(text()),
      address_line1: optional(text()),
      address_line2: optional(text()),
      address_state: optional(text()),
      address_zip: optional(text()),
      country: optional(text()),
      currency: optional(currency()),
      cvc: optional(text()),
      exp_month: optional(integer()),
      exp_year: optional(integer()),
      metadata: optional(metadata()),
      name: optional(text()),
      number: optional(text()),
      object: optional(oneOf(['bank_account', 'card'])),
      routing_number: optional(text()),
    }),
  );

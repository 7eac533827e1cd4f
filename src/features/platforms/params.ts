import {
  boolean,
  currency,
  either,
  email,
  form,
  id,
  object,
  oneOf,
  optional,
  type ParamsOf,
  text,
  timestamp,
} from '../../api/params.ts';
import { type Country, countries } from '../../data/countries.ts';

const bankAccount = object({
  account_holder_name: optional(text()),
  account_holder_type: optional(text()),
  account_number: text(),
  country: text(),
  currency: currency(),
  object: optional(oneOf(['bank_account'])),
  routing_number: optional(text()),
});

export const createPlatformForm = form({
  application_name: optional(text({ max: 200, min: 1 })),
  country: optional(oneOf(Object.keys(countries) as Country[])),
  created: optional(timestamp()),
  default_currency: optional(currency()),
  email: optional(email()),
  external_account: optional(either(text(), bankAccount)),
  livemode: optional(boolean()),
  other_mode: optional(id()),
  payout_interval: optional(oneOf(['manual', 'daily', 'weekly', 'monthly'])),
  reserves_enabled: optional(boolean()),
  test_clock: optional(object({ frozen_time: timestamp(), name: optional(text({ max: 300 })) })),
});
export type CreatePlatform = ParamsOf<typeof createPlatformForm>;

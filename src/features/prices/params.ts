import {
  amount,
  currency,
  id,
  integer,
  metadata,
  object,
  oneOf,
  optional,
  text,
  unsupported,
} from '../../api/params.ts';

const recurring = () =>
  object({
    interval: oneOf(['day', 'month', 'week', 'year']),
    interval_count: optional(integer({ min: 1 })),
    meter: unsupported(),
    trial_period_days: unsupported(),
    usage_type: optional(oneOf(['licensed'])),
  });

const taxBehavior = () => optional(oneOf(['exclusive', 'inclusive', 'unspecified']));

const notSupported = {
  currency_options: unsupported(),
  custom_unit_amount: unsupported(),
  unit_amount_decimal: unsupported(),
} as const;

export const priceFields = {
  currency: currency(),
  unit_amount: amount({ min: 0 }),
  billing_scheme: optional(oneOf(['per_unit'])),
  metadata: optional(metadata()),
  nickname: optional(text()),
  recurring: optional(recurring()),
  tax_behavior: taxBehavior(),
  ...notSupported,
  lookup_key: unsupported(),
  tiers: unsupported(),
  tiers_mode: unsupported(),
  transfer_lookup_key: unsupported(),
  transform_quantity: unsupported(),
} as const;

/** A price that is described where it is used. */
export const priceData = () =>
  object({
    currency: currency(),
    product: id(),
    unit_amount: amount({ min: 0 }),
    recurring: optional(recurring()),
    tax_behavior: taxBehavior(),
    unit_amount_decimal: unsupported(),
  });

/** The first price of a product that is made. */
export const defaultPriceData = () =>
  object({
    currency: currency(),
    unit_amount: amount({ min: 0 }),
    metadata: optional(metadata()),
    recurring: optional(recurring()),
    tax_behavior: taxBehavior(),
    ...notSupported,
  });

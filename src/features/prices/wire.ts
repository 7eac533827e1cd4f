import type { Wire } from '../../api/view.ts';
import type { PriceObject } from './object.ts';

type Mode = { readonly livemode: boolean };

export const priceWire = (price: PriceObject, { livemode }: Mode): Wire => ({
  id: price.id,
  object: 'price',
  active: price.active,
  billing_scheme: 'per_unit',
  created: price.created,
  currency: price.currency,
  custom_unit_amount: null,
  livemode,
  lookup_key: null,
  metadata: price.metadata ?? {},
  nickname: price.nickname ?? null,
  product: price.product,
  recurring: price.recurring
    ? {
        interval: price.recurring.interval,
        interval_count: price.recurring.interval_count,
        meter: null,
        trial_period_days: null,
        usage_type: 'licensed',
      }
    : null,
  tax_behavior: price.tax_behavior ?? 'unspecified',
  tiers_mode: null,
  transform_quantity: null,
  type: price.type,
  unit_amount: price.unit_amount,
  unit_amount_decimal: String(price.unit_amount),
});

/** A recurring price in the form that subscriptions were made of before there were prices; clients still read it. */
export const planWire = (price: PriceObject, { livemode }: Mode): Wire => ({
  id: price.id,
  object: 'plan',
  active: price.active,
  amount: price.unit_amount,
  amount_decimal: String(price.unit_amount),
  billing_scheme: 'per_unit',
  created: price.created,
  currency: price.currency,
  interval: price.recurring?.interval ?? 'month',
  interval_count: price.recurring?.interval_count ?? 1,
  livemode,
  metadata: price.metadata ?? {},
  meter: null,
  nickname: price.nickname ?? null,
  product: price.product,
  tiers_mode: null,
  transform_usage: null,
  trial_period_days: null,
  usage_type: 'licensed',
});

import { Refused } from '../../api/errors.ts';
import {
  array,
  boolean,
  currency,
  decimal,
  either,
  form,
  id,
  integer,
  metadata,
  object,
  oneOf,
  optional,
  type Param,
  text,
  timestamp,
  unsettable,
  unsupported,
} from '../../api/params.ts';
import { refuse } from '../../kernel/refusal.ts';
import { ignored } from '../payment-methods/params.ts';
import { priceData } from '../prices/params.ts';

/** Of a hundred, with at most two decimals, so that it is a whole count of hundredths of a percent. */
export function percent(): Param<number> {
  const any = decimal({ min: 0, max: 100 });
  return {
    ...any,
    parse(value, name) {
      const number = any.parse(value, name);
      if (Number(number.toFixed(2)) === number) return number;
      throw new Refused(refuse('invalid_value', { param: name, reason: 'a percentage has at most two decimals' }));
    },
  };
}

const quantity = () => optional(integer({ min: 0, max: 1_000_000 }));

const itemFields = {
  billing_thresholds: unsupported(),
  current_trial: unsupported(),
  discounts: unsupported(),
  metadata: optional(metadata()),
  plan: unsupported(),
  price: optional(id()),
  price_data: optional(priceData()),
  quantity: quantity(),
  tax_rates: unsupported(),
} as const;

const payment_behavior = optional(oneOf(['allow_incomplete', 'default_incomplete', 'error_if_incomplete']));
const proration_behavior = optional(oneOf(['always_invoice', 'create_prorations', 'none']));

export const cancellationDetails = () =>
  object({
    comment: optional(unsettable(text())),
    feedback: optional(
      unsettable(
        oneOf([
          'customer_service',
          'low_quality',
          'missing_features',
          'other',
          'switched_service',
          'too_complex',
          'too_expensive',
          'unused',
        ]),
      ),
    ),
    feedback_option: unsupported(),
  });

const transferData = () => object({ amount_percent: optional(percent()), destination: id() });

/** What may be said of a subscription when it is made and later. */
const fields = {
  add_invoice_items: unsupported(),
  automatic_tax: unsupported(),
  billing_schedules: unsupported(),
  billing_thresholds: unsupported(),
  cancel_at: unsupported(),
  cancel_at_period_end: optional(boolean()),
  collection_method: optional(oneOf(['charge_automatically', 'send_invoice'])),
  days_until_due: optional(integer({ min: 0, max: 1000 })),
  default_payment_method: optional(id()),
  default_source: unsupported(),
  default_tax_rates: unsupported(),
  discounts: unsupported(),
  invoice_settings: unsupported(),
  metadata: optional(metadata()),
  off_session: optional(boolean()),
  pause_collection: unsupported(),
  payment_behavior,
  payment_settings: optional(
    object({
      payment_method_options: ignored(),
      payment_method_types: optional(array(oneOf(['card']))),
      save_default_payment_method: optional(oneOf(['off', 'on_subscription'])),
    }),
  ),
  pending_invoice_item_interval: unsupported(),
  trial_end: optional(either(oneOf(['now']), timestamp())),
  trial_from_plan: unsupported(),
  trial_settings: optional(
    object({
      end_behavior: object({
        billing_cycle_anchor: unsupported(),
        missing_payment_method: oneOf(['cancel', 'create_invoice']),
      }),
    }),
  ),
} as const;

export const createSubscriptionForm = form({
  customer: id(),
  items: array(object(itemFields)),
  ...fields,
  application_fee_percent: optional(percent()),
  backdate_start_date: unsupported(),
  billing_cycle_anchor: unsupported(),
  billing_cycle_anchor_config: unsupported(),
  billing_mode: unsupported(),
  currency: optional(currency()),
  customer_account: unsupported(),
  description: optional(text({ max: 500 })),
  on_behalf_of: optional(id()),
  // Nothing of what it is about can be asked for when a subscription is made.
  proration_behavior: ignored(),
  transfer_data: optional(transferData()),
  trial_period_days: optional(integer({ min: 0, max: 730 })),
});

export const updateSubscriptionForm = form({
  ...fields,
  application_fee_percent: optional(unsettable(percent())),
  billing_cycle_anchor: unsupported(),
  cancellation_details: optional(cancellationDetails()),
  description: optional(unsettable(text({ max: 500 }))),
  items: optional(
    array(object({ ...itemFields, clear_usage: unsupported(), deleted: optional(boolean()), id: optional(id()) })),
  ),
  on_behalf_of: optional(unsettable(id())),
  proration_behavior,
  proration_date: unsupported(),
  transfer_data: optional(unsettable(transferData())),
});

const singleFields = {
  ...itemFields,
  off_session: ignored(),
  payment_behavior: ignored(),
  proration_behavior,
  proration_date: unsupported(),
} as const;

export const createItemForm = form({ subscription: id(), ...singleFields });
export const updateItemForm = form(singleFields);
export const deleteItemForm = form({
  clear_usage: unsupported(),
  payment_behavior: ignored(),
  proration_behavior,
  proration_date: unsupported(),
});

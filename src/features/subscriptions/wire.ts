import { embeddedList, type ViewEnv, type Wire } from '../../api/view.ts';
import { planWire, priceWire } from '../prices/wire.ts';
import type { SubscriptionItemObject, SubscriptionObject } from './object.ts';

export const itemWire = (item: SubscriptionItemObject, env: Pick<ViewEnv, 'livemode'>): Wire => ({
  id: item.id,
  object: 'subscription_item',
  billing_thresholds: null,
  created: item.created,
  current_period_end: item.current_period_end,
  current_period_start: item.current_period_start,
  current_trial: null,
  discounts: [],
  metadata: item.metadata ?? {},
  plan: planWire(item.price, env),
  price: priceWire(item.price, env),
  quantity: item.quantity,
  subscription: item.subscription,
  tax_rates: [],
});

const automaticTax: Wire = { disabled_reason: null, enabled: false, liability: null };

/** When it is going to end, if it is. */
const endOf = ({ cancel_at_period_end, current_period_end, ended_at }: SubscriptionObject): number | null =>
  cancel_at_period_end ? (ended_at ?? current_period_end) : null;

export const subscriptionWire = (subscription: SubscriptionObject, env: Pick<ViewEnv, 'livemode'>): Wire => {
  const { cancellation_details: details, items, transfer_data: to } = subscription;
  return {
    id: subscription.id,
    object: 'subscription',
    application: subscription.application ?? null,
    application_fee_percent: subscription.application_fee_percent ?? null,
    automatic_tax: automaticTax,
    billing_cycle_anchor: subscription.billing_cycle_anchor,
    billing_cycle_anchor_config: null,
    billing_mode: { flexible: null, type: 'classic' },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: endOf(subscription),
    cancel_at_period_end: subscription.cancel_at_period_end,
    canceled_at: subscription.canceled_at ?? null,
    cancellation_details: {
      comment: details?.comment ?? null,
      feedback: details?.feedback ?? null,
      feedback_option: null,
      reason: details?.reason ?? (subscription.cancel_at_period_end ? 'cancellation_requested' : null),
    },
    collection_method: subscription.collection_method,
    created: subscription.created,
    currency: subscription.currency,
    customer: subscription.customer,
    customer_account: null,
    days_until_due: subscription.days_until_due ?? null,
    default_payment_method: subscription.default_payment_method ?? null,
    default_source: null,
    default_tax_rates: [],
    description: subscription.description ?? null,
    discounts: [],
    ended_at: subscription.ended_at ?? null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: 'self' },
    },
    items: embeddedList(
      `/v1/subscription_items?subscription=${subscription.id}`,
      items.map((item) => itemWire(item, env)),
      items.length,
    ),
    latest_invoice: subscription.latest_invoice ?? null,
    livemode: env.livemode,
    managed_payments: null,
    metadata: subscription.metadata ?? {},
    next_pending_invoice_item_invoice: null,
    on_behalf_of: subscription.on_behalf_of ?? null,
    pause_collection: null,
    payment_settings: {
      payment_method_options: null,
      payment_method_types: null,
      save_default_payment_method: subscription.save_default_payment_method ?? 'off',
    },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: subscription.created,
    status: subscription.status,
    test_clock: subscription.test_clock ?? null,
    transfer_data: to ? { amount_percent: to.amount_percent ?? null, destination: to.destination } : null,
    trial_end: subscription.trial_end ?? null,
    trial_settings: {
      end_behavior: {
        billing_cycle_anchor: null,
        missing_payment_method: subscription.missing_payment_method ?? 'create_invoice',
      },
    },
    trial_start: subscription.trial_start ?? null,
  };
};

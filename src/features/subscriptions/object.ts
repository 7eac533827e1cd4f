import type { Currency } from '../../data/currencies.ts';
import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';
import type { UnixSeconds } from '../../kernel/time.ts';
import type { PriceObject } from '../prices/object.ts';

/** So many units of a price in a subscription. Its subscription holds the same, and both are always written together. */
export interface SubscriptionItemObject extends StoredObject {
  readonly id: Id<'si'>;
  readonly subscription: string;
  /** As it was when the item got it; what it costs never changes. */
  readonly price: PriceObject;
  readonly quantity: number;
  readonly current_period_start: UnixSeconds;
  readonly current_period_end: UnixSeconds;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly deleted?: true;
}

/** A customer's promise to pay again and again; its items all have one currency and one interval. */
export interface SubscriptionObject extends StoredObject {
  readonly id: Id<'sub'>;
  readonly currency: Currency;
  readonly customer: string;
  readonly status: 'active' | 'canceled' | 'incomplete' | 'incomplete_expired' | 'past_due' | 'trialing' | 'unpaid';
  readonly collection_method: 'charge_automatically' | 'send_invoice';
  readonly items: readonly SubscriptionItemObject[];
  readonly billing_cycle_anchor: UnixSeconds;
  /** How many periods have begun since the anchor; 0 in a trial, which ends at the anchor. */
  readonly cycle: number;
  readonly current_period_start: UnixSeconds;
  readonly current_period_end: UnixSeconds;
  readonly cancel_at_period_end: boolean;
  readonly application?: Id<'ca'>;
  readonly application_fee_percent?: number;
  readonly canceled_at?: UnixSeconds;
  readonly cancellation_details?: { readonly comment?: string; readonly feedback?: string; readonly reason?: string };
  readonly days_until_due?: number;
  readonly default_payment_method?: string;
  readonly description?: string;
  readonly ended_at?: UnixSeconds;
  readonly latest_invoice?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** What the end of a trial does if there is nothing to pay with; absent: the invoice is made all the same. */
  readonly missing_payment_method?: 'cancel' | 'create_invoice';
  readonly on_behalf_of?: string;
  /** Whatever pays an invoice becomes its default. */
  readonly save_default_payment_method?: 'off' | 'on_subscription';
  readonly test_clock?: string;
  readonly transfer_data?: { readonly destination: string; readonly amount_percent?: number };
  readonly trial_end?: UnixSeconds;
  readonly trial_start?: UnixSeconds;
}

export const subscriptions = kind<SubscriptionObject>({
  no: 62,
  object: 'subscription',
  prefixes: ['sub'],
  noun: 'subscription',
  refs: ['customer', 'status'],
});

export const subscriptionItems = kind<SubscriptionItemObject>({
  no: 63,
  object: 'subscription_item',
  prefixes: ['si'],
  noun: 'subscription_item',
  refs: ['subscription'],
});

/** It is over, and nothing more will come of it. */
export const hasEnded = ({ status }: Pick<SubscriptionObject, 'status'>): boolean =>
  status === 'canceled' || status === 'incomplete_expired';

/** What has to be written for a subscription that changed. */
export const withItems = (subscription: SubscriptionObject): readonly StoredObject[] => [
  subscription,
  ...subscription.items,
];

import type { EventDraft } from '../../engine/command.ts';
import type { UnixSeconds } from '../../kernel/time.ts';
import type { CustomerObject } from '../customers/object.ts';
import type { InvoiceObject } from '../invoices/object.ts';
import type { SubscriptionObject } from './object.ts';
import { hasEnded } from './object.ts';

type Reason = 'cancellation_requested' | 'payment_failed';

/** The subscription once it is over. One whose first payment never came has not begun, and expires. */
export function ended(subscription: SubscriptionObject, now: UnixSeconds, reason: Reason): SubscriptionObject {
  const wasIncomplete = subscription.status === 'incomplete';
  return {
    ...subscription,
    status: wasIncomplete ? 'incomplete_expired' : 'canceled',
    canceled_at: subscription.canceled_at ?? now,
    ended_at: now,
    cancellation_details: { ...subscription.cancellation_details, reason },
  };
}

/** What is told of a change; one that never began is not told of as deleted. */
export const subscriptionNews = (object: SubscriptionObject): EventDraft => ({
  type: object.status === 'canceled' ? 'customer.subscription.deleted' : 'customer.subscription.updated',
  account: object.account,
  object,
});

/** The customer without a subscription that is over. */
export function withoutSubscription(customer: CustomerObject, id: string): CustomerObject {
  const { subscriptions = [], ...billing } = customer.billing ?? {};
  return { ...customer, billing: { ...billing, subscriptions: subscriptions.filter((each) => each !== id) } };
}

/** An invoice of it was paid: whatever was wrong is right again, if that was the latest. */
export function afterPayment(
  subscription: SubscriptionObject,
  invoice: InvoiceObject,
  method: string | undefined,
): SubscriptionObject {
  if (hasEnded(subscription)) return subscription;
  const isBehind = ['incomplete', 'past_due', 'unpaid'].includes(subscription.status);
  const isActive = isBehind && invoice.id === subscription.latest_invoice;
  const saves = subscription.save_default_payment_method === 'on_subscription' && method !== undefined;
  if (!isActive && !saves) return subscription;
  return {
    ...subscription,
    ...(isActive && { status: 'active' }),
    ...(saves && { default_payment_method: method }),
  };
}

import { billing } from '../../data/billing.ts';
import type { EventDraft } from '../../engine/command.ts';
import { minor, ZERO } from '../../kernel/money.ts';
import { SECONDS_PER_DAY, type UnixSeconds } from '../../kernel/time.ts';
import type { PlatformSettings } from '../accounts/object.ts';
import { hasEnded, type SubscriptionObject } from '../subscriptions/object.ts';
import { afterPayment, ended, subscriptionNews, withoutSubscription } from '../subscriptions/states.ts';
import { dueOf } from './balance.ts';
import type { InvoiceObject, InvoicePaymentObject } from './object.ts';
import { advances, type Bill, news, type Step } from './parts.ts';

interface Place {
  readonly now: UnixSeconds;
}

/** How retries end, from the platform's settings. */
export type RetriesEnd = NonNullable<PlatformSettings['subscription_retries_end']>;

/** The invoice without a next payment. */
export function atRest(invoice: InvoiceObject): InvoiceObject {
  const { next_payment_attempt: _, ...rest } = invoice;
  return { ...rest, auto_advance: false };
}

const told = (before: SubscriptionObject | undefined, after: SubscriptionObject | undefined): readonly EventDraft[] => {
  if (!after || after === before) return [];
  return [subscriptionNews(after)];
};

/** The money is there, or there is none to pay; and the subscription is in order again. */
export function paid(bill: Bill, { now }: Place, { offBooks = false, automatic = false } = {}): Step {
  const { invoice, subscription, intent, payment } = bill;
  const due = dueOf(invoice);
  const isTried = due > 0 && !offBooks && (automatic || invoice.attempt_count === 0);
  const settled: InvoiceObject = {
    ...atRest(invoice),
    status: 'paid',
    amount_paid: due,
    ...(offBooks && { amount_paid_off_stripe: due }),
    attempted: true,
    attempt_count: invoice.attempt_count + (isTried ? 1 : 0),
    paid_at: now,
  };
  const done: InvoicePaymentObject | undefined = payment && {
    ...payment,
    ...(offBooks ? { status: 'canceled', canceled_at: now } : { status: 'paid', amount_paid: due, paid_at: now }),
  };
  const after = subscription && afterPayment(subscription, settled, intent?.payment_method);
  return {
    bill: { ...bill, invoice: settled, payment: done, subscription: after },
    parts: {
      emit: [
        ...(done && !offBooks ? [news('invoice_payment.paid', done)] : []),
        news('invoice.paid', settled),
        news('invoice.payment_succeeded', settled),
        ...told(subscription, after),
      ],
    },
  };
}

/** The customer has to confirm; nothing is tried again until then. */
export function needsCustomer(bill: Bill): Step {
  const invoice: InvoiceObject = {
    ...bill.invoice,
    attempted: true,
    attempt_count: Math.max(bill.invoice.attempt_count, 1),
  };
  return { bill: { ...bill, invoice }, parts: { emit: [news('invoice.payment_action_required', invoice)] } };
}

/**
 * A payment was declined, or there was nothing to pay with. What is tried by itself is tried again after 3, 5 and 7 days;
 * when that has failed, too, the subscription ends as the platform has set. The first invoice of a subscription is not
 * tried again: the subscription waits for it, incomplete.
 *
 * @param how.automatic  not asked for by anybody
 */
export function failed(
  bill: Bill,
  how: { readonly automatic: boolean; readonly retriesEnd: RetriesEnd },
  { now }: Place,
): Step {
  const { invoice: before, subscription } = bill;
  const counts = how.automatic || before.attempt_count === 0;
  const attempt_count = before.attempt_count + (counts ? 1 : 0);
  const isRetried = how.automatic && before.auto_advance && before.billing_reason !== 'subscription_create';
  const days = isRetried ? billing.retryDays[attempt_count - 1] : undefined;
  const tried: InvoiceObject = { ...before, attempted: true, attempt_count };
  if (days !== undefined) {
    const next = now + days * SECONDS_PER_DAY;
    const invoice: InvoiceObject = { ...tried, next_payment_attempt: next };
    const after = subscription && pastDue(subscription, invoice);
    return {
      bill: { ...bill, invoice, subscription: after },
      parts: {
        emit: [news('invoice.payment_failed', invoice), ...told(subscription, after)],
        schedule: [advances(invoice, next)],
      },
    };
  }
  const invoice = isRetried ? atRest(tried) : tried;
  const after = isRetried ? subscription && afterRetries(subscription, how.retriesEnd, now) : subscription;
  const isOver = after !== undefined && after !== subscription && hasEnded(after);
  return {
    bill: {
      ...bill,
      invoice,
      subscription: after,
      customer: isOver ? withoutSubscription(bill.customer, after.id) : bill.customer,
    },
    parts: { emit: [news('invoice.payment_failed', invoice), ...told(subscription, after)] },
  };
}

/** An invoice of it was not paid in time. */
export const pastDue = (subscription: SubscriptionObject, { id }: InvoiceObject): SubscriptionObject =>
  subscription.status === 'active' && subscription.latest_invoice === id
    ? { ...subscription, status: 'past_due' }
    : subscription;

function afterRetries(subscription: SubscriptionObject, end: RetriesEnd, now: UnixSeconds): SubscriptionObject {
  if (hasEnded(subscription)) return subscription;
  if (end === 'cancel') return ended(subscription, now, 'payment_failed');
  return subscription.status === end ? subscription : { ...subscription, status: end };
}

/** What is still to be paid. */
export const remaining = (invoice: InvoiceObject) =>
  invoice.status === 'paid' ? ZERO : minor(dueOf(invoice) - invoice.amount_paid);

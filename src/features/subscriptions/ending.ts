import type { Context } from '../../engine/command.ts';
import { voided } from '../invoices/closing.ts';
import { changedIn, joined, type Parts } from '../invoices/parts.ts';
import { atRest } from '../invoices/settle.ts';
import { expiry, renewal, trialNotice } from './due.ts';
import type { FoundSubscription } from './find.ts';
import { type SubscriptionObject, withItems } from './object.ts';
import { ended, subscriptionNews, withoutSubscription } from './states.ts';

/**
 * Ends a subscription. What is open of its latest invoice stays to be paid, but is not collected by itself any more; the
 * first invoice of one that never began is void.
 */
export function endSubscription(
  { subscription: before, customer, latest }: FoundSubscription,
  reason: Parameters<typeof ended>[2],
  ctx: Pick<Context, 'id' | 'now'>,
): { readonly subscription: SubscriptionObject; readonly parts: Required<Parts> } {
  const { now } = ctx;
  const subscription = ended(before, now, reason);
  const left = withoutSubscription(customer, before.id);
  const notice = trialNotice(before, now);
  const parts: Parts = {
    put: [left, ...withItems(subscription)],
    emit: [subscriptionNews(subscription)],
    unschedule: [
      ...(before.current_period_end > now ? [renewal(before)] : []),
      ...(before.status === 'incomplete' && expiry(before).at > now ? [expiry(before)] : []),
      ...(notice ? [notice] : []),
    ],
  };
  if (!latest || (latest.bill.invoice.status !== 'open' && latest.bill.invoice.status !== 'draft')) {
    return { subscription, parts: joined(parts) };
  }
  if (before.status === 'incomplete') {
    const bill = { ...latest.bill, customer: left, subscription };
    const step = voided(bill, ctx);
    return { subscription, parts: joined(parts, { put: changedIn(bill, step.bill) }, step.parts) };
  }
  return { subscription, parts: joined(parts, { put: [atRest(latest.bill.invoice)] }) };
}

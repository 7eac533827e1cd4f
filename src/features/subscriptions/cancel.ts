import { type Context, command, type Reader } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { endSubscription } from './ending.ts';
import { findOwnSubscription, noSuchSubscription } from './find.ts';
import { hasEnded, type SubscriptionObject } from './object.ts';

export interface CancelSubscription {
  readonly subscription: string;
  readonly cancellation_details?: { readonly comment?: string | null; readonly feedback?: string | null };
  readonly prorate?: boolean;
}

const load = (read: Reader, { subscription }: CancelSubscription, ctx: Context) =>
  findOwnSubscription(read, subscription, ctx);

/** What the customer said about it; null takes a word back. */
export function withDetails(
  subscription: SubscriptionObject,
  details: CancelSubscription['cancellation_details'],
): SubscriptionObject {
  if (!details) return subscription;
  const merged = Object.entries({ ...subscription.cancellation_details, ...details });
  return { ...subscription, cancellation_details: Object.fromEntries(merged.filter(([, value]) => value !== null)) };
}

/** Ends a subscription now. Nothing is given back. */
export const cancelSubscription = command({
  name: 'subscriptions.cancel',
  load,

  decide({ subscription: id, cancellation_details, prorate }, found: ReturnType<typeof load>, ctx) {
    if (!found || hasEnded(found.subscription)) return noSuchSubscription(id);
    if (prorate) return refuse('proration_unsupported', { param: 'prorate' });
    const told = withDetails(found.subscription, cancellation_details);
    const { subscription, parts } = endSubscription({ ...found, subscription: told }, 'cancellation_requested', ctx);
    return { ...parts, result: subscription };
  },
});

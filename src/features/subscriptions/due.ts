import { billing } from '../../data/billing.ts';
import type { Due } from '../../engine/command.ts';
import { steps } from '../../kernel/day.ts';
import { SECONDS_PER_DAY } from '../../kernel/time.ts';
import type { SubscriptionObject } from './object.ts';

export const renewJob = 'subscriptions.renew';
export const expireJob = 'subscriptions.expire';
export const trialEndsJob = 'subscriptions.trial_will_end';

const due = (job: string, { id }: SubscriptionObject, at: number): Due => ({
  at,
  order: steps.billing,
  job,
  subject: id,
});

/** The end of the current period, when the next one begins or the subscription is over. */
export const renewal = (subscription: SubscriptionObject): Due =>
  due(renewJob, subscription, subscription.current_period_end);

/** When a first payment that did not come is given up. */
export const expiry = (subscription: SubscriptionObject): Due =>
  due(expireJob, subscription, subscription.created + billing.incompleteHours * 3600);

/** When the end of a trial is announced; null without a trial, or where that has passed. */
export function trialNotice(subscription: SubscriptionObject, now: number): Due | null {
  if (subscription.trial_end === undefined) return null;
  const at = subscription.trial_end - billing.trialNoticeDays * SECONDS_PER_DAY;
  return at > now ? due(trialEndsJob, subscription, at) : null;
}

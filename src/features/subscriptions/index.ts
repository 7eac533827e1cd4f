import { feature } from '../../api/feature.ts';
import { routes } from './api.ts';
import { expireJob, renewJob, trialEndsJob } from './due.ts';
import { expireSubscription } from './expire.ts';
import { subscriptions as kind, subscriptionItems } from './object.ts';
import { renewSubscription } from './renew.ts';
import { announceTrialEnd } from './trial-will-end.ts';
import { subscriptionItemView, subscriptionView } from './view.ts';

/** Customers who pay again and again. */
export const subscriptions = feature({
  name: 'subscriptions',
  resource: 'subscription',
  kinds: [kind, subscriptionItems],
  views: [subscriptionView, subscriptionItemView],
  routes,
  jobs: { [renewJob]: renewSubscription, [expireJob]: expireSubscription, [trialEndsJob]: announceTrialEnd },
});

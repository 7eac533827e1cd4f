import { command, type Due, event } from '../../engine/command.ts';
import { trialNotice } from './due.ts';
import { subscriptions } from './object.ts';

/** Three days before the end of a trial its end is announced. */
export const announceTrialEnd = command({
  name: 'subscriptions.trial_will_end',
  load: (read, { subject }: Due) => read.find(subscriptions, subject),

  decide(due, subscription) {
    const isDue = subscription?.status === 'trialing' && trialNotice(subscription, 0)?.at === due.at;
    if (!subscription || !isDue) return { result: null };
    return {
      result: null,
      put: [subscription],
      emit: [event('customer.subscription.trial_will_end', subscription)],
    };
  },
});

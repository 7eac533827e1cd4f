import { type Context, command, type Due, type Reader } from '../../engine/command.ts';
import { endSubscription } from './ending.ts';
import { findSubscription } from './find.ts';
import { subscriptions } from './object.ts';

const load = (read: Reader, { subject }: Due, ctx: Context) =>
  findSubscription(read, read.find(subscriptions, subject), ctx);

/** The first payment did not come in 23 hours: the subscription has not begun, and never will. */
export const expireSubscription = command({
  name: 'subscriptions.expire',
  load,

  decide(_: Due, found: ReturnType<typeof load>, ctx) {
    if (found?.subscription.status !== 'incomplete') return { result: null };
    return { ...endSubscription(found, 'payment_failed', ctx).parts, result: null };
  },
});

import { billing } from '../../data/billing.ts';
import { type Context, command, type Due, event, type Reader } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import { actingAs, advances } from '../invoices/parts.ts';
import { draftInvoice } from './draft.ts';
import { renewal } from './due.ts';
import { endSubscription } from './ending.ts';
import { type FoundSubscription, findSubscription } from './find.ts';
import { hasEnded, type SubscriptionObject, subscriptions, withItems } from './object.ts';
import { nextPeriod } from './periods.ts';

const load = (read: Reader, { subject }: Due, ctx: Context) =>
  findSubscription(read, read.find(subscriptions, subject), ctx);

/** Whether the period that ends is the last one. */
function isLast({ subscription, method }: FoundSubscription): boolean {
  const { cancel_at_period_end, status, collection_method, missing_payment_method: missing } = subscription;
  if (cancel_at_period_end) return true;
  return status === 'trialing' && missing === 'cancel' && collection_method === 'charge_automatically' && !method;
}

/**
 * The end of a period: the subscription is over, or the next period begins and its invoice is drafted. The draft can be
 * added to for an hour, then it is finalized and paid.
 */
export const renewSubscription = command({
  name: 'subscriptions.renew',
  load,

  decide(due: Due, found: ReturnType<typeof load>, ctx) {
    if (!found || found.subscription.current_period_end !== due.at) return { result: null };
    const { subscription: before, customer, parties, products, pending } = found;
    if (hasEnded(before) || before.status === 'incomplete' || customer.deleted) return { result: null };
    if (isLast(found)) {
      return { ...endSubscription(found, 'cancellation_requested', ctx).parts, result: null };
    }
    assert(parties.owner, 'a subscription has its account');
    const begun = nextPeriod(before.status === 'trialing' ? { ...before, status: 'active' } : before);
    const finalizesAt = before.status === 'unpaid' ? undefined : ctx.now + billing.draftSeconds;
    const drafted = draftInvoice(
      begun,
      { owner: parties.owner, customer, products, pending },
      {
        reason: 'subscription_cycle',
        period: { start: before.current_period_start, end: ctx.now },
        ...(finalizesAt !== undefined && { finalizesAt }),
      },
      actingAs(ctx, before.account),
    );
    const after: SubscriptionObject = { ...begun, latest_invoice: drafted.invoice.id };
    return {
      result: null,
      put: [
        ...withItems(after),
        drafted.invoice,
        ...drafted.items,
        ...(drafted.customer === customer ? [] : [drafted.customer]),
      ],
      emit: [event('customer.subscription.updated', after), event('invoice.created', drafted.invoice)],
      schedule: [renewal(after), ...(finalizesAt === undefined ? [] : [advances(drafted.invoice, finalizesAt)])],
    };
  },
});

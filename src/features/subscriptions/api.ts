import { Refused } from '../../api/errors.ts';
import { listOf, paging, placeOf } from '../../api/list.ts';
import { boolean, form, id, oneOf, optional, range, text, unsupported } from '../../api/params.ts';
import { pageOfParts } from '../../api/part.ts';
import type { Read } from '../../api/read.ts';
import { admin, create, type Route, read, remove, retrieve, update } from '../../api/route.ts';
import { search } from '../../api/search/route.ts';
import { assert } from '../../kernel/assert.ts';
import { birthOf } from '../../kernel/id.ts';
import type { Kind, StoredObject } from '../../kernel/kind.ts';
import { refuse } from '../../kernel/refusal.ts';
import type { TimeRange } from '../../store/reader.ts';
import { accounts } from '../accounts/object.ts';
import { customers } from '../customers/object.ts';
import { prices } from '../prices/object.ts';
import { cancelSubscription } from './cancel.ts';
import { createSubscription } from './create.ts';
import { createSubscriptionItem, deleteSubscriptionItem, updateSubscriptionItem } from './items-commands.ts';
import { hasEnded, type SubscriptionObject, subscriptions } from './object.ts';
import {
  cancellationDetails,
  createItemForm,
  createSubscriptionForm,
  deleteItemForm,
  updateItemForm,
  updateSubscriptionForm,
} from './params.ts';
import { searchFields } from './search.ts';
import { setBilling } from './settings.ts';
import { updateSubscription } from './update.ts';
import { billingSettingsView, subscriptionItemView, subscriptionView } from './view.ts';

const isWithin = (value: number, { gt, gte, lt, lte }: TimeRange = {}): boolean =>
  (gt === undefined || value > gt) &&
  (gte === undefined || value >= gte) &&
  (lt === undefined || value < lt) &&
  (lte === undefined || value <= lte);

/** Unless it is asked for by its status, what was canceled is not listed. */
function hasStatus(subscription: SubscriptionObject, status: string | undefined): boolean {
  if (status === 'all') return true;
  if (status === 'ended') return hasEnded(subscription);
  return status === undefined ? subscription.status !== 'canceled' : subscription.status === status;
}

async function mustExist<T extends StoredObject>(read: Read, kind: Kind<T>, id: string | undefined, param: string) {
  if (id === undefined || (await read.object(kind, id))) return;
  throw new Refused(refuse('no_such', { object: kind.noun, id, param }));
}

const listForm = form({
  collection_method: optional(oneOf(['charge_automatically', 'send_invoice'])),
  created: optional(range()),
  current_period_end: optional(range()),
  current_period_start: optional(range()),
  customer: optional(id()),
  price: optional(id()),
  status: optional(
    oneOf([
      'active',
      'all',
      'canceled',
      'ended',
      'incomplete',
      'incomplete_expired',
      'past_due',
      'paused',
      'trialing',
      'unpaid',
    ]),
  ),
  test_clock: optional(text()),
  ...paging,
});

const settingsPath = '/evenkeel/v1/billing_settings';

export const routes: readonly Route[] = [
  create('/v1/subscriptions', {
    tier: 3,
    summary: 'A customer agrees to pay again and again; the first invoice is paid at once.',
    params: createSubscriptionForm,
    command: createSubscription,
    view: subscriptionView,
  }),
  read('/v1/subscriptions', {
    tier: 3,
    summary: 'Subscriptions of the account, newest first; canceled ones only when they are asked for.',
    params: listForm,
    unsupported: ['automatic_tax', 'customer_account', 'plan'],
    handler: async (read, { created, customer, price, ...filters }) => {
      await mustExist(read, customers, customer, 'customer');
      await mustExist(read, prices, price, 'price');
      const place = await placeOf(filters, subscriptions.noun, async (cursor) =>
        (await read.object(subscriptions, cursor)) ? birthOf(cursor, read.book) : null,
      );
      const page = await read.objects(subscriptions, {
        ...place,
        ...(created && { created }),
        ...(customer !== undefined && { refs: [{ index: 0, value: customer }] }),
        where: (object) => {
          const subscription = object as SubscriptionObject;
          const { collection_method, test_clock } = filters;
          return (
            hasStatus(subscription, filters.status) &&
            (collection_method ?? subscription.collection_method) === subscription.collection_method &&
            (test_clock === undefined || subscription.test_clock === test_clock) &&
            (price === undefined || subscription.items.some((item) => item.price.id === price)) &&
            isWithin(subscription.current_period_start, filters.current_period_start) &&
            isWithin(subscription.current_period_end, filters.current_period_end)
          );
        },
      });
      return listOf(
        read.path,
        page.items.map((subscription) => read.view(subscription)),
        page.hasMore,
      );
    },
  }),
  search('/v1/subscriptions/search', subscriptionView, searchFields),
  retrieve('/v1/subscriptions/:subscription', subscriptionView, {
    tier: 3,
    param: 'id',
    summary: 'One subscription.',
  }),
  update('/v1/subscriptions/:subscription', {
    tier: 3,
    summary: 'Changes a subscription; what it costs changes from the next period on.',
    params: updateSubscriptionForm,
    command: updateSubscription,
    view: subscriptionView,
  }),
  remove('/v1/subscriptions/:subscription', {
    tier: 3,
    summary: 'Ends a subscription now. Nothing is given back.',
    params: form({
      cancellation_details: optional(cancellationDetails()),
      invoice_now: unsupported(),
      prorate: optional(boolean()),
    }),
    command: cancelSubscription,
    view: subscriptionView,
  }),

  create('/v1/subscription_items', {
    tier: 3,
    summary: 'One more item of a subscription.',
    params: createItemForm,
    command: createSubscriptionItem,
    view: subscriptionItemView,
  }),
  read('/v1/subscription_items', {
    tier: 3,
    summary: 'The items of a subscription, newest first.',
    params: form({ subscription: id(), ...paging }),
    handler: async (read, { subscription: id, ...place }) => {
      const subscription = await read.object(subscriptions, id);
      if (!subscription) {
        throw new Refused(refuse('no_such', { object: subscriptions.noun, id, param: 'subscription' }));
      }
      const page = pageOfParts([...subscription.items].reverse(), () => true, place, 'subscription_item');
      return listOf(
        read.path,
        page.items.map((item) => read.view(item)),
        page.hasMore,
      );
    },
  }),
  retrieve('/v1/subscription_items/:item', subscriptionItemView, {
    tier: 3,
    param: 'item',
    summary: 'One item of a subscription.',
  }),
  update('/v1/subscription_items/:item', {
    tier: 3,
    summary: 'Changes an item of a subscription from the next period on.',
    params: updateItemForm,
    command: updateSubscriptionItem,
    view: subscriptionItemView,
  }),
  remove('/v1/subscription_items/:item', {
    tier: 3,
    summary: 'Takes an item from its subscription.',
    params: deleteItemForm,
    command: deleteSubscriptionItem,
    view: subscriptionItemView,
  }),

  admin('POST', settingsPath, {
    tier: 3,
    summary: 'What becomes of subscriptions whose invoice was not paid after all retries.',
    params: form({ subscription_retries_end: oneOf(['cancel', 'past_due', 'unpaid']) }),
    command: setBilling,
    view: billingSettingsView,
  }),
  admin('GET', settingsPath, {
    tier: 3,
    summary: 'The billing settings of the platform.',
    async handler({ read }) {
      assert(read !== null, 'a key is for a platform');
      const platform = await read.anywhere(accounts, read.env.platform);
      assert(platform !== null, 'a book has its platform');
      return billingSettingsView.render(platform, read.env);
    },
  }),
];

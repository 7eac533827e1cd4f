import { view } from '../../api/view.ts';
import { type AccountObject, accounts } from '../accounts/object.ts';
import { subscriptionItems, subscriptions } from './object.ts';
import { itemWire, subscriptionWire } from './wire.ts';

export const subscriptionView = view({
  kind: subscriptions,
  expandable: [
    'application',
    'customer',
    'default_payment_method',
    'default_source',
    'latest_invoice',
    'on_behalf_of',
    'pending_setup_intent',
    'schedule',
    'test_clock',
    'transfer_data.destination',
  ],
  render: subscriptionWire,
});

export const subscriptionItemView = view({
  kind: subscriptionItems,
  expandable: [],
  render: (item, env) =>
    item.deleted ? { id: item.id, object: 'subscription_item', deleted: true } : itemWire(item, env),
});

/** The billing settings of a platform. They live in its account and have no id of their own. */
export const billingSettingsView = view<AccountObject>({
  kind: accounts,
  expandable: [],
  render: ({ platform }) => ({
    object: 'billing_settings',
    subscription_retries_end: platform?.subscription_retries_end ?? 'cancel',
  }),
});

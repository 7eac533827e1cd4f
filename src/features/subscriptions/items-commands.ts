import { type Context, command, type Reader } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import { isRefusal, refuse } from '../../kernel/refusal.ts';
import { findSubscription } from './find.ts';
import { findPrices, type SentItem } from './items.ts';
import { type SubscriptionItemObject, subscriptionItems, subscriptions } from './object.ts';
import { decideUpdate, type SubscriptionChange } from './update.ts';

type Change = Pick<SubscriptionChange, 'proration_behavior'> & Omit<SentItem, 'id' | 'deleted'>;

export interface CreateSubscriptionItem extends Change {
  readonly subscription: string;
}

export interface ChangeSubscriptionItem extends Change {
  readonly item: string;
}

/** The items with the change and without it; the one that is changed, or is new, is told apart by that. */
function loadItem(read: Reader, params: ChangeSubscriptionItem, ctx: Context) {
  const item = read.own(subscriptionItems, params.item);
  return {
    item: item?.deleted ? undefined : item,
    found: item && findSubscription(read, read.own(subscriptions, item.subscription), ctx),
    prices: findPrices(read, [params]),
  };
}

const noSuchItem = (id: string) => refuse('no_such_in_path', { object: subscriptionItems.noun, id, param: 'item' });

export const createSubscriptionItem = command({
  name: 'subscription_items.create',
  load: (read: Reader, params: CreateSubscriptionItem, ctx: Context) => ({
    found: findSubscription(read, read.own(subscriptions, params.subscription), ctx),
    prices: findPrices(read, [params]),
  }),

  decide({ subscription: id, proration_behavior, ...item }: CreateSubscriptionItem, { found, prices }, ctx) {
    if (!found) return refuse('no_such', { object: subscriptions.noun, id, param: 'subscription' });
    const change = { items: [item], ...(proration_behavior && { proration_behavior }) };
    const decided = decideUpdate(found, change, { prices, named: undefined, at: '' }, ctx);
    if (isRefusal(decided)) return decided;
    const made = decided.subscription.items.at(-1);
    assert(made, 'a new item stands last');
    return { ...decided.parts, result: made };
  },
});

export const updateSubscriptionItem = command({
  name: 'subscription_items.update',
  load: loadItem,

  decide(params: ChangeSubscriptionItem, { item, found, prices }: ReturnType<typeof loadItem>, ctx) {
    const { item: id, proration_behavior, ...sent } = params;
    if (!item || !found) return noSuchItem(id);
    const change = { items: [{ ...sent, id }], ...(proration_behavior && { proration_behavior }) };
    const decided = decideUpdate(found, change, { prices, named: undefined, at: '' }, ctx);
    if (isRefusal(decided)) return decided;
    const changed = decided.subscription.items.find((each) => each.id === id);
    assert(changed, 'an item that was changed is there');
    return { ...decided.parts, result: changed };
  },
});

export const deleteSubscriptionItem = command({
  name: 'subscription_items.delete',
  load: loadItem,

  decide({ item: id, proration_behavior }: ChangeSubscriptionItem, { item, found }, ctx) {
    if (!item || !found) return noSuchItem(id);
    const change = { items: [{ id, deleted: true }], ...(proration_behavior && { proration_behavior }) };
    const decided = decideUpdate(found, change, { prices: [], named: undefined, at: '' }, ctx);
    if (isRefusal(decided)) return decided;
    const gone: SubscriptionItemObject = { ...item, deleted: true };
    return { ...decided.parts, result: gone };
  },
});

import { type Metadata, mergeMetadata } from '../../api/params.ts';
import type { Context, EventDraft, Reader } from '../../engine/command.ts';
import type { StoredObject } from '../../kernel/kind.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import {
  type ChosenPrice,
  choosePrice,
  type FoundPrice,
  findPrice,
  priceNews,
  putPrice,
  type SentPrice,
} from '../prices/find.ts';
import type { PriceObject } from '../prices/object.ts';
import type { ProductObject } from '../products/object.ts';
import { type SubscriptionItemObject, type SubscriptionObject, subscriptionItems } from './object.ts';

/** An item as a request describes it: a new one, or with `id` a change of one that is there. */
export interface SentItem extends SentPrice {
  readonly id?: string;
  readonly deleted?: boolean;
  readonly metadata?: Metadata | null;
  readonly quantity?: number;
}

/** More would not go on one invoice. */
const ITEMS_MAX = 20;

export const findPrices = (read: Reader, items: readonly SentItem[]): readonly FoundPrice[] =>
  items.map((item) => findPrice(read, item));

export interface ChangedItems {
  readonly items: readonly SubscriptionItemObject[];
  /** Their products, as far as they were looked up. */
  readonly products: ReadonlyMap<string, ProductObject>;
  readonly put: readonly StoredObject[];
  readonly emit: readonly EventDraft[];
  /** Something of what is paid has changed. */
  readonly changesTotal: boolean;
}

type Owner = Pick<SubscriptionObject, 'id' | 'items' | 'current_period_start' | 'current_period_end'>;

const isSame = (one: PriceObject, other: PriceObject): boolean =>
  one.recurring?.interval === other.recurring?.interval &&
  one.recurring?.interval_count === other.recurring?.interval_count;

/** All items of a subscription are paid together: in one currency, at one interval. */
function refuseMix(price: PriceObject, first: PriceObject | undefined, param: string): Refusal | null {
  if (!first) return null;
  if (price.currency !== first.currency) {
    return refuse('price_currency', { currency: price.currency, expected: first.currency, param });
  }
  if (isSame(price, first)) return null;
  return refuse('invalid_value', { param, reason: 'all items of a subscription have the same interval' });
}

/**
 * The items of a subscription after a change, or of one that is made.
 *
 * @param at where the changes stand in the request: `items`; '' for a single one that stands by itself
 */
export function changeItems(
  owner: Owner,
  changes: readonly SentItem[],
  found: readonly FoundPrice[],
  at: '' | 'items',
  ctx: Pick<Context, 'account' | 'id' | 'now'>,
): ChangedItems | Refusal {
  const items = new Map(owner.items.map((item) => [item.id as string, item]));
  const products = new Map<string, ProductObject>();
  const put: StoredObject[] = [];
  const emit: EventDraft[] = [];
  let changesTotal = false;
  const take = (chosen: ChosenPrice) => {
    products.set(chosen.product.id, chosen.product);
    put.push(...putPrice(chosen));
    emit.push(...priceNews(chosen));
    changesTotal = true;
  };
  for (const [index, change] of changes.entries()) {
    const place = at === '' ? '' : `items[${index}]`;
    const param = (name: string) => (place === '' ? name : `${place}[${name}]`);
    const { id, deleted, metadata, quantity } = change;
    const before = id === undefined ? undefined : items.get(id);
    if (id !== undefined && !before)
      return refuse('no_such', { object: subscriptionItems.noun, id, param: param('id') });
    if (before && deleted) {
      items.delete(before.id);
      put.push({ ...before, deleted: true } as SubscriptionItemObject);
      changesTotal = true;
      continue;
    }
    let price = before?.price;
    if (!before || change.price !== undefined || change.price_data) {
      const chosen = choosePrice(change, found[index] ?? {}, { at: place, type: 'recurring' }, ctx);
      if (isRefusal(chosen)) return chosen;
      const others = [...items.values()].filter((item) => item !== before);
      const mixed = refuseMix(chosen.price, others[0]?.price ?? owner.items[0]?.price, param('price'));
      if (mixed) return mixed;
      take(chosen);
      price = chosen.price;
    }
    if (before && quantity !== undefined && quantity !== before.quantity) changesTotal = true;
    const { metadata: old, ...rest } = before ?? newItem(owner, price as PriceObject, ctx);
    const labels = metadata === undefined ? old : mergeMetadata(old, metadata);
    const item: SubscriptionItemObject = {
      ...rest,
      price: price as PriceObject,
      quantity: quantity ?? rest.quantity,
      ...(labels && { metadata: labels }),
    };
    items.set(item.id, item);
  }
  if (items.size === 0) {
    return refuse('invalid_value', { param: 'items', reason: 'a subscription has at least one item' });
  }
  if (items.size > ITEMS_MAX) {
    return refuse('invalid_value', { param: 'items', reason: `a subscription has at most ${ITEMS_MAX} items` });
  }
  return { items: [...items.values()], products, put, emit, changesTotal };
}

const newItem = (
  { id, current_period_start, current_period_end }: Owner,
  price: PriceObject,
  ctx: Pick<Context, 'account' | 'id' | 'now'>,
): SubscriptionItemObject => ({
  id: ctx.id('si'),
  account: ctx.account,
  created: ctx.now,
  subscription: id,
  price,
  quantity: 1,
  current_period_start,
  current_period_end,
});

import type { Context, EventDraft, Reader } from '../../engine/command.ts';
import type { StoredObject } from '../../kernel/kind.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { type ProductObject, products } from '../products/object.ts';
import { newPrice, type PriceTerms } from './new-price.ts';
import { type PriceObject, prices } from './object.ts';

/** How a request names a price: by its id, or by describing one. */
export interface SentPrice {
  readonly price?: string;
  readonly price_data?: PriceTerms & { readonly product: string };
}

/** What was found of it, before anything is decided. */
export interface FoundPrice {
  readonly price?: PriceObject | undefined;
  readonly product?: ProductObject | undefined;
}

export function findPrice(read: Reader, { price: id, price_data }: SentPrice): FoundPrice {
  const price = id === undefined ? undefined : read.own(prices, id);
  const product = price?.product ?? price_data?.product;
  return { price, product: product === undefined ? undefined : read.own(products, product) };
}

/** A price that may be billed, and its product. */
export interface ChosenPrice {
  readonly price: PriceObject;
  readonly product: ProductObject;
  /** It was described, and is to be put with its product. */
  readonly isNew: boolean;
}

/**
 * The price that a request means.
 *
 * @param at   the parameter that names it: `items[0]`; '' when it stands by itself
 * @param type which type the place takes
 * @returns refusals: neither or both given, no such price or product, one that is not active, the wrong type
 */
export function choosePrice(
  sent: SentPrice,
  found: FoundPrice,
  { at, type }: { readonly at: string; readonly type: PriceObject['type'] },
  ctx: Pick<Context, 'account' | 'id' | 'now'>,
): ChosenPrice | Refusal {
  const named = (name: string) => (at === '' ? name : `${at}[${name}]`);
  const { price_data } = sent;
  if (price_data) {
    const { product } = found;
    if (!product || product.deleted) {
      const param = `${named('price_data')}[product]`;
      return refuse('no_such', { object: products.noun, id: price_data.product, param });
    }
    const price = newPrice(price_data, named('price_data'), ctx);
    if ('refused' in price) return price;
    return price.type === type
      ? { price, product, isNew: true }
      : refuse('price_type', { type: price.type, expected: type, param: named('price_data') });
  }
  const param = named('price');
  if (sent.price === undefined) return refuse('missing_parameter', { name: param });
  const { price, product } = found;
  if (!price || !product) return refuse('no_such', { object: prices.noun, id: sent.price, param });
  if (!price.active) return refuse('price_inactive', { param });
  if (price.type !== type) return refuse('price_type', { type: price.type, expected: type, param });
  return { price, product, isNew: false };
}

/** What has to be put of it. */
export function putPrice({ price, product, isNew }: ChosenPrice): readonly StoredObject[] {
  const priced: ProductObject = { ...product, hasPrices: true };
  return isNew ? [price, priced] : [];
}

/** A described price is told of as one that was made by itself. */
export const priceNews = ({ price, isNew }: ChosenPrice): readonly EventDraft[] =>
  isNew ? [{ type: 'price.created', account: price.account, object: price }] : [];

import { command, event, type Reader } from '../../engine/command.ts';
import { isRefusal, refuse } from '../../kernel/refusal.ts';
import { newProduct, type ProductFields } from '../products/new-product.ts';
import { type ProductObject, products } from '../products/object.ts';
import { newPrice, type PriceTerms } from './new-price.ts';

export interface CreatePrice extends PriceTerms {
  readonly product?: string;
  readonly product_data?: ProductFields & { readonly name: string };
}

const load = (read: Reader, { product }: CreatePrice) =>
  product === undefined ? undefined : read.own(products, product);

/** A price of a product, which may be made with it. */
export const createPrice = command({
  name: 'prices.create',
  load,

  decide(params: CreatePrice, found: ReturnType<typeof load>, ctx) {
    const { product: id, product_data, ...terms } = params;
    if (id === undefined && !product_data) return refuse('missing_parameter', { name: 'product' });
    if (id !== undefined && (!found || found.deleted)) {
      return refuse('no_such', { object: products.noun, id, param: 'product' });
    }
    const made = product_data && id === undefined ? newProduct(product_data, ctx) : undefined;
    const product = (made ?? found) as ProductObject;
    const price = newPrice({ ...terms, product: product.id }, '', ctx);
    if (isRefusal(price)) return price;
    const priced: ProductObject = { ...product, hasPrices: true };
    return {
      result: price,
      put: [price, ...(product.hasPrices ? [] : [priced])],
      emit: [...(made ? [event('product.created', priced)] : []), event('price.created', price)],
    };
  },
});

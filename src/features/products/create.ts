import { command, event } from '../../engine/command.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { newPrice, type PriceTerms } from '../prices/new-price.ts';
import { newProduct, type ProductFields } from './new-product.ts';

export interface CreateProduct extends ProductFields {
  readonly name: string;
  readonly default_price_data?: PriceTerms;
}

/** Something to sell, with a first price if one comes along. */
export const createProduct = command({
  name: 'products.create',
  load: () => null,

  decide(params: CreateProduct, _, ctx) {
    const { default_price_data: terms, ...fields } = params;
    const product = newProduct(fields, ctx);
    if (!terms) return { result: product, put: [product], emit: [event('product.created', product)] };
    const price = newPrice({ ...terms, product: product.id }, 'default_price_data', ctx);
    if (isRefusal(price)) return price;
    const priced = { ...product, default_price: price.id, hasPrices: true } as const;
    return {
      result: priced,
      put: [priced, price],
      emit: [event('product.created', priced), event('price.created', price)],
    };
  },
});

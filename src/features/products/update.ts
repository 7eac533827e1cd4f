import { command, event, type Reader } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { prices } from '../prices/object.ts';
import { type ProductFields, withFields } from './new-product.ts';
import { type ProductObject, products } from './object.ts';

export interface UpdateProduct extends ProductFields {
  readonly id: string;
}

const load = (read: Reader, { id, default_price }: UpdateProduct) => ({
  product: read.own(products, id),
  price: default_price === undefined ? undefined : read.own(prices, default_price),
});

/** Changes what is said of a product. */
export const updateProduct = command({
  name: 'products.update',
  load,

  decide(params: UpdateProduct, { product, price }: ReturnType<typeof load>, ctx) {
    const { id, default_price, ...fields } = params;
    if (!product || product.deleted) return refuse('no_such_in_path', { object: products.noun, id, param: 'id' });
    if (default_price !== undefined && price?.product !== id) {
      return refuse('no_such', { object: prices.noun, id: default_price, param: 'default_price' });
    }
    const changed: ProductObject = {
      ...withFields(product, default_price === undefined ? fields : { ...fields, default_price }),
      updated: ctx.now,
    };
    return { result: changed, put: [changed], emit: [event('product.updated', changed)] };
  },
});

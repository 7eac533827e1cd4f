import { command } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { type ProductObject, products } from './object.ts';
import { productWire } from './wire.ts';

/** Forgets a product that never had a price. */
export const deleteProduct = command({
  name: 'products.delete',
  load: (read, { id }: { readonly id: string }) => read.own(products, id),

  decide({ id }, product, ctx) {
    if (!product || product.deleted) return refuse('no_such_in_path', { object: products.noun, id, param: 'id' });
    if (product.hasPrices) return refuse('product_with_prices');
    const deleted: ProductObject = { ...product, deleted: true };
    return {
      result: deleted,
      put: [deleted],
      emit: [{ type: 'product.deleted', account: product.account, object: { rendered: productWire(product, ctx) } }],
    };
  },
});

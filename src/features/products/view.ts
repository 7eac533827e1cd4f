import { view } from '../../api/view.ts';
import { products } from './object.ts';
import { productWire } from './wire.ts';

export const productView = view({
  kind: products,
  expandable: ['default_price', 'tax_code'],
  render: (product, env) =>
    product.deleted ? { id: product.id, object: 'product', deleted: true } : productWire(product, env),
});

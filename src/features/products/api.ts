import { form, optional } from '../../api/params.ts';
import { create, list, type Route, remove, retrieve, update } from '../../api/route.ts';
import { search } from '../../api/search/route.ts';
import { defaultPriceData } from '../prices/params.ts';
import { createProduct } from './create.ts';
import { deleteProduct } from './delete.ts';
import { createProductFields, updateProductFields } from './params.ts';
import { searchFields } from './search.ts';
import { updateProduct } from './update.ts';
import { productView } from './view.ts';

export const routes: readonly Route[] = [
  create('/v1/products', {
    tier: 3,
    summary: 'Something to sell, with a first price if one comes along.',
    params: form({ ...createProductFields, default_price_data: optional(defaultPriceData()) }),
    command: createProduct,
    view: productView,
  }),
  list('/v1/products', productView, {
    tier: 3,
    summary: 'Products of the account, newest first.',
    filters: { active: 'field', created: 'created', shippable: 'field', type: 'field', url: 'field' },
    unsupported: ['ids'],
  }),
  search('/v1/products/search', productView, searchFields),
  retrieve('/v1/products/:id', productView, { tier: 3, param: 'id', summary: 'One product.' }),
  update('/v1/products/:id', {
    tier: 3,
    summary: 'Changes what is said of a product.',
    params: form(updateProductFields),
    command: updateProduct,
    view: productView,
  }),
  remove('/v1/products/:id', {
    tier: 3,
    summary: 'Forgets a product that never had a price.',
    command: deleteProduct,
    view: productView,
  }),
];

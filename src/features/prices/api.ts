import { boolean, form, id, metadata, object, oneOf, optional, text, unsupported } from '../../api/params.ts';
import { create, list, type Route, retrieve, update } from '../../api/route.ts';
import { search } from '../../api/search/route.ts';
import { createProductFields } from '../products/params.ts';
import { createPrice } from './create.ts';
import { priceFields } from './params.ts';
import { searchFields } from './search.ts';
import { updatePrice } from './update.ts';
import { priceView } from './view.ts';

const { active, metadata: labels, name, statement_descriptor, tax_code, tax_details, unit_label } = createProductFields;

export const routes: readonly Route[] = [
  create('/v1/prices', {
    tier: 3,
    summary: 'A price of a product, once or every so often.',
    params: form({
      ...priceFields,
      active: optional(boolean()),
      product: optional(id()),
      product_data: optional(
        object({
          active,
          id: unsupported(),
          metadata: labels,
          name,
          statement_descriptor,
          tax_code,
          tax_details,
          unit_label,
        }),
      ),
    }),
    command: createPrice,
    view: priceView,
  }),
  list('/v1/prices', priceView, {
    tier: 3,
    summary: 'Prices of the account, newest first.',
    filters: { active: 'field', created: 'created', currency: 'field', product: 'ref', type: 'field' },
    unsupported: ['lookup_keys', 'recurring'],
  }),
  search('/v1/prices/search', priceView, searchFields),
  retrieve('/v1/prices/:price', priceView, { tier: 3, param: 'price', summary: 'One price.' }),
  update('/v1/prices/:price', {
    tier: 3,
    summary: 'Changes what is said of a price; what it costs never changes.',
    params: form({
      active: optional(boolean()),
      metadata: optional(metadata()),
      nickname: optional(text()),
      tax_behavior: optional(oneOf(['exclusive', 'inclusive', 'unspecified'])),
    }),
    unsupported: ['currency_options', 'lookup_key', 'transfer_lookup_key'],
    command: updatePrice,
    view: priceView,
  }),
];

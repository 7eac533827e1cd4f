import type { Fields } from '../../api/search/match.ts';
import type { ProductObject } from './object.ts';

/** By what products can be searched. */
export const searchFields: Fields<ProductObject> = {
  active: { type: 'token', of: ({ active }) => active },
  description: { type: 'string', of: ({ description }) => description },
  name: { type: 'string', of: ({ name }) => name },
  shippable: { type: 'token', of: ({ shippable }) => shippable },
  url: { type: 'string', of: ({ url }) => url },
};

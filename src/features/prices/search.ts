import type { Fields } from '../../api/search/match.ts';
import type { PriceObject } from './object.ts';

/** By what prices can be searched. None has a lookup key. */
export const searchFields: Fields<PriceObject> = {
  active: { type: 'token', of: ({ active }) => active },
  currency: { type: 'token', of: ({ currency }) => currency },
  lookup_key: { type: 'string', of: () => null },
  product: { type: 'token', isRef: true, of: ({ product }) => product },
  type: { type: 'token', of: ({ type }) => type },
};

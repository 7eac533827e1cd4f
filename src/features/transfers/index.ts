import { feature } from '../../api/feature.ts';
import { routes } from './api.ts';
import { transfers as kind } from './object.ts';
import { transferView } from './view.ts';

/** Money between the balances of a platform and its connected accounts, account debits by transfer included. */
export const transfers = feature({
  name: 'transfers',
  resource: 'transfer',
  kinds: [kind],
  views: [transferView],
  routes,
});

import { feature } from '../../api/feature.ts';
import { routes } from './api.ts';
import { customerBalances as kind } from './object.ts';
import { customerBalanceView } from './view.ts';

/** What customers owe, or have to their credit, besides their invoices. */
export const customerBalances = feature({
  name: 'customer-balances',
  resource: 'customer',
  kinds: [kind],
  views: [customerBalanceView],
  routes,
});

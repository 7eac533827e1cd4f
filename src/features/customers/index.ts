import { feature } from '../../api/feature.ts';
import { routes, sourceRoutes } from './api.ts';
import { expiringJob, tellOfExpiry } from './expiring.ts';
import { customerBanks, customers as kind } from './object.ts';
import { customerBankView, customerView } from './view.ts';

/** Who pays, and the ways to pay that are kept for them. */
export const customers = feature({
  name: 'customers',
  resource: 'customer',
  kinds: [kind],
  views: [customerView],
  routes,
  jobs: { [expiringJob]: tellOfExpiry },
});

/** Their cards and bank accounts, which are payment methods to whoever may read them. */
export const customerSources = feature({
  name: 'customer-sources',
  resource: 'payment_method',
  kinds: [customerBanks],
  views: [customerBankView],
  routes: sourceRoutes,
});

import { feature } from '../../api/feature.ts';
import { routes } from './api.ts';
import { expiringJob, tellOfExpiry } from './expiring.ts';
import { customerBanks, customers as kind } from './object.ts';
import { customerBankView, customerView } from './view.ts';

/** Who pays, and the ways to pay that are kept for them. */
export const customers = feature({
  name: 'customers',
  resource: 'customer',
  kinds: [kind, customerBanks],
  views: [customerView, customerBankView],
  routes,
  jobs: { [expiringJob]: tellOfExpiry },
});

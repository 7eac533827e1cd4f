import { feature } from '../../api/feature.ts';
import { routes } from './api.ts';
import { expireCharge } from './expire.ts';
import { charges as kind } from './object.ts';
import { expireJob } from './release.ts';
import { chargeView } from './view.ts';

/** Money that comes in: card charges, and the payments that arrive from other balances. */
export const charges = feature({
  name: 'charges',
  resource: 'charge',
  kinds: [kind],
  views: [chargeView],
  routes,
  jobs: { [expireJob]: expireCharge },
});

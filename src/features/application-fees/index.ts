import { feature } from '../../api/feature.ts';
import { routes } from './api.ts';
import { applicationFees as kind } from './object.ts';
import { applicationFeeView } from './view.ts';

/** What a platform earns from the payments of its connected accounts. */
export const applicationFees = feature({
  name: 'application-fees',
  resource: 'application_fee',
  kinds: [kind],
  views: [applicationFeeView],
  routes,
});

import { feature } from '../../api/feature.ts';
import { routes } from './api.ts';
import { failTopup } from './fail.ts';
import { topups as kind, topupFailsJob } from './object.ts';
import { topupView } from './view.ts';

/** Money from a platform's bank into its balance. */
export const topups = feature({
  name: 'topups',
  resource: 'topup',
  kinds: [kind],
  views: [topupView],
  routes,
  jobs: { [topupFailsJob]: failTopup },
});

import { feature } from '../../api/feature.ts';
import { routes } from './api.ts';
import { persons as kind } from './object.ts';
import { personView } from './view.ts';

/** Who acts for an account, or owns a part of it. */
export const persons = feature({
  name: 'persons',
  resource: 'connected_account',
  kinds: [kind],
  views: [personView],
  routes,
});

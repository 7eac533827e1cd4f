import { feature } from '../../api/feature.ts';
import { routes } from './api.ts';
import { accountSessions as kind } from './object.ts';
import { accountSessionView } from './view.ts';

/** What browsers may show of connected accounts. */
export const accountSessions = feature({
  name: 'account-sessions',
  resource: 'connected_account',
  kinds: [kind],
  views: [accountSessionView],
  routes,
});

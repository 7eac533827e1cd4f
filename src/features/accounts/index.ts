import { feature } from '../../api/feature.ts';
import { routes } from './api.ts';
import { accounts as kind } from './object.ts';
import { bankPartView, capabilityPartView, cardPartView } from './part-views.ts';
import { accountView } from './view.ts';

/** Connected accounts and the platform's own: who they are, what they may do, and where their payouts go. */
export const accounts = feature({
  name: 'accounts',
  resource: 'connected_account',
  kinds: [kind],
  views: [accountView, bankPartView, cardPartView, capabilityPartView],
  routes,
});

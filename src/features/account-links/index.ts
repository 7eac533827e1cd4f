import { feature } from '../../api/feature.ts';
import { routes } from './api.ts';
import { accountLinks as kind } from './object.ts';
import { pages } from './pages.ts';
import { accountLinkView } from './view.ts';

/** Hosted onboarding of connected accounts. */
export const accountLinks = feature({
  name: 'account-links',
  resource: 'connected_account',
  kinds: [kind],
  views: [accountLinkView],
  routes: [...routes, ...pages],
});

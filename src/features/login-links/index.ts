import { feature } from '../../api/feature.ts';
import { routes } from './api.ts';
import { loginLinks as kind } from './object.ts';
import { pages } from './pages.ts';
import { loginLinkView } from './view.ts';

/** What the owner of an express account sees of it. */
export const loginLinks = feature({
  name: 'login-links',
  resource: 'connected_account',
  kinds: [kind],
  views: [loginLinkView],
  routes: [...routes, ...pages],
});

import { feature } from '../../api/feature.ts';
import { authorizationCodes } from './object.ts';
import { pages } from './pages.ts';
import { authorizationCodeView } from './view.ts';

/** Connecting accounts by sending their owners to a page, and giving up the access to them. */
export const oauth = feature({
  name: 'oauth',
  resource: null,
  kinds: [authorizationCodes],
  views: [authorizationCodeView],
  routes: pages,
});

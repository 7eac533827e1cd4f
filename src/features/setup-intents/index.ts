import { feature } from '../../api/feature.ts';
import { routes } from './api.ts';
import { setupIntents as kind } from './object.ts';
import { pages } from './pages.ts';
import { setupIntentView } from './view.ts';

/** Ways to pay that are kept for later, without a payment now. */
export const setupIntents = feature({
  name: 'setup-intents',
  resource: 'setup_intent',
  kinds: [kind],
  views: [setupIntentView],
  routes: [...routes, ...pages],
});

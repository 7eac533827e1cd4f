import { feature } from '../../api/feature.ts';
import { routes } from './api.ts';
import { setupAttempts } from './attempt.ts';
import { setupIntents as kind } from './object.ts';
import { pages } from './pages.ts';
import { setupAttemptView, setupIntentView } from './view.ts';

/** Ways to pay that are kept for later, without a payment now. */
export const setupIntents = feature({
  name: 'setup-intents',
  resource: 'setup_intent',
  kinds: [kind, setupAttempts],
  views: [setupIntentView, setupAttemptView],
  routes: [...routes, ...pages],
});

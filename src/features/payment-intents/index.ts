import { feature } from '../../api/feature.ts';
import { routes } from './api.ts';
import { paymentIntents as kind } from './object.ts';
import { pages } from './pages.ts';
import { paymentIntentView } from './view.ts';

/** Payments from the wish to be paid to the money. */
export const paymentIntents = feature({
  name: 'payment-intents',
  resource: 'payment_intent',
  kinds: [kind],
  views: [paymentIntentView],
  routes: [...routes, ...pages],
});

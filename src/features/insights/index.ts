import { feature } from '../../api/feature.ts';
import { routes } from './api.ts';

/** What the books know beyond Stripe's API: who owes, what is held, and why a balance is what it is. */
export const insights = feature({ name: 'insights', resource: null, routes });

import { feature } from '../../api/feature.ts';
import { routes } from './api.ts';
import { prices as kind } from './object.ts';
import { priceView } from './view.ts';

/** What things cost. */
export const prices = feature({ name: 'prices', resource: 'plan', kinds: [kind], views: [priceView], routes });

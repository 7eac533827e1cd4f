import { feature } from '../../api/feature.ts';
import { routes } from './api.ts';
import { refunds as kind } from './object.ts';
import { refundView } from './view.ts';

/** Money on its way back to a customer, and authorisations that were released. */
export const refunds = feature({ name: 'refunds', kinds: [kind], views: [refundView], routes });

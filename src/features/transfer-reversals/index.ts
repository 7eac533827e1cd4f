import { feature } from '../../api/feature.ts';
import { routes } from './api.ts';
import { transferReversals as kind } from './object.ts';
import { transferReversalView } from './view.ts';

/** Transfers that are taken back, by request or as a part of a refund. */
export const transferReversals = feature({
  name: 'transfer-reversals',
  resource: 'transfer',
  kinds: [kind],
  views: [transferReversalView],
  routes,
});

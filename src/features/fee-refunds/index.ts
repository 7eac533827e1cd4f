import { feature } from '../../api/feature.ts';
import { routes } from './api.ts';
import { feeRefunds as kind } from './object.ts';
import { feeRefundView } from './view.ts';

/** Application fees that a platform gives back, alone or together with a refund or a reversal. */
export const feeRefunds = feature({
  name: 'fee-refunds',
  resource: 'application_fee',
  kinds: [kind],
  views: [feeRefundView],
  routes,
});

import { feature } from '../../api/feature.ts';
import { failRefund, succeedRefund } from './answers.ts';
import { routes } from './api.ts';
import { refundJobs } from './later.ts';
import { refunds as kind } from './object.ts';
import { retryRefund } from './retry.ts';
import { refundView } from './view.ts';

/** Money on its way back to a customer, and authorisations that were released. */
export const refunds = feature({
  name: 'refunds',
  resource: 'refund',
  kinds: [kind],
  views: [refundView],
  routes,
  jobs: {
    [refundJobs.fail]: failRefund,
    [refundJobs.retry]: retryRefund,
    [refundJobs.succeed]: succeedRefund,
  },
});

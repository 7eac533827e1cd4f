import { feature } from '../../api/feature.ts';
import { routes } from './api.ts';
import { arrivePayout } from './arrive.ts';
import { payAutomatically } from './automatic.ts';
import { holdingLimitJob } from './holding.ts';
import { enforceHoldingLimit } from './holding-limit.ts';
import { payouts as kind } from './object.ts';
import { sendPayout } from './progress.ts';
import { payoutJobs } from './rules.ts';
import { payoutView } from './view.ts';

/** Money out of balances to banks and cards: by hand, by schedule, instantly, and back. */
export const payouts = feature({
  name: 'payouts',
  resource: 'payout',
  kinds: [kind],
  views: [payoutView],
  routes,
  jobs: {
    [payoutJobs.send]: sendPayout,
    [payoutJobs.arrive]: arrivePayout,
    [payoutJobs.automatic]: payAutomatically,
    [holdingLimitJob]: enforceHoldingLimit,
  },
});

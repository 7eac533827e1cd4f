import { feature } from '../../api/feature.ts';
import { standingJobs } from '../standing/follow.ts';
import { collect } from './collect.ts';
import { collectionTransfers, reserveTransactions } from './object.ts';
import { collectionTransferView, reserveTransactionView } from './view.ts';

/** The platform's money that stands against negative accounts, and what becomes of it after 180 days. */
export const reserves = feature({
  name: 'reserves',
  resource: 'balance',
  kinds: [reserveTransactions, collectionTransfers],
  views: [reserveTransactionView, collectionTransferView],
  jobs: { [standingJobs.collect]: collect },
});

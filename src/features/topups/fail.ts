import { payoutFailureMessage } from '../../data/payout-failures.ts';
import { command, type Due, event } from '../../engine/command.ts';
import { type TopupObject, topupFailsJob, topups } from './object.ts';

/**
 * The bank does not pay. Nothing was in the balance yet, and nobody tries again.
 *
 * @rule M31, R187
 */
export const failTopup = command({
  name: topupFailsJob,
  load: (read, due: Due) => ({ topup: read.find(topups, due.subject) }),

  decide(_, { topup }) {
    if (topup?.status !== 'pending' || topup.bankRefuses === undefined) return { result: null };
    const failed: TopupObject = {
      ...topup,
      status: 'failed',
      failure_code: topup.bankRefuses,
      failure_message: payoutFailureMessage(topup.bankRefuses),
    };
    return { result: failed, put: [failed], emit: [event('topup.failed', failed)] };
  },
});

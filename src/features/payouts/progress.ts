import { command, type Due, event } from '../../engine/command.ts';
import { type PayoutObject, payouts } from './object.ts';
import { arriving, payoutJobs } from './rules.ts';

/**
 * The payout goes to the bank. When its money arrives at this very moment, that is work of its own right after.
 *
 * @rule M26a
 */
export const sendPayout = command({
  name: payoutJobs.send,
  load: (read, due: Due) => ({ payout: read.find(payouts, due.subject) }),

  decide(_, { payout }) {
    if (payout?.status !== 'pending') return { result: null };
    const sent: PayoutObject = { ...payout, status: 'in_transit' };
    return { result: sent, put: [sent], emit: [event('payout.updated', sent)], schedule: [arriving(sent)] };
  },
});

import { type Context, command, type Due, event, type Reader } from '../../engine/command.ts';
import { charges } from '../charges/object.ts';
import { countMoved, takeOff } from './count.ts';
import { bankAnswer, nextTry, refundJobs, refundOf } from './later.ts';
import { finish, moveRefund } from './movement.ts';
import { type RefundObject, refunds, waitsForFunds } from './object.ts';
import { hasFunds, partsOf } from './rules.ts';
import { loadUndone } from './undone.ts';

function load(read: Reader, due: Due, ctx: Context) {
  const refund = read.find(refunds, refundOf(due));
  const charge = refund && read.find(charges, refund.charge);
  return { refund, undone: charge && loadUndone(read, charge, ctx) };
}

/** Both of the names that news of a changed refund go by. */
const changed = (refund: RefundObject) => [event('refund.updated', refund), event('charge.refund.updated', refund)];

/**
 * Tries a refund again that waits for funds: it is paid once the account has all of its amount available, and otherwise
 * tried again tomorrow. If the charge was charged back meanwhile, the customer has the money already and the refund fails.
 *
 * @rule M15, R66
 */
export const retryRefund = command({
  name: refundJobs.retry,
  load,

  decide(_, { refund, undone }: ReturnType<typeof load>, ctx) {
    if (!refund || !undone || !waitsForFunds(refund)) return { result: null };
    const { charge } = undone;
    const { pending_reason: _reason, refundsFee, ...rest } = refund;
    if (charge.refundBlocked) {
      const failed: RefundObject = {
        ...rest,
        status: 'failed',
        failure_reason: 'charge_for_pending_refund_disputed',
      };
      const put = [failed, takeOff(charge, refund)];
      return { result: null, put, emit: [event('refund.failed', failed), ...changed(failed)] };
    }
    const parts = partsOf(undone, refund.amount, { refund_application_fee: refundsFee === true });
    if (!hasFunds(undone, refund.amount, parts)) return { result: null, schedule: [nextTry(refund, ctx.now)] };
    const { answer, schedule } = bankAnswer(refund, charge, ctx.now);
    const moved = moveRefund({ ...rest, ...answer }, undone, parts, ctx);
    const { put, post, lines, emit, unschedule } = finish(moved, countMoved(charge, refund), undone, ctx);
    return {
      result: null,
      put,
      post,
      lines,
      emit: [...emit, ...changed(moved.refund)],
      unschedule,
      schedule,
    };
  },
});

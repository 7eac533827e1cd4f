/** What the banks of customers say later about refunds. */

import { type Context, command, type Due, event, type Reader } from '../../engine/command.ts';
import { ratesOf } from '../../ledger/conversion.ts';
import { accounts } from '../accounts/object.ts';
import { charges } from '../charges/object.ts';
import { settledCurrency } from '../transfer-reversals/rules.ts';
import { takeOff } from './count.ts';
import { refundJobs } from './later.ts';
import { moveFailure } from './movement.ts';
import { type RefundObject, refunds } from './object.ts';

function load(read: Reader, { subject }: Due, ctx: Context) {
  const refund = read.find(refunds, subject);
  const charge = refund && read.find(charges, refund.charge);
  // Asked for because the money comes back there.
  if (charge) read.balance(charge.account, settledCurrency(charge));
  return { refund, charge, rates: ratesOf(read.find(accounts, ctx.platform)) };
}

/**
 * The bank did not take a refund that had gone out: the money is back at the account that paid it.
 *
 * @rule M14, R67
 */
export const failRefund = command({
  name: refundJobs.fail,
  load,
  decide(_, { refund, charge, rates }: ReturnType<typeof load>, ctx) {
    if (!refund || !charge || refund.status !== 'succeeded') return { result: null };
    const { refund: failed, post, lines } = moveFailure(refund, charge, rates, ctx);
    return {
      result: null,
      put: [failed, takeOff(charge, refund)],
      post,
      lines,
      emit: [event('refund.failed', failed), event('refund.updated', failed), event('charge.refund.updated', failed)],
    };
  },
});

/** The bank took its time, and has taken the refund. */
export const succeedRefund = command({
  name: refundJobs.succeed,
  load,
  decide(_, { refund }: ReturnType<typeof load>) {
    if (refund?.status !== 'pending') return { result: null };
    const { pending_reason: _reason, ...rest } = refund;
    const succeeded: RefundObject = { ...rest, status: 'succeeded' };
    return {
      result: null,
      put: [succeeded],
      emit: [event('refund.updated', succeeded), event('charge.refund.updated', succeeded)],
    };
  },
});

import { command, type Due, event, type Reader } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import { minor } from '../../kernel/money.ts';
import { house } from '../../ledger/chart.ts';
import { move, post } from '../../ledger/posting.ts';
import { accounts } from '../accounts/object.ts';
import { fail } from './movement.ts';
import { type PayoutObject, payouts } from './object.ts';
import { payoutJobs } from './rules.ts';

function load(read: Reader, due: Due) {
  const payout = read.find(payouts, due.subject);
  const account = payout && read.find(accounts, payout.account);
  // A bank that refuses sends the money back into it.
  const balance = payout && read.balance(payout.account, payout.currency);
  return { payout, account, balance };
}

/**
 * The bank answers: the money is there, or comes back. The money of a reversal comes the other way; in the balance it
 * waits for this day like any pending money.
 *
 * @rule M26b, M27, M29
 */
export const arrivePayout = command({
  name: payoutJobs.arrive,
  load,

  decide(_, { payout, account }: ReturnType<typeof load>, ctx) {
    if (payout?.status !== 'pending' && payout?.status !== 'in_transit') return { result: null };
    assert(account !== undefined, 'a payout has an owner');
    if (payout.bankRefuses !== undefined) return { result: null, ...fail(payout, account, payout.bankRefuses, ctx) };
    const paid: PayoutObject = { ...payout, status: 'paid', ...(payout.automatic && { reconciled: true as const }) };
    const [transit, bank] = [house('bank_in_transit', payout.currency), house('bank', payout.currency)];
    const arrives =
      payout.amount > 0
        ? move(payout.amount, { from: transit, to: bank })
        : move(minor(-payout.amount), { from: bank, to: transit });
    return {
      result: null,
      put: [paid],
      post: [post('payout_paid', arrives)],
      emit: [event('payout.paid', paid), ...(payout.automatic ? [event('payout.reconciliation_completed', paid)] : [])],
    };
  },
});

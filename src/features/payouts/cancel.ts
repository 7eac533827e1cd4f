import { type Context, command, event, type Reader } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { comeBack, returnRow } from './movement.ts';
import { type PayoutObject, payouts } from './object.ts';
import { refuseCancel, sending } from './rules.ts';

function load(read: Reader, params: { readonly payout: string }, _ctx: Context) {
  const payout = read.own(payouts, params.payout);
  return { payout, balance: payout && read.balance(payout.account, payout.currency) };
}

/**
 * Takes a payout back before it goes to the bank; the money is in the balance again at once.
 *
 * @rule M28, R182, X23
 */
export const cancelPayout = command({
  name: 'payouts.cancel',
  load,

  decide({ payout: id }, { payout }: ReturnType<typeof load>, ctx) {
    if (!payout) return refuse('no_such_in_path', { object: payouts.noun, id, param: 'payout' });
    const refusal = refuseCancel(payout);
    if (refusal) return refusal;
    const row = ctx.id('txn');
    const canceled: PayoutObject = { ...payout, status: 'canceled', failure_balance_transaction: row };
    return {
      result: canceled,
      put: [canceled],
      lines: [returnRow(payout, row, 'payout_cancel')],
      post: [comeBack(payout, 'payout_cancel')],
      emit: [event('payout.canceled', canceled)],
      unschedule: [sending(payout)],
    };
  },
});

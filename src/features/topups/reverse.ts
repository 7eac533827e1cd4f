import { type Context, command, event, type Reader } from '../../engine/command.ts';
import { minor } from '../../kernel/money.ts';
import { refuse } from '../../kernel/refusal.ts';
import { available, house } from '../../ledger/chart.ts';
import { move, post } from '../../ledger/posting.ts';
import { line } from '../../ledger/statement.ts';
import { type TopupObject, topups } from './object.ts';

function load(read: Reader, params: { readonly topup: string }, ctx: Context) {
  const topup = read.own(topups, params.topup);
  // Asked for so that it is at hand when the money leaves it.
  return { topup, balance: topup && read.balance(ctx.platform, topup.currency) };
}

/**
 * The bank takes back what it has paid, told by the operator. The money leaves the balance at once, also when it is no
 * longer there.
 *
 * @rule M31
 */
export const reverseTopup = command({
  name: 'topups.reverse',
  load,

  decide({ topup: id }, { topup }: ReturnType<typeof load>, ctx) {
    if (!topup) return refuse('no_such_in_path', { object: topups.noun, id, param: 'topup' });
    if (topup.status !== 'succeeded') return refuse('topup_reverse_status', { status: topup.status });
    const { account, amount, currency, description } = topup;
    const reversed: TopupObject = { ...topup, status: 'reversed' };
    return {
      result: reversed,
      put: [reversed],
      lines: [
        line({
          id: ctx.id('txn'),
          account,
          currency,
          type: 'topup_reversal',
          amount: minor(-amount),
          on: 'now',
          source: topup.id,
          ...(description !== undefined && { description }),
        }),
      ],
      post: [post('topup_reversal', move(amount, { from: available(account, currency), to: house('bank', currency) }))],
      emit: [event('topup.reversed', reversed)],
    };
  },
});

import type { Currency } from '../../data/currencies.ts';
import { command } from '../../engine/command.ts';
import { minor } from '../../kernel/money.ts';
import { refuse } from '../../kernel/refusal.ts';
import { available, house } from '../../ledger/chart.ts';
import { move, post } from '../../ledger/posting.ts';
import { maySee } from '../accounts/access.ts';
import { accounts } from '../accounts/object.ts';
import { type AdjustmentObject, adjustmentLine } from './object.ts';

export interface CreateAdjustment {
  /** A connected account, or the platform itself. */
  readonly account: string;
  /** Signed, not zero. */
  readonly amount: number;
  readonly currency: Currency;
  readonly description?: string;
}

/** Opening balances and corrections: money from or to `house/opening`, spendable at once, into the negative too (M47). */
export const createAdjustment = command({
  name: 'adjustments.create',

  load(read, params: CreateAdjustment) {
    const account = read.find(accounts, params.account);
    // Asked for so that it is at hand when the money moves in it.
    return { account, balance: account && read.balance(account.id, params.currency) };
  },

  decide({ account: id, amount, currency, description }, { account }, ctx) {
    if (!maySee(ctx, account)) return refuse('no_such', { object: accounts.noun, id, param: 'account' });
    if (amount === 0) return refuse('invalid_value', { param: 'amount', reason: 'must not be zero' });
    const adjustment: AdjustmentObject = {
      id: ctx.id('adj'),
      account: id,
      created: ctx.now,
      amount: minor(amount),
      currency,
      ...(description !== undefined && { description }),
      balance_transaction: ctx.id('txn'),
    };
    const opening = house('opening', currency);
    const balance = available(id, currency);
    return {
      result: adjustment,
      put: [adjustment],
      post: [
        post(
          'adjustment',
          amount > 0
            ? move(minor(amount), { from: opening, to: balance })
            : move(minor(-amount), { from: balance, to: opening }),
        ),
      ],
      lines: [adjustmentLine(adjustment)],
    };
  },
});

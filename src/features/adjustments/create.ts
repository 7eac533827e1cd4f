import type { Currency } from '../../data/currencies.ts';
import { command } from '../../engine/command.ts';
import { minor } from '../../kernel/money.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { type Balance, EMPTY } from '../../ledger/balance.ts';
import { available, house } from '../../ledger/chart.ts';
import { move, post } from '../../ledger/posting.ts';
import { maySee } from '../accounts/access.ts';
import { type AccountObject, accounts } from '../accounts/object.ts';
import { type AdjustmentObject, type AdjustmentType, adjustmentLine } from './object.ts';

export interface CreateAdjustment {
  /** A connected account, or the platform itself. */
  readonly account: string;
  /** Signed, not zero. */
  readonly amount: number;
  readonly currency: Currency;
  readonly description?: string;
  /** A correction when absent. */
  readonly type?: AdjustmentType;
}

/** Where the money of each comes from, or goes to when it is taken away. */
const counterpart = { correction: 'opening', loss: 'losses', stripe_fee: 'fees' } as const;

/** What a type of its own allows: a loss fills what is negative, and no more; a fee is taken. */
function refuseType(
  type: AdjustmentType,
  given: {
    readonly amount: number;
    readonly account: AccountObject;
    readonly balance: Balance;
    readonly platform: string;
  },
): Refusal | null {
  const { amount, account, balance, platform } = given;
  const no = (param: string, reason: string) => refuse('invalid_value', { param, reason });
  if (type === 'stripe_fee') return amount < 0 ? null : no('amount', 'must be negative: a fee is taken');
  if (type === 'correction') return amount !== 0 ? null : no('amount', 'must not be zero');
  if (account.id === platform || account.controller.losses.payments !== 'stripe') {
    return no('type', 'must not be loss: the platform is liable for the negative balance of this account');
  }
  return amount > 0 && amount <= -balance.available
    ? null
    : no('amount', `must be positive and at most what the account is below zero: ${Math.max(0, -balance.available)}`);
}

/**
 * What the operator does to a balance, spendable at once.
 *
 *     correction    opening balances, too: from or to `house/opening`, into the negative as well     M47
 *     loss          the processor gives up on a debt that is its own, from `house/losses`             M43
 *     stripe_fee    a fee beside those of charges, disputes and debits, to `house/fees`               M44
 *
 * @rule M43, M44, M47
 */
export const createAdjustment = command({
  name: 'adjustments.create',

  load(read, params: CreateAdjustment) {
    const account = read.find(accounts, params.account);
    // Asked for so that it is at hand when the money moves in it.
    return { account, balance: account && read.balance(account.id, params.currency) };
  },

  decide({ account: id, amount, currency, description, type = 'correction' }, { account, balance }, ctx) {
    if (!maySee(ctx, account)) return refuse('no_such', { object: accounts.noun, id, param: 'account' });
    const refusal = refuseType(type, { amount, account, balance: balance ?? EMPTY, platform: ctx.platform });
    if (refusal) return refusal;
    const adjustment: AdjustmentObject = {
      id: ctx.id('adj'),
      account: id,
      created: ctx.now,
      amount: minor(amount),
      currency,
      ...(description !== undefined && { description }),
      ...(type !== 'correction' && { type }),
      balance_transaction: ctx.id('txn'),
    };
    const other = house(counterpart[type], currency);
    const own = available(id, currency);
    return {
      result: adjustment,
      put: [adjustment],
      post: [
        post(
          'adjustment',
          amount > 0 ? move(minor(amount), { from: other, to: own }) : move(minor(-amount), { from: own, to: other }),
        ),
      ],
      lines: [adjustmentLine(adjustment)],
    };
  },
});

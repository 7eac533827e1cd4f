import type { FxTable } from '../../data/fx-rates.ts';
import type { Context } from '../../engine/command.ts';
import { type Minor, minor } from '../../kernel/money.ts';
import { settling } from '../../ledger/chart.ts';
import { convertBack, rated } from '../../ledger/conversion.ts';
import { type Posting, post } from '../../ledger/posting.ts';
import { type Line, line } from '../../ledger/statement.ts';
import type { ApplicationFeeObject } from '../application-fees/object.ts';
import { followsOn } from '../charges/object.ts';
import { keep } from '../transfer-reversals/kept.ts';
import { type FeeRefundObject, keptFeeRefund } from './object.ts';
import { earnedIn } from './rules.ts';

/** An application fee of which something was given back, and what the decision writes. */
export interface GivenBack {
  readonly fee: ApplicationFeeObject;
  readonly refund: FeeRefundObject;
  readonly post: readonly Posting[];
  /** The platform's row, then that of the account that had paid the fee. */
  readonly lines: readonly Line[];
}

/**
 * Gives an application fee back: from the platform to the account that paid it, on the fee's day while that is to come.
 *
 * Only for what nothing refuses; the balances of both sides are loaded.
 *
 * @param given.amount  minor units, at most what is left of the fee
 * @rule M17, M45
 */
export function giveBack(
  given: {
    readonly fee: ApplicationFeeObject;
    readonly amount: Minor;
    readonly rates: FxTable;
    readonly metadata?: Readonly<Record<string, string>>;
  },
  ctx: Pick<Context, 'id' | 'now' | 'settledThrough'>,
): GivenBack {
  const { fee: before, amount } = given;
  const { account: platform, payer, currency } = before;
  const id = ctx.id('fr');
  const [platformRow, payerRow] = [ctx.id('txn'), ctx.id('txn')];
  const on = followsOn(before, ctx.settledThrough);
  const earned = earnedIn(before);
  const back = convertBack(
    amount,
    { from: settling(platform, earned, on), to: settling(payer, currency, on) },
    given.rates,
  );
  const refund: FeeRefundObject = {
    id,
    account: platform,
    created: ctx.now,
    amount,
    currency,
    balance_transaction: platformRow,
    fee: before.id,
    ...(given.metadata && { metadata: given.metadata }),
  };
  return {
    fee: {
      ...before,
      amount_refunded: minor(before.amount_refunded + amount),
      refunds: keep(before.refunds, keptFeeRefund(refund)),
    },
    refund,
    post: [post('fee_refund', ...back.moves)],
    lines: [
      line({
        id: platformRow,
        account: platform,
        currency: earned,
        type: 'application_fee_refund',
        amount: minor(-back.amount),
        ...rated(back),
        on,
        // The fee, not its refund: so a list of a fee's rows shows what was given back.
        source: before.id,
        description: 'REFUND FOR APPLICATION FEE',
      }),
      line({
        id: payerRow,
        account: payer,
        currency,
        type: 'adjustment',
        amount,
        on,
        source: id,
        description: 'Application fee refund',
        reporting_category: 'fee',
      }),
    ],
  };
}

import { type Metadata, mergeMetadata } from '../../api/params.ts';
import { type Context, command, type Decision, event, type Reader } from '../../engine/command.ts';
import { formatMoney, type Minor } from '../../kernel/money.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import { exchanged, ratesOf } from '../../ledger/conversion.ts';
import { accounts } from '../accounts/object.ts';
import { type ApplicationFeeObject, applicationFees } from '../application-fees/object.ts';
import { followsOn } from '../charges/object.ts';
import { type GivenBack, giveBack } from './give-back.ts';
import type { FeeRefundObject } from './object.ts';
import { canGiveBack, earnedIn, unrefunded } from './rules.ts';

export interface CreateFeeRefund {
  readonly fee: string;
  /** All that is left unless said. */
  readonly amount?: Minor;
  readonly metadata?: Metadata | null;
}

function load(read: Reader, params: CreateFeeRefund, ctx: Context) {
  const fee = read.own(applicationFees, params.fee);
  return {
    fee,
    rates: ratesOf(read.find(accounts, ctx.platform)),
    balances: fee && {
      platform: read.balance(ctx.platform, earnedIn(fee)).available,
      payer: read.balance(fee.payer, fee.currency),
    },
  };
}

type State = ReturnType<typeof load>;

function decideGivenBack(
  { fee: id, amount: asked, metadata }: CreateFeeRefund,
  { fee, balances, rates }: State,
  ctx: Context,
): (GivenBack & { readonly effects: Omit<Decision, 'result'> }) | Refusal {
  if (!fee || !balances) return refuse('no_such_in_path', { object: applicationFees.noun, id, param: 'id' });
  const left = unrefunded(fee);
  const amount = asked ?? left;
  if (amount > left || left === 0) {
    const { currency } = fee;
    return refuse('fee_refund_above_rest', {
      amount: formatMoney(asked ?? fee.amount, currency),
      left: formatMoney(left, currency),
    });
  }
  const cost = exchanged(amount, { from: fee.currency, to: earnedIn(fee) }, rates);
  const isConverted = earnedIn(fee) !== fee.currency;
  if (!canGiveBack(amount, { ...balances, cost, isConverted, on: followsOn(fee, ctx.settledThrough) })) {
    return refuse('refund_balance_insufficient');
  }
  const given = giveBack(
    { fee, amount, rates, ...(metadata && { metadata: mergeMetadata(undefined, metadata) }) },
    ctx,
  );
  return {
    ...given,
    effects: {
      put: [given.refund, given.fee],
      post: given.post,
      lines: given.lines,
      emit: [event('application_fee.refunded', given.fee)],
    },
  };
}

/** Gives a part of an application fee back, or all of it, without a refund of the payment (M17, R69). */
export const createFeeRefund = command({
  name: 'fee_refunds.create',
  load,
  decide(params: CreateFeeRefund, state: State, ctx): Decision<FeeRefundObject> | Refusal {
    const given = decideGivenBack(params, state, ctx);
    return isRefusal(given) ? given : { result: given.refund, ...given.effects };
  },
});

/** The same by its old address, which answers the fee. */
export const refundFee = command({
  name: 'fee_refunds.create',
  load,
  decide(params: CreateFeeRefund, state: State, ctx): Decision<ApplicationFeeObject> | Refusal {
    const given = decideGivenBack(params, state, ctx);
    return isRefusal(given) ? given : { result: given.fee, ...given.effects };
  },
});

import { type Metadata, mergeMetadata } from '../../api/params.ts';
import { type Context, command, type Decision, event, type Reader } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import type { StoredObject } from '../../kernel/kind.ts';
import { formatMoney, type Minor, minor, ZERO } from '../../kernel/money.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { exchanged, ratesOf } from '../../ledger/conversion.ts';
import { accounts } from '../accounts/object.ts';
import { type ApplicationFeeObject, applicationFees } from '../application-fees/object.ts';
import { type ChargeObject, charges, followsOn } from '../charges/object.ts';
import { giveBack } from '../fee-refunds/give-back.ts';
import { earnedIn } from '../fee-refunds/rules.ts';
import { countRefund } from '../refunds/count.ts';
import { dueBack } from '../refunds/proportion.ts';
import { type TransferObject, transfers } from '../transfers/object.ts';
import type { TransferReversalObject } from './object.ts';
import { reverse } from './reversal.ts';
import { refuseTakingBack, settledCurrency, unreversed } from './rules.ts';

export interface CreateTransferReversal {
  readonly transfer: string;
  /** All that is left unless said. */
  readonly amount?: Minor;
  readonly metadata?: Metadata | null;
  readonly refund_application_fee?: boolean;
}

function load(read: Reader, params: CreateTransferReversal, ctx: Context) {
  const transfer = read.own(transfers, params.transfer);
  const payment = transfer && read.find(charges, transfer.destination_payment);
  const fee = payment?.application_fee === undefined ? undefined : read.find(applicationFees, payment.application_fee);
  // These are only asked for because money arrives there, or leaves for a fee.
  if (transfer) read.balance(transfer.account, transfer.currency);
  if (fee) read.balance(fee.account, earnedIn(fee));
  return {
    transfer,
    payment,
    fee,
    receiver: transfer && read.find(accounts, transfer.destination),
    platform: read.find(accounts, ctx.platform),
    receiverAvailable:
      transfer && payment ? read.balance(transfer.destination, settledCurrency(payment)).available : ZERO,
  };
}

type State = ReturnType<typeof load>;

/** What of the fee goes back with the reversal: in the proportion in which the transfer is reversed (M16). */
function feePart(transfer: TransferObject, amount: Minor, fee: ApplicationFeeObject): Minor {
  const far = minor(transfer.amount_reversed + amount);
  return dueBack({ total: fee.amount, undone: fee.amount_refunded }, { far, of: transfer.amount });
}

/**
 * Takes a transfer back, in part or all that is left of it, also into the receiver's negative where a reserve stands in.
 * The transfer of an account debit is taken back by the account that it was taken from.
 *
 * @rule M16, M35, R60
 */
export const createTransferReversal = command({
  name: 'transfer_reversals.create',
  load,

  decide(params: CreateTransferReversal, state: State, ctx): Decision<TransferReversalObject> | Refusal {
    const { transfer, payment, fee, receiver, platform, receiverAvailable } = state;
    if (!transfer) return refuse('no_such_in_path', { object: transfers.noun, id: params.transfer, param: 'transfer' });
    assert(payment && receiver && platform, 'a transfer has its payment, its receiver and its platform');
    const left = unreversed(transfer, payment);
    const amount = params.amount ?? left;
    if (amount > left || left === 0) {
      return refuse('reversal_above_rest', {
        amount: formatMoney(params.amount ?? transfer.amount, transfer.currency),
        left: formatMoney(left, transfer.currency),
      });
    }
    if (params.refund_application_fee && !fee) return refuse('refund_without_fee', { id: payment.id });
    const feeBack = params.refund_application_fee && fee ? feePart(transfer, amount, fee) : ZERO;
    const rates = ratesOf(platform);
    // What is still pending takes nothing from what is available.
    if (followsOn(transfer, ctx.settledThrough) === 'now') {
      const leaves = exchanged(amount, { from: transfer.currency, to: settledCurrency(payment) }, rates);
      const change = minor(feeBack - leaves);
      const refusal = refuseTakingBack(receiver, platform, { before: receiverAvailable, change });
      if (refusal) return refusal;
    }

    const { metadata } = params;
    const reversed = reverse(
      { transfer, payment, amount, rates, ...(metadata && { metadata: mergeMetadata(undefined, metadata) }) },
      ctx,
    );
    const given = feeBack > 0 && fee ? giveBack({ fee, amount: feeBack, rates }, ctx) : undefined;
    const paidBack: ChargeObject = countRefund(payment, reversed.refund);
    const put: StoredObject[] = [reversed.reversal, reversed.transfer, reversed.refund, paidBack];
    if (given) put.push(given.refund, given.fee);
    return {
      result: reversed.reversal,
      put,
      post: [...reversed.post, ...(given?.post ?? [])],
      lines: [...reversed.lines, ...(given?.lines ?? [])],
      emit: [
        event('transfer.reversed', reversed.transfer),
        event('transfer.updated', reversed.transfer),
        ...(given ? [event('application_fee.refunded', given.fee)] : []),
        event('charge.refunded', paidBack),
      ],
    };
  },
});

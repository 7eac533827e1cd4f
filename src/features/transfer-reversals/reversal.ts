import type { FxTable } from '../../data/fx-rates.ts';
import type { Context } from '../../engine/command.ts';
import { type Minor, minor } from '../../kernel/money.ts';
import { settling } from '../../ledger/chart.ts';
import { convertBack, rated } from '../../ledger/conversion.ts';
import { type Posting, post } from '../../ledger/posting.ts';
import { type Line, line } from '../../ledger/statement.ts';
import { type ChargeObject, followsOn } from '../charges/object.ts';
import type { RefundObject } from '../refunds/object.ts';
import type { TransferObject } from '../transfers/object.ts';
import { keep } from './kept.ts';
import { keptReversal, type TransferReversalObject } from './object.ts';
import { settledCurrency } from './rules.ts';

/** A transfer of which something went back: the objects of both sides, and what the decision writes. */
export interface Reversal {
  readonly transfer: TransferObject;
  readonly reversal: TransferReversalObject;
  /** On the receiver, whose payment the caller counts it in. */
  readonly refund: RefundObject;
  readonly post: readonly Posting[];
  /** The sender's row, then the receiver's. */
  readonly lines: readonly Line[];
}

/**
 * Takes money of a transfer back: from its receiver to its sender, on the transfer's day while that is still to come.
 *
 * An account debit is a transfer too, so undoing it is this as well: then the receiver is the platform (M35).
 *
 * Only for a reversal that nothing refuses; the balances of both sides are loaded.
 *
 * @param given.amount  minor units of the transfer's currency, at most what is left of it
 * @param given.payment  the receiver's end, which says in which currency the money arrived there (M45)
 * @param given.source_refund  the customer's refund that it is a part of
 * @param given.refund  labels of the refund on the receiving side
 * @rule M12, M16, M35, M45
 */
export function reverse(
  given: {
    readonly transfer: TransferObject;
    readonly payment: Pick<ChargeObject, 'currency' | 'settlementCurrency'>;
    readonly amount: Minor;
    readonly rates: FxTable;
    readonly source_refund?: string;
    readonly metadata?: Readonly<Record<string, string>>;
    readonly refund?: Pick<RefundObject, 'metadata' | 'reason'>;
  },
  ctx: Pick<Context, 'id' | 'now' | 'settledThrough'>,
): Reversal {
  const { transfer: before, payment, amount } = given;
  const { account: sender, destination: receiver, currency } = before;
  const [trr, pyr] = [ctx.id('trr'), ctx.id('pyr')];
  const [senderRow, receiverRow] = [ctx.id('txn'), ctx.id('txn')];
  const on = followsOn(before, ctx.settledThrough);
  const received = settledCurrency(payment);
  const back = convertBack(
    amount,
    { from: settling(receiver, received, on), to: settling(sender, currency, on) },
    given.rates,
  );
  const amount_reversed = minor(before.amount_reversed + amount);
  const reversal: TransferReversalObject = {
    id: trr,
    account: sender,
    created: ctx.now,
    amount,
    currency,
    balance_transaction: senderRow,
    destination_payment_refund: pyr,
    transfer: before.id,
    ...(given.source_refund !== undefined && { source_refund: given.source_refund }),
    ...(given.metadata && { metadata: given.metadata }),
  };
  return {
    transfer: {
      ...before,
      amount_reversed,
      reversed: amount_reversed === before.amount,
      reversals: keep(before.reversals, keptReversal(reversal)),
    },
    reversal,
    refund: {
      id: pyr,
      account: receiver,
      created: ctx.now,
      amount,
      currency,
      charge: before.destination_payment,
      balance_transaction: receiverRow,
      ...given.refund,
      status: 'succeeded',
      source_transfer_reversal: trr,
      transfer_reversal: trr,
    },
    post: [post('transfer_reversal', ...back.moves)],
    lines: [
      line({
        id: senderRow,
        account: sender,
        currency,
        type: 'transfer_refund',
        amount,
        on,
        // The transfer, not its reversal: so a list of a transfer's rows shows what came back.
        source: before.id,
        description: 'REFUND FOR TRANSFER',
      }),
      line({
        id: receiverRow,
        account: receiver,
        currency: received,
        type: 'payment_refund',
        amount: minor(-back.amount),
        ...rated(back),
        on,
        source: pyr,
        description: 'REFUND FOR PAYMENT',
      }),
    ],
  };
}

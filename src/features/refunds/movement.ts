/**
 * Where the money of a refund goes (M10 to M13, M35): what goes back along with it first, the refund itself last, each with
 * its objects, moves, rows and news.
 */
import type { FxTable } from '../../data/fx-rates.ts';
import type { Context, EventDraft } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import type { StoredObject } from '../../kernel/kind.ts';
import { minor } from '../../kernel/money.ts';
import { available, house, settling } from '../../ledger/chart.ts';
import { convertBack, convertTo, rated, ratesOf } from '../../ledger/conversion.ts';
import { type Posting, post } from '../../ledger/posting.ts';
import { type Line, line } from '../../ledger/statement.ts';
import { type ChargeObject, followsOn } from '../charges/object.ts';
import { closeInquiries } from '../disputes/refunded.ts';
import { giveBack } from '../fee-refunds/give-back.ts';
import { type Reversal, reverse } from '../transfer-reversals/reversal.ts';
import { settledCurrency } from '../transfer-reversals/rules.ts';
import { countRefund } from './count.ts';
import type { RefundObject } from './object.ts';
import type { Parts } from './rules.ts';
import type { Undone } from './undone.ts';

/** What a refund writes once its money moves; the charge itself, in which the caller counts the refund, is not in it. */
export interface Movement {
  readonly refund: RefundObject;
  readonly put: readonly StoredObject[];
  readonly post: readonly Posting[];
  readonly lines: readonly Line[];
  /** Told after the refund and its charge: the transfer, the fee, the seller's payment. */
  readonly emit: readonly EventDraft[];
}

const news = (type: EventDraft['type'], object: StoredObject): EventDraft => ({
  type,
  account: object.account,
  object,
});

/** A movement with the charge counted. */
export type Finished = Movement & Pick<ReturnType<typeof closeInquiries>, 'unschedule'>;

/**
 * Adds the charge to what a refund of it wrote, and what follows from there being nothing left of it: an inquiry has
 * nothing to ask for any more.
 *
 * @param charge  with the refund counted
 * @rule R171
 */
export function finish(moved: Movement, charge: ChargeObject, undone: Undone, ctx: Context): Finished {
  const closed = closeInquiries(charge.refunded && charge.refundsWaiting === undefined ? undone.disputes : [], ctx);
  return {
    ...moved,
    put: [...moved.put, charge, ...closed.put],
    emit: [news('charge.refunded', charge), ...moved.emit, ...closed.emit],
    unschedule: closed.unschedule,
  };
}

type Place = Pick<Context, 'id' | 'now' | 'settledThrough'>;

/** How a row calls a refund, or one that failed. */
const described = (what: string, { description }: ChargeObject): string =>
  description === undefined ? what : `${what} (${description})`;

/** M12, 1: the part of the transfer that goes back with the refund of a destination charge. */
function reversePart(
  { transfer, payment, platform }: Undone,
  parts: Parts,
  refund: RefundObject,
  ctx: Place,
): Reversal | undefined {
  if (parts.reversal === 0) return undefined;
  assert(transfer && payment, 'a transfer that is reversed has its payment');
  return reverse(
    { transfer, payment, amount: parts.reversal, rates: ratesOf(platform), source_refund: refund.id },
    ctx,
  );
}

/**
 * Refunds a card charge.
 *
 * @param refund  as it will be, but for its row and reversal
 * @param parts   what goes back along with it, as `partsOf` says
 * @rule M10, M11, M12, M13, M45
 */
export function moveRefund(refund: RefundObject, undone: Undone, parts: Parts, ctx: Place): Movement {
  const { charge, fee, payment, platform } = undone;
  const rates = ratesOf(platform);
  const reversed = reversePart(undone, parts, refund, ctx);
  const given = parts.fee > 0 && fee ? giveBack({ fee, amount: parts.fee, rates }, ctx) : undefined;
  const { account } = charge;
  const currency = settledCurrency(charge);
  const row = ctx.id('txn');
  const on = followsOn(charge, ctx.settledThrough);
  const paid = convertBack(
    refund.amount,
    { from: settling(account, currency, on), to: house('card_network', charge.currency) },
    rates,
  );
  const moved: RefundObject = {
    ...refund,
    balance_transaction: row,
    ...(reversed && { transfer_reversal: reversed.reversal.id }),
  };
  const put: StoredObject[] = [moved];
  const emit: EventDraft[] = [];
  if (reversed) {
    put.push(reversed.reversal, reversed.transfer, reversed.refund);
    emit.push(news('transfer.reversed', reversed.transfer));
  }
  if (given) {
    put.push(given.refund, given.fee);
    emit.push(news('application_fee.refunded', given.fee));
  }
  if (reversed) {
    assert(payment, 'a transfer has its payment');
    const paidBack = countRefund(payment, reversed.refund);
    put.push(paidBack);
    emit.push(news('charge.refunded', paidBack));
  }
  return {
    refund: moved,
    put,
    post: [...(reversed?.post ?? []), ...(given?.post ?? []), post('refund', ...paid.moves)],
    lines: [
      ...(reversed?.lines ?? []),
      ...(given?.lines ?? []),
      line({
        id: row,
        account,
        currency,
        type: 'refund',
        amount: minor(-paid.amount),
        ...rated(paid),
        on,
        source: refund.id,
        description: described('REFUND FOR CHARGE', charge),
      }),
    ],
    emit,
  };
}

/**
 * Refunds a payment from a balance: that is, takes back the transfer it came by. Of an account debit the platform's payment
 * is refunded and the seller's transfer taken back; the debit's fee is not.
 *
 * @rule M35, R68
 */
export function movePaymentRefund(
  refund: Pick<RefundObject, 'amount' | 'metadata' | 'reason'>,
  { charge, transfer, fee, platform }: Undone,
  parts: Parts,
  ctx: Place,
): Movement {
  assert(transfer, 'a payment from a balance came by a transfer');
  const { amount, metadata, reason } = refund;
  const labels = { ...(metadata && { metadata }), ...(reason !== undefined && { reason }) };
  const rates = ratesOf(platform);
  const reversed = reverse({ transfer, payment: charge, amount, rates, refund: labels }, ctx);
  const given = parts.fee > 0 && fee ? giveBack({ fee, amount: parts.fee, rates }, ctx) : undefined;
  return {
    refund: reversed.refund,
    put: [reversed.refund, reversed.reversal, reversed.transfer, ...(given ? [given.refund, given.fee] : [])],
    post: [...reversed.post, ...(given?.post ?? [])],
    lines: [...reversed.lines, ...(given?.lines ?? [])],
    emit: [
      news('transfer.reversed', reversed.transfer),
      ...(given ? [news('application_fee.refunded', given.fee)] : []),
    ],
  };
}

/**
 * Gives a refund back that the customer's bank did not take: to the account that paid it, at once. What was taken from a
 * seller along with it stays taken.
 *
 * @returns the refund, failed; its row and posting
 * @rule M14, R67
 */
export function moveFailure(
  refund: RefundObject,
  charge: ChargeObject,
  rates: FxTable,
  ctx: Place,
): Omit<Movement, 'put' | 'emit'> {
  const { account } = charge;
  const currency = settledCurrency(charge);
  const row = ctx.id('txn');
  const back = convertTo(
    refund.amount,
    { from: house('card_network', charge.currency), to: available(account, currency) },
    rates,
  );
  return {
    refund: {
      ...refund,
      status: 'failed',
      failure_balance_transaction: row,
      failure_reason: 'expired_or_canceled_card',
    },
    post: [post('refund_failure', ...back.moves)],
    lines: [
      line({
        id: row,
        account,
        currency,
        type: 'refund_failure',
        amount: back.amount,
        ...rated(back),
        on: 'now',
        source: refund.id,
        description: described('REFUND FAILURE', charge),
      }),
    ],
  };
}

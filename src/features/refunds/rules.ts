import { assert } from '../../kernel/assert.ts';
import { formatMoney, type Minor, minor, ZERO } from '../../kernel/money.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { exchanged, ratesOf } from '../../ledger/conversion.ts';
import { followsOn } from '../charges/object.ts';
import { earnedIn } from '../fee-refunds/rules.ts';
import { debitableBank } from '../standing/rules.ts';
import { isBacked, refuseTakingBack, settledCurrency } from '../transfer-reversals/rules.ts';
import { leftOf, movedBack } from './count.ts';
import { dueBack } from './proportion.ts';
import type { Undone } from './undone.ts';

/** What else a refund is to undo. */
export interface Asked {
  readonly reverse_transfer?: boolean;
  readonly refund_application_fee?: boolean;
}

/**
 * May so much of the charge be refunded, and the rest along with it?
 *
 * @param amount  as it was asked for; undefined: all that is left
 * @returns X40, X41, X42, X43, X44, in this order, or undefined
 * @rule R53, R56, R57
 */
export function refuseRefund(
  { charge, transfer, fee }: Undone,
  amount: Minor | undefined,
  asked: Asked,
): Refusal | undefined {
  const { id, currency } = charge;
  const left = leftOf(charge);
  if (left === 0) return refuse('charge_already_refunded', { id });
  if (charge.refundBlocked) return refuse('charge_disputed', { id });
  if (amount !== undefined && amount > left) {
    const money = formatMoney(amount, currency);
    return charge.amount_refunded === 0
      ? refuse('refund_above_charge', { amount: money, chargeAmount: formatMoney(charge.amount, currency) })
      : refuse('refund_above_rest', { amount: money, left: formatMoney(left, currency) });
  }
  // A payment from a balance is nothing but its transfer's end, so refunding it reverses that without being asked.
  if (asked.reverse_transfer && !transfer) return refuse('refund_without_transfer', { id });
  if (!asked.refund_application_fee) return undefined;
  if (!fee) return refuse('refund_without_fee', { id });
  if (charge.transfer !== undefined && !asked.reverse_transfer) return refuse('refund_fee_without_reversal', { id });
  return undefined;
}

/** What goes back along with a refund, in proportion; zero where nothing was asked for or nothing is left. */
export interface Parts {
  /** Of the transfer: V in the rules. */
  readonly reversal: Minor;
  /** Of the application fee: Q in the rules. */
  readonly fee: Minor;
}

/**
 * How much of the charge's transfer and fee goes back with a refund of `amount`.
 *
 * @param undone  as it is before the refund's money moves; a refund that waited is not in `movedBack` of its charge
 * @rule M12, M13, R52, R53
 */
export function partsOf({ charge, transfer, fee }: Undone, amount: Minor, asked: Asked): Parts {
  const so = { far: minor(movedBack(charge) + amount), of: charge.amount_captured };
  const reversal =
    asked.reverse_transfer && transfer && charge.transfer !== undefined
      ? dueBack({ total: transfer.amount, undone: transfer.amount_reversed }, so)
      : ZERO;
  const back =
    asked.refund_application_fee && fee ? dueBack({ total: fee.amount, undone: fee.amount_refunded }, so) : ZERO;
  return { reversal, fee: back };
}

/**
 * Whether the money of a refund moves now, later, or not at all. Each account is looked at as the reversal and the fee of
 * the same request leave it (R62).
 *
 *     the charge is pending                        now: its money comes and goes on the same day            R65
 *     a transfer is reversed                       now, if the seller has it or a reserve stands in; or X47  R51, R64
 *     the payer is not negative, and if it then is
 *       a bank or a reserve can cover it, or it is
 *       the platform                               now                                                      R63
 *     otherwise                                    later; a payment from a balance cannot wait: X12          R66, R68
 */
export function whenPaid(
  undone: Undone,
  amount: Minor,
  parts: Parts,
  { settledThrough }: { readonly settledThrough: number },
): 'now' | 'later' | Refusal {
  const { charge, owner, seller, platform } = undone;
  assert(owner && platform, 'a charge has its account and its platform');
  if (followsOn(charge, settledThrough) !== 'now') return 'now';
  if (parts.reversal > 0) {
    const { transfer, payment } = undone;
    assert(seller && transfer && payment, 'a transfer has its receiver');
    const leaves = exchanged(
      parts.reversal,
      { from: transfer.currency, to: settledCurrency(payment) },
      ratesOf(platform),
    );
    const change = minor(parts.fee - leaves);
    return refuseTakingBack(seller, platform, { before: undone.sellerAvailable, change }) ?? 'now';
  }
  const before = ownerHas(undone, parts);
  const after = before - costOf(undone, amount);
  if (before >= 0) {
    const covered =
      owner.platform !== undefined ||
      debitableBank(owner, settledCurrency(charge)) !== undefined ||
      isBacked(platform, owner);
    if (after >= 0 || covered) return 'now';
  }
  return charge.source_transfer === undefined ? 'later' : refuse('refund_balance_insufficient');
}

/**
 * Whether a refund that waits has its money now: all of it, not only some.
 *
 * @rule R66
 */
export const hasFunds = (undone: Undone, amount: Minor, parts: Parts): boolean =>
  ownerHas(undone, parts) >= costOf(undone, amount);

/** What a refund takes from its payer, in the currency that the charge was credited in (M45). */
const costOf = ({ charge, platform }: Undone, amount: Minor): Minor =>
  exchanged(amount, { from: charge.currency, to: settledCurrency(charge) }, ratesOf(platform));

/** What the payer has available once the fee of the same request has gone back: it pays that, or gets it (R62). */
function ownerHas({ charge, fee, platform, ownerAvailable }: Undone, parts: Parts): number {
  if (fee?.payer === charge.account) return ownerAvailable + parts.fee;
  // Only if the platform earned the fee in the currency that it pays the refund in.
  if (fee?.account !== charge.account || earnedIn(fee) !== settledCurrency(charge)) return ownerAvailable;
  return ownerAvailable - exchanged(parts.fee, { from: fee.currency, to: earnedIn(fee) }, ratesOf(platform));
}

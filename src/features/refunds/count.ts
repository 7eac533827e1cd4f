/** What a charge knows of its refunds. */

import { assert } from '../../kernel/assert.ts';
import { type Minor, minor } from '../../kernel/money.ts';
import type { ChargeObject } from '../charges/object.ts';
import { type RefundObject, waitsForFunds } from './object.ts';

/** What may still be refunded of it. */
export const leftOf = ({ amount, amount_refunded }: Pick<ChargeObject, 'amount' | 'amount_refunded'>): Minor =>
  minor(amount - amount_refunded);

/**
 * What has gone back of the money that was captured: without what was released of the authorisation, and without the
 * refunds that wait for funds.
 */
export const movedBack = (
  charge: Pick<ChargeObject, 'amount' | 'amount_captured' | 'amount_refunded' | 'refundsWaiting'>,
): Minor => minor(charge.amount_refunded - (charge.amount - charge.amount_captured) - (charge.refundsWaiting ?? 0));

const waiting = (charge: ChargeObject, change: number): ChargeObject => {
  const { refundsWaiting = 0, ...rest } = charge;
  const after = minor(refundsWaiting + change);
  return after === 0 ? rest : { ...rest, refundsWaiting: after };
};

/** The charge with a new refund of it. One that is pending counts like one that succeeded. */
export function countRefund(charge: ChargeObject, refund: RefundObject): ChargeObject {
  const counted = waitsForFunds(refund) ? waiting(charge, refund.amount) : charge;
  const amount_refunded = minor(charge.amount_refunded + refund.amount);
  assert(amount_refunded <= charge.amount, 'refunds stay within the charge');
  return {
    ...counted,
    amount_refunded,
    ...(amount_refunded === charge.amount && { refunded: true }),
    refunds: [refund.id, ...(charge.refunds ?? [])],
  };
}

/** The charge once the money of a refund that waited has moved. */
export const countMoved = (charge: ChargeObject, refund: RefundObject): ChargeObject => waiting(charge, -refund.amount);

/** The charge once a refund of it has failed: the amount can be refunded again. The refund stays in its list. */
export function takeOff(charge: ChargeObject, refund: RefundObject): ChargeObject {
  const counted = waitsForFunds(refund) ? waiting(charge, -refund.amount) : charge;
  const { refunded: _, ...rest } = counted;
  return { ...rest, amount_refunded: minor(charge.amount_refunded - refund.amount) };
}

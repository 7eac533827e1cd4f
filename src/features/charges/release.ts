import { limits } from '../../data/limits.ts';
import type { Context } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import { type Minor, minor } from '../../kernel/money.ts';
import { SECONDS_PER_DAY } from '../../kernel/time.ts';
import type { RefundObject } from '../refunds/object.ts';
import type { ChargeObject } from './object.ts';

/** When an authorisation that nobody captured runs out. */
export const expiresAt = (charge: Pick<ChargeObject, 'created'>): number =>
  charge.created + limits.authorizationDays * SECONDS_PER_DAY;

export const expireJob = 'charges.expire';

/** The work that ends an authorisation; scheduled with it, taken back when it is captured or canceled. */
export const expiry = (charge: Pick<ChargeObject, 'created' | 'id'>) => ({
  at: expiresAt(charge),
  order: 3,
  job: expireJob,
  subject: charge.id,
});

/**
 * Gives back what is not going to be taken of an authorisation: a refund without money and without a row (M9).
 *
 * @param charge  as it is otherwise after the operation; `refunded` when nothing of it was captured
 * @returns the charge and the refund, both to be put
 */
export function releaseAuthorisation(
  charge: ChargeObject,
  amount: Minor,
  ctx: Pick<Context, 'id' | 'now'>,
  reason?: string,
): { readonly charge: ChargeObject; readonly refund: RefundObject } {
  assert(amount > 0, 'something is released');
  const refund: RefundObject = {
    id: ctx.id('re'),
    account: charge.account,
    created: ctx.now,
    amount,
    currency: charge.currency,
    charge: charge.id,
    status: 'succeeded',
    ...(charge.payment_intent !== undefined && { payment_intent: charge.payment_intent }),
    ...(charge.payment_method !== undefined && { payment_method: charge.payment_method }),
    ...(reason !== undefined && { reason }),
  };
  return {
    refund,
    charge: {
      ...charge,
      amount_refunded: minor(charge.amount_refunded + amount),
      ...(!charge.captured && { refunded: true }),
      refunds: [refund.id, ...(charge.refunds ?? [])],
    },
  };
}

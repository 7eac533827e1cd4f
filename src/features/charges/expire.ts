import { command, type EventDraft, event, type Reader } from '../../engine/command.ts';
import type { StoredObject } from '../../kernel/kind.ts';
import { ZERO } from '../../kernel/money.ts';
import { type PaymentIntentObject, paymentIntents } from '../payment-intents/object.ts';
import { type ChargeObject, charges } from './object.ts';
import { releaseAuthorisation } from './release.ts';

function load(read: Reader, { subject }: { readonly subject: string }) {
  const charge = read.find(charges, subject);
  const intent = charge?.payment_intent && read.find(paymentIntents, charge.payment_intent);
  return { charge, intent };
}

/**
 * The end of an authorisation that nobody captured for seven days: the money is released, and its intent is canceled.
 *
 * @rule M9
 */
export const expireCharge = command({
  name: 'charges.expire',
  load,

  decide(_, { charge, intent }: ReturnType<typeof load>, ctx) {
    if (!charge || charge.captured || charge.refunded) return { result: null };
    const released = releaseAuthorisation(charge, charge.amount, ctx, 'expired_uncaptured_charge');
    const expired: ChargeObject = { ...released.charge, expired: true };
    const put: StoredObject[] = [expired, released.refund];
    const emit: EventDraft[] = [event('charge.expired', expired)];
    if (intent) {
      const canceled: PaymentIntentObject = {
        ...intent,
        status: 'canceled',
        amount_capturable: ZERO,
        canceled_at: ctx.now,
        cancellation_reason: 'automatic',
      };
      put.push(canceled);
      emit.push(event('payment_intent.canceled', canceled));
    }
    return { result: null, put, emit };
  },
});

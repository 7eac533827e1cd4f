import { command, type EventDraft, event, type Reader } from '../../engine/command.ts';
import type { StoredObject } from '../../kernel/kind.ts';
import { ZERO } from '../../kernel/money.ts';
import { refuse } from '../../kernel/refusal.ts';
import { charges } from '../charges/object.ts';
import { expiry, releaseAuthorisation } from '../charges/release.ts';
import { type PaymentIntentObject, paymentIntents } from './object.ts';
import { refuseCancel } from './states.ts';

export interface CancelPaymentIntent {
  readonly intent: string;
  readonly cancellation_reason?: 'abandoned' | 'duplicate' | 'fraudulent' | 'requested_by_customer';
}

function load(read: Reader, params: CancelPaymentIntent) {
  const intent = read.own(paymentIntents, params.intent);
  return {
    intent,
    charge:
      intent?.status === 'requires_capture' && intent.latest_charge
        ? read.own(charges, intent.latest_charge)
        : undefined,
  };
}

/**
 * Ends an intent that was not paid; money that was only set aside is released, without a row.
 *
 * @rule M9
 */
export const cancelPaymentIntent = command({
  name: 'payment_intents.cancel',
  load,

  decide(params: CancelPaymentIntent, { intent, charge }: ReturnType<typeof load>, ctx) {
    const { intent: id, cancellation_reason } = params;
    if (!intent) return refuse('no_such_in_path', { object: paymentIntents.noun, id, param: 'intent' });
    const refusal = refuseCancel(intent);
    if (refusal) return refusal;
    const { next_action: _, ...rest } = intent;
    const canceled: PaymentIntentObject = {
      ...rest,
      status: 'canceled',
      amount_capturable: ZERO,
      canceled_at: ctx.now,
      ...(cancellation_reason !== undefined && { cancellation_reason }),
    };
    const put: StoredObject[] = [canceled];
    const emit: EventDraft[] = [];
    if (charge) {
      const released = releaseAuthorisation(charge, charge.amount, ctx);
      put.push(released.charge, released.refund);
      emit.push(event('charge.refunded', released.charge));
    }
    emit.push(event('payment_intent.canceled', canceled));
    return { result: canceled, put, emit, unschedule: charge ? [expiry(charge)] : [] };
  },
});

import { type Metadata, mergeMetadata } from '../../api/params.ts';
import { type Context, command, event, type Reader } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import { type Minor, ZERO } from '../../kernel/money.ts';
import { isRefusal, refuse } from '../../kernel/refusal.ts';
import { charges } from '../charges/object.ts';
import { type CaptureChange, takeAuthorised } from '../charges/take.ts';
import { loadParties } from '../charges/terms.ts';
import { type PaymentIntentObject, paymentIntents } from './object.ts';
import { refuseCapture } from './states.ts';

export interface CapturePaymentIntent extends Omit<CaptureChange, 'amount'> {
  readonly intent: string;
  readonly amount_to_capture?: Minor;
  readonly metadata?: Metadata | null;
}

function load(read: Reader, params: CapturePaymentIntent, ctx: Context) {
  const intent = read.own(paymentIntents, params.intent);
  return {
    intent,
    charge: intent?.latest_charge && read.own(charges, intent.latest_charge),
    parties: intent && loadParties(read, intent, ctx),
  };
}

/**
 * Takes the money of an intent that was authorised; what is not taken is released.
 *
 * @rule M9
 */
export const capturePaymentIntent = command({
  name: 'payment_intents.capture',
  load,

  decide(params: CapturePaymentIntent, { intent, charge, parties }: ReturnType<typeof load>, ctx) {
    if (!intent || !parties) {
      return refuse('no_such_in_path', { object: paymentIntents.noun, id: params.intent, param: 'intent' });
    }
    const refusal = refuseCapture(intent);
    if (refusal) return refusal;
    assert(charge, 'what can be captured has a charge');
    const { intent: _, amount_to_capture, metadata, ...rest } = params;
    const change: CaptureChange = { ...rest, ...(amount_to_capture !== undefined && { amount: amount_to_capture }) };
    const taken = takeAuthorised(charge, change, 'amount_to_capture', parties, ctx);
    if (isRefusal(taken)) return taken;
    const { charge: captured, ...effects } = taken;
    const done: PaymentIntentObject = {
      ...intent,
      status: 'succeeded',
      amount_capturable: ZERO,
      amount_received: captured.amount_captured,
      ...(metadata !== undefined && { metadata: mergeMetadata(intent.metadata, metadata) }),
      ...(captured.application_fee_amount !== undefined && {
        application_fee_amount: captured.application_fee_amount,
      }),
      ...(captured.transfer_data && { transfer_data: captured.transfer_data }),
    };
    return {
      ...effects,
      result: done,
      put: [done, ...effects.put],
      emit: [...effects.emit, event('payment_intent.succeeded', done)],
    };
  },
});

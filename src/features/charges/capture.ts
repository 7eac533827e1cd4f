import { type Context, command, type Reader } from '../../engine/command.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import { type ChargeObject, charges } from './object.ts';
import { type CaptureChange, takeAuthorised } from './take.ts';
import { loadParties } from './terms.ts';

export interface CaptureCharge extends CaptureChange {
  readonly charge: string;
}

function load(read: Reader, params: CaptureCharge, ctx: Context) {
  const charge = read.own(charges, params.charge);
  return { charge, parties: charge && loadParties(read, charge, ctx) };
}

/** Whether an authorisation is there to be captured by this route. */
function refuseCapture(charge: ChargeObject): Refusal | null {
  const { id, status, captured, refunded, expired, payment_intent: intent } = charge;
  if (status !== 'succeeded') return refuse('charge_not_capturable', { id, status });
  if (captured) return refuse('charge_already_captured', { id });
  if (expired) return refuse('charge_expired_for_capture', { id });
  if (refunded) return refuse('charge_already_refunded', { id });
  return intent === undefined ? null : refuse('charge_of_intent', { intent });
}

/**
 * Takes the money of an authorisation that was made as a charge; what is not taken is released.
 *
 * @rule M9
 */
export const captureCharge = command({
  name: 'charges.capture',
  load,

  decide({ charge: id, ...change }: CaptureCharge, { charge, parties }: ReturnType<typeof load>, ctx) {
    if (!charge || !parties) return refuse('no_such_in_path', { object: charges.noun, id, param: 'id' });
    const refusal = refuseCapture(charge);
    if (refusal) return refusal;
    const taken = takeAuthorised(charge, change, 'amount', parties, ctx);
    if (isRefusal(taken)) return taken;
    const { charge: result, ...effects } = taken;
    return { result, ...effects };
  },
});

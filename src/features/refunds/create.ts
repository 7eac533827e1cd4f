import { type Metadata, mergeMetadata } from '../../api/params.ts';
import { type Context, command, type Decision, event, type Reader } from '../../engine/command.ts';
import type { Minor } from '../../kernel/money.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import { type ChargeObject, charges } from '../charges/object.ts';
import { expiry, releaseAuthorisation } from '../charges/release.ts';
import { type PaymentIntentObject, paymentIntents } from '../payment-intents/object.ts';
import { countRefund, leftOf } from './count.ts';
import { bankAnswer, nextTry } from './later.ts';
import { finish, type Movement, movePaymentRefund, moveRefund } from './movement.ts';
import type { RefundObject } from './object.ts';
import { type Asked, partsOf, refuseRefund, whenPaid } from './rules.ts';
import { loadUndone, type Undone } from './undone.ts';

export interface CreateRefund extends Asked {
  /** All that is left unless said. */
  readonly amount?: Minor;
  readonly charge?: string;
  readonly metadata?: Metadata | null;
  readonly payment_intent?: string;
  readonly reason?: 'duplicate' | 'fraudulent' | 'requested_by_customer';
}

function load(read: Reader, params: CreateRefund, ctx: Context) {
  const intent = params.payment_intent === undefined ? undefined : read.own(paymentIntents, params.payment_intent);
  const id = params.charge ?? intent?.latest_charge;
  const charge = id === undefined ? undefined : read.own(charges, id);
  return { intent, undone: charge && loadUndone(read, charge, ctx) };
}

type State = ReturnType<typeof load>;

/** A refund that was made, the charge as it is now, and what else the decision writes. */
interface Refunded {
  readonly refund: RefundObject;
  readonly charge: ChargeObject;
  readonly effects: Omit<Decision, 'result'>;
}

/** Which charge is meant, or why none is. A charge that is not there is a 404, although it stands in the body. */
function findCharge(params: CreateRefund, { intent, undone }: State): Undone | Refusal {
  const { charge: id, payment_intent } = params;
  if (id === undefined && payment_intent === undefined) return refuse('refund_of_nothing');
  if (id !== undefined && !undone) return refuse('no_such_charge_to_refund', { id });
  if (payment_intent !== undefined) {
    if (!intent) return refuse('no_such', { object: paymentIntents.noun, id: payment_intent, param: 'payment_intent' });
    const refusal = refuseIntent(intent, undone?.charge);
    if (refusal) return refusal;
  }
  return undone ?? refuse('refund_intent_without_charge', { id: payment_intent ?? '' });
}

function refuseIntent(intent: PaymentIntentObject, charge: ChargeObject | undefined): Refusal | undefined {
  const { id } = intent;
  if (charge && charge.payment_intent !== id) return refuse('refund_of_other_intent', { id: charge.id, intent: id });
  return intent.status === 'succeeded' ? undefined : refuse('refund_intent_without_charge', { id });
}

/** What is asked to be written on the refund. */
const labelsOf = ({ metadata, reason }: CreateRefund) => ({
  ...(metadata && { metadata: mergeMetadata(undefined, metadata) }),
  ...(reason !== undefined && { reason }),
});

/** The charge once a refund of it says that it was no customer's. */
const reported = (charge: ChargeObject, { reason }: CreateRefund): ChargeObject =>
  reason === 'fraudulent' ? { ...charge, fraud_report: reason } : charge;

/** An authorisation of a charge that no intent made: refunding all of it lets it go (M9). */
function release(params: CreateRefund, charge: ChargeObject, ctx: Context): Refunded | Refusal {
  const { id, payment_intent: intent } = charge;
  if (charge.refunded) return refuse('charge_already_refunded', { id });
  if (intent !== undefined) return refuse('refund_of_authorisation', { id, intent });
  if (params.amount !== undefined && params.amount !== charge.amount) return refuse('refund_part_of_authorisation');
  const released = releaseAuthorisation(reported(charge, params), charge.amount, ctx);
  const refund: RefundObject = { ...released.refund, ...labelsOf(params) };
  return {
    refund,
    charge: released.charge,
    effects: {
      put: [refund, released.charge],
      emit: [event('refund.created', refund), event('charge.refunded', released.charge)],
      unschedule: [expiry(charge)],
    },
  };
}

/** A refund of which nothing has moved yet, tried again at each start of day (M15, R66). */
function wait(draft: RefundObject, params: CreateRefund, { charge }: Undone, ctx: Context): Refunded {
  const refund: RefundObject = {
    ...draft,
    status: 'pending',
    pending_reason: 'insufficient_funds',
    ...(params.refund_application_fee && { refundsFee: true }),
  };
  const counted = countRefund(reported(charge, params), refund);
  return {
    refund,
    charge: counted,
    effects: {
      put: [refund, counted],
      emit: [event('refund.created', refund)],
      schedule: [nextTry(refund, ctx.now)],
    },
  };
}

/** All that a refund of a captured charge or a payment comes to. */
function refundOf(params: CreateRefund, undone: Undone, ctx: Context): Refunded | Refusal {
  const { charge } = undone;
  const refusal = refuseRefund(undone, params.amount, params);
  if (refusal) return refusal;
  const amount = params.amount ?? leftOf(charge);
  const parts = partsOf(undone, amount, params);
  const when = whenPaid(undone, amount, parts, ctx);
  if (isRefusal(when)) return when;

  const done = (moved: Movement): Refunded => {
    const counted = countRefund(reported(charge, params), moved.refund);
    const { refund, put, post, lines, emit, unschedule } = finish(moved, counted, undone, ctx);
    const news = [event('refund.created', refund), ...emit];
    return { refund, charge: counted, effects: { put, post, lines, emit: news, unschedule } };
  };
  if (charge.source_transfer !== undefined) {
    return done(movePaymentRefund({ amount, ...labelsOf(params) }, undone, parts, ctx));
  }
  const draft: RefundObject = {
    id: ctx.id('re'),
    account: charge.account,
    created: ctx.now,
    amount,
    currency: charge.currency,
    charge: charge.id,
    status: 'succeeded',
    ...(charge.payment_intent !== undefined && { payment_intent: charge.payment_intent }),
    ...(charge.payment_method !== undefined && { payment_method: charge.payment_method }),
    ...labelsOf(params),
  };
  if (when === 'later') return wait(draft, params, undone, ctx);
  const { answer, schedule } = bankAnswer(draft, charge, ctx.now);
  const refunded = done(moveRefund({ ...draft, ...answer }, undone, parts, ctx));
  return { ...refunded, effects: { ...refunded.effects, schedule } };
}

function decideRefund(params: CreateRefund, state: State, ctx: Context): Refunded | Refusal {
  const undone = findCharge(params, state);
  if (isRefusal(undone)) return undone;
  const { charge } = undone;
  if (charge.status === 'failed') return refuse('refund_of_failed_charge', { id: charge.id });
  return charge.captured ? refundOf(params, undone, ctx) : release(params, charge, ctx);
}

/**
 * Refunds a charge in part or all that is left of it, or undoes a payment from a balance.
 *
 * @rule M10, M11, M12, M13, M15, M35; R50 to R57, R62 to R68
 */
export const createRefund = command({
  name: 'refunds.create',
  load,
  decide(params: CreateRefund, state: State, ctx): Decision<RefundObject> | Refusal {
    const refunded = decideRefund(params, state, ctx);
    return isRefusal(refunded) ? refunded : { result: refunded.refund, ...refunded.effects };
  },
});

/** The same by its oldest address, which answers the charge. */
export const refundCharge = command({
  name: 'refunds.create',
  load,
  decide(params: CreateRefund, state: State, ctx): Decision<ChargeObject> | Refusal {
    const refunded = decideRefund(params, state, ctx);
    return isRefusal(refunded) ? refunded : { result: refunded.charge, ...refunded.effects };
  },
});

import type { Decline } from '../../data/test-cards.ts';
import type { Context, Decision, EventDraft } from '../../engine/command.ts';
import type { StoredObject } from '../../kernel/kind.ts';
import { ZERO } from '../../kernel/money.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { attemptCharge, type ChargeDraft } from '../charges/attempt.ts';
import type { Confirmation } from '../charges/card-network.ts';
import type { Parties } from '../charges/terms.ts';
import type { CustomerObject } from '../customers/object.ts';
import { keptBy } from '../payment-methods/attachment.ts';
import type { ResolvedMethod } from '../payment-methods/find.ts';
import type { PaymentMethodObject } from '../payment-methods/object.ts';
import type { PaymentIntentObject } from './object.ts';

/** What a confirmation may say besides the method. */
export interface ConfirmOptions {
  readonly error_on_requires_action?: boolean;
  /** The customer is not there: true, or how often this will happen. */
  readonly off_session?: boolean | 'one_off' | 'recurring';
  readonly return_url?: string;
}

/** The parts of a Decision that a confirmation makes; the intent stands first in `put`. */
export type Confirmed = Pick<Decision, 'declined'> &
  Required<Pick<Decision, 'put' | 'post' | 'lines' | 'emit' | 'schedule'>> & { readonly intent: PaymentIntentObject };

/** The intent without what an earlier attempt left on it. */
function afresh(intent: PaymentIntentObject): PaymentIntentObject {
  const { last_payment_error, next_action, ...rest } = intent;
  return last_payment_error === undefined && next_action === undefined ? intent : rest;
}

const draftOf = (intent: PaymentIntentObject, method: PaymentMethodObject): ChargeDraft => ({
  amount: intent.amount,
  currency: intent.currency,
  payment_intent: intent.id,
  payment_method: method.id,
  card: method.card,
  ...(method.billing_details && { billing_details: method.billing_details }),
  ...(intent.application_fee_amount !== undefined && { application_fee_amount: intent.application_fee_amount }),
  ...(intent.customer !== undefined && { customer: intent.customer }),
  ...(intent.description !== undefined && { description: intent.description }),
  ...(intent.metadata && { metadata: intent.metadata }),
  ...(intent.on_behalf_of !== undefined && { on_behalf_of: intent.on_behalf_of }),
  ...(intent.receipt_email !== undefined && { receipt_email: intent.receipt_email }),
  ...(intent.shipping && { shipping: intent.shipping }),
  ...(intent.statement_descriptor !== undefined && { statement_descriptor: intent.statement_descriptor }),
  ...(intent.statement_descriptor_suffix !== undefined && {
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
  }),
  ...(intent.transfer_data && { transfer_data: intent.transfer_data }),
  ...(intent.transfer_group !== undefined && { transfer_group: intent.transfer_group }),
});

/** Whom a payment concerns, and what the customer has said to the card's bank. */
export interface Paying {
  readonly parties: Parties;
  /** The intent's, unless it was deleted. */
  readonly customer: CustomerObject | undefined;
  readonly said?: Confirmation;
}

/**
 * What becomes of the method once it has paid. An intent for future use leaves it to its customer; any other that no
 * customer keeps has done its duty (its next use is refused).
 */
function afterPayment(
  { setup_future_usage }: PaymentIntentObject,
  method: PaymentMethodObject,
  { customer, said }: Paying,
): { readonly method: PaymentMethodObject; readonly keeper?: CustomerObject } {
  if (method.customer !== undefined) return { method };
  if (setup_future_usage === undefined) return { method: { ...method, spent: true } };
  const usable: PaymentMethodObject = said?.isAuthenticated ? { ...method, isSetUp: true } : method;
  if (!customer) return { method: usable };
  const kept = keptBy(usable, customer);
  return { method: kept.method, keeper: kept.customer };
}

/** The refusal of a declined card, with everything the client may read in it. */
function declinedBy(
  { refusal }: Decline,
  charge: string,
  intent: PaymentIntentObject,
  method: PaymentMethodObject,
): { readonly refusal: Refusal; readonly intent: PaymentIntentObject } {
  const { error } = refuse(refusal, { extra: { charge, payment_method: method } });
  const failed: PaymentIntentObject = { ...intent, last_payment_error: error };
  return {
    intent: failed,
    refusal: refuse(refusal, { extra: { charge, payment_intent: failed, payment_method: method } }),
  };
}

const news = (type: EventDraft['type'], object: StoredObject): EventDraft => ({
  type,
  account: object.account,
  object,
});

/**
 * One try to be paid: the charge and what it moves, and where that leaves the intent.
 *
 * @param intent  open, its terms agreed on by `refuseTerms`
 * @param method  agreed on by `refuseMethod`
 * @rule M1 to M6, M9, X36
 */
export function confirmIntent(
  intent: PaymentIntentObject,
  { method, isNew, put: changedWithMethod }: ResolvedMethod,
  options: ConfirmOptions,
  paying: Paying,
  ctx: Pick<Context, 'id' | 'now' | 'settledThrough' | 'platform' | 'application' | 'account' | 'onBehalf'>,
): Confirmed {
  const { parties } = paying;
  const capture = intent.capture_method !== 'manual';
  const canAuthenticate =
    options.error_on_requires_action !== true && (options.off_session === undefined || options.off_session === false);
  const said = paying.said ?? method;
  const attempt = attemptCharge(draftOf(intent, method), { capture, canAuthenticate, parties, said }, ctx);
  const open = afresh(intent);
  const withMethod: readonly StoredObject[] = isNew ? [method, ...changedWithMethod] : changedWithMethod;

  if (attempt.kind === 'needsAuthentication') {
    const waiting: PaymentIntentObject = {
      ...open,
      status: 'requires_action',
      payment_method: method.id,
      next_action: options.return_url === undefined ? {} : { return_url: options.return_url },
    };
    return {
      intent: waiting,
      put: [waiting, ...withMethod],
      post: [],
      lines: [],
      emit: [news('payment_intent.requires_action', waiting)],
      schedule: [],
    };
  }

  const { charge } = attempt;
  const latest_charge = charge.id as NonNullable<PaymentIntentObject['latest_charge']>;
  if (attempt.kind === 'declined') {
    const { payment_method: _, ...withoutMethod } = open;
    const { intent: failed, refusal } = declinedBy(
      attempt.decline,
      charge.id,
      { ...withoutMethod, status: 'requires_payment_method', latest_charge },
      method,
    );
    return {
      intent: failed,
      declined: refusal,
      put: [failed, ...attempt.put, ...withMethod],
      post: [],
      lines: [],
      emit: [...attempt.emit, news('payment_intent.payment_failed', failed)],
      schedule: [],
    };
  }

  const paid = attempt.kind === 'captured';
  const done: PaymentIntentObject = {
    ...open,
    status: paid ? 'succeeded' : 'requires_capture',
    amount_received: paid ? intent.amount : ZERO,
    amount_capturable: paid ? ZERO : intent.amount,
    payment_method: method.id,
    latest_charge,
  };
  const after = afterPayment(intent, method, paying);
  const kept: readonly StoredObject[] = after.keeper ? [after.keeper] : [];
  return {
    intent: done,
    put: [
      done,
      ...attempt.put,
      ...(isNew || after.method !== method ? [after.method] : []),
      ...kept,
      ...changedWithMethod,
    ],
    post: attempt.post,
    lines: attempt.lines,
    emit: [
      ...attempt.emit,
      ...(after.keeper ? [news('payment_method.attached', after.method)] : []),
      news(paid ? 'payment_intent.succeeded' : 'payment_intent.amount_capturable_updated', done),
    ],
    schedule: attempt.schedule,
  };
}

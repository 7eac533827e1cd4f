import type { Decline } from '../../data/test-cards.ts';
import type { Context, Decision, EventDraft } from '../../engine/command.ts';
import { ZERO } from '../../kernel/money.ts';
import { withFurther } from '../accounts/further.ts';
import { accountUpdated } from '../accounts/news.ts';
import type { AccountObject } from '../accounts/object.ts';
import type { CardDetails } from '../payment-methods/object.ts';
import { authorise, type Confirmation, type Trigger } from './card-network.ts';
import { moveCharge } from './movement.ts';
import type { ChargeObject, ChargeOutcome } from './object.ts';
import { expiry } from './release.ts';
import type { Parties } from './terms.ts';

/** What is known of a charge before the card's bank is asked. */
export type ChargeDraft = Pick<ChargeObject, 'amount' | 'currency' | 'payment_method'> & {
  readonly card: CardDetails;
} & Partial<
    Pick<
      ChargeObject,
      | 'application_fee_amount'
      | 'billing_details'
      | 'customer'
      | 'description'
      | 'from_source'
      | 'metadata'
      | 'on_behalf_of'
      | 'payment_intent'
      | 'receipt_email'
      | 'shipping'
      | 'statement_descriptor'
      | 'statement_descriptor_suffix'
      | 'transfer_data'
      | 'transfer_group'
    >
  >;

/** What an attempt to charge a card comes to; the parts of a Decision that belong to the charge. */
export type Attempt =
  | ({ readonly kind: 'captured' | 'authorised'; readonly charge: ChargeObject } & Parts)
  | ({ readonly kind: 'declined'; readonly charge: ChargeObject; readonly decline: Decline } & Parts)
  /** Nothing has happened: the customer has to confirm first. */
  | { readonly kind: 'needsAuthentication' };

type Parts = Required<Pick<Decision, 'put' | 'post' | 'lines' | 'emit' | 'schedule'>>;

type Place = Pick<Context, 'id' | 'now' | 'settledThrough' | 'platform' | 'application' | 'account' | 'onBehalf'>;

/** What a decline says on the charge. */
function declinedOutcome({ code, decline_code }: Decline): ChargeOutcome {
  const reason = decline_code ?? code;
  return {
    network_status: 'declined_by_network',
    reason,
    risk_level: 'normal',
    risk_score: 20,
    seller_message:
      reason === 'generic_decline'
        ? 'The bank did not return any further details with this decline.'
        : `The bank returned the decline code \`${reason}\`.`,
    type: 'issuer_declined',
  };
}

const news = (type: EventDraft['type'], charge: ChargeObject): EventDraft => ({
  type,
  account: charge.account,
  object: charge,
});

/** A decline leaves its failed charge behind, and no row (M9, X36). */
function declined(charge: ChargeObject, decline: Decline): Attempt {
  const failed: ChargeObject = {
    ...charge,
    status: 'failed',
    paid: false,
    failure_code: decline.code,
    failure_message: decline.message,
    outcome: declinedOutcome(decline),
  };
  return {
    kind: 'declined',
    charge: failed,
    decline,
    put: [failed],
    post: [],
    lines: [],
    emit: [news('charge.failed', failed)],
    schedule: [],
  };
}

/**
 * Asks the card's bank, and moves the money if it agrees.
 *
 * @param draft  its terms have been agreed on by `refuseTerms`
 * @param how.capture  false: the money is only set aside, for seven days
 * @param how.canAuthenticate  whether the customer is there to confirm; if not, a bank that asks for it has declined
 * @param how.said  what the customer has confirmed already
 * @rule M1 to M6, M9
 */
export function attemptCharge(
  draft: ChargeDraft,
  how: {
    readonly capture: boolean;
    readonly canAuthenticate: boolean;
    readonly parties: Parties;
    readonly said?: Confirmation;
  },
  ctx: Place,
): Attempt {
  const answer = authorise(draft.card, ctx.now, how.said);
  if (answer.kind === 'needsAuthentication' && how.canAuthenticate) return { kind: 'needsAuthentication' };
  const charge: ChargeObject = {
    id: ctx.id('ch'),
    account: ctx.account,
    created: ctx.now,
    amount_captured: ZERO,
    amount_refunded: ZERO,
    status: 'succeeded',
    captured: false,
    paid: true,
    ...draft,
    ...(ctx.onBehalf && { application: ctx.application }),
    ...(answer.kind === 'approved' && answer.later !== undefined && { behaviour: answer.later }),
  };
  if (answer.kind !== 'approved') return declined(charge, answer.decline);
  const approved = take(charge, answer, how, ctx);
  return answer.trigger === undefined ? approved : withTrigger(approved, answer.trigger, how.parties, ctx);
}

type Approved = Extract<Attempt, { readonly kind: 'captured' | 'authorised' }>;

/** Sets the money aside, or takes it. */
function take(
  charge: ChargeObject,
  { availableAtOnce }: { readonly availableAtOnce: boolean },
  how: { readonly capture: boolean; readonly parties: Parties },
  ctx: Place,
): Approved {
  if (!how.capture) {
    return {
      kind: 'authorised',
      charge,
      put: [charge],
      post: [],
      lines: [],
      emit: [news('charge.succeeded', charge)],
      schedule: [expiry(charge)],
    };
  }
  const moved = moveCharge(charge, { amount: charge.amount, availableAtOnce }, how.parties, ctx);
  return {
    kind: 'captured',
    charge: moved.charge,
    put: moved.put,
    post: moved.post,
    lines: moved.lines,
    emit: [news('charge.succeeded', moved.charge), ...moved.emit],
    schedule: moved.schedule,
  };
}

/** A test card that changes the connected account it is charged on, or on behalf of. */
function withTrigger(approved: Approved, what: Trigger, parties: Parties, ctx: Place): Approved {
  const merchant: AccountObject | undefined = ctx.onBehalf ? parties.owner : parties.onBehalfOf;
  if (!merchant || merchant.id === ctx.platform) return approved;
  const changed = withFurther(merchant, what);
  return {
    ...approved,
    put: [...approved.put, changed],
    emit: [...approved.emit, accountUpdated(changed)],
  };
}

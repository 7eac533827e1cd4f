import type { DisputeReason } from '../../data/dispute-reasons.ts';
import { type CardBehaviour, cardByNumber, type Decline, expired } from '../../data/test-cards.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { type UnixSeconds, yearAndMonth } from '../../kernel/time.ts';
import type { CardDetails } from '../payment-methods/object.ts';

/** What a card's bank will do later, remembered on the charge. */
export type Later = 'pendingRefund' | 'refundFail';

/** What a card does to the connected account that it is charged on or on behalf of. */
export type Trigger = Extract<CardBehaviour, { readonly kind: 'trigger' }>['what'];

export type NetworkAnswer =
  /** `availableAtOnce`: the money skips pending. */
  | {
      readonly kind: 'approved';
      readonly availableAtOnce: boolean;
      readonly later?: Later;
      readonly trigger?: Trigger;
    }
  | { readonly kind: 'declined'; readonly decline: Decline }
  /** The customer has to confirm; `decline` is the answer when nobody can ask. */
  | { readonly kind: 'needsAuthentication'; readonly decline: Decline };

const APPROVE: CardBehaviour = { kind: 'approve' };
const APPROVED: NetworkAnswer = { kind: 'approved', availableAtOnce: false };
const APPROVED_AT_ONCE: NetworkAnswer = { kind: 'approved', availableAtOnce: true };

type Known = Partial<Pick<CardDetails, 'testCard'>>;

const behaviourOf = ({ testCard }: Known): CardBehaviour =>
  (testCard === undefined ? undefined : cardByNumber(testCard)?.behaviour) ?? APPROVE;

/** What the customer has said to the bank. */
export interface Confirmation {
  /** For this very payment. */
  readonly isAuthenticated?: boolean;
  /** That the card is kept to be charged later. */
  readonly isSetUp?: boolean;
}

const NOTHING_SAID: Confirmation = {};

/** A card is good until its last month is over, UTC. */
function hasExpired({ exp_month, exp_year }: CardDetails, now: UnixSeconds): boolean {
  const [year, month] = yearAndMonth(now);
  return exp_year < year || (exp_year === year && exp_month < month);
}

/**
 * Asks the card's bank for money. The bank is simulated here and nowhere else: what it answers follows from the card, the
 * day, and what the customer confirmed.
 */
export function authorise(card: CardDetails, now: UnixSeconds, said: Confirmation = NOTHING_SAID): NetworkAnswer {
  if (hasExpired(card, now)) return { kind: 'declined', decline: expired };
  const behaviour = behaviourOf(card);
  switch (behaviour.kind) {
    case 'bypassPending':
      return APPROVED_AT_ONCE;
    case 'decline':
    case 'customerFail':
      return { kind: 'declined', decline: behaviour };
    case 'authenticationRequired':
      return said.isAuthenticated || (said.isSetUp && behaviour.unlessSetUp)
        ? APPROVED
        : { kind: 'needsAuthentication', decline: behaviour.decline };
    case 'trigger':
      return { kind: 'approved', availableAtOnce: false, trigger: behaviour.what };
    case 'pendingRefund':
    case 'refundFail':
      return { kind: 'approved', availableAtOnce: false, later: behaviour.kind };
    default:
      return APPROVED;
  }
}

/** What a card's bank does right after a charge: so many disputes, or an inquiry. */
export interface ToCome {
  readonly reason: DisputeReason;
  readonly count: number;
  readonly inquiry: boolean;
}

export function disputesOf(card: Known): ToCome | null {
  const behaviour = behaviourOf(card);
  if (behaviour.kind === 'dispute') return { reason: behaviour.reason, count: behaviour.count, inquiry: false };
  return behaviour.kind === 'inquiry' ? { reason: behaviour.reason, count: 1, inquiry: true } : null;
}

/** Whether what is captured from an authorisation of this card skips pending. */
export const isAvailableAtOnce = (card: Known): boolean => behaviourOf(card).kind === 'bypassPending';

/** Asks the card's bank whether a customer may keep it; a bank that would decline every payment declines this, too. */
export function declineToKeep(card: CardDetails, now: UnixSeconds): Decline | null {
  if (hasExpired(card, now)) return expired;
  const behaviour = behaviourOf(card);
  return behaviour.kind === 'decline' ? behaviour : null;
}

export function refuseToKeep(card: CardDetails, now: UnixSeconds): Refusal | null {
  const decline = declineToKeep(card, now);
  return decline && refuse(decline.refusal);
}

/** Whether the customer has to confirm before the card may be charged without asking; how it is answered without the customer. */
export function confirmationToKeep(card: Known): Decline | null {
  const behaviour = behaviourOf(card);
  return behaviour.kind === 'authenticationRequired' ? behaviour.decline : null;
}

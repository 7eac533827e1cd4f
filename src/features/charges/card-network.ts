import type { DisputeReason } from '../../data/dispute-reasons.ts';
import { type CardBehaviour, cardByNumber, type Decline } from '../../data/test-cards.ts';
import type { Minor } from '../../kernel/money.ts';
import type { CardDetails } from '../payment-methods/object.ts';

/** What a card's bank will do later, remembered on the charge. */
export type Later = 'pendingRefund' | 'refundFail';

export type NetworkAnswer =
  /** `availableAtOnce`: the money skips pending. */
  | { readonly kind: 'approved'; readonly availableAtOnce: boolean; readonly later?: Later }
  | { readonly kind: 'declined'; readonly decline: Decline }
  /** The customer has to confirm; `decline` is the answer when nobody can ask. */
  | { readonly kind: 'needsAuthentication'; readonly decline: Decline };

const APPROVE: CardBehaviour = { kind: 'approve' };
const APPROVED: NetworkAnswer = { kind: 'approved', availableAtOnce: false };
const APPROVED_AT_ONCE: NetworkAnswer = { kind: 'approved', availableAtOnce: true };

type Known = Partial<Pick<CardDetails, 'testCard'>>;

const behaviourOf = ({ testCard }: Known): CardBehaviour =>
  (testCard === undefined ? undefined : cardByNumber(testCard)?.behaviour) ?? APPROVE;

/** Asks the card's bank for money. The bank is simulated here and nowhere else: what it answers follows from the card alone. */
export function authorise(card: CardDetails, _amount: Minor): NetworkAnswer {
  const behaviour = behaviourOf(card);
  switch (behaviour.kind) {
    case 'bypassPending':
      return APPROVED_AT_ONCE;
    case 'decline':
    case 'customerFail':
      return { kind: 'declined', decline: behaviour };
    case 'authenticationRequired':
      return { kind: 'needsAuthentication', decline: behaviour.decline };
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

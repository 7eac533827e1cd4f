import { type RefusalRow, refusals } from './refusals.ts';

/**
 * Card numbers that may be charged in test mode, and what then happens.
 *
 * number     as typed; any future expiry, any CVC
 * names      the card is also `pm_card_<name>` and `tok_<name>`
 * country    of the card's bank; cards of another country than the account's can cost more
 *
 * Source: Stripe's published testing page; checked 2026-11-22.
 * Surprise: behaviour cards of visa are spelled with and without `visa_` (tok_chargeDeclined, tok_visa_chargeDeclined), so
 * aliasesOf gives both. 4242424242424241 is no row: it fails the check digit, as any mistyped number does.
 */

/** A card's row of `refusals`; the failed charge shows the same code and words. */
type CardRefusal = {
  [N in keyof typeof refusals]: (typeof refusals)[N]['type'] extends 'card_error' ? N : never;
}[keyof typeof refusals];

export interface Decline {
  readonly refusal: CardRefusal;
  readonly code: string;
  readonly decline_code: string | null;
  readonly param: string | null;
  readonly message: string;
}

export type CardBehaviour =
  | { readonly kind: 'approve' }
  /** Succeeds, and the money is available at once. */
  | { readonly kind: 'bypassPending' }
  | ({ readonly kind: 'decline' } & Decline)
  /** Can be saved to a customer; each charge is then declined. */
  | ({ readonly kind: 'customerFail' } & Decline)
  /** Succeeds; `count` disputes follow. */
  | { readonly kind: 'dispute'; readonly reason: DisputeReason; readonly count: number }
  /** Succeeds; an inquiry follows, which moves no money. */
  | { readonly kind: 'inquiry'; readonly reason: DisputeReason }
  /** Succeeds; a warning of the bank follows, which moves no money. */
  | { readonly kind: 'fraudWarning' }
  /** Refunds start pending and succeed at the next start of day. */
  | { readonly kind: 'pendingRefund' }
  /** Refunds succeed first and fail later (M14). */
  | { readonly kind: 'refundFail' }
  /**
   * The customer has to confirm; a charge without the customer is refused as `decline` says. `unlessSetUp`: once is enough,
   * if the customer confirmed that the card is kept for later.
   */
  | { readonly kind: 'authenticationRequired'; readonly decline: Decline; readonly unlessSetUp?: true }
  /** Succeeds, and changes the connected account that it is charged on or on behalf of. */
  | { readonly kind: 'trigger'; readonly what: 'requirements' | 'blockCharges' | 'blockPayouts' };

export type DisputeReason = 'fraudulent' | 'product_not_received';
export type CardBrand = 'amex' | 'diners' | 'discover' | 'jcb' | 'mastercard' | 'unionpay' | 'visa';
export type CardFunding = 'credit' | 'debit' | 'prepaid';

export interface TestCard {
  readonly number: string;
  readonly last4: string;
  readonly brand: CardBrand;
  readonly funding: CardFunding;
  readonly country: string;
  readonly names: readonly string[];
  readonly behaviour: CardBehaviour;
}

function declined(refusal: CardRefusal): Decline {
  const row: RefusalRow = refusals[refusal];
  return {
    refusal,
    code: row.code ?? refusal,
    decline_code: row.decline_code ?? null,
    param: row.param ?? null,
    message: row.message,
  };
}

/** What the bank of any card says once the card's last month is over. */
export const expired: Decline = declined('card_expired');

const approve = { kind: 'approve' } as const;
const decline = (refusal: CardRefusal): CardBehaviour => ({ kind: 'decline', ...declined(refusal) });
const confirm = { kind: 'authenticationRequired', decline: declined('card_authentication_required') } as const;

type Plain = Omit<TestCard, 'number' | 'last4' | 'names'>;
const visa: Plain = { brand: 'visa', funding: 'credit', country: 'US', behaviour: approve };
const mastercard: Plain = { ...visa, brand: 'mastercard' };

const card = (number: string, names: readonly string[], row: Plain): TestCard => ({
  number,
  last4: number.slice(-4),
  names,
  ...row,
});
const behaves = (number: string, names: readonly string[], behaviour: CardBehaviour, country = 'US'): TestCard =>
  card(number, names, { ...visa, country, behaviour });
const of = (country: string, number: string): TestCard => card(number, [country.toLowerCase()], { ...visa, country });

export const testCards: readonly TestCard[] = [
  card('4242424242424242', ['visa', 'us'], visa),
  card('4000056655665556', ['visa_debit'], { ...visa, funding: 'debit' }),
  card('5555555555554444', ['mastercard'], mastercard),
  card('2223003122003222', ['mastercard_2series'], mastercard),
  card('5200828282828210', ['mastercard_debit'], { ...mastercard, funding: 'debit' }),
  card('5105105105105100', ['mastercard_prepaid'], { ...mastercard, funding: 'prepaid' }),
  card('378282246310005', ['amex'], { ...visa, brand: 'amex' }),
  card('6011111111111117', ['discover'], { ...visa, brand: 'discover' }),
  card('3056930009020004', ['diners'], { ...visa, brand: 'diners' }),
  card('3566002020360505', ['jcb'], { ...visa, brand: 'jcb', country: 'JP' }),
  card('6200000000000005', ['unionpay'], { ...visa, brand: 'unionpay', country: 'CN' }),

  behaves('4000000000000077', ['bypassPending'], { kind: 'bypassPending' }),
  behaves('4000003720000278', ['bypassPendingInternational'], { kind: 'bypassPending' }, 'IE'),

  behaves('4000000000000259', ['createDispute'], { kind: 'dispute', reason: 'fraudulent', count: 1 }),
  behaves('4000000000002685', ['createDisputeProductNotReceived'], {
    kind: 'dispute',
    reason: 'product_not_received',
    count: 1,
  }),
  behaves('4000000000001976', ['createDisputeInquiry'], { kind: 'inquiry', reason: 'fraudulent' }),
  behaves('4000000404000079', ['createMultipleDisputes'], { kind: 'dispute', reason: 'fraudulent', count: 2 }, 'AT'),
  behaves('4000000000005423', ['createIssuerFraudRecord'], { kind: 'fraudWarning' }),
  behaves('4000000000007726', ['pendingRefund'], { kind: 'pendingRefund' }),
  behaves('4000000000005126', ['refundFail'], { kind: 'refundFail' }),

  behaves('4000000000000002', ['chargeDeclined'], decline('card_declined')),
  behaves('4000000000009995', ['chargeDeclinedInsufficientFunds'], decline('card_insufficient_funds')),
  behaves('4000000000009987', ['chargeDeclinedLostCard'], decline('card_lost')),
  behaves('4000000000009979', ['chargeDeclinedStolenCard'], decline('card_stolen')),
  behaves('4000000000000069', ['chargeDeclinedExpiredCard'], decline('card_expired')),
  behaves('4000000000000127', ['chargeDeclinedIncorrectCvc'], decline('card_incorrect_cvc')),
  behaves('4000000000000119', ['chargeDeclinedProcessingError'], decline('card_processing_error')),
  behaves('4000000000006975', ['chargeDeclinedVelocityLimitExceeded'], decline('card_velocity_exceeded')),
  behaves('4000000000000341', ['chargeCustomerFail'], { kind: 'customerFail', ...declined('card_declined') }),

  behaves('4000002500003155', ['authenticationRequiredOnSetup'], { ...confirm, unlessSetUp: true }, 'FR'),
  behaves('4000002760003184', ['authenticationRequired'], confirm, 'DE'),
  behaves('4000000000003220', ['threeDSecure2Required'], confirm),

  behaves('4000000000004202', ['triggerNextRequirements'], { kind: 'trigger', what: 'requirements' }),
  behaves('4000000000004210', ['triggerChargeBlock'], { kind: 'trigger', what: 'blockCharges' }),
  behaves('4000000000004236', ['triggerPayoutBlock', 'triggerTransferBlock'], {
    kind: 'trigger',
    what: 'blockPayouts',
  }),

  of('AE', '4000007840000001'),
  of('AT', '4000000400000008'),
  of('AU', '4000000360000006'),
  of('BE', '4000000560000004'),
  of('BR', '4000000760000002'),
  of('CA', '4000001240000000'),
  of('CH', '4000007560000009'),
  of('DE', '4000002760000016'),
  of('DK', '4000002080000001'),
  of('ES', '4000007240000007'),
  of('FR', '4000002500000003'),
  of('GB', '4000008260000000'),
  of('HK', '4000003440000004'),
  of('IE', '4000003720000005'),
  of('IN', '4000003560000008'),
  of('IT', '4000003800000008'),
  of('JP', '4000003920000003'),
  of('MX', '4000004840008001'),
  of('MY', '4000004580000002'),
  of('NL', '4000005280000002'),
  of('NO', '4000005780000007'),
  of('NZ', '4000005540000008'),
  of('PL', '4000006160000005'),
  of('PT', '4000006200000007'),
  of('SE', '4000007520000008'),
  of('SG', '4000007020000003'),
  of('TH', '4000007640000003'),
];

const spellings = ({ names, brand, behaviour }: TestCard): readonly string[] =>
  brand === 'visa' && behaviour.kind !== 'approve' ? names.flatMap((name) => [name, `visa_${name}`]) : names;

/** `tok_…` and `pm_card_…` of a card, in every spelling. */
export const aliasesOf = (card: TestCard): readonly string[] =>
  spellings(card).flatMap((name) => [`tok_${name}`, `pm_card_${name}`]);

const byNumber = new Map(testCards.map((row) => [row.number, row]));
const byAlias = new Map(testCards.flatMap((row) => aliasesOf(row).map((alias) => [alias, row])));

/** @param number digits only */
export const cardByNumber = (number: string): TestCard | undefined => byNumber.get(number);

/** @param alias `tok_visa`, `pm_card_chargeDeclined` … */
export const cardByAlias = (alias: string): TestCard | undefined => byAlias.get(alias);

/** Whether the last digit is the check digit of the others, so that a mistyped number is `incorrect_number`. */
export function passesLuhn(number: string): boolean {
  if (!/^\d{12,19}$/.test(number)) return false;
  const digits = [...number].reverse().map(Number);
  const sum = digits.reduce((total, digit, place) => {
    if (place % 2 === 0) return total + digit;
    return total + (digit > 4 ? 2 * digit - 9 : 2 * digit);
  }, 0);
  return sum % 10 === 0;
}

import { createHash } from 'node:crypto';
import { type CardBrand, cardByAlias, cardByNumber, passesLuhn } from '../../data/test-cards.ts';
import { debitCardByNumber, debitCardByToken, type TestDebitCard } from '../../data/test-debit-cards.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { type UnixSeconds, yearAndMonth } from '../../kernel/time.ts';
import type { CardDetails } from '../payment-methods/object.ts';

/** A card as it is typed in, in Stripe's spelling. */
export interface EnteredCard {
  readonly number: string;
  readonly exp_month: number;
  /** Two digits mean this century. */
  readonly exp_year: number;
  readonly cvc?: string;
  readonly name?: string;
  readonly address_city?: string;
  readonly address_country?: string;
  readonly address_line1?: string;
  readonly address_line2?: string;
  readonly address_state?: string;
  readonly address_zip?: string;
}

/** How long ahead of now a card may expire. */
const YEARS_AHEAD = 50;

/** Every card must show some date, and of an alias nobody has said one. */
const ALIAS_EXPIRY = { exp_month: 12, exp_year: 2034 } as const;

/** Debit cards that only payouts know are charged like the plain one of these. */
const PLAIN_DEBIT = '4000056655665556';

const bare = (number: string): string => number.replace(/[\s-]/g, '');

/**
 * 16 letters and digits that are the same for the same number, and for nothing else.
 *
 * The hash has no secret: the simulated network knows published test numbers only, so there is no number to protect.
 */
export const fingerprintOf = (number: string): string =>
  createHash('sha256')
    .update(bare(number))
    .digest('base64')
    .replace(/[^0-9A-Za-z]/g, '')
    .slice(0, 16);

type Known = Pick<CardDetails, 'brand' | 'country' | 'funding' | 'last4' | 'testCard'>;

const knownDebit = ({ brand, country, last4 }: TestDebitCard): Known => ({
  brand,
  country,
  last4,
  funding: 'debit',
  testCard: PLAIN_DEBIT,
});

function known(number: string): Known | undefined {
  const card = cardByNumber(number);
  if (card) {
    const { brand, country, funding, last4 } = card;
    return { brand, country, funding, last4, testCard: card.number };
  }
  const debit = debitCardByNumber(number);
  return debit && knownDebit(debit);
}

/** Numbers that fail the check digit are mistyped; others that are no test number belong to a card we cannot reach. */
function refuseNumber(number: string): Refusal {
  return refuse(passesLuhn(number) ? 'card_not_for_testing' : 'card_incorrect_number');
}

/** 30 is 2030; three digits and the like are as wrong as they look. */
const fullYear = (year: number): number => (year >= 0 && year < 100 ? 2000 + year : year);

function refuseExpiry({ exp_month, exp_year }: EnteredCard, now: UnixSeconds): Refusal | null {
  const [year, month] = yearAndMonth(now);
  const expires = fullYear(exp_year);
  if (exp_month < 1 || exp_month > 12) return refuse('card_invalid_expiry_month');
  if (expires < year || expires > year + YEARS_AHEAD) return refuse('card_invalid_expiry_year');
  return expires === year && exp_month < month ? refuse('card_invalid_expiry_month') : null;
}

const isCvc = (cvc: string, brand: string): boolean =>
  (brand === ('amex' satisfies CardBrand) ? /^\d{3,4}$/ : /^\d{3}$/).test(cvc);

/** As billing details spell an address; null when nothing of it was given. */
function addressOf(entered: EnteredCard): Readonly<Record<string, string>> | null {
  const parts = {
    city: entered.address_city,
    country: entered.address_country,
    line1: entered.address_line1,
    line2: entered.address_line2,
    postal_code: entered.address_zip,
    state: entered.address_state,
  };
  const given = Object.entries(parts).filter((part): part is [string, string] => part[1] !== undefined);
  return given.length > 0 ? Object.fromEntries(given) : null;
}

/**
 * What is kept of a card that was typed in: everything but the number and the security code.
 *
 * @param now decides whether the card has expired
 * @returns refusals in this order, all 402: incorrect_number, card_declined (no test number), invalid_expiry_month,
 *          invalid_expiry_year, invalid_cvc
 */
export function cardFromNumber(entered: EnteredCard, now: UnixSeconds): CardDetails | Refusal {
  const number = bare(entered.number);
  const card = known(number);
  if (!card) return refuseNumber(number);
  const expiry = refuseExpiry(entered, now);
  if (expiry) return expiry;
  if (entered.cvc !== undefined && !isCvc(entered.cvc, card.brand)) return refuse('card_invalid_cvc');
  const address = addressOf(entered);
  return {
    ...card,
    exp_month: entered.exp_month,
    exp_year: fullYear(entered.exp_year),
    fingerprint: fingerprintOf(number),
    ...(entered.cvc !== undefined && { cvc_check: 'pass' }),
    ...(entered.name !== undefined && { name: entered.name }),
    ...(address && { address }),
  };
}

/**
 * The card behind a fixed test alias, which may be used any number of times and is never stored.
 *
 * @param alias `pm_card_visa`, `tok_visa`, `tok_visa_debit_us_transferSuccess` …
 * @returns undefined when it is none of them: then it may be the id of a stored token or payment method
 */
export function cardFromAlias(alias: string): CardDetails | undefined {
  const number = cardByAlias(alias)?.number ?? debitCardByToken(alias)?.number;
  const card = number === undefined ? undefined : known(number);
  if (number === undefined || card === undefined) return undefined;
  return { ...card, ...ALIAS_EXPIRY, fingerprint: fingerprintOf(number), cvc_check: 'pass' };
}

import type { Currency } from '../../data/currencies.ts';
import { debitCardByNumber, debitCardByToken, type TestDebitCard } from '../../data/test-debit-cards.ts';
import type { Id } from '../../kernel/id.ts';
import type { UnixSeconds } from '../../kernel/time.ts';
import type { ExternalAccount } from '../accounts/object.ts';
import type { CardDetails } from '../payment-methods/object.ts';
import { cardFromAlias } from './card.ts';

/** The id and birth of an external account; it keeps both when it goes from a token to its owner. */
export interface CardBirth {
  readonly id: Id<'card'>;
  readonly created: UnixSeconds;
}

function externalOf(card: CardDetails, row: TestDebitCard, birth: CardBirth, currency: Currency): ExternalAccount {
  const { testCard: _, brand, country, exp_month, exp_year, fingerprint, last4, name, cvc_check, address } = card;
  return {
    ...birth,
    object: 'card',
    country,
    currency,
    default_for_currency: false,
    last4,
    fingerprint,
    brand,
    funding: 'debit',
    exp_month,
    exp_year,
    ...(name !== undefined && { name }),
    ...(cvc_check !== undefined && { cvc_check }),
    ...(address !== undefined && { address }),
    // Where instant payouts are refused (X25), standard ones are paid.
    outcome: row.outcome === 'instantUnsupported' ? 'paid' : row.outcome,
    instant: row.outcome !== 'instantUnsupported',
  };
}

/**
 * A typed-in card as an external account without an owner.
 *
 * @param card     what `cardFromNumber` made of it
 * @param currency of payouts to it, where the caller named one; else the currency of the card's country
 * @returns undefined when the number is of no test debit card: payouts to it are not possible
 */
export function debitCardFromNumber(
  number: string,
  card: CardDetails,
  birth: CardBirth,
  currency?: Currency,
): ExternalAccount | undefined {
  const row = debitCardByNumber(number.replace(/[\s-]/g, ''));
  return row && externalOf(card, row, birth, currency ?? row.currency);
}

/** The debit card behind a fixed test token (`tok_visa_debit_us_transferSuccess` …); undefined when it is no such token. */
export function debitCardFromAlias(alias: string, birth: () => CardBirth): ExternalAccount | undefined {
  const row = debitCardByToken(alias) ?? plainDebitCards.get(alias);
  const card = row && cardFromAlias(alias);
  return row && card && externalOf(card, row, birth(), row.currency);
}

/** Cards to charge that are debit cards for payouts as well. */
const plainDebitCards: ReadonlyMap<string, TestDebitCard | undefined> = new Map([
  ['tok_visa_debit', debitCardByNumber('4000056655665556')],
  ['tok_mastercard_debit', debitCardByNumber('5200828282828210')],
]);

import { receivingCapabilities } from '../../data/capabilities.ts';
import { countries, mayTransferBetween } from '../../data/countries.ts';
import type { Currency } from '../../data/currencies.ts';
import { formatMoney, type Minor, minor } from '../../kernel/money.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { type AccountObject, isActive } from '../accounts/object.ts';
import type { ChargeObject } from '../charges/object.ts';

/**
 * May money be sent from one account of the platform to another at all?
 *
 * @returns X13 of the country, X13 of the agreement, then X14, or undefined when it may
 * @rule R28
 */
export function refuseDestination(
  sender: Pick<AccountObject, 'country'>,
  destination: AccountObject,
): Refusal | undefined {
  const { country, tos_acceptance: terms } = destination;
  if (!mayTransferBetween(sender.country, country)) return refuse('transfer_region', { country });
  if (sender.country !== country && terms?.service_agreement === 'recipient')
    return refuse('transfer_service_agreement', { country, agreement: terms.service_agreement });
  if (!receivingCapabilities.some((capability) => isActive(destination, capability)))
    return refuse('transfer_capability');
  return undefined;
}

/** X17: in some countries every transfer has to name the charge that it comes from. */
export const needsSource = (...ends: readonly Pick<AccountObject, 'country'>[]): boolean =>
  ends.some(({ country }) => countries[country].sourceTransactionRequired === true);

/** What a charge can be a source of: its amount before fees, in the currency it was credited in (R26). */
export interface Source {
  readonly amount: Minor;
  readonly currency: Currency;
  /** The sum of the transfers made with it so far. Reversing one of them gives nothing back here. */
  readonly transferred: Minor;
}

export const sourceOf = (
  charge: Pick<ChargeObject, 'amount_captured' | 'currency' | 'settledAmount' | 'settlementCurrency' | 'transferred'>,
): Source => ({
  amount: charge.settledAmount ?? charge.amount_captured,
  currency: charge.settlementCurrency ?? charge.currency,
  transferred: charge.transferred ?? minor(0),
});

/** Only money that has come in can be passed on; an authorisation has not (M9). */
export const hasPaid = (charge: Pick<ChargeObject, 'status' | 'captured'>): boolean =>
  charge.status === 'succeeded' && charge.captured;

/**
 * May so much of the charge be transferred, beside what was transferred before?
 *
 * @param wanted what was asked for; absent: all that is left
 * @returns X15, then X16, or the amount of the transfer
 * @rule R26
 */
export function takeFromSource(source: Source, wanted: { amount?: Minor; currency: Currency }): Refusal | Minor {
  const { currency } = source;
  if (currency !== wanted.currency)
    return refuse('transfer_currency_of_source', { sourceCurrency: currency, currency: wanted.currency });
  const left = minor(source.amount - source.transferred);
  const amount = wanted.amount ?? left;
  if (amount > 0 && amount <= left) return amount;
  const sourceAmount = formatMoney(source.amount, currency);
  return source.transferred === 0
    ? refuse('transfer_above_source', { sourceAmount })
    : refuse('transfer_above_source_left', { sourceAmount, transferred: formatMoney(source.transferred, currency) });
}

/**
 * The label that a transfer and its source share (R27): the transfer's own, else the charge's, else a new one.
 *
 * @returns `isNew` when neither had one, so that the charge takes it too
 */
export function groupFor(
  asked: string | undefined,
  charge: Pick<ChargeObject, 'id' | 'payment_intent' | 'transfer_group'>,
): { readonly group: string; readonly isNew: boolean } {
  const known = asked ?? charge.transfer_group;
  return known !== undefined
    ? { group: known, isNew: false }
    : { group: `group_${charge.payment_intent ?? charge.id}`, isNew: true };
}

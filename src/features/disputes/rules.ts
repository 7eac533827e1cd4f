import { type Country, countries } from '../../data/countries.ts';
import { type Currency, currencies } from '../../data/currencies.ts';
import { disputeFeePolicy } from '../../data/dispute-fees.ts';
import { type FxTable, fxRate, fxRates } from '../../data/fx-rates.ts';
import { limits } from '../../data/limits.ts';
import { convert, type Minor, minor, ZERO } from '../../kernel/money.ts';
import { dayOf, SECONDS_PER_DAY, startOfDay, type UnixSeconds } from '../../kernel/time.ts';
import { type Holder, settlementCurrency } from '../../ledger/conversion.ts';
import type { AccountObject } from '../accounts/object.ts';
import type { ChargeObject } from '../charges/object.ts';
import type { DisputeObject } from './object.ts';

type Located = Pick<AccountObject, 'country' | 'id'>;

/** The accounts that a disputed charge concerns; the same that made it. */
export interface Concerned<A = AccountObject> {
  /** Whose charge it is. */
  readonly owner: A | undefined;
  readonly platform: A | undefined;
  readonly destination: A | undefined;
  readonly onBehalfOf: A | undefined;
}

/**
 * The country whose dispute fee is taken: of the connected account that the charge belongs to, pays to, or is made on
 * behalf of; the platform's where there is none.
 *
 * @rule R164
 */
export function feeCountry(
  { owner, platform, destination, onBehalfOf }: Concerned<Located>,
  policy: Pick<typeof disputeFeePolicy, 'country'> = disputeFeePolicy,
): Country | undefined {
  if (policy.country === 'debited' || owner?.id !== platform?.id) return owner?.country;
  return (destination ?? onBehalfOf ?? owner)?.country;
}

/**
 * The dispute fee of a country in the currency of the balance that is debited.
 *
 * @param table the platform's own rates
 * @returns minor units of `currency`; a currency that nobody has a rate for costs nothing (ours)
 * @rule R164
 */
export function disputeFee(country: Country, currency: Currency, table: FxTable = fxRates): Minor {
  const { disputeFee: fee, defaultCurrency: from } = countries[country];
  const rate = fxRate({ from, to: currency }, table) ?? fxRate({ from, to: currency });
  return rate === undefined ? ZERO : convert(minor(fee), { from, to: currency, rate });
}

/**
 * In which currency a dispute takes its money from who has the charge, and in which its fee from a platform that pays it.
 *
 * @rule M18, M45
 */
export const debitedIn = (
  charge: Pick<ChargeObject, 'currency' | 'settlementCurrency'>,
  platform: Holder,
): { readonly currency: Currency; readonly platformCurrency: Currency } => {
  const currency = charge.settlementCurrency ?? charge.currency;
  return { currency, platformCurrency: settlementCurrency(platform, currency) };
};

/** Until when evidence is taken: the last second of the tenth day (R176). */
export const dueBy = (now: UnixSeconds): UnixSeconds => startOfDay(dayOf(now) + limits.disputeDueDays + 1) - 1;

/** When an inquiry that nobody escalated is over (M20). */
export const inquiryEnds = ({ created }: Pick<DisputeObject, 'created'>): UnixSeconds =>
  created + limits.inquiryClosesAfterDays * SECONDS_PER_DAY;

type Status = Pick<DisputeObject, 'status'>;

export const isInquiry = ({ status }: Status): boolean => status.startsWith('warning_');

export const isOpen = ({ status }: Status): boolean =>
  status !== 'won' && status !== 'lost' && status !== 'warning_closed';

/** Whether it forbids refunds of its charge: a chargeback that is not won (R172). An inquiry never does (R171). */
export const blocksRefunds = (dispute: Status): boolean => !isInquiry(dispute) && dispute.status !== 'won';

/** Only a card payment whose money came in has a bank that can take it back. */
export const canBeDisputed = ({
  status,
  captured,
  card,
}: Pick<ChargeObject, 'status' | 'captured' | 'card'>): boolean =>
  status === 'succeeded' && captured && card !== undefined;

/**
 * The charge in so many parts, so that its bank does not take back more than was paid; the last takes the odd units.
 *
 * @returns whole steps of the currency each; fewer parts when it is too small
 */
export function partsOf({ amount, currency }: { amount: Minor; currency: Currency }, count: number): readonly Minor[] {
  const { step } = currencies[currency];
  const part = Math.floor(amount / count / step) * step;
  const parts = Array.from({ length: count }, (_, index) => (index < count - 1 ? part : amount - part * (count - 1)));
  return parts.filter((each) => each > 0).map(minor);
}

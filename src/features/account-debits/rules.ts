import { inOneDebitRegion } from '../../data/countries.ts';
import type { Currency } from '../../data/currencies.ts';
import { fees } from '../../data/fees.ts';
import { limits } from '../../data/limits.ts';
import type { Reader } from '../../engine/command.ts';
import { bps, formatMoney, type Minor, minor, usdEquivalent } from '../../kernel/money.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { ratesOf, refuseConversion, settlementCurrency } from '../../ledger/conversion.ts';
import type { AccountObject } from '../accounts/object.ts';
import { charges } from '../charges/object.ts';
import type { ReferenceTransaction } from '../transfers/object.ts';

/**
 * The two ways to ask for a debit, by charge (R85) and by transfer (R87). They share every rule; what differs is data.
 *
 * param           the parameter that a refusal about the two accounts names
 * takesReference  whether a reference can make up for losses that are not the platform's (R72, R90)
 * amountMax       a further limit, the one of any charge (X58); smallest unit of whatever currency
 */
export const debitForms = {
  charge: { param: 'source', takesReference: false, amountMax: limits.chargeMax },
  transfer: { param: 'destination', takesReference: true, amountMax: null },
} as const satisfies Record<string, DebitForm>;

export interface DebitForm {
  readonly param: 'source' | 'destination';
  readonly takesReference: boolean;
  readonly amountMax: number | null;
}

/** `reference_transaction` as it was sent; its type is judged only when its turn comes (R74). */
export interface ReferenceParams {
  readonly type: string;
  readonly charge?: string;
  readonly payout?: string;
}

type ReferenceType = ReferenceTransaction['type'];

const referenceTypes = ['charge', 'payout'] as const satisfies readonly ReferenceType[];

const isReferenceType = (type: string): type is ReferenceType => (referenceTypes as readonly string[]).includes(type);

/** How each type is looked for on the debited account, which is the one the request runs as. What has no row is never found. */
const lookUp: { readonly [Type in ReferenceType]?: (read: Reader, id: string) => boolean } = {
  charge: (read, id) => read.own(charges, id) !== undefined,
};

/** R91: is there such a thing on the debited account itself? */
export function findReference(read: Reader, reference: ReferenceParams): boolean {
  if (!isReferenceType(reference.type)) return false;
  const id = reference[reference.type];
  return id !== undefined && lookUp[reference.type]?.(read, id) === true;
}

/** What is stored of a reference that was not refused: its type, and the id that belongs to it. */
export function referenceOf({ type, charge, payout }: ReferenceParams): ReferenceTransaction | undefined {
  if (type === 'charge' && charge !== undefined) return { charge, type };
  if (type === 'payout' && payout !== undefined) return { payout, type };
  return undefined;
}

/** X59, then the id that its type asks for, then X60. */
function refuseReference(reference: ReferenceParams, isFound: boolean): Refusal | undefined {
  const { type } = reference;
  if (!isReferenceType(type)) return refuse('debit_reference_type');
  const id = reference[type];
  if (id === undefined) return refuse('missing_parameter', { name: `reference_transaction[${type}]` });
  return isFound ? undefined : refuse('debit_reference_missing', { object: type, id });
}

/** X50 or X51: whose losses are they, and if not the platform's, what is the debit for? R94: a reference is checked whenever it is there. */
function refuseLiability({ form, seller, reference, referenceFound }: DebitCase): Refusal | undefined {
  if (reference !== undefined) return refuseReference(reference, referenceFound === true);
  if (seller.controller.losses.payments === 'application') return undefined;
  return refuse(form.takesReference ? 'debit_reference_required' : 'debit_source_liability');
}

/** R76: the seller agreed to terms, or the platform recorded its consent. */
export const hasConsented = ({ tos_acceptance, consent }: Pick<AccountObject, 'tos_acceptance' | 'consent'>): boolean =>
  tos_acceptance?.date !== undefined || consent !== undefined;

/** R81, R92: may the debit take the seller below zero? Somebody must stand in: a reserve, and a bank account to get it back from. */
export function mayGoNegative(
  platform: Pick<AccountObject, 'platform'>,
  seller: Pick<AccountObject, 'controller' | 'external_accounts'>,
  currency: Currency,
): boolean {
  if (seller.controller.losses.payments === 'stripe') return true;
  return (
    platform.platform?.reserves_enabled === true &&
    seller.external_accounts.some((external) => external.object === 'bank_account' && external.currency === currency)
  );
}

/** R80. A currency without a rate is above the limit: what cannot be compared cannot be shown to be within it. */
function isAboveMaximum(platform: Pick<AccountObject, 'platform'>, amount: Minor, currency: Currency): boolean {
  const usd = usdEquivalent(amount, currency, ratesOf(platform));
  return usd === undefined || usd > limits.accountDebitMaxUsd;
}

/** All that the answer depends on. */
export interface DebitCase {
  readonly form: DebitForm;
  readonly platform: AccountObject;
  /** The account that is debited; the caller has refused one that is not the platform's (X61, X62). */
  readonly seller: AccountObject;
  readonly amount: Minor;
  readonly currency: Currency;
  /** What the seller may spend in this currency before the debit; pending money does not count (R89). */
  readonly available: Minor;
  readonly reference?: ReferenceParams | undefined;
  readonly referenceFound?: boolean | undefined;
}

/**
 * May this debit be made? Asks in the order of R74, from liability on; what comes before (key, parameters, the right
 * accounts) was asked by the command.
 *
 * @returns the first refusal of X50/X51, X59, X60, X52, X54, X55 (then X58, and what cannot be converted), X56, X57, or undefined
 * @rule R74
 */
export function refuseDebit(debit: DebitCase): Refusal | undefined {
  const { form, platform, seller, amount, currency, available } = debit;
  const liability = refuseLiability(debit);
  if (liability) return liability;
  if (!inOneDebitRegion(platform.country, seller.country)) {
    const details = { country: seller.country, platformCountry: platform.country };
    return refuse('debit_region', { ...details, param: form.param });
  }
  if (currency !== seller.default_currency) return refuse('debit_currency', { currency: seller.default_currency });
  if (isAboveMaximum(platform, amount, currency)) return refuse('debit_too_large');
  if (form.amountMax !== null && amount > form.amountMax)
    return refuse('amount_too_large', { maximum: formatMoney(minor(form.amountMax), currency) });
  const noConversion = refuseConversion(
    amount,
    { from: currency, to: settlementCurrency(platform, currency) },
    ratesOf(platform),
  );
  if (noConversion) return noConversion;
  if (!hasConsented(seller)) return refuse('debit_consent');
  if (amount > available && !mayGoNegative(platform, seller, currency))
    return refuse('debit_into_negative', { currency });
  return undefined;
}

/** What a debit costs the platform (R84); smallest unit of the currency that it gets. */
export const debitFee = (amount: Minor): Minor => bps(amount, fees.accountDebitBps);

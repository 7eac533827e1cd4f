import type { Wire } from '../../api/view.ts';
import type { CardBrand } from '../../data/test-cards.ts';
import type { CardDetails } from '../payment-methods/object.ts';

/** Card objects spell brands with capitals, payment methods do not. */
const brands: Readonly<Record<CardBrand, string>> = {
  amex: 'American Express',
  diners: 'Diners Club',
  discover: 'Discover',
  jcb: 'JCB',
  mastercard: 'MasterCard',
  unionpay: 'UnionPay',
  visa: 'Visa',
};

export const brandName = (brand: string): string =>
  Object.hasOwn(brands, brand) ? brands[brand as CardBrand] : 'Unknown';

type Shown = Pick<
  CardDetails,
  | 'brand'
  | 'country'
  | 'exp_month'
  | 'exp_year'
  | 'fingerprint'
  | 'funding'
  | 'last4'
  | 'cvc_check'
  | 'name'
  | 'address'
>;

/** What only some card objects have; the keys of those it does not have are absent. */
export interface CardPlace {
  /** Of an external account. */
  readonly account?: string;
  readonly available_payout_methods?: readonly string[];
  readonly currency?: string;
  readonly default_for_currency?: boolean;
  /** Of a customer's card; null: of none. */
  readonly customer?: string | null;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A `card` object: inside a token, as an external account, as the `source` of a charge. */
export function cardWire(id: string, card: Shown, place: CardPlace = {}): Wire {
  const { address = {} } = card;
  const checked = (part: string | undefined): string | null => (part === undefined ? null : 'pass');
  return {
    id,
    object: 'card',
    ...(place.account !== undefined && { account: place.account }),
    address_city: address.city ?? null,
    address_country: address.country ?? null,
    address_line1: address.line1 ?? null,
    address_line1_check: checked(address.line1),
    address_line2: address.line2 ?? null,
    address_state: address.state ?? null,
    address_zip: address.postal_code ?? null,
    address_zip_check: checked(address.postal_code),
    ...(place.available_payout_methods && { available_payout_methods: place.available_payout_methods }),
    brand: brandName(card.brand),
    country: card.country,
    ...(place.currency !== undefined && { currency: place.currency }),
    ...(place.customer !== undefined && { customer: place.customer }),
    cvc_check: card.cvc_check ?? null,
    ...(place.default_for_currency !== undefined && { default_for_currency: place.default_for_currency }),
    dynamic_last4: null,
    exp_month: card.exp_month,
    exp_year: card.exp_year,
    fingerprint: card.fingerprint,
    funding: card.funding,
    last4: card.last4,
    metadata: place.metadata ?? {},
    name: card.name ?? null,
    regulated_status: 'unregulated',
    tokenization_method: null,
  };
}

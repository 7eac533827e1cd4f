import type { Wire } from '../../api/view.ts';
import { type Country, countries } from '../../data/countries.ts';
import { currencyCodes } from '../../data/currencies.ts';

const codes = (Object.keys(countries) as Country[]).sort();

/** Where accounts may be that a platform of this country sends transfers to (R28). */
const reachable = (country: Country): readonly Country[] =>
  countries[country].crossBorder ? codes.filter((code) => countries[code].crossBorder) : [country];

const everyone = [
  'business_profile.url',
  'business_type',
  'external_account',
  'tos_acceptance.date',
  'tos_acceptance.ip',
];

/** What the country of an account means for it. */
export const countrySpecWire = (country: Country): Wire & { readonly id: string } => ({
  id: country,
  object: 'country_spec',
  default_currency: countries[country].defaultCurrency,
  supported_bank_account_currencies: { [countries[country].defaultCurrency]: [country] },
  supported_payment_currencies: currencyCodes,
  supported_payment_methods: ['card', 'stripe'],
  supported_transfer_countries: reachable(country),
  verification_fields: {
    company: { additional: ['company.verification.document'], minimum: [...everyone, 'company.name'].sort() },
    individual: {
      additional: ['individual.verification.document'],
      minimum: [...everyone, 'individual.first_name', 'individual.last_name'].sort(),
    },
  },
});

/** Every country that an account may be in. */
export const countrySpecs = (): readonly (Wire & { readonly id: string })[] => codes.map(countrySpecWire);

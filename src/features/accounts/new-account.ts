import { type ControllerProperties, debitNegativeBalancesDefault, typeOf } from '../../data/controllers.ts';
import { type Country, countries, isCountry } from '../../data/countries.ts';
import type { Currency } from '../../data/currencies.ts';
import type { Id } from '../../kernel/id.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { UnixSeconds } from '../../kernel/time.ts';
import type { AccountObject } from './object.ts';
import { defaultSchedule } from './schedule.ts';

/**
 * The country of a new account.
 *
 * @returns refusals: no country code at all, a country that Evenkeel does not know
 */
export function countryFrom(sent: string | undefined, platformCountry: Country): Country | Refusal {
  if (sent === undefined) return platformCountry;
  const code = sent.toUpperCase();
  if (!/^[A-Z]{2}$/.test(code)) return refuse('country_unknown', { country: sent });
  return isCountry(code) ? code : refuse('country_unsupported', { country: code });
}

/** A connected account that nothing is known of yet. `platform`, its owner, is an acct_ id. */
export const newAccount = (given: {
  readonly id: Id<'acct'>;
  readonly platform: Id<'acct'>;
  readonly created: UnixSeconds;
  readonly controller: ControllerProperties;
  readonly country: Country;
  readonly default_currency?: Currency | undefined;
}): AccountObject => ({
  id: given.id,
  account: given.platform,
  created: given.created,
  type: typeOf(given.controller),
  controller: given.controller,
  country: given.country,
  default_currency: given.default_currency ?? countries[given.country].defaultCurrency,
  capabilities: {},
  external_accounts: [],
  debit_negative_balances: debitNegativeBalancesDefault(given.controller),
  schedule: defaultSchedule(given.country),
  charges_enabled: false,
  payouts_enabled: false,
  details_submitted: false,
  metadata: {},
});

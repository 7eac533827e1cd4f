import { defaultController } from '../../data/controllers.ts';
import type { Country } from '../../data/countries.ts';
import type { Currency } from '../../data/currencies.ts';
import type { FxTable } from '../../data/fx-rates.ts';
import type { Id } from '../../kernel/id.ts';
import type { UnixSeconds } from '../../kernel/time.ts';
import { withAsked } from './capabilities.ts';
import type { AccountObject, ExternalAccount, PayoutSchedule } from './object.ts';
import { defaultSchedule } from './schedule.ts';
import { withStatus } from './status.ts';

/** Anchors for intervals that need one. */
function scheduleOf(interval: PayoutSchedule['interval'], country: Country): PayoutSchedule {
  const usual = defaultSchedule(country);
  if (interval === usual.interval) return usual;
  if (interval === 'weekly') return { interval, weekly_anchor: 'monday', weekly_payout_days: ['monday'] };
  return interval === 'monthly' ? { interval, monthly_anchor: 1, monthly_payout_days: [1] } : { interval };
}

/**
 * A platform's own account, the first object of its book, which it owns itself: active, all told, able to charge and to
 * be paid. Its negative balances are always debited (R96).
 */
export function newPlatformAccount(given: {
  readonly id: Id<'acct'>;
  readonly created: UnixSeconds;
  readonly country: Country;
  readonly default_currency: Currency;
  readonly payout_interval: PayoutSchedule['interval'];
  readonly email?: string;
  readonly external_account?: ExternalAccount;
  /** R82 */
  readonly reserves_enabled: boolean;
  readonly application_name: string;
  readonly fx_rates?: FxTable;
}): AccountObject {
  const external = given.external_account;
  const asked = [
    ['card_payments', true],
    ['transfers', true],
  ] as const;
  const account: AccountObject = {
    id: given.id,
    account: given.id,
    created: given.created,
    type: 'standard',
    ...(given.email !== undefined && { email: given.email }),
    controller: defaultController,
    country: given.country,
    default_currency: given.default_currency,
    capabilities: withAsked({}, asked, given.created),
    external_accounts: external ? [{ ...external, default_for_currency: true }] : [],
    debit_negative_balances: true,
    schedule: scheduleOf(given.payout_interval, given.country),
    charges_enabled: true,
    payouts_enabled: true,
    details_submitted: true,
    metadata: {},
    platform: {
      application_name: given.application_name,
      reserves_enabled: given.reserves_enabled,
      ...(given.fx_rates && { fx_rates: given.fx_rates }),
    },
  };
  return withStatus(account, true);
}

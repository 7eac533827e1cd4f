import { mergeMetadata } from '../../api/params.ts';
import { isRefusal, type Refusal } from '../../kernel/refusal.ts';
import type { UnixSeconds } from '../../kernel/time.ts';
import { askedFor, withAsked } from './capabilities.ts';
import { mergeDetails, withoutSecrets } from './details.ts';
import type { AccountObject, Details } from './object.ts';
import type { UpdateAccount } from './params.ts';
import { scheduleFrom } from './schedule.ts';

/** What of the settings is kept as it was sent; the rest has fields of its own. */
function keptSettings(settings: UpdateAccount['settings']): Details | undefined {
  if (settings?.payouts === undefined) return settings;
  const { schedule: _schedule, debit_negative_balances: _debits, ...payouts } = settings.payouts;
  return { ...settings, payouts };
}

/** '' and null take an e-mail address away, undefined leaves it. */
const emailAfter = (old: string | undefined, change: string | null | undefined): string | undefined =>
  change === undefined ? old : (change ?? undefined);

type Kept = Pick<
  AccountObject,
  'email' | 'business_type' | 'business_profile' | 'company' | 'individual' | 'tos_acceptance' | 'settings'
>;

/** Optional fields after a change; those with nothing in them have no key. */
function keptFields(account: AccountObject, params: UpdateAccount): Kept {
  const kept: { [name in keyof Kept]: Kept[name] | undefined } = {
    email: emailAfter(account.email, params.email),
    business_type: params.business_type ?? account.business_type,
    business_profile: mergeDetails(account.business_profile, params.business_profile),
    company: mergeDetails(account.company, withoutSecrets(params.company)),
    individual: mergeDetails(account.individual, withoutSecrets(params.individual)),
    tos_acceptance: mergeDetails(account.tos_acceptance, params.tos_acceptance),
    settings: mergeDetails(account.settings, keptSettings(params.settings)),
  };
  return Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
}

/**
 * The account after a change of everything but its external accounts; what follows from the fields (status.ts) is not
 * looked at yet.
 *
 * @returns refusals of payout schedules and capabilities
 */
export function withFields(account: AccountObject, params: UpdateAccount, now: UnixSeconds): AccountObject | Refusal {
  const payouts = params.settings?.payouts;
  const schedule = scheduleFrom(payouts?.schedule, account.schedule, account.country);
  if (isRefusal(schedule)) return schedule;
  const asked = askedFor(params);
  if (isRefusal(asked)) return asked;
  const {
    email: _email,
    business_type: _type,
    business_profile: _profile,
    company: _company,
    individual: _individual,
    tos_acceptance: _tos,
    settings: _settings,
    changedPart: _part,
    ...rest
  } = account;
  return {
    ...rest,
    ...keptFields(account, params),
    default_currency: params.default_currency ?? account.default_currency,
    debit_negative_balances: payouts?.debit_negative_balances ?? account.debit_negative_balances,
    schedule,
    capabilities: withAsked(account.capabilities, asked, now),
    metadata: mergeMetadata(account.metadata, params.metadata),
  };
}

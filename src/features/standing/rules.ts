import { countries } from '../../data/countries.ts';
import type { Currency } from '../../data/currencies.ts';
import { limits } from '../../data/limits.ts';
import { type Minor, minor, ZERO } from '../../kernel/money.ts';
import { closeOfDay, type Day, dayOf, SECONDS_PER_DAY, startOfDay, type UnixSeconds } from '../../kernel/time.ts';
import type { AccountObject, ExternalAccount, Standing } from '../accounts/object.ts';

/** How long an account may be negative before the platform pays for it (R150). */
export const collectionSeconds = limits.collectionAfterDays * SECONDS_PER_DAY;

/** Bank debits that were posted and may still come back. */
export const unclearedOf = (standing: Standing | undefined): Minor =>
  minor((standing?.uncleared ?? []).reduce((sum, debit) => sum + debit.amount, 0));

/** Whether a bank debit is on its way: neither paid nor refused yet. */
export const isInFlight = (standing: Standing | undefined): boolean =>
  (standing?.uncleared ?? []).some((debit) => !debit.paid);

/**
 * How much of the platform's money must stand against one account in one currency.
 *
 * @param given.caused  the part of the negative that account debits caused; counts where Stripe bears losses (R135)
 * @rule R120, R134, R135
 */
export function reserveTarget(given: {
  readonly available: number;
  readonly uncleared: Minor;
  readonly platformBearsLosses: boolean;
  readonly reservesEnabled: boolean;
  readonly caused: Minor;
}): Minor {
  const exposed = Math.max(0, -given.available) + given.uncleared;
  if (!given.platformBearsLosses) return minor(Math.min(exposed, given.caused));
  return given.reservesEnabled ? minor(exposed) : ZERO;
}

/**
 * Since when the effective balance is negative, after a change of it. Becoming less negative does not restart the clock, a
 * bank debit in flight does not stop it.
 *
 * @rule R152
 */
export const negativeSince = (
  standing: Standing | undefined,
  { available, uncleared }: { readonly available: number; readonly uncleared: Minor },
  now: UnixSeconds,
): UnixSeconds | undefined => (available - uncleared < 0 ? (standing?.negativeSince ?? now) : undefined);

/** The start of day at which a debt of this age is collected; never one that is past (R150). */
export function collectionAt(since: UnixSeconds, now: UnixSeconds): UnixSeconds {
  const due = since + collectionSeconds;
  const first = Math.ceil(due / SECONDS_PER_DAY) * SECONDS_PER_DAY;
  return first > now ? first : startOfDay(dayOf(now) + 1);
}

/** The next close of a day; a command at the very moment comes after that day's work. */
export function nextClose(now: UnixSeconds): UnixSeconds {
  const day: Day = dayOf(now);
  return now < closeOfDay(day) ? closeOfDay(day) : closeOfDay(day + 1);
}

/**
 * The bank account that a negative balance is debited from, if there is one that may be.
 *
 * @rule R96, R97, R98, R103
 */
export function debitableBank(account: AccountObject, currency: Currency): ExternalAccount | undefined {
  if (account.deleted || (!account.platform && !account.debit_negative_balances)) return undefined;
  if (!countries[account.country].autoDebit) return undefined;
  const banks = account.external_accounts.filter(
    (external) => external.object === 'bank_account' && external.currency === currency && external.status !== 'errored',
  );
  return banks.find((external) => external.default_for_currency) ?? banks[0];
}

/** An account with its standing in one currency replaced; what has nothing to say is left out. */
export function withStanding(account: AccountObject, currency: Currency, standing: Standing): AccountObject {
  const kept: Standing = {
    ...(standing.negativeSince !== undefined && { negativeSince: standing.negativeSince }),
    ...(standing.uncleared?.length && { uncleared: standing.uncleared }),
    ...(standing.debitCaused && { debitCaused: standing.debitCaused }),
  };
  const { [currency]: _, ...others } = account.standing ?? {};
  const all = Object.keys(kept).length === 0 ? others : { ...others, [currency]: kept };
  const { standing: __, exposure: ___, ...rest } = account;
  return Object.keys(all).length === 0 ? rest : { ...rest, standing: all, exposure: 'open' };
}

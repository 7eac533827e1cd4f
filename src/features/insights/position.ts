import { countries } from '../../data/countries.ts';
import type { Currency } from '../../data/currencies.ts';
import { limits } from '../../data/limits.ts';
import { ZERO } from '../../kernel/money.ts';
import { dayOf, SECONDS_PER_DAY, startOfDay, type UnixSeconds } from '../../kernel/time.ts';
import type { AccountObject, ExternalAccount, Standing, UnclearedDebit } from '../accounts/object.ts';
import {
  collectionAt,
  collectionSeconds,
  debitableBank,
  isInFlight,
  nextClose,
  reserveTarget,
  unclearedOf,
} from '../standing/rules.ts';

/** Who answers for a negative balance in the end (R13). */
export const liableParties = ['platform', 'stripe'] as const;
export type Liable = (typeof liableParties)[number];

/** Why no bank is debited for a negative balance; null when one will be. */
export type NotDebited =
  | 'balance_not_negative'
  | 'account_deleted'
  | 'debit_in_flight'
  | 'debit_negative_balances_off'
  | 'country'
  | 'no_bank_account'
  | 'bank_account_errored';

/** How an account stands in one currency. Amounts in the smallest unit. */
export interface Position {
  readonly account: string;
  readonly currency: Currency;
  readonly available: number;
  /** Held of the platform's money because of it. */
  readonly reserved: number;
  readonly uncleared: readonly UnclearedDebit[];
  /** Available less bank debits that may still come back (R150). */
  readonly effective: number;
  readonly liable: Liable;
  /** What the platform would lose if nothing came in any more: where Stripe is liable, what account debits caused. */
  readonly exposed: number;
  readonly negativeSince: UnixSeconds | null;
  readonly daysNegative: number;
  /** When the platform pays for it, if nothing changes; null when it will not. */
  readonly collectsAt: UnixSeconds | null;
  readonly daysUntilCollection: number | null;
  /** The bank account that is debited, or would be if it could. */
  readonly bank: ExternalAccount | null;
  /** Attempts in a row on that bank account, one on its way included. */
  readonly debitAttempts: number;
  readonly nextDebitAt: UnixSeconds | null;
  readonly notDebited: NotDebited | null;
}

export const liableFor = ({ controller }: Pick<AccountObject, 'controller'>): Liable =>
  controller.losses.payments === 'application' ? 'platform' : 'stripe';

/** @rule R13, R95, R96, R97, R102, R120, R135, R150, R155, R156 */
export function positionOf(
  account: AccountObject,
  currency: Currency,
  money: { readonly available: number; readonly reserved: number },
  now: UnixSeconds,
): Position {
  const standing: Standing = account.standing?.[currency] ?? {};
  const uncleared = unclearedOf(standing);
  const { available, reserved } = money;
  const since = standing.negativeSince ?? null;
  const collectsAt = collectionOf(account, standing, now);
  const bank = debitableBank(account, currency) ?? bankIn(account, currency);
  const notDebited = whyNotDebited(account, currency, available);
  return {
    account: account.id,
    currency,
    available,
    reserved,
    uncleared: standing.uncleared ?? [],
    effective: available - uncleared,
    liable: liableFor(account),
    exposed: reserveTarget({
      available,
      uncleared,
      platformBearsLosses: liableFor(account) === 'platform',
      // What is at stake does not depend on whether it is held.
      reservesEnabled: true,
      caused: standing.debitCaused ?? ZERO,
    }),
    negativeSince: since,
    daysNegative: since === null ? 0 : Math.floor((now - since) / SECONDS_PER_DAY),
    collectsAt,
    daysUntilCollection: collectsAt === null ? null : Math.ceil((collectsAt - now) / SECONDS_PER_DAY),
    bank,
    debitAttempts: (bank?.failedDebits ?? 0) + (isInFlight(standing) ? 1 : 0),
    nextDebitAt: notDebited === null ? nextClose(now) : null,
    notDebited,
  };
}

function collectionOf(account: AccountObject, standing: Standing, now: UnixSeconds): UnixSeconds | null {
  if (standing.negativeSince === undefined) return null;
  // Where Stripe is liable, only what account debits caused is collected.
  if (liableFor(account) === 'stripe' && !standing.debitCaused) return null;
  const due = collectionAt(standing.negativeSince, standing.negativeSince);
  // It is past due while a bank debit is on its way: then it is looked at again at every start of a day.
  return standing.negativeSince + collectionSeconds > now || due > now ? due : startOfDay(dayOf(now) + 1);
}

function bankIn(account: AccountObject, currency: Currency): ExternalAccount | null {
  const banks = account.external_accounts.filter(
    (external) => external.object === 'bank_account' && external.currency === currency,
  );
  return banks.find((bank) => bank.default_for_currency) ?? banks[0] ?? null;
}

/** In the order in which one would put it right. */
function whyNotDebited(account: AccountObject, currency: Currency, available: number): NotDebited | null {
  if (isInFlight(account.standing?.[currency])) return 'debit_in_flight';
  if (available >= 0) return 'balance_not_negative';
  if (debitableBank(account, currency)) return null;
  if (account.deleted) return 'account_deleted';
  if (!countries[account.country].autoDebit) return 'country';
  if (!account.platform && !account.debit_negative_balances) return 'debit_negative_balances_off';
  return bankIn(account, currency) === null ? 'no_bank_account' : 'bank_account_errored';
}

export const debitAttemptsMax = limits.debitAttemptsMax;

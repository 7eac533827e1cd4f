import type { Currency } from '../../data/currencies.ts';
import { instantPayoutBps } from '../../data/fees.ts';
import { instantPayoutLimitsOf, limits } from '../../data/limits.ts';
import { bps, formatMoney, type Minor, minor, ZERO } from '../../kernel/money.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { type Day, dayOf, type UnixSeconds } from '../../kernel/time.ts';
import { type Balance, type Maturing, pendingOf } from '../../ledger/balance.ts';
import type { AccountObject, ExternalAccount } from '../accounts/object.ts';
import { payable } from './rules.ts';

/** Whether the account itself bears the fee of its instant payouts; otherwise the platform does (M30). */
const bearsFee = ({ controller, platform }: AccountObject): boolean =>
  platform !== undefined || controller.fees.payer === 'account';

/** What an instant payout of this amount costs, and whom; halves away from zero. */
export const instantFee = (
  account: AccountObject,
  amount: Minor,
  platform: string,
): { readonly fee: Minor; readonly payer: string } => ({
  fee: bps(amount, instantPayoutBps(account.country)),
  payer: bearsFee(account) ? account.id : platform,
});

const madeOn = ({ instantPayouts }: AccountObject, day: Day): number =>
  instantPayouts?.day === day ? instantPayouts.count : 0;

/** The account with one more instant payout of today. */
export const withInstantPayout = (account: AccountObject, now: UnixSeconds): AccountObject => ({
  ...account,
  instantPayouts: { day: dayOf(now), count: madeOn(account, dayOf(now)) + 1 },
});

/** @rule R186; X25, X26, X27 in this order */
export function refuseInstant(
  account: AccountObject,
  external: ExternalAccount,
  { amount, currency, now }: { readonly amount: Minor; readonly currency: Currency; readonly now: UnixSeconds },
): Refusal | null {
  const range = instantPayoutLimitsOf(account.country);
  if (!external.instant || !range) return refuse('instant_payout_unsupported');
  if (amount < range.minimum || amount > range.maximum) {
    return refuse('instant_payout_limits', {
      minimum: formatMoney(minor(range.minimum), currency),
      maximum: formatMoney(minor(range.maximum), currency),
    });
  }
  return madeOn(account, dayOf(now)) >= limits.instantPayoutsPerDay ? refuse('payout_daily_limit') : null;
}

/** Money that an instant payout may use: what is available and what is pending, but nothing while the balance is negative (R105). */
export function instantFunds(account: AccountObject, currency: Currency, balance: Balance): Minor {
  if (balance.available < 0) return ZERO;
  const total = minor(balance.available + pendingOf(balance));
  return minor(Math.max(0, payable(account, { currency, available: total })));
}

/** What is left of funds when the fee comes out of them: the largest amount that with its fee is at most `funds`. */
export function netOfFee(account: AccountObject, funds: Minor): Minor {
  if (!bearsFee(account)) return funds;
  const rate = instantPayoutBps(account.country);
  // A quotient rounded down is at most one short, since the fee of one unit more is at most one more.
  const least = Math.floor((funds * 10_000) / (10_000 + rate));
  const more = minor(least + 1);
  return more + bps(more, rate) <= funds ? more : minor(least);
}

/** Where an account may send instant payouts in a currency. */
export const instantDestinations = (account: AccountObject, currency: Currency): readonly ExternalAccount[] =>
  instantPayoutLimitsOf(account.country) === undefined || !account.payouts_enabled
    ? []
    : account.external_accounts.filter(
        (external) => external.currency === currency && external.instant && external.status !== 'errored',
      );

/** The figure `instant_available`: what instant payouts could take now (R186). */
export const instantAvailable = (
  account: AccountObject,
  currency: Currency,
  { balance, now }: { readonly balance: Balance; readonly now: UnixSeconds },
): Minor =>
  instantDestinations(account, currency).length === 0 || madeOn(account, dayOf(now)) >= limits.instantPayoutsPerDay
    ? ZERO
    : instantFunds(account, currency, balance);

/**
 * Takes money of coming days in advance, the nearest day first. Each day gives back what was borrowed of it, so that no
 * day frees money which has been paid out already.
 *
 * @returns of which day how much; ascending
 * @rule M30
 */
export function borrow(balance: Balance, missing: Minor): readonly Maturing[] {
  const borrowed: Maturing[] = [];
  let left: number = missing;
  for (const { day, amount } of balance.maturing) {
    if (left === 0) break;
    const part = minor(Math.min(left, Math.max(0, amount)));
    if (part > 0) borrowed.push({ day, amount: part });
    left -= part;
  }
  return borrowed;
}

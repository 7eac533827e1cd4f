import { countries } from '../../data/countries.ts';
import { type Currency, payoutStep } from '../../data/currencies.ts';
import type { Due } from '../../engine/command.ts';
import { steps } from '../../kernel/day.ts';
import { type Minor, minor } from '../../kernel/money.ts';
import { type Day, dayOf, startOfDay, type UnixSeconds } from '../../kernel/time.ts';
import type { Maturing } from '../../ledger/balance.ts';
import type { AccountObject } from '../accounts/object.ts';
import { nextPayoutDay } from './schedule.ts';

export const holdingLimitJob = 'payouts.holding_limit';

/** How many days an account's money may wait for a payout by hand (R191). */
export const holdDaysMax = ({ country }: Pick<AccountObject, 'country'>): number => countries[country].holdDaysMax;

const holdingCheck = (subject: string, day: Day): Due => ({
  at: startOfDay(day),
  order: steps.automaticPayouts,
  job: holdingLimitJob,
  subject,
});

/**
 * When a connected account's money has to be looked at because nobody may pay it out. Work that is made when money arrives
 * where there was none: so it is due before any of that money is too old, and at most three times a limit, since the days
 * are rounded down.
 *
 * @param given.was        available before
 * @param given.mayBeOld  money came back, or the account itself was changed: it may have had money for long, and daily
 *                        payouts until now
 * @param given.now       payouts of this moment have been made
 * @rule R191, R192
 */
export function holdingWork(
  account: AccountObject,
  currency: Currency,
  given: { readonly was: number; readonly available: number; readonly mayBeOld: boolean; readonly now: UnixSeconds },
): Due[] {
  const { was, available, mayBeOld, now } = given;
  if (available <= 0 || account.platform || account.deleted || nextPayoutDay(account, now) !== null) return [];
  if (was > 0 && !mayBeOld) return [];
  const today = dayOf(now);
  const subject = `${account.id} ${currency}`;
  if (mayBeOld) return [holdingCheck(subject, today + 1)];
  const limit = holdDaysMax(account);
  const due = today + limit;
  return [holdingCheck(subject, Math.max(today + 1, due - (due % Math.ceil(limit / 3))))];
}

/**
 * What of a balance is too old: the oldest money goes out first, so what is left is the newest that came in.
 *
 * @param credits what came in on the days that are not too old
 * @rule R191
 */
export const overdue = (available: Minor, credits: readonly Maturing[]): Minor =>
  minor(Math.max(0, available - credits.reduce((sum, { amount }) => sum + amount, 0)));

/** The day on which the oldest money of a balance came in; undefined when it is older than all of `credits`. */
export function oldestDay(available: Minor, credits: readonly Maturing[]): Day | undefined {
  let older: number = available;
  for (const { day, amount } of credits.toReversed()) {
    older -= amount;
    if (older <= 0) return day;
  }
  return undefined;
}

/**
 * When to look at what is left, if anything is.
 *
 * @param left    what is left of the balance
 * @param unpaid  what of it is too old and could not be paid out: it is tried again tomorrow
 */
export function nextCheck(
  account: AccountObject,
  given: {
    readonly subject: string;
    readonly currency: Currency;
    readonly today: Day;
    readonly left: Minor;
    readonly unpaid: Minor;
    readonly credits: readonly Maturing[];
  },
): Due[] {
  const { subject, currency, today, left, unpaid, credits } = given;
  if (left <= 0) return [];
  if (unpaid >= payoutStep(currency)) return [holdingCheck(subject, today + 1)];
  const oldest = oldestDay(minor(left - unpaid), credits) ?? today;
  return [holdingCheck(subject, Math.max(today + 1, oldest + holdDaysMax(account)))];
}

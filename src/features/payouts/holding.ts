import { countries } from '../../data/countries.ts';
import { type Currency, payoutStep } from '../../data/currencies.ts';
import { limits } from '../../data/limits.ts';
import type { Due } from '../../engine/command.ts';
import { steps } from '../../kernel/day.ts';
import { type Minor, minor } from '../../kernel/money.ts';
import { type Day, dayOf, startOfDay, type UnixSeconds } from '../../kernel/time.ts';
import type { Maturing } from '../../ledger/balance.ts';
import type { AccountObject, HoldingTold, PlatformSettings } from '../accounts/object.ts';
import { nextPayoutDay } from './schedule.ts';

export const holdingLimitJob = 'payouts.holding_limit';

/** What happens to money that has waited as long as it may (R192). */
export const holdingActions = ['payout', 'notice'] as const;
export type HoldingAction = (typeof holdingActions)[number];

export const holdingAction = (settings: PlatformSettings | undefined): HoldingAction =>
  settings?.holding_limit_action ?? 'payout';

/** What happens to the money of one account: a platform's own is only told of (R192). */
export const holdingActionFor = (account: AccountObject, settings: PlatformSettings | undefined): HoldingAction =>
  account.platform ? 'notice' : holdingAction(settings);

/** How many days an account's money may wait for a payout by hand (R191). */
export const holdDaysMax = ({ country }: Pick<AccountObject, 'country'>): number => countries[country].holdDaysMax;

/** The currencies in which money of the account was let stay. */
export const overdueCurrencies = ({ holdingTold = {} }: AccountObject): readonly Currency[] =>
  (Object.keys(holdingTold) as Currency[]).filter((currency) => holdingTold[currency]?.reached !== undefined);

/** Looks at what waits at the start of a day. */
export const holdingCheck = (account: string, currency: Currency, day: Day): Due => ({
  at: startOfDay(day),
  order: steps.automaticPayouts,
  job: holdingLimitJob,
  subject: `${account} ${currency}`,
});

/** The last day on which whatever comes in from today on has to be looked at: it is told of before it is too old. */
const lastLook = (account: AccountObject, today: Day): Day => today + holdDaysMax(account) - limits.holdingNoticeDays;

/** How often a platform's money is looked at for being old: each release of a reserve brings some back. */
const PLATFORM_LOOK_DAYS = limits.holdingNoticeDays;

/**
 * When an account's money has to be looked at because nobody may pay it out. Work that is made when money arrives where there
 * was none: so it is due before any of that money is told of, and at most three times a limit, since the days are rounded down.
 *
 * @param given.was       available before
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
  if (available <= 0 || (was > 0 && !mayBeOld)) return [];
  if (account.deleted || nextPayoutDay(account, now) !== null) return [];
  const today = dayOf(now);
  const last = lastLook(account, today);
  const inTime = Math.max(today + 1, last - (last % Math.ceil(holdDaysMax(account) / 3)));
  if (!mayBeOld) return [holdingCheck(account.id, currency, inTime)];
  const every = account.platform ? PLATFORM_LOOK_DAYS : 1;
  // New money may have come with the old, and where it may wait for days only a week is too long.
  return [holdingCheck(account.id, currency, Math.min(inTime, today + every - (today % every)))];
}

/** A balance, and what came in on which of the last days: the oldest money goes out first. */
export interface Waiting {
  readonly available: Minor;
  /** Days ascending. */
  readonly credits: readonly Maturing[];
}

/**
 * How much of what is there came in on a day or before it. What is left is the newest that came in.
 *
 * @param waiting its credits have all days after this one
 * @rule R191
 */
export const cameInBy = ({ available, credits }: Waiting, day: Day): Minor => {
  const later = credits.reduce((sum, credit) => (credit.day > day ? sum + credit.amount : sum), 0);
  return minor(Math.max(0, available - later));
};

/** The first day after another of which something is still there. */
export const oldestAfter = (waiting: Waiting, day: Day): Day | undefined =>
  waiting.credits.find((credit) => credit.day > day && cameInBy(waiting, credit.day) > 0)?.day;

/** What the owner and the platform are told. */
export interface HoldingNotice {
  readonly what: 'approaching' | 'reached';
  readonly amount: Minor;
  /** When the limit is or was reached, by the oldest of it. */
  readonly on: Day;
}

/**
 * What is to be told today of money that waits: once of all that is within a week of its limit and was not told of, and once
 * of what has reached it and is not paid out, because it is to stay or because it cannot be.
 *
 * @param given.told  until now
 * @param given.stays what has reached its limit and is not paid out today
 * @returns and what was told from now on
 * @rule R192
 */
export function noticesOf(
  account: AccountObject,
  waiting: Waiting,
  given: { readonly today: Day; readonly told: HoldingTold; readonly stays: Minor },
): { readonly notices: readonly HoldingNotice[]; readonly told: HoldingTold } {
  const { today, told, stays } = given;
  const limit = holdDaysMax(account);
  const overdue = today - limit;
  const soon = overdue + limits.holdingNoticeDays;
  const known = Math.max(overdue, told.approaching ?? overdue);
  const first = oldestAfter(waiting, known);
  const notices: HoldingNotice[] = [];
  let now = told;
  if (first !== undefined && first <= soon) {
    const amount = minor(cameInBy(waiting, soon) - cameInBy(waiting, known));
    notices.push({ what: 'approaching', amount, on: first + limit });
    now = { ...now, approaching: soon };
  }
  const { reached } = told;
  const isNews = reached === undefined || waiting.credits.some(({ day }) => day > reached && day <= overdue);
  if (stays > 0 && isNews) {
    notices.push({ what: 'reached', amount: stays, on: today });
    now = { ...now, reached: overdue };
  }
  return { notices, told: now };
}

/**
 * When to look again at what is left, if anything is: when the next of it is to be told of or is too old.
 *
 * @param given.left    what is left of the balance
 * @param given.unpaid  what of it is too old and could not be paid out: it is tried again tomorrow
 */
export function nextCheck(
  account: AccountObject,
  currency: Currency,
  given: { readonly today: Day; readonly waiting: Waiting; readonly left: Minor; readonly unpaid: Minor },
): Due[] {
  const { today, waiting, left, unpaid } = given;
  if (left <= 0) return [];
  if (unpaid >= payoutStep(currency)) return [holdingCheck(account.id, currency, today + 1)];
  const limit = holdDaysMax(account);
  const oldest = oldestAfter(waiting, today - limit);
  const untold = oldestAfter(waiting, today - limit + limits.holdingNoticeDays);
  const days = [
    lastLook(account, today),
    ...(oldest === undefined ? [] : [oldest + limit]),
    ...(untold === undefined ? [] : [untold + limit - limits.holdingNoticeDays]),
  ];
  return [holdingCheck(account.id, currency, Math.min(...days))];
}

import type { Currency } from '../data/currencies.ts';
import { type Minor, minor, ZERO } from '../kernel/money.ts';
import type { Day } from '../kernel/time.ts';
import type { LedgerAccount } from './chart.ts';

/** What matures on a day: net, so it may be negative. */
export interface Maturing {
  readonly day: Day;
  readonly amount: Minor;
}

/** Days after the first one, up to the second. */
export interface DaySpan {
  readonly after: Day;
  readonly through: Day;
}

/** Which of what came in is asked for: the newest of the days, as far back as it takes to explain `enough`. */
export interface NewestCredits extends DaySpan {
  readonly enough: Minor;
}

/** @param credits days ascending, amounts above zero */
export function newestOf(credits: readonly Maturing[], { enough }: Pick<NewestCredits, 'enough'>): readonly Maturing[] {
  let sum = 0;
  const first = credits.findLastIndex(({ amount }) => {
    sum += amount;
    return sum >= enough;
  });
  return credits.slice(Math.max(0, first));
}

/**
 * An account's money in one currency: what may be spent, and a short vector of what becomes spendable on which day,
 * ascending, without zeros. `reserved` of a connected account is the platform's money held because of it; the platform's
 * own `reserved` is the sum over its connected accounts (I4).
 */
export interface Balance {
  readonly available: Minor;
  readonly maturing: readonly Maturing[];
  readonly reserved: Minor;
}

export const EMPTY: Balance = { available: ZERO, maturing: [], reserved: ZERO };

export const pendingOf = (balance: Balance): Minor =>
  minor(balance.maturing.reduce((sum, { amount }) => sum + amount, 0));

/** The balances of a book by account and currency: `acct_1 usd`. */
export type BalanceKey = `${string} ${Currency}`;
export const balanceKey = (account: string, currency: Currency): BalanceKey => `${account} ${currency}`;

/** The balance after `amount` (either sign) arrived in a bucket of it. */
export function arrive(balance: Balance, at: LedgerAccount, amount: number): Balance {
  switch (at.bucket) {
    case 'available':
      return { ...balance, available: minor(balance.available + amount) };
    case 'reserved':
      return { ...balance, reserved: minor(balance.reserved + amount) };
    case 'pending': {
      const maturing: Maturing[] = [];
      let waiting = amount;
      for (const entry of balance.maturing) {
        if (entry.day === at.day) waiting += entry.amount;
        else maturing.push(entry);
      }
      if (waiting !== 0) {
        const place = maturing.findIndex((entry) => entry.day > at.day);
        maturing.splice(place === -1 ? maturing.length : place, 0, { day: at.day, amount: minor(waiting) });
      }
      return { ...balance, maturing };
    }
    default:
      return balance;
  }
}

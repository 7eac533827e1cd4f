import type { Currency } from '../../data/currencies.ts';
import { type Minor, minor } from '../../kernel/money.ts';
import type { Day } from '../../kernel/time.ts';
import { arrive, type Balance } from '../../ledger/balance.ts';
import { available, pending } from '../../ledger/chart.ts';
import { type Move, move } from '../../ledger/posting.ts';

/** What settling does to one account's money in one currency. */
export interface Settlement {
  readonly moves: readonly Move[];
  /** What becomes available, net; negative when refunds and disputes of pending charges outweigh. */
  readonly net: Minor;
  readonly after: Balance;
}

/**
 * Moves the pending money of all days up to `day` to where it may be spent; the net of a day that is negative goes the
 * other way, so `available` falls and `pending` rises to zero.
 *
 * @rule M46, R3
 */
export function settle(owner: string, currency: Currency, balance: Balance, day: Day): Settlement {
  const spendable = available(owner, currency);
  const moves: Move[] = [];
  let net = 0;
  let after = balance;
  for (const { day: on, amount } of balance.maturing) {
    if (on > day) continue;
    const waiting = pending(owner, currency, on);
    moves.push(
      amount > 0
        ? move(amount, { from: waiting, to: spendable })
        : move(minor(-amount), { from: spendable, to: waiting }),
    );
    net += amount;
    after = arrive(arrive(after, waiting, -amount), spendable, amount);
  }
  return { moves, net: minor(net), after };
}

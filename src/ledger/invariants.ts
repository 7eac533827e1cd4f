import { Fault } from '../kernel/assert.ts';
import type { LedgerAccount } from './chart.ts';
import type { Posting } from './posting.ts';
import type { Line } from './statement.ts';

/**
 * What one decision must satisfy before it may be written (I1, I3, I5). A move is balanced by its shape; here it is
 * said all the same, together with what no shape can say: that an account's rows tell exactly what its money did.
 * `evenkeel audit` proves the same from the tables alone.
 *
 * Costs a few additions per leg, so it is always on: a book that breaks a promise stops rather than writes on.
 *
 * @throws Fault
 */
export function checkDecision(postings: readonly Posting[], lines: readonly Line[]): void {
  const unexplained = new Map<string, number>();
  const currencies = new Map<string, number>();
  const add = (sums: Map<string, number>, key: string, amount: number) => sums.set(key, (sums.get(key) ?? 0) + amount);
  for (const { moves } of postings) {
    for (const { amount, from, to } of moves) {
      add(currencies, from.currency, -amount);
      add(currencies, to.currency, amount);
      if (spendable(from)) add(unexplained, `${from.owner} ${from.currency}`, -amount);
      if (spendable(to)) add(unexplained, `${to.owner} ${to.currency}`, amount);
    }
  }
  for (const line of lines) {
    const details = line.fee_details?.reduce((sum, detail) => sum + detail.amount, 0) ?? 0;
    if (details !== line.fee) throw new Fault(`I3: the fee of a ${line.type} row is the sum of its details`);
    add(unexplained, `${line.account} ${line.currency}`, line.fee - line.amount);
  }
  for (const [currency, sum] of currencies) {
    if (sum !== 0) throw new Fault(`I5: postings sum to zero, but ${currency} sums to ${sum}`);
  }
  for (const [account, sum] of unexplained) {
    if (sum !== 0) throw new Fault(`I1: rows explain the money, but ${account} moved ${sum} without a row`);
  }
}

/** What rows tell of: the account's own money. Reserved money left `available` by a row of its own; the house has no rows. */
const spendable = ({ bucket }: LedgerAccount): boolean => bucket === 'available' || bucket === 'pending';

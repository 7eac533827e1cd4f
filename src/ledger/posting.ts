import { assert } from '../kernel/assert.ts';
import type { Minor } from '../kernel/money.ts';
import type { LedgerAccount } from './chart.ts';

/** Money leaves `from` and arrives in `to`. There is no way to write one side only. */
export interface Move {
  readonly amount: Minor; // > 0: the direction is said by from and to
  readonly from: LedgerAccount;
  readonly to: LedgerAccount;
}

/** Moves that are written together, and why. */
export interface Posting {
  readonly reason: string;
  readonly moves: readonly Move[];
}

const same = (a: LedgerAccount, b: LedgerAccount) =>
  a.owner === b.owner && a.bucket === b.bucket && (a.bucket !== 'pending' || a.day === (b as typeof a).day);

export function move(amount: Minor, { from, to }: { from: LedgerAccount; to: LedgerAccount }): Move {
  assert(amount > 0, 'a move has a positive amount');
  assert(from.currency === to.currency, 'a move stays in one currency');
  assert(!same(from, to), 'a move goes somewhere');
  return { amount, from, to };
}

/** As `move`, for an amount that may be zero: then nothing moves. */
export const moveIfAny = (amount: Minor, ends: { from: LedgerAccount; to: LedgerAccount }): Move[] =>
  amount === 0 ? [] : [move(amount, ends)];

export const post = (reason: string, ...moves: readonly Move[]): Posting => ({ reason, moves });

import { minor } from '../../kernel/money.ts';
import { type Day, dayOf, type UnixSeconds } from '../../kernel/time.ts';
import type { Maturing } from '../../ledger/balance.ts';
import type { CausedLine } from '../../store/reader.ts';

/** A balance while its causes are told one after the other. */
export interface Running {
  readonly available: number;
  /** What waits for which day, ascending, without zeros. */
  readonly maturing: readonly Maturing[];
}

/** One cause: a row, or a day whose money became available. */
export type Step =
  | { readonly kind: 'row'; readonly row: CausedLine; readonly after: Running }
  | { readonly kind: 'settled'; readonly day: Day; readonly amount: number; readonly after: Running };

export const pendingSum = ({ maturing }: Running): number => maturing.reduce((sum, { amount }) => sum + amount, 0);

function arrived({ available, maturing }: Running, on: Day | 'now', net: number, settledThrough: Day): Running {
  if (on === 'now' || on <= settledThrough) return { available: available + net, maturing };
  const days = new Map(maturing.map(({ day, amount }) => [day, amount as number]));
  days.set(on, (days.get(on) ?? 0) + net);
  const next = [...days].filter(([, amount]) => amount !== 0).sort(([a], [b]) => a - b);
  return { available, maturing: next.map(([day, amount]) => ({ day, amount: minor(amount) })) };
}

/**
 * Tells rows in the order they were written, with the days that settled between them, and what the balance was after each.
 *
 * @param opening  the balance before the first row, with the days up to that moment settled
 * @param rows     oldest first
 * @param close    the moment that the balance is explained for: `time` of what follows, or how far the book had settled
 * @rule I2, M46
 */
export function unfold(
  opening: Running,
  rows: readonly CausedLine[],
  close: { readonly settledThrough: Day },
): { readonly steps: readonly Step[]; readonly closing: Running } {
  const steps: Step[] = [];
  let running = opening;
  const settleUntil = (through: Day) => {
    for (const { day, amount } of running.maturing) {
      if (day > through) break;
      const [, ...maturing] = running.maturing;
      running = { available: running.available + amount, maturing };
      steps.push({ kind: 'settled', day, amount, after: running });
    }
  };
  for (const row of rows) {
    const { line, operation } = row;
    const settled = settledAt(operation.time, close);
    settleUntil(settled);
    running = arrived(running, line.on, line.amount - line.fee, settled);
    steps.push({ kind: 'row', row, after: running });
  }
  settleUntil(close.settledThrough);
  return { steps, closing: running };
}

/** How far money had settled at a moment: a day's settling comes before anything else of that day. */
export const settledAt = (time: UnixSeconds, { settledThrough }: { readonly settledThrough: Day }): Day =>
  Math.min(dayOf(time), settledThrough);

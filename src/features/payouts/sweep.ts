import { ROW_WAITS_DAYS_MAX } from '../../data/countries.ts';
import { birthOf } from '../../kernel/id.ts';
import { dayOf, startOfDay } from '../../kernel/time.ts';
import type { LineQuery } from '../../store/reader.ts';
import type { PayoutObject } from './object.ts';

/** An automatic payout that takes a balance along, and not a bank debit that fills one. */
export const isSweep = ({ automatic, coversNegative }: PayoutObject): boolean => automatic && !coversNegative;

/**
 * Where to look for the rows that a payout by schedule paid out: those of its currency whose money became spendable after
 * the one before it and not after this one, its own row included. So the rows of one payout, without its own, add up to its
 * amount, as long as each took the whole balance along.
 *
 * @rule R16
 */
export function sweptBy(
  payout: PayoutObject,
  before: PayoutObject | undefined,
  book: number,
): Pick<LineQuery, 'currency' | 'spendable' | 'created'> {
  const since = before && dayOf(before.created);
  return {
    currency: payout.currency,
    spendable: {
      operations: {
        after: (before && birthOf(before.id, book)?.seq) ?? 0,
        through: birthOf(payout.id, book)?.seq ?? 0,
      },
      days: { after: since ?? -1, through: dayOf(payout.created) },
    },
    // Bounds how far back rows are looked at.
    ...(since !== undefined && { created: { gte: startOfDay(since - ROW_WAITS_DAYS_MAX) } }),
  };
}

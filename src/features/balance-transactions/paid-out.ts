import { Refused } from '../../api/errors.ts';
import type { Read } from '../../api/read.ts';
import { assert } from '../../kernel/assert.ts';
import { birthOf } from '../../kernel/id.ts';
import { refuse } from '../../kernel/refusal.ts';
import type { LineQuery, TimeRange } from '../../store/reader.ts';
import { type PayoutObject, payouts } from '../payouts/object.ts';
import { isSweep, sweptBy } from '../payouts/sweep.ts';

/**
 * Which rows an automatic payout paid out: those of its currency whose money became spendable after the automatic payout
 * before it and not after this one, its own row included. So the rows of one payout, without its own, add up to its
 * amount, as long as each took the whole balance along. Of a bank debit of a negative balance it is its own rows.
 *
 * @throws Refused  unknown (X7), or made by hand
 * @rule R16
 */
export async function rowsOfPayout(
  read: Read,
  id: string,
): Promise<Pick<LineQuery, 'currency' | 'source' | 'spendable' | 'created'>> {
  const payout = await read.object(payouts, id);
  if (payout === null) throw new Refused(refuse('no_such', { object: payouts.noun, id, param: 'payout' }));
  if (!payout.automatic) throw new Refused(refuse('payout_rows_of_manual'));
  const born = birthOf(id, read.book);
  assert(born !== null, 'what was found was born');
  const { currency } = payout;
  if (!isSweep(payout)) return { currency, source: born };
  const { items } = await read.objects(payouts, {
    after: born,
    limit: 1,
    where: (other) => (other as PayoutObject).currency === currency && isSweep(other as PayoutObject),
  });
  return sweptBy(payout, items[0], read.book);
}

/** What is in both ranges. */
export const within = (range: TimeRange | undefined, bound: TimeRange | undefined): TimeRange | undefined =>
  range && bound?.gte !== undefined ? { ...range, gte: Math.max(bound.gte, range.gte ?? bound.gte) } : (range ?? bound);

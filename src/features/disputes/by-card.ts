import type { ToCome } from '../charges/card-network.ts';
import type { Moved, Movement } from '../charges/movement.ts';
import { openDispute, type Place } from './open.ts';
import { type Concerned, partsOf } from './rules.ts';

/**
 * A charge whose card's bank disputes it right after: its own news and what came with it first, then the disputes.
 *
 * @param moved  the charge once its money has moved
 * @rule M18, M19, R175
 */
export function disputeByCard(
  moved: Movement,
  { reason, count, inquiry }: ToCome,
  parties: Concerned,
  ctx: Place,
): Moved {
  let contested: Moved = { ...moved, schedule: [] };
  const { amount_captured: amount, currency } = moved.charge;
  for (const part of partsOf({ amount, currency }, count)) {
    const { charge } = contested;
    const opened = openDispute({ charge, terms: { amount: part, reason, inquiry }, parties }, ctx);
    contested = {
      charge: opened.charge,
      put: [opened.charge, ...contested.put.slice(1), opened.dispute],
      post: [...contested.post, ...opened.post],
      lines: [...contested.lines, ...opened.lines],
      emit: [...contested.emit, ...opened.emit],
      schedule: [...contested.schedule, ...opened.schedule],
    };
  }
  return contested;
}

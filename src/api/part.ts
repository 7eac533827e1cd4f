import { limits } from '../data/limits.ts';
import { refuse } from '../kernel/refusal.ts';
import type { Page } from '../store/reader.ts';
import { Refused } from './errors.ts';
import type { Paging } from './list.ts';

interface Item {
  readonly id: string;
}

function positionOf(all: readonly Item[], id: string | undefined, noun: string, param: string): number | null {
  if (id === undefined) return null;
  const position = all.findIndex((item) => item.id === id);
  if (position < 0) throw new Refused(refuse('no_such', { object: noun, id, param }));
  return position;
}

/**
 * A page of the parts of an object, which stand in it and are few.
 *
 * @param all newest first; a cursor is a position among all of them, also when the filter leaves it out
 * @param noun what a part is called
 * @throws Refused for a cursor that names none of them, or for both cursors
 */
export function pageOfParts<T extends Item>(
  all: readonly T[],
  isWanted: (item: T) => boolean,
  { starting_after, ending_before, limit = limits.pageSizeDefault }: Paging,
  noun: string,
): Page<T> {
  const after = positionOf(all, starting_after, noun, 'starting_after');
  const before = positionOf(all, ending_before, noun, 'ending_before');
  if (after !== null && before !== null) throw new Refused(refuse('cursors_exclusive'));
  if (before !== null) {
    const newer = all.slice(0, before).filter(isWanted);
    return { items: newer.slice(-limit), hasMore: newer.length > limit };
  }
  const older = all.slice(after === null ? 0 : after + 1).filter(isWanted);
  return { items: older.slice(0, limit), hasMore: older.length > limit };
}

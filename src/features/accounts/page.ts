import { Refused } from '../../api/errors.ts';
import type { Paging } from '../../api/list.ts';
import { limits } from '../../data/limits.ts';
import { refuse } from '../../kernel/refusal.ts';
import type { Page } from '../../store/reader.ts';
import type { ExternalAccount } from './object.ts';

function positionOf(all: readonly ExternalAccount[], id: string | undefined, param: string): number | null {
  if (id === undefined) return null;
  const position = all.findIndex((external) => external.id === id);
  if (position < 0) throw new Refused(refuse('no_such', { object: 'external account', id, param }));
  return position;
}

/**
 * A page of an account's external accounts, which live inside it and are few.
 *
 * @param all newest first; a cursor is a position among all of them, also when the filter leaves it out
 * @throws Refused for a cursor that names none of them, or for both cursors
 */
export function pageOf(
  all: readonly ExternalAccount[],
  isWanted: (external: ExternalAccount) => boolean,
  { starting_after, ending_before, limit = limits.pageSizeDefault }: Paging,
): Page<ExternalAccount> {
  const after = positionOf(all, starting_after, 'starting_after');
  const before = positionOf(all, ending_before, 'ending_before');
  if (after !== null && before !== null) throw new Refused(refuse('cursors_exclusive'));
  if (before !== null) {
    const newer = all.slice(0, before).filter(isWanted);
    return { items: newer.slice(-limit), hasMore: newer.length > limit };
  }
  const older = all.slice(after === null ? 0 : after + 1).filter(isWanted);
  return { items: older.slice(0, limit), hasMore: older.length > limit };
}

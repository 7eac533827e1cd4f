import { eventTypeOf } from '../data/event-types.ts';
import { type Birth, birthOf } from '../kernel/id.ts';
import type { Endpoint } from './endpoint.ts';
import type { History } from './histories.ts';
import { selects } from './selection.ts';

/**
 * The endpoints that are told of an event: those that were enabled when it happened, chosen by what they asked for at that
 * time.
 *
 * @param event.seq  the operation that it is of
 * @param event.type its number
 */
export function recipientsOf(
  book: number,
  event: { readonly seq: number; readonly type: number; readonly account: string },
  histories: readonly History[],
): readonly Birth[] {
  const type = eventTypeOf(event.type);
  if (type === undefined) return [];
  return histories.flatMap((history) => {
    const then = history.find(({ from }) => from < event.seq)?.object as Endpoint | undefined;
    const birth = then && birthOf(then.id, book);
    return birth && selects(then, { type, account: event.account }) ? [birth] : [];
  });
}

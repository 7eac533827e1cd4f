import { Refused } from '../../api/errors.ts';
import { listOf, paging, placeOf } from '../../api/list.ts';
import { array, form, optional, range, text } from '../../api/params.ts';
import type { Read } from '../../api/read.ts';
import { type Route, read } from '../../api/route.ts';
import type { Wire } from '../../api/view.ts';
import { limits } from '../../data/limits.ts';
import { assert } from '../../kernel/assert.ts';
import { birthOf, prefixOf } from '../../kernel/id.ts';
import { refuse } from '../../kernel/refusal.ts';
import { SECONDS_PER_DAY } from '../../kernel/time.ts';
import type { RecordedEvent } from '../../store/reader.ts';
import type { PendingWebhooks } from '../../webhooks/pending.ts';
import { bookTime } from '../test-clocks/wait.ts';
import { shownTypes, typesMeant } from './rules.ts';
import { eventView } from './view.ts';

const noun = 'event';
const typesMax = 20;

/** Of the acting account; events stay readable by id beyond the days that are listed. */
async function eventOf(read: Read, id: string): Promise<RecordedEvent | null> {
  const birth = prefixOf(id) === 'evt' ? birthOf(id, read.book) : null;
  const event = birth === null ? null : await read.store.event(read.book, read.account, birth);
  return event !== null && shownTypes.includes(event.type) ? event : null;
}

async function wires(read: Read, events: readonly RecordedEvent[], pending: PendingWebhooks | null) {
  assert(pending !== null, 'who serves knows what waits');
  const counts = await pending.of(read.book, events);
  return events.map((event, i) => wire(read, event, counts[i]));
}

/** Of an object that the key may not read, an event tells no more than which it is. */
function wire(read: Read, event: RecordedEvent, pending: number | undefined): Wire {
  const whole = eventView(event, read.env, (object) => read.view(object), pending);
  const { object } = whole.data as { readonly object: Wire };
  if (read.sight.refuseToShow(object) === null) return whole;
  return { ...whole, data: { object: { ...(object.id !== undefined && { id: object.id }), object: object.object } } };
}

/** Numbers of types; empty when the filter means none. */
function meant({ type, types }: { readonly type?: string; readonly types?: readonly string[] }) {
  if (type !== undefined && types !== undefined) {
    throw new Refused(refuse('parameters_exclusive', { first: 'type', second: 'types' }));
  }
  if (types !== undefined && types.length > typesMax) {
    throw new Refused(refuse('invalid_value', { param: 'types', reason: `must have at most ${typesMax} elements` }));
  }
  const filters = types ?? (type === undefined ? undefined : [type]);
  return filters === undefined ? shownTypes : [...new Set(filters.flatMap(typesMeant))];
}

export const eventRoutes = (pending: PendingWebhooks | null): readonly Route[] => [
  read('/v1/events', {
    tier: 1,
    summary: `The events of the account in the last ${limits.eventListDays} days, newest first.`,
    params: form({
      created: optional(range()),
      type: optional(text()),
      types: optional(array(text())),
      ...paging,
    }),
    unsupported: ['delivery_success'],
    async handler(read, params) {
      const types = meant(params);
      const place = await placeOf(params, noun, async (id) =>
        (await eventOf(read, id)) === null ? null : birthOf(id, read.book),
      );
      if (types.length === 0) return listOf(read.path, [], false);
      const since = (await bookTime(read)) - limits.eventListDays * SECONDS_PER_DAY;
      const page = await read.store.events({
        book: read.book,
        account: read.account,
        ...place,
        created: { ...params.created, gte: Math.max(params.created?.gte ?? since, since) },
        types,
      });
      return listOf(read.path, await wires(read, page.items, pending), page.hasMore);
    },
  }),

  read('/v1/events/:id', {
    tier: 1,
    summary: 'One event.',
    async handler(read, { id }) {
      const event = await eventOf(read, id);
      if (event === null) throw new Refused(refuse('no_such_in_path', { object: noun, id, param: 'id' }));
      const [wire] = await wires(read, [event], pending);
      assert(wire !== undefined, 'an event is shown');
      return wire;
    },
  }),
];

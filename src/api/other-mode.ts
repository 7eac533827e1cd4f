import { birthOf, bookOf } from '../kernel/id.ts';
import { type Refusal, refuse } from '../kernel/refusal.ts';
import type { ReadStore } from '../store/reader.ts';
import type { ViewEnv } from './view.ts';

/** The book of the same platform in the other mode; null where it has none. */
export type OtherBook = (book: number) => Promise<number | null>;

type Ids = ReadonlySet<string>;
const none: Ids = new Set();

/** Free keys, in which ids of anybody may stand. */
const free = 'metadata';

/** The ids in a request that no book but another could have minted. */
function foreignIds(value: unknown, own: number, found: Map<string, number> = new Map()): ReadonlyMap<string, number> {
  if (typeof value === 'string') {
    const book = bookOf(value);
    if (book !== null && book !== own) found.set(value, book);
  } else if (Array.isArray(value)) {
    for (const item of value) foreignIds(item, own, found);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) if (key !== free) foreignIds(item, own, found);
  }
  return found;
}

/**
 * Which ids of a request name what the platform has in its other mode. Such an id names nothing here, so whoever sends one is
 * refused, and nobody else waits for the look.
 */
export async function idsOfOtherMode(
  params: unknown,
  env: Pick<ViewEnv, 'book'>,
  { store, otherBook }: { readonly store: Pick<ReadStore, 'objects'>; readonly otherBook: OtherBook },
): Promise<Ids> {
  const foreign = foreignIds(params, env.book);
  if (foreign.size === 0) return none;
  const other = await otherBook(env.book);
  const births = [...foreign].flatMap(([id, book]) => (book === other ? (birthOf(id, book) ?? []) : []));
  if (other === null || births.length === 0) return none;
  const objects = await store.objects(other, births);
  return new Set(objects.flatMap((object) => (object !== null && foreign.has(object.id) ? object.id : [])));
}

/**
 * Says of what is missing that it exists in the other mode, where it does.
 *
 * @rule X6, X7
 */
export function inOtherMode(refusal: Refusal, elsewhere: Ids, { livemode }: Pick<ViewEnv, 'livemode'>): Refusal {
  if (elsewhere.size === 0) return refusal;
  const [, object, id] = /^No such ([^:]+): '(\w+)'/.exec(refusal.error.message) ?? [];
  if (object === undefined || id === undefined || !elsewhere.has(id)) return refusal;
  const [mode, otherMode] = livemode ? ['live', 'test'] : ['test', 'live'];
  return refuse(refusal.status === 404 ? 'no_such_other_mode_in_path' : 'no_such_other_mode', {
    object,
    id,
    param: refusal.error.param ?? 'id',
    mode,
    otherMode,
  });
}

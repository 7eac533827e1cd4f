import { limits } from '../data/limits.ts';
import { type Birth, birthOf, prefixOf } from '../kernel/id.ts';
import type { Kind, StoredObject } from '../kernel/kind.ts';
import { refuse } from '../kernel/refusal.ts';
import type { Place, TimeRange } from '../store/reader.ts';
import { Refused } from './errors.ts';
import { noSuch } from './missing.ts';
import { integer, optional, type Param, text } from './params.ts';
import type { Read } from './read.ts';
import type { ListRoute } from './route.ts';
import type { Wire } from './view.ts';

/** How many items a page has: out of range is silently clamped, not a number is refused. */
const pageLimit = (): Param<number> => {
  const whole = integer();
  return { ...whole, parse: (value, name) => Math.min(Math.max(whole.parse(value, name), 1), limits.pageSizeMax) };
};

/** The parameters by which every list is paged. */
export const paging = {
  ending_before: optional(text()),
  limit: optional(pageLimit()),
  starting_after: optional(text()),
} as const;

export interface Paging {
  readonly ending_before?: string;
  readonly limit?: number;
  readonly starting_after?: string;
}

/** `object`, `data`, `has_more` and `url`, which is the path alone: clients follow it. */
export const listOf = (url: string, data: readonly Wire[], hasMore: boolean): Wire => ({
  object: 'list',
  data,
  has_more: hasMore,
  url,
});

/**
 * Where the page begins that was asked for. A cursor is a position in the order, so one that a filter leaves out works.
 *
 * @param find where the item of a cursor was born; null when there is none, which is refused
 */
export async function placeOf(
  params: Paging,
  noun: string,
  find: (id: string) => Promise<Birth | null>,
): Promise<Place> {
  const { starting_after, ending_before } = params;
  const born = async (id: string | undefined, param: string): Promise<Birth | null> => {
    if (id === undefined) return null;
    const birth = await find(id);
    if (birth === null) throw new Refused(refuse('no_such', { object: noun, id, param }));
    return birth;
  };
  const after = await born(starting_after, 'starting_after');
  const before = await born(ending_before, 'ending_before');
  // Only now: both ids are looked up first.
  if (after && before) throw new Refused(refuse('cursors_exclusive'));
  return { limit: params.limit ?? limits.pageSizeDefault, ...(after && { after }), ...(before && { before }) };
}

export const isDeleted = (object: StoredObject): boolean => 'deleted' in object && object.deleted === true;

const fieldOf = (object: StoredObject, name: string): unknown => (object as unknown as Record<string, unknown>)[name];

const isWithin = (value: unknown, { gt, gte, lt, lte }: TimeRange): boolean =>
  typeof value === 'number' &&
  (gt === undefined || value > gt) &&
  (gte === undefined || value >= gte) &&
  (lt === undefined || value < lt) &&
  (lte === undefined || value <= lte);

/** Answers a declared list. `params` are its parsed filters, paging and path. */
export async function answerList(
  route: ListRoute,
  read: Read,
  params: Readonly<Record<string, unknown>> & Paging,
  kindsByObject: ReadonlyMap<string, Kind>,
): Promise<Wire> {
  const { view, filters, owner } = route;
  const { kind } = view;
  const refs: { index: number; value: string }[] = [];
  const tests: ((object: StoredObject) => boolean)[] = [route.where ?? ((object) => !isDeleted(object))];
  let created: TimeRange | undefined;

  const byRef = (name: string, value: string) => {
    const index = kind.refs.indexOf(name as never);
    if (index >= 0) refs.push({ index, value });
    tests.push((object) => fieldOf(object, name) === value);
  };

  if (owner) {
    const id = params[owner.idName] as string;
    if ((await read.object(owner.view.kind, id)) === null) {
      throw new Refused(noSuch({ kind: owner.view.kind, id, param: owner.param, inPath: true }));
    }
    byRef(owner.ref, id);
  }
  for (const [name, how] of Object.entries(filters)) {
    const value = params[name];
    if (value === undefined) continue;
    if (how === 'created') created = value as TimeRange;
    else if (how === 'range') tests.push((object) => isWithin(fieldOf(object, name), value as TimeRange));
    else {
      const named = kindsByObject.get(name);
      // What a platform earns comes from charges of its connected accounts, and it may ask for those.
      const isPlatform = read.env.account === read.env.platform;
      const find = (kind: Kind, id: string) => (isPlatform ? read.anywhere(kind, id) : read.object(kind, id));
      if (named && (await find(named, value as string)) === null) {
        throw new Refused(noSuch({ kind: named, id: value as string, param: name, inPath: false }));
      }
      if (how === 'ref') byRef(name, value as string);
      else tests.push((object) => String(fieldOf(object, name)) === value);
    }
  }

  const place = await placeOf(params, kind.noun, async (id) => {
    if (!kind.prefixes.includes(prefixOf(id)) || (await read.object(kind, id)) === null) return null;
    return birthOf(id, read.book);
  });
  const page = await read.objects(kind, {
    ...place,
    ...(created && { created }),
    ...(refs.length > 0 && { refs }),
    where: (object) => tests.every((test) => test(object)),
  });
  return listOf(
    read.path,
    (await read.current(page.items)).map((object) => read.view(object)),
    page.hasMore,
  );
}

import { limits } from '../data/limits.ts';
import type { Resource } from '../data/permissions.ts';
import { type Birth, birthOf, prefixOf } from '../kernel/id.ts';
import type { StoredObject } from '../kernel/kind.ts';
import { type Refusal, refuse } from '../kernel/refusal.ts';
import { Refused } from './errors.ts';
import { listOf, type Value } from './form.ts';
import type { Read } from './read.ts';
import type { View, ViewEnv, Wire } from './view.ts';
import type { Views } from './views.ts';

/**
 * `expand`: replaces ids by the objects they name, after the answer is rendered.
 *
 * Each round walks all paths as far as the answer goes, looks up every id it ended at in one query for objects and one for
 * balance transactions, and puts the objects in; the next round goes on from there. Paths have at most four levels, so
 * there are at most four rounds however many items a page has.
 */

// biome-ignore lint/suspicious/noExplicitAny: any object can be expanded
type AnyView = View<any>;
type Mutable = { [key: string]: unknown };

/** A path of `expand`, taken apart at its dots. */
export interface ExpandPath {
  readonly text: string;
  readonly segments: readonly string[];
}

/** What a view says of its fields, as far as expanding goes. */
type Expandables = Pick<AnyView, 'expandable' | 'included' | 'shows'>;

const lineExpandables: Expandables = { expandable: ['source'] };

/** Fields that only versions before 2022-11-15 had: clients of that age still ask for them, and are not refused. */
const gone: Readonly<Record<string, readonly string[]>> = {
  charge: ['invoice'],
  payment_intent: ['charges', 'invoice'],
};
export const goneSince = '2022-11-15';

/** The paths of an `expand` parameter, each at most four levels deep. */
export function expandPaths(value: Value | undefined): readonly ExpandPath[] {
  if (value === undefined) return [];
  const list = listOf(value);
  if (list === null) throw new Refused(refuse('invalid_array', { param: 'expand' }));
  return list.map((each, index) => {
    if (typeof each !== 'string') {
      throw new Refused(refuse('invalid_string', { value: JSON.stringify(each), param: `expand[${index}]` }));
    }
    const segments = each.split('.');
    if (segments.length > limits.expandDepthMax) throw new Refused(refuse('expand_too_deep', { property: each }));
    return { text: each, segments };
  });
}

const cannot = ({ text, segments }: ExpandPath, onList: boolean): Refused =>
  new Refused(
    onList && segments[0] !== 'data'
      ? refuse('not_expandable_on_list', { property: text })
      : refuse('not_expandable', { property: text }),
  );

/** Whether a path begins as one of the declared fields does, or goes into a list within the object. */
function isDeclared({ expandable, included }: Expandables, segments: readonly string[]): boolean {
  if (segments[1] === 'data') return true;
  return [...expandable, ...Object.keys(included ?? {})].some((field) =>
    field.split('.').every((part, index) => segments[index] === undefined || segments[index] === part),
  );
}

/**
 * Refuses what cannot be expanded, as far as can be told before anything is done: the first object is known, those
 * behind it are not. Returns the paths to follow.
 *
 * @param isOld the request follows a version of before `goneSince`, or none
 */
export function checkExpand(
  paths: readonly ExpandPath[],
  view: AnyView | null,
  { isList, isOld }: { readonly isList: boolean; readonly isOld: boolean },
): readonly ExpandPath[] {
  return paths.filter((path) => {
    if (isList && path.segments[0] !== 'data') throw cannot(path, true);
    const segments = isList ? path.segments.slice(1) : path.segments;
    if (view === null || segments.length === 0 || isDeclared(view, segments)) return true;
    if (isOld && gone[view.kind.object]?.includes(segments[0] ?? '')) return false;
    throw cannot(path, isList);
  });
}

const isPage = ({ object }: Wire): boolean => object === 'list' || object === 'search_result';

/** An id in the answer, and what of its path lies behind it. */
interface Job {
  readonly holder: Mutable;
  readonly key: string;
  readonly path: ExpandPath;
  readonly next: number;
  /** Makes what is not there yet, or what takes the place of an id that names no object; null for all other ids. */
  readonly include: ((source: StoredObject) => Promise<Wire>) | null;
  /** Of what is made: what it takes to read what it shows, where that is not the holder's own affair. */
  readonly shows: Resource | null;
}

class Expansion {
  readonly #read: Read;
  readonly #views: Views;
  /** Whether what cannot be expanded is refused; after a commit it is too late for that. */
  readonly #strict: boolean;
  readonly #onList: boolean;
  #jobs: Job[] = [];

  constructor(read: Read, views: Views, strict: boolean, onList: boolean) {
    this.#read = read;
    this.#views = views;
    this.#strict = strict;
    this.#onList = onList;
  }

  async run(root: Wire, paths: readonly ExpandPath[]): Promise<void> {
    for (const path of paths) this.#walk(root, null, '', path, 0);
    while (this.#jobs.length > 0) {
      const jobs = this.#jobs;
      this.#jobs = [];
      await Promise.all([this.#replaceIds(jobs.filter((job) => job.include === null)), this.#includeMade(jobs)]);
      for (const { holder, key, path, next } of jobs) {
        if (typeof holder[key] === 'object') this.#walk(holder[key], null, '', path, next);
      }
    }
  }

  /** @param within the field's place in the object whose `expandables` count */
  #walk(node: unknown, expandables: Expandables | null, within: string, path: ExpandPath, at: number): void {
    if (typeof node !== 'object' || node === null) return;
    if (Array.isArray(node)) {
      for (const each of node) this.#walk(each, expandables, within, path, at);
      return;
    }
    const segment = path.segments[at];
    if (segment === undefined) return;
    const holder = node as Mutable;
    const own = this.#expandablesOf(holder);
    const declared = own ?? expandables;
    const place = own || within === '' ? segment : `${within}.${segment}`;
    const value = holder[segment];
    // The stub of what was deleted is all there is.
    const include = holder.deleted === true ? undefined : declared?.included?.[place];
    if (include && (value === undefined || typeof value === 'string')) {
      this.#jobs.push({
        holder,
        key: segment,
        path,
        next: at + 1,
        include: (source) => include(source, this.#read.env, this.#read),
        shows: declared?.shows?.[place] ?? null,
      });
      return;
    }
    const mayExpand = declared?.expandable.includes(place) === true;
    if (typeof value === 'string') {
      if (mayExpand) this.#jobs.push({ holder, key: segment, path, next: at + 1, include: null, shows: null });
      else this.#refuse(path);
      return;
    }
    if (Array.isArray(value) && mayExpand) {
      value.forEach((each, index) => {
        const list = value as unknown as Mutable;
        if (typeof each === 'string')
          this.#jobs.push({ holder: list, key: String(index), path, next: at + 1, include: null, shows: null });
      });
    }
    if (typeof value === 'object') this.#walk(value, declared, place, path, at + 1);
    // A field that may be missing is declared; one that nobody knows is not.
    else if (value !== undefined || (declared && !isDeclared(declared, place.split('.')))) this.#refuse(path);
    else if (declared === null && isPage(holder)) this.#refuse(path);
  }

  #expandablesOf(holder: Mutable): Expandables | null {
    if (holder.object === 'balance_transaction') return lineExpandables;
    if (typeof holder.id !== 'string') return null;
    return this.#views.byObject(holder.object) ?? this.#views.byPrefix(prefixOf(holder.id)) ?? null;
  }

  #refuse(path: ExpandPath): void {
    if (this.#strict) throw cannot(path, this.#onList);
  }

  /** What the key may not read stays an id, or is refused as long as that is possible. */
  #mayShow(refusal: Refusal | null): boolean {
    if (refusal !== null && this.#strict) throw new Refused(refusal);
    return refusal === null;
  }

  async #replaceIds(jobs: readonly Job[]): Promise<void> {
    const { book, env, store } = this.#read;
    const objects = new Map<string, Birth>();
    const lines = new Map<string, Birth>();
    const idOf = ({ holder, key }: Job): string | null => (typeof holder[key] === 'string' ? holder[key] : null);
    for (const job of jobs) {
      const id = idOf(job) ?? '';
      const prefix = prefixOf(id);
      const birth = birthOf(id, book);
      if (birth === null || !this.#mayShow(this.#read.sight.refuseToShow({ id }))) continue;
      if (prefix === 'txn') {
        if (this.#views.rendersLines) lines.set(id, birth);
      } else if (this.#views.byPrefix(prefix) && mayShow(id, prefix, env)) objects.set(id, birth);
    }
    const namesApplication = jobs.some((job) => idOf(job) === env.application);
    const [foundObjects, foundLines, application] = await Promise.all([
      objects.size === 0 ? [] : store.objects(book, [...objects.values()]),
      lines.size === 0 ? [] : store.linesAt(book, [...lines.values()]),
      namesApplication ? this.#views.application(this.#read) : null,
    ]);
    if (foundObjects.some((object) => object && this.#views.byPrefix(prefixOf(object.id))?.readsSettlement)) {
      await this.#read.learnSettlement();
    }
    const objectById = new Map([...objects.keys()].map((id, index) => [id, foundObjects[index] ?? null]));
    const lineById = new Map([...lines.keys()].map((id, index) => [id, foundLines[index] ?? null]));
    for (const job of jobs) {
      // Another path came by the same field and has put the object in.
      const id = idOf(job);
      if (id === null) continue;
      const object = objectById.get(id);
      const line = lineById.get(id);
      if (object?.id === id) job.holder[job.key] = this.#read.view(object);
      else if (line) job.holder[job.key] = this.#read.viewLine(line);
      else if (id === env.application) job.holder[job.key] = application;
    }
  }

  async #includeMade(jobs: readonly Job[]): Promise<void> {
    await Promise.all(
      jobs.map(async ({ holder, key, include, shows }) => {
        const source = this.#read.sources?.get(holder);
        const before = holder[key];
        if (!include || !source || typeof before === 'object') return;
        if (shows !== null && !this.#mayShow(this.#read.sight.refuseAll(shows))) return;
        const made = await include(source);
        // Another path may have been quicker.
        if (holder[key] !== before) return;
        if (before === undefined) insert(holder, key, made);
        else holder[key] = made;
      }),
    );
  }
}

/** Payments lead from an account to its platform and on; what they are is told, but never who other accounts are. */
const mayShow = (id: string, prefix: string, { account, platform }: ViewEnv): boolean =>
  prefix !== 'acct' || account === platform || id === account;

/** Puts a key where the alphabet wants it. */
function insert(holder: Mutable, key: string, value: unknown): void {
  const later = Object.keys(holder).filter((name) => name > key && name !== 'id' && name !== 'object');
  const moved = later.map((name) => [name, holder[name]] as const);
  for (const name of later) delete holder[name];
  holder[key] = value;
  for (const [name, kept] of moved) holder[name] = kept;
}

/**
 * Expands the paths within `root`, in place. Ids that name nothing stay ids, null stays null.
 *
 * @param strict refuse paths that turn out not to be expandable; otherwise they are left alone
 */
export async function expandIn(
  root: Wire,
  paths: readonly ExpandPath[],
  { read, views, strict }: { readonly read: Read; readonly views: Views; readonly strict: boolean },
): Promise<void> {
  if (paths.length > 0) await new Expansion(read, views, strict, isPage(root)).run(root, paths);
}

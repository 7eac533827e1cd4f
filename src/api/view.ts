import type { Resource } from '../data/permissions.ts';
import type { Kind, StoredObject } from '../kernel/kind.ts';
import type { Day } from '../kernel/time.ts';
import type { Read } from './read.ts';

/** What goes over the wire. Key order: id, object, then alphabetical, at every level. */
export type Wire = Readonly<Record<string, unknown>>;

/** For whom an object is rendered. */
export interface ViewEnv {
  readonly livemode: boolean;
  readonly book: number;
  /** The acct_ id of the platform, and the ca_ id it acts under. */
  readonly platform: string;
  readonly application: string;
  /** The acct_ id of the account that the request runs as. */
  readonly account: string;
  /**
   * How far money has settled, for a view that asks by `readsSettlement`. Absent where an object is shown as an operation
   * left it (the answer to a command, an event), which reads the same for ever.
   */
  readonly settledThrough?: Day;
  /** `https://host:port` that the request came to; absent where there is none (an event). */
  readonly origin?: string;
}

/** Where this server is by default; what has to be reached from elsewhere is asked for from there. */
const LOCAL = 'http://127.0.0.1:12111';

/** What addresses of pages on this server begin with. */
export const originOf = ({ origin = LOCAL }: Pick<ViewEnv, 'origin'>): string => origin;

/** How objects of a kind are shown. A stored object omits what is null; the view lists every documented field. */
export interface View<T extends StoredObject = StoredObject> {
  readonly kind: Kind<T>;
  /** Pure: the same object and env give the same bytes, which is what a repeated request is answered with. */
  render(object: T, env: ViewEnv): Wire;
  /** Fields that hold ids which `expand` replaces, with dots where they are nested: `transfer_data.destination`. */
  readonly expandable: readonly string[];
  /** It shows rows, whose status follows the book and not the object: what is read has `settledThrough` in its env. */
  readonly readsSettlement?: true;
  /** What is made only when `expand` names it: lists that are otherwise left out, and parts of an object that are shown as an id. */
  readonly included?: {
    readonly [field: string]: (object: T, env: ViewEnv, read: Read) => Promise<Wire>;
  };
  /** Of `included`, where objects of another kind are shown: what it takes to read them. */
  readonly shows?: { readonly [field: string]: Resource };
}

export const view = <T extends StoredObject>(definition: View<T>): View<T> => definition;

/** @param url the list's path, without host and query */
export const emptyList = (url: string): Wire => ({ object: 'list', data: [], has_more: false, url });

/** A list within an object; unlike a page it tells how many there are. */
export const embeddedList = (url: string, items: readonly Wire[], total: number): Wire => ({
  object: 'list',
  data: items,
  has_more: total > items.length,
  total_count: total,
  url,
});

import { birthOf } from './id.ts';
import type { UnixSeconds } from './time.ts';

/** What every stored object has: who owns it and when it was born. `account` is the acct_ id of the owner. */
export interface StoredObject {
  readonly id: string;
  readonly account: string;
  readonly created: UnixSeconds;
}

/**
 * What the engine must know of a noun to store and find its objects.
 *
 * `no` is written to the database and never changes or is used again. `refs` names the fields that lists filter by:
 * at most three, in this order for ever, each a string or null.
 */
export interface Kind<T extends StoredObject = StoredObject> {
  readonly no: number;
  /** Stripe's name of the object, the value of its `object` field. */
  readonly object: string;
  readonly prefixes: readonly string[];
  /** What a refusal calls it: `No such {noun}: 'ch_1'`. */
  readonly noun: string;
  readonly refs: readonly (keyof T & string)[];
  /** Where what is in it stands apart from it (`ContentStore`), and what it must be. `sha256` is hexadecimal. */
  readonly contents?: (object: T) => { readonly content: string; readonly size: number; readonly sha256: string };
}

export const kind = <T extends StoredObject>(definition: Kind<T>): Kind<T> => {
  if (definition.refs.length > 3) throw new RangeError(`${definition.object} filters by more than three fields`);
  return definition;
};

/** The values that lists find an object by, in the order of its kind's `refs`. */
export function refsOf(object: StoredObject, { refs }: Kind, book: number): readonly (string | null)[] {
  const own = birthOf(object.id, book)?.seq;
  return refs.map((field) => {
    const value = (object as unknown as Record<string, unknown>)[field];
    // The id of something born in the same operation finds itself: see the reader's `list`.
    return typeof value === 'string' && value !== '' && birthOf(value, book)?.seq !== own ? value : null;
  });
}

/** The list of parts that an object keeps of itself, newest first: how many there are, and those that it shows. */
export interface Kept<T> {
  readonly total: number;
  readonly newest: readonly T[];
}

/** A list within an object shows so many. */
const newestShown = 10;

/** The list with one more. */
export const keep = <T>(list: Kept<T> | undefined, item: T): Kept<T> => ({
  total: (list?.total ?? 0) + 1,
  newest: [item, ...(list?.newest ?? [])].slice(0, newestShown),
});

/** The list with one of its items changed, if that is among those shown. */
export const replaceKept = <T extends { readonly id: string }>(list: Kept<T>, item: T): Kept<T> => ({
  ...list,
  newest: list.newest.map((kept) => (kept.id === item.id ? item : kept)),
});

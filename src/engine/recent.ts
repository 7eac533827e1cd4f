/**
 * What was looked at or changed lately, at most `limit` entries: in two halves, of which the older goes when the newer is
 * full. What is found in the older one moves over, so what is in use stays.
 */
export class Recent<Key, Value extends { readonly changed: number }> {
  readonly #limit: number;
  #newer = new Map<Key, Value>();
  #older = new Map<Key, Value>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: Key): Value | undefined {
    const value = this.#newer.get(key);
    if (value !== undefined) return value;
    const found = this.#older.get(key);
    if (found !== undefined) this.#newer.set(key, found);
    return found;
  }

  set(key: Key, value: Value): void {
    this.#newer.set(key, value);
  }

  /** Keeps the bound, but never loses what was changed after operation `committed`. */
  trim(committed: number): void {
    if (this.#newer.size <= this.#limit / 2) return;
    const gone = this.#older;
    this.#older = this.#newer;
    this.#newer = new Map();
    for (const [key, value] of gone) {
      if (value.changed > committed && !this.#older.has(key)) this.#newer.set(key, value);
    }
  }
}

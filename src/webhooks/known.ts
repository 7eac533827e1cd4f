/** A cache of promises: the latest asked for stay, what failed is asked for again. */
export class Known<T> {
  readonly #limit: number;
  readonly #entries = new Map<string, Promise<T>>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string, ask: () => Promise<T>): Promise<T> {
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = ask();
      entry.catch(() => this.#entries.delete(key));
      if (this.#entries.size >= this.#limit) {
        const [oldest] = this.#entries.keys();
        if (oldest !== undefined) this.#entries.delete(oldest);
      }
    } else this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry;
  }
}

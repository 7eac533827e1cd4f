/**
 * How often one key may ask: a bucket that holds as many requests as a second brings, and fills up steadily. A key that was
 * quiet may so send a second's worth at once. Each process counts for itself.
 */
export class Bucket {
  readonly #size: number;
  readonly #perMs: number;
  #left: number;
  #at: number;

  /**
   * @param perSecond at least 1
   * @param now in milliseconds that only go forward, as in `take`
   */
  constructor(perSecond: number, now: number) {
    this.#size = perSecond;
    this.#perMs = perSecond / 1000;
    this.#left = perSecond;
    this.#at = now;
  }

  /** Whether one more request is within the limit; it is counted if so. */
  take(now: number): boolean {
    this.#left = Math.min(this.#size, this.#left + (now - this.#at) * this.#perMs);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}

import type { Ticks } from './auth.ts';

/**
 * How often one key may ask: a bucket that holds as many requests as a second brings, and fills up steadily. A key that was
 * quiet may so send a second's worth at once. Each process counts for itself.
 */
export class Bucket {
  readonly #size: number;
  readonly #perMs: number;
  readonly #ticks: Ticks;
  #left: number;
  #at: number;

  /** @param perSecond more than 0 */
  constructor(perSecond: number, ticks: Ticks) {
    this.#size = Math.max(perSecond, 1);
    this.#perMs = perSecond / 1000;
    this.#ticks = ticks;
    this.#left = this.#size;
    this.#at = ticks();
  }

  /** Whether one more request is within the limit; it is counted if so. */
  take(): boolean {
    const now = this.#ticks();
    this.#left = Math.min(this.#size, this.#left + (now - this.#at) * this.#perMs);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}

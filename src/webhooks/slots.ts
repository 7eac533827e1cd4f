/** Leave to send one request. */
export interface Slot {
  release(): void;
}

/**
 * How much may be under way. Requests that are answered soon share a small number of places, which bounds the work. One that
 * takes longer than `patienceMs` costs hardly more than its socket: it gives its place back and counts among `total` alone,
 * so that receivers that hang do not hold up those that do not.
 */
export class Slots {
  readonly #quick: number;
  readonly #total: number;
  readonly #patienceMs: number;
  readonly #waiting: (() => void)[] = [];
  #quickNow = 0;
  #totalNow = 0;

  constructor({ quick, total, patienceMs }: { quick: number; total: number; patienceMs: number }) {
    this.#quick = quick;
    this.#total = total;
    this.#patienceMs = patienceMs;
  }

  get inUse(): number {
    return this.#totalNow;
  }

  /** In the order asked for. */
  async take(): Promise<Slot> {
    if (this.#isFull || this.#waiting.length > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#enter();
    let isQuick = true;
    const leaveQuick = () => {
      if (!isQuick) return;
      isQuick = false;
      this.#quickNow--;
      this.#admit();
    };
    const timer = setTimeout(leaveQuick, this.#patienceMs);
    return {
      release: () => {
        clearTimeout(timer);
        this.#totalNow--;
        if (isQuick) leaveQuick();
        else this.#admit();
      },
    };
  }

  get #isFull(): boolean {
    return this.#quickNow >= this.#quick || this.#totalNow >= this.#total;
  }

  #enter(): void {
    this.#quickNow++;
    this.#totalNow++;
  }

  #admit(): void {
    while (!this.#isFull) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#enter();
      next();
    }
  }
}

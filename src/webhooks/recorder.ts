import type { AttemptResult, DeliveryStore } from '../store/deliveries.ts';

const writtenAtOnce = 256;
const pauseMs = 500;

/** Writes results down: those that arrive while others are being written go together, in one statement. */
export class Recorder {
  readonly #store: Pick<DeliveryStore, 'record'>;
  readonly #onError: (error: unknown) => void;
  #waiting: { readonly result: AttemptResult; readonly resolve: () => void }[] = [];
  #writing: Promise<void> | null = null;
  #closed = false;

  constructor(store: Pick<DeliveryStore, 'record'>, onError: (error: unknown) => void) {
    this.#store = store;
    this.#onError = onError;
  }

  /** Resolves when the result is on disk, however long the database is away; or, unwritten, after `close`. */
  add(result: AttemptResult): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ result, resolve });
      this.#writing ??= this.#write();
    });
  }

  /** Writes what is there, and no longer tries again. What is lost so is sent again later. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing;
  }

  async #write(): Promise<void> {
    // Not at once: results that arrive in the same turn of the loop share a statement.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, writtenAtOnce);
      for (let written = false; !written; ) {
        try {
          await this.#store.record(batch.map(({ result }) => result));
          written = true;
        } catch (error) {
          this.#onError(error);
          if (this.#closed) break;
          await new Promise((resolve) => setTimeout(resolve, pauseMs));
        }
      }
      for (const { resolve } of batch) resolve();
    }
    this.#writing = null;
  }
}

/** What the books stand on: a database that processes connect to, and a look at all that is in it. */
import { MemoryStore } from '../../src/store/memory.ts';
import { type Batch, Conflict, LostAnswer, type Store, type Wants } from '../../src/store/store.ts';
import { Random } from './random.ts';

/** The machine's. */
export interface Clock {
  now: number;
  /** It goes by itself, and nobody may set it. */
  readonly isReal: boolean;
}

export interface Ground {
  readonly book: number;
  readonly clock: Clock;
  /** The tables, as they were when somebody looked last. */
  readonly tables: Pick<MemoryStore, 'book' | 'object'>;
  look(): Promise<void>;
  /** A connection of a process of its own, that breaks now and then. */
  connect(): Promise<{ readonly store: Store; close(): Promise<void> }>;
}

/** In memory, with nobody else. */
export class MemoryGround implements Ground {
  readonly book = 1;
  readonly clock: Clock;
  readonly tables: MemoryStore;
  readonly #random = new Random(1);
  readonly #isCrowded: boolean;

  /** @param isCrowded  there are several processes, and what they ask takes its time, so that they get between each other */
  constructor(now: number, isCrowded: boolean) {
    this.clock = { now, isReal: false };
    this.tables = new MemoryStore(() => this.clock.now);
    this.#isCrowded = isCrowded;
  }

  async look(): Promise<void> {}

  async connect() {
    return { store: new ShakyStore(this.tables, this.#random, this.#isCrowded), close: async () => {} };
  }
}

/**
 * A connection that breaks now and then, before a batch was written, just after, or with the batch still on its way, and
 * on which another process seems to have been first. Whoever asked notices nothing.
 */
class ShakyStore implements Store {
  readonly #store: MemoryStore;
  readonly #random: Random;
  readonly #isSlow: boolean;
  /** Batches are written in the order in which they were handed over. */
  #before: Promise<unknown> = Promise.resolve();

  constructor(store: MemoryStore, random: Random, isSlow: boolean) {
    this.#store = store;
    this.#random = random;
    this.#isSlow = isSlow;
  }

  commit(batch: Batch): Promise<void> {
    const done = this.#before.then(() => this.#commit(batch));
    this.#before = done.catch(() => {});
    return done;
  }

  async #commit(batch: Batch): Promise<void> {
    await this.#while();
    const fate = this.#random.int(200);
    if (fate === 0) throw new LostAnswer('cut before');
    if (fate === 1) throw new Conflict('the book moved on');
    if (fate === 3) {
      setImmediate(() => void this.#store.commit(batch).catch(() => {}));
      throw new LostAnswer('it comes late');
    }
    await this.#store.commit(batch);
    await this.#while();
    if (fate === 2) throw new LostAnswer('cut after');
  }

  async openBook(book: number) {
    await this.#while();
    return this.#store.openBook(book);
  }
  createBook(book: Parameters<Store['createBook']>[0]) {
    return this.#store.createBook(book);
  }
  async fetch(book: number, wants: Wants) {
    await this.#while();
    return this.#store.fetch(book, wants);
  }
  async due(book: number, limit: number) {
    await this.#while();
    return this.#store.due(book, limit);
  }
  async nextDue(book: number) {
    await this.#while();
    return this.#store.nextDue(book);
  }
  written(batch: Parameters<Store['written']>[0]) {
    return this.#store.written(batch);
  }
  secure() {
    return this.#store.secure();
  }
  booksDue(now: number) {
    return this.#store.booksDue(now);
  }

  /** Lets others go on meanwhile. */
  async #while(): Promise<void> {
    if (!this.#isSlow) return;
    for (let turns = this.#random.int(4); turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
  }
}

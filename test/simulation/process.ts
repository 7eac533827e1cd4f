/** A server process as far as the books know it: an engine, and a connection that a kill cuts between any two statements. */
import type { AnyCommand } from '../../src/engine/command.ts';
import { Engine } from '../../src/engine/engine.ts';
import { type Outcome, type Task, Unavailable } from '../../src/engine/task.ts';
import type { followThrough } from '../../src/features/standing/follow.ts';
import { featuresWith, jobsOf, kindsOf } from '../../src/registry.ts';
import { type Batch, isUnreachable, type Store, type Wants } from '../../src/store/store.ts';

// Secrets are for webhooks and keys, of which there are none here.
const features = featuresWith({ derive: () => null, draw: () => Buffer.alloc(32), keyed: () => Buffer.alloc(32) });
const kinds = kindsOf(features);
const jobs: ReadonlyMap<string, AnyCommand> = jobsOf(features);

/** What follows from every decision; another one to see that it is missed. */
export type Complete = typeof followThrough;

/** A store that a process is cut off from when it dies: what it asked last may have happened, and it hears no answer. */
class Mortal implements Store {
  readonly #store: Store;
  readonly #onDeath: () => void;
  /** How often it may still ask or hear. */
  #left = Number.POSITIVE_INFINITY;
  #isDead = false;

  constructor(store: Store, onDeath: () => void) {
    this.#store = store;
    this.#onDeath = onDeath;
  }

  dieAfter(crossings: number): void {
    this.#left = Math.min(this.#left, crossings);
    if (crossings === 0) this.#crosses();
  }

  openBook(book: number) {
    return this.#through(() => this.#store.openBook(book));
  }
  createBook(book: Parameters<Store['createBook']>[0]) {
    return this.#through(() => this.#store.createBook(book));
  }
  fetch(book: number, wants: Wants) {
    return this.#through(() => this.#store.fetch(book, wants));
  }
  due(book: number, limit: number) {
    return this.#through(() => this.#store.due(book, limit));
  }
  nextDue(book: number) {
    return this.#through(() => this.#store.nextDue(book));
  }
  commit(batch: Batch) {
    return this.#through(() => this.#store.commit(batch));
  }
  written(batch: Parameters<Store['written']>[0]) {
    return this.#through(() => this.#store.written(batch));
  }
  secure() {
    return this.#through(() => this.#store.secure());
  }
  booksDue(now: number) {
    return this.#through(() => this.#store.booksDue(now));
  }

  async #through<T>(ask: () => Promise<T>): Promise<T> {
    if (!this.#crosses()) return silence();
    try {
      const answer = await ask();
      return this.#crosses() ? answer : silence();
    } catch (error) {
      if (this.#crosses()) throw error;
      return silence();
    }
  }

  #crosses(): boolean {
    if (!this.#isDead && --this.#left < 0) {
      this.#isDead = true;
      this.#onDeath();
    }
    return !this.#isDead;
  }
}

const silence = <T>() => new Promise<T>(() => {});

export class Process {
  readonly #engine: Engine;
  readonly #store: Mortal;
  readonly #died: Promise<null>;
  isDead = false;

  /** @param close  gives back what the store holds */
  constructor(
    store: Store,
    { complete, clock, close }: { complete: Complete; clock: () => number; close: () => Promise<void> },
  ) {
    let die = () => {};
    this.#died = new Promise((resolve) => {
      die = () => resolve(null);
    });
    this.#store = new Mortal(store, () => {
      this.isDead = true;
      die();
      void close();
    });
    this.#engine = new Engine({ store: this.#store, kinds, jobs, complete, clock });
  }

  /** SIGKILL, when it has asked or heard so often; 0 is now. */
  kill(crossings: number): void {
    this.#store.dieAfter(crossings);
  }

  /** Null when it died before it answered, or says that the database has no room for this now. */
  submit(book: number, task: Task): Promise<Outcome | null> {
    return Promise.race([this.#died, this.#engine.submit(book, task).catch(unlessUnavailable)]);
  }

  /** What the clock of a process does every second: looks which books have work due, and has it done. */
  async tick(now: number): Promise<void> {
    const tick = async () => {
      for (const book of await this.#store.booksDue(now)) await this.#engine.catchUp(book);
    };
    await Promise.race([this.#died, tick().catch(unlessUnavailable)]);
  }
}

/** What an HTTP client is told with a 503, to ask again. */
function unlessUnavailable(error: unknown): null {
  // A question that was called off (57014) a server asks again in its next round.
  const isCalledOff = error instanceof Error && 'code' in error && error.code === '57014';
  if (error instanceof Unavailable || isUnreachable(error) || isCalledOff) return null;
  throw error;
}

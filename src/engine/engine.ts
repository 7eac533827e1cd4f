import { randomInt } from 'node:crypto';
import type { UnixSeconds } from '../kernel/time.ts';
import { systemClock } from '../kernel/time.ts';
import type { Store } from '../store/store.ts';
import type { Kinds } from './apply.ts';
import type { AnyCommand } from './command.ts';
import { Sequencer, type Settings } from './sequencer.ts';
import type { Outcome, Task } from './task.ts';

export interface EngineOptions extends Partial<Omit<Settings, 'onCommit' | 'isStopping'>> {
  readonly store: Store;
  readonly kinds: Kinds;
  readonly jobs: ReadonlyMap<string, AnyCommand>;
  /** Told of the book whenever something was written in it. Must not throw. */
  readonly onCommitted?: (book: number) => void;
}

const idleSeconds = 120;

/** All books of a process: a sequencer for each that is in use, and the clock that pokes those with work due. */
export class Engine {
  readonly #options: EngineOptions;
  readonly #settings: Settings;
  readonly #books = new Map<number, Sequencer>();
  #timer: NodeJS.Timeout | null = null;
  #ticking: Promise<void> | null = null;
  /** Whether all work that was due when the process started has been done. */
  caughtUp = false;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#settings = {
      batchLimit: options.batchLimit ?? 64,
      pipelineDepth: options.pipelineDepth ?? 2,
      queueLimit: options.queueLimit ?? 4096,
      clock: options.clock ?? systemClock,
      isStopping: () => this.#stopping,
      drawBatchId: options.drawBatchId ?? (() => randomInt(1, 2 ** 48 - 1)),
      complete: options.complete ?? ((decision) => decision),
      verify: options.verify ?? null,
      onCommit: (book, commands, seconds) => {
        this.#batches++;
        this.#commands += commands;
        this.#commitSeconds += seconds;
        options.onCommitted?.(book);
      },
    };
  }

  #stopping = false;
  #batches = 0;
  #commands = 0;
  #commitSeconds = 0;

  /** What went through so far, and what waits. */
  get numbers(): { queued: number; books: number; batches: number; commands: number; commitSeconds: number } {
    let queued = 0;
    for (const sequencer of this.#books.values()) queued += sequencer.waiting;
    const { size } = this.#books;
    return {
      queued,
      books: size,
      batches: this.#batches,
      commands: this.#commands,
      commitSeconds: this.#commitSeconds,
    };
  }

  get clock(): () => UnixSeconds {
    return this.#settings.clock;
  }

  /** Decides and writes a command in a book. See Sequencer.submit for what it throws. */
  submit(book: number, task: Task): Promise<Outcome> {
    return this.#sequencer(book).submit(task);
  }

  /** Has the due work of a book done, as far as its clock says. */
  catchUp(book: number): Promise<void> {
    return this.#sequencer(book).catchUp();
  }

  /** Looks every second for books on the machine's clock that have work due. */
  start(): void {
    const tick = () => {
      this.#ticking ??= this.#tick()
        .catch(() => {
          // The database is away: the next tick asks again.
        })
        .finally(() => {
          this.#ticking = null;
        });
    };
    tick();
    this.#timer = setInterval(tick, 1000);
  }

  /** Lets what was taken in be finished. Nothing may be submitted any more. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    await this.#ticking;
    await Promise.all([...this.#books.values()].map((sequencer) => sequencer.catchUp()));
  }

  async #tick(): Promise<void> {
    const now = this.#settings.clock();
    const due = await this.#options.store.booksDue(now);
    await Promise.all(due.map((book) => this.catchUp(book)));
    this.caughtUp = true;
    for (const [book, sequencer] of this.#books) {
      if (sequencer.isIdle && sequencer.stopped === null && now - sequencer.lastUsed > idleSeconds)
        this.#books.delete(book);
    }
  }

  #sequencer(book: number): Sequencer {
    let sequencer = this.#books.get(book);
    if (!sequencer) {
      const { store, kinds, jobs } = this.#options;
      sequencer = new Sequencer(book, store, kinds, jobs, this.#settings);
      this.#books.set(book, sequencer);
    }
    sequencer.lastUsed = this.#settings.clock();
    return sequencer;
  }
}

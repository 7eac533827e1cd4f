import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Totals } from './audit-journal.ts';
import type { About, Part } from './audit-part.ts';
import type { Asked, CheckedPart } from './audit-worker.ts';

type Answer = CheckedPart | Totals;

/** A thread that answers in turn. */
class Helper {
  readonly #worker = new Worker(new URL('./audit-worker.js', import.meta.url));
  readonly #waiting: { readonly resolve: (answer: Answer) => void; readonly reject: (error: Error) => void }[] = [];
  /** Why it answers no more. */
  #failure: Error | null = null;

  constructor() {
    this.#worker.on('message', (answer: Answer) => this.#waiting.shift()?.resolve(answer));
    this.#worker.on('error', (error) => {
      this.#failure = error;
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    });
  }

  ask(asked: Asked): Promise<Answer> {
    const failure = this.#failure;
    const answer = new Promise<Answer>((resolve, reject) => {
      if (failure === null) this.#waiting.push({ resolve, reject });
      else reject(failure);
    });
    // Whoever waits hears it; when something else fails first, nobody does.
    answer.catch(() => {});
    if (failure !== null) return answer;
    const { part } = asked;
    const rows =
      part === undefined
        ? []
        : [part.operations, part.lines, part.news, part.objects, part.keys, ...part.sent.values()];
    // Handed over, not copied.
    this.#worker.postMessage(asked, [...new Set(rows.map(({ buffer }) => buffer as ArrayBuffer))]);
    return answer;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** How many help on this machine: one core reads, and one connection brings no more of a journal than four can check. */
export const helpersHere = (): number => Math.min(4, availableParallelism() - 1);

/** Threads that check parts of books. They start when there is a book of more than one part. */
export class Crew {
  readonly size: number;
  #helpers: readonly Helper[] = [];
  #next = 0;

  constructor(size: number) {
    this.size = size;
  }

  /** From here on parts are of this book. */
  begin(about: About): void {
    if (this.#helpers.length === 0) this.#helpers = Array.from({ length: this.size }, () => new Helper());
    for (const helper of this.#helpers) void helper.ask({ about });
  }

  check(part: Part): Promise<CheckedPart> {
    const helper = this.#helpers[this.#next++ % this.size] as Helper;
    return helper.ask({ part }) as Promise<CheckedPart>;
  }

  totals(): Promise<readonly Totals[]> {
    return Promise.all(this.#helpers.map((helper) => helper.ask({}) as Promise<Totals>));
  }

  async end(): Promise<void> {
    for (const helper of this.#helpers) await helper.end();
  }
}

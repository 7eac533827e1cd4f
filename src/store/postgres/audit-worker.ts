import { parentPort } from 'node:worker_threads';
import { type About, type Checked, type Part, PartChecker } from './audit-part.ts';

/** What a thread is asked: to begin a book, to check a part of it, or, without one, what its parts add up to. */
export interface Asked {
  readonly about?: About;
  readonly part?: Part;
}

/** What was found, and the memory of the operations, handed back. */
export interface CheckedPart {
  readonly checked: Checked;
  readonly operations: Uint8Array;
}

/** A thread that checks parts of books: one of a `Crew`. */
let checker: PartChecker;

parentPort?.on('message', ({ about, part }: Asked) => {
  if (about !== undefined) checker = new PartChecker(about);
  if (part === undefined) {
    parentPort?.postMessage(checker.totals);
    return;
  }
  const { operations } = part;
  const checked: CheckedPart = { checked: checker.check(part), operations };
  parentPort?.postMessage(checked, [operations.buffer as ArrayBuffer]);
});

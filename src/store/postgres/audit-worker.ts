import { parentPort } from 'node:worker_threads';
import type { Asked, CheckedPart } from './audit-crew.ts';
import { PartChecker } from './audit-part.ts';

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

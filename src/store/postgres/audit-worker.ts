import { parentPort } from 'node:worker_threads';
import type { Asked } from './audit-crew.ts';
import { PartChecker } from './audit-part.ts';

/** A thread that checks parts of books: one of a `Crew`. */
let checker: PartChecker | null = null;

parentPort?.on('message', ({ about, part }: Asked) => {
  if (about !== undefined) checker = new PartChecker(about);
  parentPort?.postMessage(part === undefined ? checker?.totals : checker?.check(part));
});

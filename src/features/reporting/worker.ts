import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../../engine/engine.ts';
import { BookStopped, Unavailable } from '../../engine/task.ts';
import type { Id } from '../../kernel/id.ts';
import { prefixOf } from '../../kernel/id.ts';
import { accountId } from '../../ledger/chart.ts';
import type { ContentStore } from '../../store/contents.ts';
import type { ReadStore } from '../../store/reader.ts';
import type { ClaimedRun, ReportStore } from '../../store/reports.ts';
import { partBytes } from '../files/content.ts';
import type { FileObject } from '../files/object.ts';
import { ReportBooks } from './books.ts';
import { type FinishRun, finishRun } from './finish.ts';
import { generate } from './generate.ts';
import { type ReportRunObject, reportRuns } from './object.ts';

/**
 * Makes the results of report runs, in every server process:
 *
 *     poll ─▶ claim ─▶ generate, page by page ─▶ parts of the file ─▶ finish, a command like any other
 *
 * A claim is held while the work goes on. When its server ends, another one takes the run, at once or when the claim has run out. Should two have made the same, the first
 * to finish counts and the other's file is dropped.
 */
export interface ReportsOptions {
  readonly engine: Engine;
  readonly reader: ReadStore;
  readonly reports: ReportStore;
  readonly contents: ContentStore;
  readonly onError?: (error: unknown) => void;
  readonly pollMs?: number;
  readonly leaseMs?: number;
}

export interface Reports {
  /** Gives up what is under way; another server makes it. */
  stop(): Promise<void>;
}

const leaseMsDefault = 30_000;
/** How many are made at once. */
const atOnce = 2;
/** A run that failed this often will fail again. */
const attemptsMax = 3;

export function startReports(options: ReportsOptions): Reports {
  const worker = new Worker(options);
  const running = worker.run();
  return { stop: () => worker.stop(running) };
}

class Stopping extends Error {}

class Worker {
  readonly #options: ReportsOptions;
  readonly #ended = new AbortController();
  readonly #underWay = new Set<Promise<void>>();

  constructor(options: ReportsOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    const { reports, pollMs = 300, leaseMs = leaseMsDefault, onError } = this.#options;
    while (!this.#ended.signal.aborted) {
      try {
        const free = atOnce - this.#underWay.size;
        const claimed = free > 0 ? await reports.claimRuns(free, leaseMs) : [];
        for (const one of claimed) this.#take(one);
      } catch (error) {
        onError?.(error);
      }
      await sleep(pollMs, null, { signal: this.#ended.signal }).catch(() => {});
    }
  }

  async stop(running: Promise<void>): Promise<void> {
    this.#ended.abort();
    await running;
    await Promise.all(this.#underWay);
  }

  #take(claimed: ClaimedRun): void {
    const making = this.#make(claimed)
      .catch((error) => {
        if (!(error instanceof Stopping)) this.#options.onError?.(error);
      })
      .finally(() => this.#underWay.delete(making));
    this.#underWay.add(making);
  }

  async #make(claimed: ClaimedRun): Promise<void> {
    const { reader, reports, leaseMs = leaseMsDefault, onError } = this.#options;
    const { book, birth, attempts } = claimed;
    const holding = setInterval(
      () => void reports.holdRun(claimed, leaseMs).catch((error) => onError?.(error)),
      leaseMs / 3,
    );
    try {
      const run = await reader.object(book, birth);
      if (run !== null && prefixOf(run.id) === reportRuns.prefixes[0]) {
        await this.#attempt(book, run as ReportRunObject, attempts);
      }
    } finally {
      clearInterval(holding);
      if (this.#ended.signal.aborted) await reports.holdRun(claimed, 0);
    }
  }

  async #attempt(book: number, run: ReportRunObject, attempts: number): Promise<void> {
    try {
      await this.#write(book, run);
    } catch (error) {
      const isOurs = !(error instanceof Stopping || error instanceof BookStopped || error instanceof Unavailable);
      if (isOurs && attempts >= attemptsMax) {
        await this.#finish(book, run, { run: run.id, error: 'The report could not be made.' });
      }
      throw error;
    }
  }

  /** Writes the file, then finishes the run with it. */
  async #write(book: number, run: ReportRunObject): Promise<void> {
    const { contents, reader, reports } = this.#options;
    const content = randomUUID();
    let isKept = false;
    try {
      const made = await this.#keep(book, content, generate(new ReportBooks(book, reader, reports), run));
      isKept = await this.#finish(book, run, { run: run.id, made });
    } finally {
      // What was not answered may have been written, so then the file stays.
      if (!isKept && !(await this.#has(book, run, content))) await contents.dropContent(book, content);
    }
  }

  async #has(book: number, { id }: ReportRunObject, content: string): Promise<boolean> {
    const books = new ReportBooks(book, this.#options.reader, this.#options.reports);
    const now = (await books.objects([id])).get(id) as ReportRunObject | undefined;
    return now?.result?.content === content;
  }

  async #keep(
    book: number,
    content: string,
    text: AsyncIterable<string>,
  ): Promise<Pick<FileObject, 'content' | 'sha256' | 'size'>> {
    const { contents } = this.#options;
    const hash = createHash('sha256');
    let [size, part] = [0, 0];
    let waiting: Buffer[] = [];
    let waitingBytes = 0;
    const put = async () => {
      if (waitingBytes === 0) return;
      await contents.putPart(book, content, part++, Buffer.concat(waiting));
      [waiting, waitingBytes] = [[], 0];
    };
    for await (const piece of text) {
      if (this.#ended.signal.aborted) throw new Stopping();
      const bytes = Buffer.from(piece);
      hash.update(bytes);
      size += bytes.length;
      waiting.push(bytes);
      waitingBytes += bytes.length;
      if (waitingBytes >= partBytes) await put();
    }
    await put();
    return { content, sha256: hash.digest('hex'), size };
  }

  /** @returns whether it was this result that counts */
  async #finish(book: number, { account }: { readonly account: string }, params: FinishRun): Promise<boolean> {
    const outcome = await this.#options.engine.submit(book, {
      command: finishRun,
      params,
      request: {
        account: account === accountId(1, book) ? null : (account as Id<'acct'>),
        id: null,
        idempotency: null,
      },
      refusalBody: () => '',
    });
    return outcome.kind === 'decided' && outcome.object !== null;
  }
}

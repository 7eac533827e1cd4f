import { Fault } from '../kernel/assert.ts';
import { settleJob } from '../kernel/day.ts';
import type { StoredObject } from '../kernel/kind.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts';
import { dayOf, type UnixSeconds } from '../kernel/time.ts';
import type { BalanceKey } from '../ledger/balance.ts';
import { accountNo } from '../ledger/chart.ts';
import {
  type BalanceRow,
  type Batch,
  type Book,
  Conflict,
  type DueRow,
  type Fetched,
  isUnreachable,
  KeyKnown,
  LostAnswer,
  type Recorded,
  type Store,
} from '../store/store.ts';
import { Agenda } from './agenda.ts';
import { type Applied, apply, type Kinds } from './apply.ts';
import type { AnyCommand, Context, Decision, Reader } from './command.ts';
import { Recent } from './recent.ts';
import { BookState, keyOf, Misses, StateReader, TaskContext } from './state.ts';
import { BookStopped, type Outcome, QueueFull, type Task, Unavailable } from './task.ts';

/**
 * One book's queue, and the only way into the book. What waits is taken as a batch:
 *
 *     prefetch   run every `load`, fetch what was missed in one query per kind, until nothing is missed
 *     decide     in order, each seeing the effects of those before it; all in memory
 *     commit     one statement, one transaction; then everyone is answered
 *
 * While a batch is on its way to the disk the next is decided on the state it will leave, up to `depth` deep. Should one
 * fail, all behind it fail too (the fence), the state is dropped, and their tasks are decided again in the same order.
 * Work that is due runs before any task, alone: it may change what everything else depends on.
 */

export interface Settings {
  readonly batchLimit: number;
  readonly pipelineDepth: number;
  readonly queueLimit: number;
  /** The machine's clock, for books without a test clock. */
  readonly clock: () => UnixSeconds;
  /** Whether the process is on its way out. */
  readonly isStopping: () => boolean;
  /** Draws a batch's number. */
  readonly drawBatchId: () => number;
  /** What follows from every decision, whatever its command: it may add to it. */
  readonly complete: (decision: Decision, read: Reader, ctx: Context) => Decision;
  /** Reads a book's tables after every commit and says what is wrong with them; slow, for tests. */
  readonly verify: ((book: number) => Promise<string | null>) | null;
  /** Told of every batch that was written: in which book, how many commands, and how long it took. */
  readonly onCommit: (book: number, commands: number, seconds: number) => void;
}

interface Waiting {
  readonly task: Task;
  /** Work of the schedule: runs at its own time and leaves its row. */
  readonly due: DueRow | null;
  resolve(outcome: Outcome): void;
  reject(error: unknown): void;
  /** When it was submitted, milliseconds. */
  readonly since: number;
  attempts: number;
  /** When the first batch was sent that it was lost with, milliseconds. */
  lostSince: number | null;
  /** Batches it was in whose fate is not known for good: their commit may still come late. */
  lost: readonly { readonly batch: Batch; readonly outcome: Outcome }[];
  /** Runs in a batch of at most this many, since a larger one failed. */
  limit: number;
  /** Whether its idempotency key is taken for new: the write makes sure of it. */
  asNew: boolean;
}

/** What became of a task, if the fence agrees that it was decided on the newest state. */
type Decided =
  | { readonly waiting: Waiting; readonly outcome: Outcome }
  | { readonly waiting: Waiting; readonly fault: unknown };

interface UnderWay {
  readonly batch: Batch;
  readonly decided: readonly Decided[];
  readonly state: BookState;
  /** Milliseconds. */
  readonly sent: number;
  readonly done: Promise<unknown>;
}

/** How far the journal goes, and what it says up to there. */
type JournalEnd = Pick<Book, 'version' | 'hash'>;

/** After a key that was not new, so many batches look theirs up before they are written: repetitions come in rows. */
const batchesWary = 100;
/** How many keys a process remembers that it has seen them. */
const keysRemembered = 20_000;
const seen = { changed: 0 };
/** A task that lost this many times against other processes is told to try later. */
const attemptsMax = 100;
/** How many look-ups may follow from one another in one command. */
const lookUpsMax = 12;
/** How long the database may be away before those who wait are told. */
const patienceMs = 20_000;
/** The same once the process is asked to end. */
const patienceStoppingMs = 1_000;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export class Sequencer {
  readonly book: number;
  readonly #store: Store;
  readonly #kinds: Kinds;
  readonly #jobs: ReadonlyMap<string, AnyCommand>;
  readonly #settings: Settings;
  #queue: Waiting[] = [];
  /** Tasks of failed batches, in the order the batches were sent; they go before the queue when the book is opened again. */
  #returned: Waiting[] = [];
  #state: BookState | null = null;
  #underWay: UnderWay[] = [];
  #running = false;
  #poked = false;
  /** Another process may have scheduled work, or sent a test clock on its way. */
  #mayBeOld = false;
  /** Ends the wait of a running sequencer that has nothing to decide. */
  #wake: (() => void) | null = null;
  #stopped: string | null = null;
  /** How much work of the schedule is taken at once: less since the database refused a batch of it. */
  #dueLimit: number;
  /** Batches in a row that were lost to another process: while there are any, nothing is sent ahead. */
  #contended = 0;
  /** Idempotency keys that came lately, by their hashes: what is repeated is mostly repeated soon, and here. */
  readonly #keys = new Recent<string, typeof seen>(keysRemembered);
  /** How many batches are still to look up all of their keys. */
  #wary = 0;
  /** Batches in a row whose answer did not come. */
  #lostInARow = 0;
  #idle: (() => void)[] = [];
  lastUsed = 0;

  constructor(book: number, store: Store, kinds: Kinds, jobs: ReadonlyMap<string, AnyCommand>, settings: Settings) {
    this.book = book;
    this.#store = store;
    this.#kinds = kinds;
    this.#jobs = jobs;
    this.#settings = settings;
    this.#dueLimit = settings.batchLimit;
  }

  get waiting(): number {
    return this.#queue.length + this.#returned.length;
  }

  get isIdle(): boolean {
    return !this.#running && this.#queue.length === 0 && this.#underWay.length === 0;
  }

  get stopped(): string | null {
    return this.#stopped;
  }

  /**
   * Decides and writes a command.
   *
   * @throws QueueFull, BookStopped, Unavailable; or a Fault of the command, which left nothing
   */
  submit(task: Task): Promise<Outcome> {
    if (this.#stopped !== null) return Promise.reject(new BookStopped(this.#stopped));
    if (this.#queue.length >= this.#settings.queueLimit) return Promise.reject(new QueueFull('the queue is full'));
    return new Promise((resolve, reject) => {
      this.#queue.push({
        task,
        due: null,
        resolve,
        reject,
        since: Date.now(),
        attempts: 0,
        lostSince: null,
        lost: [],
        limit: this.#settings.batchLimit,
        asNew: false,
      });
      this.#start();
    });
  }

  /** Has due work done, if there is any, and tells when none is left. */
  async catchUp(): Promise<void> {
    if (this.#stopped !== null) return;
    this.#poked = true;
    this.#mayBeOld = true;
    const done = new Promise<void>((resolve) => this.#idle.push(resolve));
    this.#start();
    await done;
  }

  #start(): void {
    if (this.#running) {
      this.#wake?.();
      return;
    }
    this.#running = true;
    // Not at once: requests that arrive in the same turn of the loop share a batch.
    setImmediate(() => void this.#run());
  }

  async #run(): Promise<void> {
    try {
      while (this.#stopped === null && (this.#hasWork() || (await this.#workArrives()))) {
        const depth = this.#contended > 0 ? 1 : this.#settings.pipelineDepth;
        while (this.#underWay.length >= depth) await this.#underWay[0]?.done;
        // Deciding keeps this thread busy: what is under way must be out of the house before, or the database waits for it.
        // What is answered is; meanwhile other books may keep the way out full.
        if (this.#underWay.length > 0)
          await Promise.race([this.#store.handedOver?.(this.book), this.#underWay[this.#underWay.length - 1]?.done]);
        if (this.#mayBeOld) await this.#dropIfOld();
        const state = this.#state ?? (await this.#open());
        if (state === null) break;
        if (state.nextDue !== null && state.nextDue <= this.#horizon(state)) {
          await this.#drained();
          if (this.#state === state) await this.#runDue(state);
          continue;
        }
        this.#poked = false;
        if (this.#queue.length > 0) await this.#runBatch(state, this.#take());
      }
    } catch (error) {
      if (error instanceof Unavailable) this.#rejectAll(error);
      else this.#stop(`the sequencer failed: ${error instanceof Error ? error.stack : String(error)}`);
    }
    await this.#drained();
    this.#running = false;
    if (this.#stopped === null && this.#hasWork()) {
      this.#start();
      return;
    }
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Waits for what comes while batches are under way; false when all are done and nothing came. */
  async #workArrives(): Promise<boolean> {
    while (this.#underWay.length > 0 && !this.#hasWork()) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await Promise.race([this.#underWay[0]?.done, woken]);
      this.#wake = null;
      // As in `#start`: what arrives in the same turn of the loop shares a batch.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return this.#hasWork();
  }

  #hasWork(): boolean {
    return this.#queue.length > 0 || this.#returned.length > 0 || this.#poked;
  }

  /** Up to when work is due: on the machine's clock now, on a test clock as far as it was told to go. */
  #horizon(state: BookState): UnixSeconds {
    return state.frozenTime === null ? this.#settings.clock() : (state.advanceTo ?? state.frozenTime);
  }

  #now(state: BookState): UnixSeconds {
    return Math.max(state.lastTime, state.frozenTime ?? this.#settings.clock());
  }

  #take(): Waiting[] {
    const limit = Math.min(...this.#queue.slice(0, this.#settings.batchLimit).map((waiting) => waiting.limit));
    return this.#queue.splice(0, limit);
  }

  /** What is read only when something is due must be the newest: no fence would ever tell that it is not. */
  async #dropIfOld(): Promise<void> {
    this.#mayBeOld = false;
    await this.#drained();
    const state = this.#state;
    if (state === null) return;
    const book = await this.#patiently(() => this.#store.openBook(this.book));
    if (book?.version !== state.version || book.hash !== state.hash) this.#state = null;
  }

  async #open(): Promise<BookState | null> {
    await this.#drained();
    this.#queue.unshift(...this.#returned.splice(0));
    // Whoever waited for batches of a database that does not answer has waited for it all the while.
    const since = Math.min(Date.now(), ...this.#queue.slice(0, this.#settings.batchLimit).map((each) => each.since));
    try {
      const book = await this.#patiently(() => this.#store.openBook(this.book), since);
      // After the book, never beside it: what is newer than the book the fence throws away, what is older it lets through.
      const nextDue = await this.#patiently(() => this.#store.nextDue(this.book), since);
      // Requests that were repeated are answered from the journal, so what it says must be there to stay.
      await this.#patiently(() => this.#store.secure(), since);
      if (book === null) throw new Fault(`book ${this.book} does not exist`);
      this.#state = new BookState(book, nextDue);
      return this.#state;
    } catch (error) {
      this.#rejectAll(error);
      return null;
    }
  }

  /** Tries again while the database is away, for a while. */
  async #patiently<T>(ask: () => Promise<T>, since = Date.now()): Promise<T> {
    for (let wait = 20; ; wait = Math.min(wait * 2, 500)) {
      try {
        return await ask();
      } catch (error) {
        if (Date.now() - since > this.#patience())
          throw new Unavailable('the database does not answer', { cause: error });
        await pause(wait);
      }
    }
  }

  #patience(): number {
    return this.#settings.isStopping() ? patienceStoppingMs : patienceMs;
  }

  async #drained(): Promise<void> {
    while (this.#underWay.length > 0) await this.#underWay[0]?.done;
  }

  /** Runs what is due, earliest first, until something new is due before the rest. */
  async #runDue(state: BookState): Promise<void> {
    const horizon = this.#horizon(state);
    const limit = this.#dueLimit;
    const rows = await this.#patiently(() => this.#store.due(this.book, limit + 1));
    const due = rows.filter((row) => row.at <= horizon).slice(0, limit);
    const batch = due.map((row): Waiting => {
      const command = this.#jobs.get(row.job);
      if (command === undefined) throw new Fault(`no job is called ${row.job}`);
      return {
        task: {
          command,
          params: row,
          request: { account: null, id: null, idempotency: null },
          refusalBody: () => '',
        },
        due: row,
        resolve: () => {},
        reject: (error) => this.#notDone(row, error),
        since: Date.now(),
        attempts: 0,
        lostSince: null,
        lost: [],
        limit,
        asNew: false,
      };
    });
    state.nextDue = rows[due.length]?.at ?? null;
    if (batch.length === 0) return;
    await this.#runBatch(state, batch, rows);
    await this.#drained();
  }

  /** What a lost or a full database keeps from being done is still in the schedule when it is back. */
  #notDone({ job, subject }: DueRow, error: unknown): void {
    if (error instanceof Unavailable || isUnreachable(error)) {
      this.#state = null;
      this.#rejectAll(new Unavailable('what is due cannot be done', { cause: error }));
    } else this.#stop(`${job} of ${subject} failed: ${String(error)}`);
  }

  async #runBatch(state: BookState, taken: Waiting[], dueRows: readonly DueRow[] = []): Promise<void> {
    let waiting = taken;
    for (const each of taken) each.asNew = this.#takesAsNew(each);
    let recorded: ReadonlyMap<Waiting, Recorded>;
    try {
      if (taken.some((each) => each.lost.length > 0)) waiting = await this.#notWritten(taken);
      recorded = await this.#prefetch(state, waiting);
    } catch (error) {
      for (const each of waiting) each.reject(error);
      return;
    }
    // Something failed meanwhile: what was loaded belongs to a state that is gone.
    if (this.#state !== state) {
      this.#queue.unshift(...this.#again(waiting));
      return;
    }
    const from = { version: state.version, hash: state.hash };
    const decided: Decided[] = [];
    const applied: Applied[] = [];
    const caused: DueRow[] = [];
    for (const [i, each] of waiting.entries()) {
      const known = recorded.get(each);
      if (known) {
        each.resolve(replay(each.task, known));
        continue;
      }
      const now = each.due ? Math.max(state.lastTime, each.due.at) : this.#now(state);
      const seq = state.version + 1;
      const { request } = each.task;
      try {
        const made = await this.#decide(state, each.task, seq, now, each.due?.order ?? null);
        // What failed meanwhile takes everything with it that was decided on top.
        if (made === null) {
          this.#queue.unshift(...this.#again([...decided.map((entry) => entry.waiting), ...waiting.slice(i)]));
          return;
        }
        const { answer, ctx, readsRows } = made;
        if (each.due && readsRows && applied.some((one) => one.operation.lines.length > 0)) {
          state.nextDue = Math.min(each.due.at, ...caused.map((fresh) => fresh.at));
          break;
        }
        if (isRefusal(answer) && request.idempotency === null && !each.due) {
          decided.push({ waiting: each, outcome: refusedWithoutTrace(each.task, answer, now) });
          continue;
        }
        const one = apply(state, this.#kinds, each.task, answer, ctx, seq, each.due);
        applied.push(one);
        decided.push({
          waiting: each,
          outcome: {
            kind: 'decided',
            seq,
            time: now,
            status: one.operation.status,
            object: isRefusal(answer) || answer.declined ? null : asWritten(answer),
            body: one.operation.body,
          },
        });
        const next = dueRows[i + 1];
        // Settling finds the money that a job before it made wait only when that is written.
        const madeWait = each.due !== null && each.due.job !== settleJob && one.days.size > 0;
        // What any job of this batch has caused may come before the rest of it, not only what the last one did.
        caused.push(...one.schedule);
        if (each.due && next && (madeWait || caused.some((fresh) => earlier(fresh, next)))) {
          state.nextDue = Math.min(next.at, ...caused.map((fresh) => fresh.at));
          break;
        }
      } catch (fault) {
        // Where another process was first, what is at hand is of two ages and may contradict itself.
        decided.push({ waiting: each, fault });
        // The rest would each wait for the database in turn, and later work come before this.
        if (isBrokenPromise(fault) || fault instanceof Unavailable) {
          this.#queue.unshift(...this.#again(waiting.slice(i + 1)));
          break;
        }
      }
    }
    if (decided.length > 0) this.#send(state, from, applied, decided);
  }

  /**
   * Whether a task is decided without asking for its idempotency key, because the write asks: it saves the batch one of its two
   * ways to the database. Should the key be known after all, everything that was decided with it is decided anew.
   */
  #takesAsNew({ task: { request }, attempts }: Waiting): boolean {
    if (request.idempotency === null) return false;
    const { keyHash } = request.idempotency;
    const came = this.#keys.get(keyHash) !== undefined;
    this.#keys.set(keyHash, seen);
    return !came && attempts === 0 && this.#wary === 0;
  }

  /**
   * Runs a task's command on the state as it is. What the prefetch could not foresee, because a task before it in the batch
   * changed what it looks at, is fetched here.
   *
   * @returns null when the state was dropped while it waited
   */
  async #decide(
    state: BookState,
    task: Task,
    seq: number,
    now: UnixSeconds,
    step: number | null,
  ): Promise<{ answer: Decision | Refusal; ctx: TaskContext; readsRows: boolean } | null> {
    for (let round = 0; round < lookUpsMax; round++) {
      const misses = new Misses();
      const ctx = new TaskContext(state, task.request, seq, now, step);
      const read = new StateReader(state, ctx.account, misses);
      const loaded = task.command.load(read, task.params, ctx);
      if (!misses.any) {
        const decided: Decision | Refusal = task.command.decide(task.params, loaded, ctx);
        const answer = isRefusal(decided) ? decided : this.#settings.complete(decided, read, ctx);
        if (!misses.any) return { answer, ctx, readsRows: read.readsRows };
      }
      await this.#look(state, misses);
      if (this.#state !== state) return null;
    }
    throw new Fault(`${task.command.name} goes on asking for more`);
  }

  async #look(state: BookState, misses: Misses): Promise<Fetched> {
    const wants = misses.wants();
    const fetched = await this.#patiently(() => this.#store.fetch(this.book, wants));
    state.learn(this.book, wants, fetched);
    return fetched;
  }

  /** Runs every `load` until nothing is missed, and looks up the idempotency keys on the way that are not taken for new. */
  async #prefetch(state: BookState, waiting: readonly Waiting[]): Promise<ReadonlyMap<Waiting, Recorded>> {
    const recorded = new Map<Waiting, Recorded>();
    const keyed = waiting.filter((each) => each.task.request.idempotency !== null && !each.asNew);
    for (let round = 0; round < lookUpsMax; round++) {
      const misses = new Misses();
      if (round === 0) {
        for (const { task } of keyed) for (const key of keyOf(state, task.request)) misses.key(key);
      }
      for (const each of waiting) {
        const now = each.due ? Math.max(state.lastTime, each.due.at) : this.#now(state);
        const ctx = new TaskContext(state, each.task.request, state.version + 1, now, each.due?.order ?? null);
        try {
          each.task.command.load(new StateReader(state, ctx.account, misses), each.task.params, ctx);
        } catch {
          // It is run again when its turn comes, and whatever is wrong with it is told then.
        }
      }
      if (!misses.any) break;
      const fetched = await this.#look(state, misses);
      if (round === 0) {
        keyed.forEach((each, i) => {
          const found = fetched.keys[i];
          if (found) recorded.set(each, found);
        });
      }
      if (this.#state !== state) break;
    }
    return recorded;
  }

  #send(state: BookState, from: JournalEnd, applied: readonly Applied[], decided: UnderWay['decided']): void {
    const newKeys = decided.flatMap(({ waiting }) => (waiting.asNew ? keyOf(state, waiting.task.request) : []));
    const batch = this.#batch(state, from, applied, newKeys);
    const entry: { -readonly [K in keyof UnderWay]: UnderWay[K] } = {
      batch,
      decided,
      state,
      sent: Date.now(),
      done: Promise.resolve(),
    };
    state.forgetDays();
    this.#underWay.push(entry);
    const started = performance.now();
    entry.done = this.#store.commit(batch).then(
      () => {
        this.#settings.onCommit(this.book, decided.length, (performance.now() - started) / 1000);
        return this.#committed(entry);
      },
      (error) => this.#failed(entry, error),
    );
  }

  #batch(state: BookState, from: JournalEnd, applied: readonly Applied[], newKeys: Batch['newKeys']): Batch {
    const balances = new Map<BalanceKey, { row: BalanceRow; days: Set<number> }>();
    for (const one of applied) {
      for (const [key, balance] of one.balances) {
        const [account, currency] = key.split(' ') as [string, BalanceRow['currency']];
        const days = balances.get(key)?.days ?? new Set();
        for (const day of one.days.get(key) ?? []) days.add(day);
        balances.set(key, { row: { account: accountNo(account, this.book), currency, balance, days: [] }, days });
      }
    }
    const work = new Agenda();
    for (const { schedule, unschedule } of applied) {
      for (const row of unschedule) work.remove(row);
      for (const row of schedule) work.add(row);
    }
    return {
      book: this.book,
      id: this.#settings.drawBatchId(),
      from: from.version,
      fromHash: from.hash,
      operations: applied.map((one) => one.operation),
      balances: [...balances.values()].map(({ row, days }) => ({ ...row, days: [...days] })),
      schedule: work.added,
      unschedule: work.removed,
      after: {
        hash: state.hash,
        lastTime: state.lastTime,
        settledThrough: state.settledThrough,
        frozenTime: state.frozenTime,
        advanceTo: state.advanceTo,
      },
      nextDue: state.nextDue,
      wallDay: dayOf(this.#settings.clock()),
      newKeys,
    };
  }

  async #committed(entry: UnderWay): Promise<void> {
    const wrong = (await this.#settings.verify?.(this.book)) ?? null;
    if (wrong !== null) this.#stop(wrong);
    this.#underWay = this.#underWay.filter((other) => other !== entry);
    entry.state.committed = entry.batch.from + entry.batch.operations.length;
    entry.state.trim();
    if (this.#contended > 0) this.#contended--;
    if (this.#wary > 0) this.#wary--;
    this.#keys.trim(seen.changed);
    this.#lostInARow = 0;
    if (entry.decided[0]?.waiting.due) this.#dueLimit = this.#settings.batchLimit;
    for (const each of entry.decided) {
      if ('outcome' in each) each.waiting.resolve(each.outcome);
      else {
        if (isBrokenPromise(each.fault)) this.#stop(each.fault.message);
        each.waiting.reject(each.fault);
      }
    }
  }

  /** Nothing of this batch and of those behind it counts, unless the journal says otherwise. */
  async #failed(entry: UnderWay, error: unknown): Promise<void> {
    const isFirst = this.#state === entry.state;
    if (isFirst) this.#state = null;
    if (error instanceof LostAnswer) {
      try {
        const { batch } = entry;
        if (batch.operations.length > 0 && (await this.#patiently(() => this.#store.written(batch)))) {
          await this.#committed(entry);
          return;
        }
      } catch (unreachable) {
        this.#underWay = this.#underWay.filter((other) => other !== entry);
        for (const { waiting } of entry.decided) waiting.reject(unreachable);
        return;
      }
      const { batch } = entry;
      for (const each of entry.decided) {
        each.waiting.lostSince ??= entry.sent;
        if (batch.operations.length === 0 || !('outcome' in each)) continue;
        each.waiting.lost = [...each.waiting.lost, { batch, outcome: each.outcome }];
      }
      // A database that takes questions and no writes must not be asked without a pause.
      if (this.#lostInARow > 0) await pause(Math.min(10 * 2 ** this.#lostInARow, 500));
      this.#lostInARow++;
    } else if (error instanceof Conflict) {
      // Behind a batch that failed it says nothing of other processes.
      if (isFirst) this.#contended = 20;
    } else if (error instanceof KeyKnown) {
      this.#wary = batchesWary;
    } else {
      this.#halve(entry, error);
    }
    this.#underWay = this.#underWay.filter((other) => other !== entry);
    this.#returned.push(...this.#again(entry.decided.map(({ waiting }) => waiting)));
  }

  /**
   * Answers those whose lost batch has turned out to be written, and leaves the others to be decided again. Asked each time
   * anew: a commit may come after we gave its connection up. Should it come even now, the fence refuses what is decided
   * here, and it is found the next time.
   */
  async #notWritten(waiting: readonly Waiting[]): Promise<Waiting[]> {
    const batches = new Set(waiting.flatMap((each) => each.lost.map(({ batch }) => batch)));
    const written = new Set<Batch>();
    for (const batch of batches) {
      if (await this.#patiently(() => this.#store.written(batch))) written.add(batch);
    }
    return waiting.filter((each) => {
      const found = each.lost.find(({ batch }) => written.has(batch));
      if (found) each.resolve(found.outcome);
      return found === undefined;
    });
  }

  /** The database will not have the batch: one task in it is to blame, and the others must not suffer for it. */
  #halve(entry: UnderWay, error: unknown): void {
    const half = Math.floor(entry.decided.length / 2);
    for (const { waiting } of entry.decided) {
      waiting.limit = half;
      if (waiting.due) this.#dueLimit = Math.max(1, half);
      if (half === 0) waiting.reject(error);
    }
  }

  /** To be decided again; work of the schedule is found in the schedule. */
  #again(waiting: readonly Waiting[]): Waiting[] {
    return waiting.filter((each) => {
      if (each.due) {
        this.#poked ||= each.limit > 0;
        return false;
      }
      if (each.lostSince !== null && Date.now() - each.lostSince > this.#patience()) {
        each.reject(new Unavailable('the database does not take writes'));
        return false;
      }
      each.attempts++;
      if (each.attempts <= attemptsMax) return each.limit > 0;
      each.resolve({ kind: 'refused', refusal: refuse('lock_timeout') });
      return false;
    });
  }

  #stop(reason: string): void {
    this.#stopped ??= reason;
    this.#rejectAll(new BookStopped(this.#stopped));
  }

  #rejectAll(error: unknown): void {
    this.#poked = false;
    for (const waiting of [...this.#returned.splice(0), ...this.#queue.splice(0)]) waiting.reject(error);
  }
}

/** A promise of the ledger that does not hold: the book must not go on. */
const isBrokenPromise = (error: unknown): error is Fault => error instanceof Fault && /^I\d/.test(error.message);

/** What is answered, as the operation leaves it: so a repeated request, which reads it, is answered the same. */
const asWritten = ({ result, put = [] }: Decision): StoredObject | null =>
  put.findLast((object) => object.id === result?.id) ?? result;

/** In the order in which the store tells what is due. */
function earlier(a: DueRow, b: DueRow): boolean {
  if (a.at !== b.at) return a.at < b.at;
  if (a.order !== b.order) return a.order < b.order;
  return a.job === b.job ? a.subject < b.subject : a.job < b.job;
}

function refusedWithoutTrace(task: Task, refusal: Parameters<Task['refusalBody']>[0], time: UnixSeconds): Outcome {
  return { kind: 'decided', seq: null, time, status: refusal.status, object: null, body: task.refusalBody(refusal) };
}

/** The answer to a request whose key is known. */
function replay(task: Task, recorded: Recorded): Outcome {
  const idempotency = task.request.idempotency;
  if (idempotency === null || idempotency.fingerprint === recorded.fingerprint) {
    return { kind: 'replayed', seq: recorded.seq, original: recorded.request, ...recorded.answer };
  }
  const { key, path } = idempotency;
  const refusal =
    path === recorded.path
      ? refuse('idempotency_parameters_differ', { key })
      : refuse('idempotency_route_differs', { key, first: recorded.path, now: path });
  return { kind: 'refused', refusal };
}

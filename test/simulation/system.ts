/** The system: the real commands, through the real engines of one or more processes, on a test clock or the machine's. No HTTP. */

import { balanceTransactionTypeOf } from '../../src/data/balance-transaction-types.ts';
import { refusals } from '../../src/data/refusals.ts';
import type { AnyCommand } from '../../src/engine/command.ts';
import type { Outcome, Task } from '../../src/engine/task.ts';
import { createAccount } from '../../src/features/accounts/create.ts';
import { createExternal } from '../../src/features/accounts/create-external.ts';
import { deleteExternal } from '../../src/features/accounts/delete-external.ts';
import { rejectAccount } from '../../src/features/accounts/reject.ts';
import { updateAccount } from '../../src/features/accounts/update.ts';
import { updateExternal } from '../../src/features/accounts/update-external.ts';
import { createAdjustment } from '../../src/features/adjustments/create.ts';
import { updateBalanceSettings } from '../../src/features/balance-settings/update.ts';
import { captureCharge } from '../../src/features/charges/capture.ts';
import { createCharge } from '../../src/features/charges/create.ts';
import { debitByCharge } from '../../src/features/charges/debit.ts';
import { recordConsent } from '../../src/features/consents/record.ts';
import { createDispute } from '../../src/features/disputes/create.ts';
import { decideDispute } from '../../src/features/disputes/decide.ts';
import { createFeeRefund } from '../../src/features/fee-refunds/create.ts';
import { createPaymentIntent } from '../../src/features/payment-intents/create.ts';
import { cancelPayout } from '../../src/features/payouts/cancel.ts';
import { createPayout } from '../../src/features/payouts/create.ts';
import { reversePayout } from '../../src/features/payouts/reverse.ts';
import { setPayouts } from '../../src/features/payouts/settings.ts';
import { openPlatform } from '../../src/features/platforms/open.ts';
import { createRefund } from '../../src/features/refunds/create.ts';
import { advanceTestClock } from '../../src/features/test-clocks/advance.ts';
import { birthClockId } from '../../src/features/test-clocks/object.ts';
import { createTopup } from '../../src/features/topups/create.ts';
import { reverseTopup } from '../../src/features/topups/reverse.ts';
import { createTransferReversal } from '../../src/features/transfer-reversals/create.ts';
import { createTransfer } from '../../src/features/transfers/create.ts';
import { birthOf, type Id } from '../../src/kernel/id.ts';
import { dayOf } from '../../src/kernel/time.ts';
import { keyHashOf } from '../../src/store/idempotency.ts';
import type { Ground } from './ground.ts';
import { type Complete, Process } from './process.ts';
import type { Happening } from './rules.ts';

const commands = {
  account: createAccount,
  'account update': updateAccount,
  'external account': createExternal,
  'external account removal': deleteExternal,
  'external account update': updateExternal,
  'balance settings': updateBalanceSettings,
  adjustment: createAdjustment,
  advance: advanceTestClock,
  capture: captureCharge,
  charge: createCharge,
  consent: recordConsent,
  'debit by charge': debitByCharge,
  decision: decideDispute,
  dispute: createDispute,
  'fee refund': createFeeRefund,
  intent: createPaymentIntent,
  payout: createPayout,
  'payout cancel': cancelPayout,
  'payout reversal': reversePayout,
  'payout settings': setPayouts,
  platform: openPlatform,
  refund: createRefund,
  rejection: rejectAccount,
  reversal: createTransferReversal,
  topup: createTopup,
  'topup reversal': reverseTopup,
  transfer: createTransfer,
} as const satisfies Record<string, AnyCommand>;

/** `restart`: everything is forgotten but what is stored. */
export type CommandName = keyof typeof commands | 'restart';

/** A stored object, whose fields the model asks for by name. */
export type Found = Readonly<Record<string, unknown>> & { readonly id: string };

export interface Answer {
  /** The number of the refusal's rule, or `refused` where it has none. */
  readonly refusal: string | null;
  readonly object: Found | null;
  /** The operation of the journal; null for a refusal without a key, which left nothing. */
  readonly seq: number | null;
}

export interface Asked {
  readonly name: Exclude<CommandName, 'restart'>;
  readonly params: unknown;
  readonly as: string | null;
  /** Asked for a second time under the same key, at once where there are several processes. */
  readonly isTwice?: boolean;
  /** Which process is asked. */
  readonly via?: number;
}

type Heard = Exclude<Outcome, { readonly kind: 'refused' }>;

/** A request under a key, and how it was answered. */
interface Remembered {
  readonly task: Task;
  readonly seq: number;
  readonly spelled: string;
  /** The machine's day on which it was asked. */
  readonly day: number;
}

const nothing: Answer = { refusal: null, object: null, seq: null };

/** How often a process looks whether something is due, until it must have been done. */
const ticksMax = 10;

/** How many requests may be asked again later. */
const rememberedMax = 100;
/** A key is good for its day and the two days after it. */
const keyDays = 2;

export interface SystemOptions {
  readonly ground: Ground;
  readonly isOnTestClock: boolean;
  readonly processes: number;
  readonly complete: Complete;
  readonly onHappening: (what: Happening) => void;
}

export class System {
  readonly #options: SystemOptions;
  readonly #processes: Process[] = [];
  /** Those that are being started, by their place. */
  readonly #coming = new Map<number, Promise<Process>>();
  #rowsSeen = 0;
  #keys = 0;
  #remembered: Remembered[] = [];

  private constructor(options: SystemOptions) {
    this.#options = options;
  }

  /** With a book in which time begins at `now`. */
  static async open(options: SystemOptions, now: number): Promise<System> {
    const system = new System(options);
    const { ground, isOnTestClock } = options;
    const { store, close } = await ground.connect();
    const frozenTime = isOnTestClock ? now : null;
    const book = { book: ground.book, livemode: false, secret: '00'.repeat(32), frozenTime };
    await untilDone(() => store.createBook(book));
    await close();
    for (let n = 0; n < options.processes; n++) system.#processes.push(await system.#start());
    await ground.look();
    return system;
  }

  get isCrowded(): boolean {
    return this.#options.processes > 1;
  }

  get book(): number {
    return this.#options.ground.book;
  }

  get tables() {
    return this.#options.ground.tables;
  }

  async #start(): Promise<Process> {
    const { ground, complete } = this.#options;
    const { store, close } = await ground.connect();
    return new Process(store, { complete, close, clock: () => ground.clock.now });
  }

  /**
   * The process dies when it has asked or heard its store so often, and another takes its place; meanwhile the machine's
   * clock was set to something else.
   */
  async kill(which: number, crossings: number, leap: number): Promise<void> {
    (await this.#at(which)).kill(crossings);
    const { ground, isOnTestClock, onHappening } = this.#options;
    const { clock } = ground;
    if (clock.isReal) return;
    const { lastTime } = this.tables.book(this.book).row;
    // Without a test clock only back from a moment that the book has seen: it goes on from there.
    if (isOnTestClock) clock.now = Math.max(0, clock.now + leap);
    else if (lastTime === clock.now) {
      clock.now -= Math.abs(leap);
      onHappening('the clock is set back');
    }
  }

  /** The process at this place: a new one where the last is dead. */
  async #at(which: number): Promise<Process> {
    const index = which % this.#processes.length;
    const process = this.#processes[index] as Process;
    if (!process.isDead) return process;
    const coming = this.#coming.get(index) ?? this.#start();
    this.#coming.set(index, coming);
    this.#processes[index] = await coming;
    this.#coming.delete(index);
    return coming;
  }

  /**
   * Asks for a command.
   *
   * @throws when the engine or a command broke a promise
   */
  async run({ name, params, as, isTwice = false, via = 0 }: Asked): Promise<Answer> {
    // Without one nobody could tell what became of it when the process died.
    const key = isTwice || this.isCrowded ? `key ${this.#keys++}` : null;
    const task: Task = {
      command: commands[name],
      params,
      request: {
        account: as as Id<'acct'> | null,
        id: 'req_simulation',
        idempotency: key === null ? null : { key, keyHash: keyHashOf(key), path: name, fingerprint: hex(name) },
      },
      refusalBody: (refusal) => refusal.name,
    };
    const heard = [await this.#ask(task, via, isTwice && this.isCrowded)].flat();
    if (isTwice && !this.isCrowded) heard.push(await this.#insist(task, via));
    const [first] = heard as [Heard];
    const spelled = spell(first);
    for (const other of heard) {
      if (spell(other) !== spelled || other.seq !== first.seq) {
        throw new Error(`${name} under one key: ${spelled} as ${first.seq}, then ${spell(other)} as ${other.seq}`);
      }
    }
    if (heard.filter(({ kind }) => kind === 'decided').length > 1) throw new Error(`${name} was decided twice`);
    if (key !== null && first.seq !== null) this.#remember({ task, seq: first.seq, spelled, day: this.#day });
    const refusal = first.status === 200 ? null : numberOf(first.body ?? '');
    return { refusal, object: first.object as Found | null, seq: first.seq };
  }

  get #day(): number {
    return dayOf(this.#options.ground.clock.now);
  }

  /** One process, or two at the same moment; who died is replaced, and asked again when the other has answered. */
  async #ask(task: Task, via: number, isTwin: boolean): Promise<Heard[]> {
    const where = isTwin ? [via, via + 1] : [via];
    const outcomes = await Promise.all(where.map(async (which) => (await this.#at(which)).submit(this.book, task)));
    const { onHappening } = this.#options;
    if (outcomes.includes(null)) onHappening('a request outlives its process');
    else if (isTwin) onHappening('two processes are asked under one key');
    const heard: Heard[] = [];
    for (const [i, outcome] of outcomes.entries()) {
      heard.push(outcome === null ? await this.#insist(task, via + i + 1) : answered(task, outcome));
    }
    return heard;
  }

  async #insist(task: Task, via: number): Promise<Heard> {
    for (let which = via; ; which++) {
      const outcome = await (await this.#at(which)).submit(this.book, task);
      if (outcome !== null) return answered(task, outcome);
    }
  }

  #remember(request: Remembered): void {
    if (this.#remembered.length < rememberedMax) this.#remembered.push(request);
    else this.#remembered[this.#keys % rememberedMax] = request;
  }

  /** Asks for something again that was answered long ago, wherever: it must be answered as it was then. */
  async askLate(which: number, via: number): Promise<string | null> {
    const fresh = this.#remembered.filter(({ day }) => this.#day - day <= keyDays);
    if (fresh.length === 0) return null;
    const { task, seq, spelled } = fresh[which % fresh.length] as Remembered;
    const again = await this.#insist(task, via);
    this.#options.onHappening('a key is used again later');
    if (again.kind === 'replayed' && again.seq === seq && spell(again) === spelled) return null;
    return `a late retry of operation ${seq}: ${spelled} then, now ${spell(again)} (${again.kind} as ${again.seq})`;
  }

  /** Moves the clock, and has everything done that is due on the way, by whoever gets there first. */
  async advance(to: number, via: number): Promise<Answer> {
    const { isOnTestClock, ground, onHappening } = this.#options;
    const params = { test_clock: birthClockId(this.book), frozen_time: to };
    const answer = isOnTestClock ? await this.run({ name: 'advance', params, as: null, via }) : this.#passTime(to);
    for (let ticks = 0; ticks < ticksMax; ticks++) {
      if (this.#processes.every(({ isDead }) => isDead)) await this.#at(via);
      // Who died on the way is not there again yet: those who live must do the rest.
      const living = this.#processes.filter(({ isDead }) => !isDead);
      await Promise.all(living.map((process) => process.tick(ground.clock.now)));
      const left = living.filter(({ isDead }) => !isDead);
      if (left.length > 0 && left.length < living.length) onHappening('a day is finished by another process');
      await ground.look();
      const { advanceTo, frozenTime } = this.tables.book(this.book).row;
      const isThere = isOnTestClock ? advanceTo === null : left.length > 0;
      if (!isThere) continue;
      if (answer.refusal === null && isOnTestClock && frozenTime !== to)
        throw new Error(`the clock is at ${frozenTime}`);
      return answer;
    }
    throw new Error(`the clock is not at ${to} after ${ticksMax} ticks`);
  }

  #passTime(to: number): Answer {
    const { clock } = this.#options.ground;
    if (to <= Math.max(clock.now, this.tables.book(this.book).row.lastTime)) return { ...nothing, refusal: 'refused' };
    clock.now = to;
    return nothing;
  }

  look(): Promise<void> {
    return this.#options.ground.look();
  }

  find(id: unknown): Found {
    const birth = typeof id === 'string' ? birthOf(id, this.book) : null;
    const object = birth && this.tables.object(this.book, birth);
    if (!object) throw new Error(`there is no ${String(id)}`);
    return object as unknown as Found;
  }

  numberOf(account: string): number {
    return birthOf(account, this.book)?.seq ?? 0;
  }

  /** Rows written since the last time: account number, type, currency, amount, fee, day. */
  newRows(): readonly string[] {
    const { lines } = this.tables.book(this.book);
    const fresh = lines.slice(this.#rowsSeen);
    this.#rowsSeen = lines.length;
    return fresh.map((row) =>
      [row.account, balanceTransactionTypeOf(row.type), row.currency, row.amount, row.fee, row.day ?? 'now'].join(' '),
    );
  }

  /** All processes end. */
  async close(): Promise<void> {
    for (const process of this.#processes) process.kill(0);
  }
}

async function untilDone<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries === 10) throw error;
    }
  }
}

/** 32 hexadecimal digits. */
const hex = (text: string): string => Buffer.from(text).toString('hex').slice(-32).padStart(32, '0');

const spell = ({ status, object, body }: Heard): string => JSON.stringify([status, object, body]);

function answered({ command }: Task, outcome: Outcome): Heard {
  if (outcome.kind === 'refused') throw new Error(`${command.name} is refused: ${outcome.refusal.name}`);
  return outcome;
}

const numberOf = (name: string): string =>
  (refusals[name as keyof typeof refusals] as { rule: string | null }).rule ?? 'refused';

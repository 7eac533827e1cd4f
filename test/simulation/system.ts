/** The system: the real commands, through the real engine, on a store in memory and a test clock. No HTTP. */

import { balanceTransactionTypeOf } from '../../src/data/balance-transaction-types.ts';
import { refusals } from '../../src/data/refusals.ts';
import type { AnyCommand } from '../../src/engine/command.ts';
import { Engine } from '../../src/engine/engine.ts';
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
import { openPlatform } from '../../src/features/platforms/open.ts';
import { createRefund } from '../../src/features/refunds/create.ts';
import { followThrough } from '../../src/features/standing/follow.ts';
import { advanceTestClock } from '../../src/features/test-clocks/advance.ts';
import { birthClockId } from '../../src/features/test-clocks/object.ts';
import { createTopup } from '../../src/features/topups/create.ts';
import { createTransferReversal } from '../../src/features/transfer-reversals/create.ts';
import { createTransfer } from '../../src/features/transfers/create.ts';
import { birthOf, type Id } from '../../src/kernel/id.ts';
import type { Refusal } from '../../src/kernel/refusal.ts';
import { featuresWith, jobsOf, kindsOf } from '../../src/registry.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { type Batch, Conflict, LostAnswer } from '../../src/store/store.ts';
import { Random } from './random.ts';

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
  platform: openPlatform,
  refund: createRefund,
  rejection: rejectAccount,
  reversal: createTransferReversal,
  topup: createTopup,
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
}

const theBook = 1;

// Secrets are for webhooks and keys, of which there are none here.
const features = featuresWith({ derive: () => null, draw: () => Buffer.alloc(32), keyed: () => Buffer.alloc(32) });
const kinds = kindsOf(features);
const jobs = jobsOf(features);

/**
 * A database whose connection breaks now and then, before a batch was written, just after, or with the batch still on its
 * way, and in which another process seems to have been first. Whoever asked notices nothing.
 */
class ShakyStore extends MemoryStore {
  readonly #random = new Random(1);

  override async commit(batch: Batch): Promise<void> {
    const fate = this.#random.int(200);
    if (fate === 0) throw new LostAnswer('cut before');
    if (fate === 1) throw new Conflict('the book moved on');
    if (fate === 3) {
      setImmediate(() => void super.commit(batch).catch(() => {}));
      throw new LostAnswer('it comes late');
    }
    await super.commit(batch);
    if (fate === 2) throw new LostAnswer('cut after');
  }
}

/** What follows from every decision; another one to see that it is missed. */
export type Complete = typeof followThrough;

export class System {
  readonly store = new ShakyStore(() => 0);
  readonly book = theBook;
  #engine: Engine;
  #rowsSeen = 0;

  readonly #complete: Complete;
  #keys = 0;

  constructor(complete: Complete = followThrough) {
    this.#complete = complete;
    this.#engine = this.#start();
  }

  #start(): Engine {
    return new Engine({ store: this.store, kinds, jobs, complete: this.#complete, clock: () => 0 });
  }

  async open(now: number): Promise<void> {
    await this.store.createBook({ book: theBook, livemode: false, secret: '00'.repeat(32), frozenTime: now });
  }

  /**
   * @param isTwice asks again under the same key, and compares the answers
   * @throws when the engine or a command broke a promise
   */
  async run(name: CommandName, params: unknown, as: string | null, isTwice = false): Promise<Answer> {
    if (name === 'restart') {
      this.#engine = this.#start();
      return { refusal: null, object: null };
    }
    let refused: Refusal | null = null;
    const key = `key ${this.#keys++}`;
    const keyHash = key.padEnd(32, '.');
    const task = {
      command: commands[name],
      params,
      request: {
        account: as as Id<'acct'> | null,
        id: 'req_simulation',
        idempotency: isTwice ? { key, keyHash, path: name, fingerprint: name } : null,
      },
      refusalBody(refusal: Refusal) {
        refused = refusal;
        return refusal.name;
      },
    };
    const outcome = await this.#engine.submit(theBook, task);
    if (outcome.kind !== 'decided') throw new Error(`${name} is ${outcome.kind}`);
    if (isTwice) {
      const again = await this.#engine.submit(theBook, task);
      if (again.kind !== 'replayed') throw new Error(`${name} under the same key is ${again.kind}`);
      const spell = ({ status, object, body }: typeof outcome | typeof again) => JSON.stringify([status, object, body]);
      if (spell(again) !== spell(outcome)) throw new Error(`${name}: ${spell(outcome)}, then ${spell(again)}`);
    }
    return { refusal: refused && numberOf(refused), object: outcome.object as Found | null };
  }

  /** Moves the clock, and has everything done that is due on the way. */
  async advance(to: number): Promise<Answer> {
    const answer = await this.run('advance', { test_clock: birthClockId(theBook), frozen_time: to }, null);
    await this.#engine.catchUp(theBook);
    const { frozenTime } = this.store.book(theBook).row;
    if (answer.refusal === null && frozenTime !== to) throw new Error(`the clock stands at ${frozenTime}`);
    return answer;
  }

  find(id: unknown): Found {
    const birth = typeof id === 'string' ? birthOf(id, theBook) : null;
    const object = birth && this.store.object(theBook, birth);
    if (!object) throw new Error(`there is no ${String(id)}`);
    return object as unknown as Found;
  }

  numberOf(account: string): number {
    return birthOf(account, theBook)?.seq ?? 0;
  }

  /** Rows written since the last time: account number, type, currency, amount, fee, day. */
  newRows(): readonly string[] {
    const { lines } = this.store.book(theBook);
    const fresh = lines.slice(this.#rowsSeen);
    this.#rowsSeen = lines.length;
    return fresh.map((row) =>
      [row.account, balanceTransactionTypeOf(row.type), row.currency, row.amount, row.fee, row.day ?? 'now'].join(' '),
    );
  }
}

const numberOf = ({ name }: Refusal): string => (refusals[name] as { rule: string | null }).rule ?? 'refused';

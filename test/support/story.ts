import type { Currency } from '../../src/data/currencies.ts';
import type { AnyCommand, Context, Decision, Due, Reader } from '../../src/engine/command.ts';
import { monday, testAccount, testContext, testPlatform } from '../../src/engine/testing.ts';
import { debit } from '../../src/features/account-debits/debit.ts';
import type { AccountObject } from '../../src/features/accounts/object.ts';
import { settle } from '../../src/features/balance/rules.ts';
import { attemptCharge, type ChargeDraft } from '../../src/features/charges/attempt.ts';
import type { ChargeObject } from '../../src/features/charges/object.ts';
import type { CardDetails } from '../../src/features/payment-methods/object.ts';
import { cardFromAlias } from '../../src/features/tokens/card.ts';
import type { Id } from '../../src/kernel/id.ts';
import type { Kind, StoredObject } from '../../src/kernel/kind.ts';
import { minor } from '../../src/kernel/money.ts';
import { isRefusal, type Refusal } from '../../src/kernel/refusal.ts';
import { dayOf } from '../../src/kernel/time.ts';
import { arrive, type Balance, balanceKey, EMPTY } from '../../src/ledger/balance.ts';
import { available, type LedgerAccount } from '../../src/ledger/chart.ts';
import { checkDecision } from '../../src/ledger/invariants.ts';
import { platformOf, sellerOf } from './parties.ts';

/**
 * A book in memory for tests of commands: what one decision leaves, the next one loads. Nothing follows by itself: no
 * reserve, no bank debit, no settlement that is not asked for.
 */
export class Story implements Reader {
  readonly seller: AccountObject;
  now = monday;
  /** What became due and was not run yet, in the order it was scheduled in. */
  due: Due[] = [];
  readonly #objects = new Map<string, StoredObject>();
  readonly #balances = new Map<string, Balance>();
  #seq = 1000;
  #account: string = testPlatform;

  constructor(given: { readonly platform?: Partial<AccountObject>; readonly seller?: Partial<AccountObject> } = {}) {
    this.seller = sellerOf(1, given.seller);
    this.#put([platformOf(given.platform), this.seller]);
  }

  find<T extends StoredObject>(kind: Kind<T>, id: string): T | undefined {
    const object = this.#objects.get(id);
    return object && kind.prefixes.some((prefix) => id.startsWith(`${prefix}_`)) ? (object as T) : undefined;
  }

  own<T extends StoredObject>(kind: Kind<T>, id: string): T | undefined {
    const object = this.find(kind, id);
    return object?.account === this.#account ? object : undefined;
  }

  balance(account: string, currency: Currency): Balance {
    return this.#balances.get(balanceKey(account, currency)) ?? EMPTY;
  }

  maturing(): readonly never[] {
    return [];
  }

  credits(): readonly never[] {
    return [];
  }

  /** The object as it is now. */
  get<T extends StoredObject>({ id }: { readonly id: string }): T {
    return this.#objects.get(id) as T;
  }

  /** What the platform and the seller have available, in usd. */
  get available(): { readonly P: number; readonly A: number } {
    return {
      P: this.balance(testPlatform, 'usd').available,
      A: this.balance(this.seller.id, 'usd').available,
    };
  }

  /** Changes an object by hand, as another feature would. */
  change<T extends StoredObject>(object: T, more: Partial<T>): void {
    this.#put([{ ...this.get<T>(object), ...more }]);
  }

  /** Money from nowhere, available at once; negative takes it away. */
  give(account: string, amount: number): void {
    this.#arrive(available(account, 'usd'), amount);
  }

  /** Lets the pending money of a day and those before it become available. */
  settle(account: string, day: number): void {
    this.#balances.set(balanceKey(account, 'usd'), settle(account, 'usd', this.balance(account, 'usd'), day).after);
  }

  context(account: Id<'acct'> = testPlatform): Context {
    this.#account = account;
    return testContext({ seq: this.#seq++, now: this.now, account, settledThrough: dayOf(this.now) });
  }

  /** Runs a command, checks what it promises, and keeps what it leaves. */
  run(command: AnyCommand, params: unknown, account: Id<'acct'> = testPlatform): Decision | Refusal {
    const ctx = this.context(account);
    const answer: Decision | Refusal = command.decide(params, command.load(this, params, ctx), ctx);
    return isRefusal(answer) ? answer : this.keep(answer);
  }

  /** As `run`, for what nothing may refuse. */
  do(command: AnyCommand, params: unknown, account: Id<'acct'> = testPlatform): Decision {
    const answer = this.run(command, params, account);
    if (isRefusal(answer)) throw new Error(`refused: ${answer.error.message}`);
    return answer;
  }

  /** Moves to where the first thing is due and runs it. */
  next(command: AnyCommand): Decision {
    const due = this.due.shift();
    if (!due) throw new Error('nothing is due');
    this.now = due.at;
    return this.do(command, due);
  }

  keep<D extends Omit<Decision, 'result'>>(decision: D): D {
    checkDecision(decision.post ?? [], decision.lines ?? []);
    this.#put(decision.put ?? []);
    for (const { moves } of decision.post ?? []) {
      for (const { amount, from, to } of moves) {
        this.#arrive(from, -amount);
        this.#arrive(to, amount);
      }
    }
    this.due.push(...(decision.schedule ?? []));
    return decision;
  }

  /** A card payment of 100.00 usd unless said; available at once unless a card is named. */
  charge(
    given: Partial<Omit<ChargeDraft, 'amount' | 'card' | 'application_fee_amount'>> & {
      readonly amount?: number;
      readonly fee?: number;
      /** On the seller; the platform's otherwise. */
      readonly direct?: boolean;
      /** To the seller, all of it or a part. */
      readonly to?: 'all' | number;
      readonly capture?: boolean;
      readonly testCard?: string;
    } = {},
  ): ChargeObject {
    const { amount = 10_000, fee, direct, to, capture = true, testCard = 'pm_card_bypassPending', ...labels } = given;
    const account = direct ? testAccount(1) : testPlatform;
    const platform = this.#objects.get(testPlatform) as AccountObject;
    const attempt = attemptCharge(
      {
        amount: minor(amount),
        currency: 'usd',
        card: cardFromAlias(testCard) as CardDetails,
        payment_method: 'pm_1',
        ...(fee !== undefined && { application_fee_amount: minor(fee) }),
        ...(to !== undefined && {
          transfer_data: { destination: this.seller.id, ...(to !== 'all' && { amount: minor(to) }) },
        }),
        ...labels,
      },
      {
        capture,
        canAuthenticate: false,
        parties: {
          owner: direct ? this.seller : platform,
          platform,
          destination: to === undefined ? undefined : this.seller,
          onBehalfOf: undefined,
        },
      },
      this.context(account),
    );
    if (attempt.kind === 'needsAuthentication') throw new Error('nobody can authenticate');
    this.keep(attempt);
    return attempt.charge;
  }

  /** An account debit of the seller, by charge. */
  debit(amount: number): ReturnType<typeof debit> {
    const done = debit(
      { seller: this.seller.id, platform: platformOf(), amount: minor(amount), currency: 'usd', by: 'charge' },
      this.context(),
    );
    this.keep(done.effects);
    return done;
  }

  #put(objects: readonly StoredObject[]): void {
    for (const object of objects) this.#objects.set(object.id, object);
  }

  #arrive(at: LedgerAccount, amount: number): void {
    if (at.owner === 'house') return;
    this.#balances.set(balanceKey(at.owner, at.currency), arrive(this.balance(at.owner, at.currency), at, amount));
  }
}

/** `P refund -100 @20516`: the rows of a decision, as tables of rules write them. */
export const rowsOf = (decision: Decision): readonly string[] =>
  (decision.lines ?? []).map(
    ({ account, type, amount, on }) =>
      `${account === testPlatform ? 'P' : 'A'} ${type} ${amount}${on === 'now' ? '' : ` @${on}`}`,
  );

/** `A charge.refunded py`: the news of a decision, with what they are about. */
export const newsOf = (decision: Decision): readonly string[] =>
  (decision.emit ?? []).map(
    ({ account, type, object }) =>
      `${account === testPlatform ? 'P' : 'A'} ${type} ${'id' in object ? String(object.id).split('_')[0] : ''}`,
  );

/** What a refusal says, or that there is none. */
export const refusalOf = (answer: Decision | Refusal): string | undefined =>
  isRefusal(answer) ? answer.name : undefined;

import { balanceTransactionTypeNo, returningTypeNos } from '../../data/balance-transaction-types.ts';
import type { Currency } from '../../data/currencies.ts';
import type { Context, Decision, Due, Reader } from '../../engine/command.ts';
import { steps } from '../../kernel/day.ts';
import { birthOf } from '../../kernel/id.ts';
import type { StoredObject } from '../../kernel/kind.ts';
import { minor, ZERO } from '../../kernel/money.ts';
import { startOfDay, type UnixSeconds } from '../../kernel/time.ts';
import type { LedgerAccount } from '../../ledger/chart.ts';
import type { Line } from '../../ledger/statement.ts';
import { type AccountObject, accounts, type Standing } from '../accounts/object.ts';
import { bornAvailable } from '../balance/born.ts';
import { holdingLimitJob, holdingWork } from '../payouts/holding.ts';
import { nextPayoutDay } from '../payouts/schedule.ts';
import { changeReserve } from '../reserves/hold.ts';
import type { ReserveTransactionObject } from '../reserves/object.ts';
import {
  collectionAt,
  debitableBank,
  isInFlight,
  negativeSince,
  nextClose,
  reserveTarget,
  unclearedOf,
  withStanding,
} from './rules.ts';

/** Names of the jobs that follow from how an account stands. */
export const standingJobs = {
  debitBank: 'negative-balances.debit',
  collect: 'reserves.collect',
  automaticPayout: 'payouts.automatic',
} as const;

/**
 * What follows from every decision, whatever command made it, in the same operation:
 *
 *     the platform's reserve against an account is what R120 or R135 asks for       M40, M41
 *     the clock of 180 days starts when the effective balance goes below zero,
 *     and is cleared when it is not                                                  R152
 *     a negative balance is debited from a bank at the close of the day              R95, R108
 *     money that may be paid out is, on the next day of the schedule                 R181
 *     money that is born available is told of                                        R204
 *     money that waits for a payout by hand is looked at before it is too old        R191
 *
 * So no command thinks of these, and none can forget them (I6). Connected accounts come first, in the order they were
 * made; the platform last, since holding a reserve may push it below zero too.
 */
export function followThrough(decision: Decision, read: Reader, ctx: Context): Decision {
  const put = new Map((decision.put ?? []).map((object) => [object.id, object]));
  const changes = new Changes(decision);
  for (const object of put.values()) {
    if (!isAccount(object)) continue;
    // Whoever changed the account may have changed what may be debited or paid out.
    for (const currency of Object.keys(object.standing ?? {}) as Currency[]) changes.touch(object.id, currency);
    for (const { currency } of object.external_accounts) changes.touch(object.id, currency);
    changes.touch(object.id, object.default_currency);
  }
  if (changes.isEmpty) return decision;

  const followed = {
    put,
    post: [...(decision.post ?? [])],
    lines: [...(decision.lines ?? [])],
    schedule: [...(decision.schedule ?? [])],
  };
  const find = (id: string): AccountObject | undefined =>
    (put.get(id) as AccountObject | undefined) ?? read.find(accounts, id);
  const platform = find(ctx.platform);
  if (!platform) return decision;

  for (const { account: id, currency } of changes.inOrder(ctx)) {
    const account = find(id);
    // Not loaded yet: this run of the decision is thrown away, the next one has it.
    if (!account) continue;
    const before = read.balance(id, currency);
    const available = before.available + changes.available(id, currency);
    if (id !== ctx.platform) {
      const held = before.reserved + changes.reserved(id, currency);
      const stands = standingAfter(decision, account, currency, { before: before.available, available });
      const target = reserveTarget({
        available,
        uncleared: unclearedOf(stands),
        platformBearsLosses: account.controller.losses.payments === 'application',
        reservesEnabled: platform.platform?.reserves_enabled ?? false,
        caused: stands.debitCaused ?? ZERO,
      });
      const change = minor(target - held);
      if (change !== 0) {
        // The platform may not have held any of this currency yet (R125).
        read.balance(ctx.platform, currency);
        const reserve = changeReserve({ account: id, currency, change }, ctx);
        put.set(reserve.object.id, reserve.object satisfies ReserveTransactionObject);
        followed.lines.push(reserve.line);
        followed.post.push(reserve.posting);
        changes.add(ctx.platform, currency, -change);
      }
      const standing: Standing = {
        ...stands,
        ...(stands.debitCaused !== undefined && { debitCaused: target }),
        negativeSince: negativeSince(stands, { available, uncleared: unclearedOf(stands) }, ctx.now),
      } as Standing;
      const next = withStanding(account, currency, standing);
      if (JSON.stringify(next.standing) !== JSON.stringify(account.standing)) put.set(id, next);
      if (standing.negativeSince !== undefined && put.get(id)) {
        followed.schedule.push({
          at: collectionAt(standing.negativeSince, ctx.now),
          order: steps.collection,
          job: standingJobs.collect,
          subject: `${id} ${currency}`,
        });
      }
    }
    const now = (put.get(id) as AccountObject) ?? account;
    followed.schedule.push(...laterWork(now, currency, available, ctx));
    const mayBeOld = decision.put?.some((object) => object.id === id) || bringsBack(followed.lines, id, currency);
    const given = { was: before.available, available, mayBeOld, now: lastPayouts(ctx) };
    if (!looksAgain(decision, id, currency)) followed.schedule.push(...holdingWork(now, currency, given));
  }
  const whole: Decision = {
    ...decision,
    ...(put.size > 0 && { put: [...put.values()] }),
    ...(followed.post.length > 0 && { post: followed.post }),
    ...(followed.lines.length > 0 && { lines: followed.lines }),
    ...(followed.schedule.length > 0 && { schedule: followed.schedule }),
  };
  const news = bornAvailable(whole, find, read, ctx);
  return news.length > 0 ? { ...whole, emit: [...(decision.emit ?? []), ...news] } : whole;
}

/** The account's standing with what this decision's debits caused added to it (R135). */
function standingAfter(
  decision: Decision,
  account: AccountObject,
  currency: Currency,
  { before }: { readonly before: number; readonly available: number },
): Standing {
  const standing = account.standing?.[currency] ?? {};
  if (account.controller.losses.payments === 'application') return standing;
  let caused = standing.debitCaused ?? 0;
  for (const debit of decision.debited ?? []) {
    if (debit.account === account.id && debit.currency === currency)
      caused += Math.max(0, debit.amount - Math.max(0, before));
  }
  return caused > 0 ? { ...standing, debitCaused: minor(caused) } : standing;
}

/** What the balance as it now is will lead to by itself. */
function laterWork(account: AccountObject, currency: Currency, available: number, ctx: Context): Due[] {
  const subject = `${account.id} ${currency}`;
  if (available < 0) {
    if (isInFlight(account.standing?.[currency]) || !debitableBank(account, currency)) return [];
    return [{ at: nextClose(ctx.now), order: steps.bankDebits, job: standingJobs.debitBank, subject }];
  }
  if (available === 0) return [];
  const day = nextPayoutDay(account, lastPayouts(ctx));
  return day === null
    ? []
    : [{ at: startOfDay(day), order: steps.automaticPayouts, job: standingJobs.automaticPayout, subject }];
}

/**
 * The moment after which the next payouts are looked for. Work of the day's start that comes before payouts still makes
 * today's; a request at that very moment does not.
 */
const lastPayouts = ({ step, now }: Context): UnixSeconds =>
  step !== null && step < steps.automaticPayouts ? now - 1 : now;

/** Whether money comes back that was there before, so that it may have waited for long (R191). */
const bringsBack = (lines: readonly Line[], account: string, currency: Currency): boolean =>
  lines.some(
    (line) =>
      line.account === account &&
      line.currency === currency &&
      returningTypeNos.includes(balanceTransactionTypeNo(line.type)),
  );

/** Whether the decision itself says when the money that waits is looked at next. */
const looksAgain = ({ schedule = [] }: Decision, account: string, currency: Currency): boolean =>
  schedule.some(({ job, subject }) => job === holdingLimitJob && subject === `${account} ${currency}`);

const isAccount = (object: StoredObject): object is AccountObject => object.id.startsWith('acct_');

/** By how much a decision changes what accounts have available and in reserve. */
class Changes {
  readonly #available = new Map<string, number>();
  readonly #reserved = new Map<string, number>();

  constructor({ post = [] }: Decision) {
    for (const { moves } of post) {
      for (const { amount, from, to } of moves) {
        this.#leg(from, -amount);
        this.#leg(to, amount);
      }
    }
  }

  get isEmpty(): boolean {
    return this.#available.size === 0;
  }

  #leg({ bucket, owner, currency }: LedgerAccount, amount: number): void {
    const sums = bucket === 'available' ? this.#available : bucket === 'reserved' ? this.#reserved : null;
    if (sums === null || owner === 'house') return;
    sums.set(`${owner} ${currency}`, (sums.get(`${owner} ${currency}`) ?? 0) + amount);
  }

  touch(account: string, currency: Currency): void {
    this.add(account, currency, 0);
  }

  add(account: string, currency: Currency, amount: number): void {
    const key = `${account} ${currency}`;
    this.#available.set(key, (this.#available.get(key) ?? 0) + amount);
  }

  available(account: string, currency: Currency): number {
    return this.#available.get(`${account} ${currency}`) ?? 0;
  }

  reserved(account: string, currency: Currency): number {
    return this.#reserved.get(`${account} ${currency}`) ?? 0;
  }

  /** Connected accounts in the order they were made, then the platform, also in currencies that holding adds on the way. */
  *inOrder(ctx: Context): Iterable<{ readonly account: string; readonly currency: Currency }> {
    const split = (key: string) => {
      const [account, currency] = key.split(' ') as [string, Currency];
      return { account, currency };
    };
    const connected = [...this.#available.keys()]
      .map(split)
      .filter(({ account }) => account !== ctx.platform)
      .sort((a, b) => (birthOf(a.account, ctx.book)?.seq ?? 0) - (birthOf(b.account, ctx.book)?.seq ?? 0));
    yield* connected;
    for (const key of [...this.#available.keys()]) {
      const place = split(key);
      if (place.account === ctx.platform) yield place;
    }
  }
}

import { hash as digest } from 'node:crypto';
import { balanceTransactionTypeNo } from '../data/balance-transaction-types.ts';
import { eventTypeNo } from '../data/event-types.ts';
import { assert } from '../kernel/assert.ts';
import { settleJob, steps } from '../kernel/day.ts';
import { birthOf, prefixOf } from '../kernel/id.ts';
import { type Kind, refsOf, type StoredObject } from '../kernel/kind.ts';
import { isRefusal, type Refusal } from '../kernel/refusal.ts';
import { type Day, startOfDay } from '../kernel/time.ts';
import { arrive, type Balance, type BalanceKey, balanceKey, EMPTY } from '../ledger/balance.ts';
import { chain } from '../ledger/chain.ts';
import { accountNo, type LedgerAccount, ledgerNo } from '../ledger/chart.ts';
import { checkDecision } from '../ledger/invariants.ts';
import type { Changes, DueRow, LineRow, ObjectRow, Operation, Work } from '../store/store.ts';
import { Agenda } from './agenda.ts';
import type { Decision, Due } from './command.ts';
import type { BookState, TaskContext } from './state.ts';
import type { Task } from './task.ts';

/** The kinds of stored objects by id prefix. */
export type Kinds = ReadonlyMap<string, Kind>;

/** What is written for one decision, before it is known to be written. */
export interface Applied {
  readonly operation: Operation;
  readonly balances: ReadonlyMap<BalanceKey, Balance>;
  readonly days: ReadonlyMap<BalanceKey, ReadonlySet<Day>>;
  readonly schedule: readonly Due[];
  readonly unschedule: readonly DueRow[];
}

/**
 * Turns a decision into rows, checks what the ledger promises, and lets the state run ahead. Until the last line nothing
 * of the state is touched, so a decision that breaks a promise leaves no trace.
 *
 * @param due the row of the schedule that it does the work of
 * @throws Fault when the decision breaks an invariant of the ledger
 */
export function apply(
  state: BookState,
  kinds: Kinds,
  task: Task,
  decided: Decision | Refusal,
  ctx: TaskContext,
  seq: number,
  due: DueRow | null,
): Applied {
  const decision: Decision = isRefusal(decided) ? { result: null } : decided;
  const refusal = isRefusal(decided) ? decided : (decision.declined ?? null);
  const book = state.book.book;
  checkDecision(decision.post ?? [], decision.lines ?? []);

  const balances = new Map<BalanceKey, Balance>();
  const days = new Map<BalanceKey, Set<Day>>();
  const settles: Due[] = [];
  const settlements: Day[] = [];
  const legs: number[] = [];
  const arriveAt = (owner: string, at: LedgerAccount, amount: number) => {
    const key = balanceKey(owner, at.currency);
    balances.set(key, arrive(balances.get(key) ?? state.balance(key) ?? EMPTY, at, amount));
    if (at.bucket === 'pending') {
      const known = days.get(key);
      if (known) known.add(at.day);
      else days.set(key, new Set([at.day]));
      if (at.day > ctx.settledThrough && !state.settlements.has(at.day) && !settlements.includes(at.day)) {
        settlements.push(at.day);
        settles.push({ at: startOfDay(at.day), order: steps.settle, job: settleJob, subject: String(at.day) });
      }
    }
  };
  const leg = (at: LedgerAccount, amount: number) => {
    legs.push(ledgerNo(at, accountNo(at.owner, book)), amount);
    if (at.owner === 'house') return;
    assert(
      balances.has(balanceKey(at.owner, at.currency)) || state.balance(balanceKey(at.owner, at.currency)) !== undefined,
      'a balance is loaded before money is moved in it',
    );
    arriveAt(at.owner, at, amount);
    // The platform's own figure is the sum over its accounts, so that reading the reserve reads one row (I4).
    if (at.bucket === 'reserved') arriveAt(state.platform, at, amount);
  };
  for (const { moves } of decision.post ?? []) {
    for (const { amount, from, to } of moves) {
      leg(from, -amount);
      leg(to, amount);
    }
  }

  const put = latestVersions(decision.put ?? []);
  const was = put.map((object) => {
    if (birthOf(object.id, book)?.seq === seq) return 0;
    const before = state.versionOf(object.id);
    assert(before !== undefined && before.object !== null, 'an object is loaded before it is changed');
    return before.changed;
  });
  const objects: ObjectRow[] = put.map((object, i) => objectRow(object, kinds, book, was[i] === 0));
  const lines: LineRow[] = (decision.lines ?? []).map((line) => {
    const birth = birthOf(line.id, book);
    assert(birth?.seq === seq, 'a row is minted by the operation that writes it');
    assert(line.on === 'now' || line.on > ctx.settledThrough, 'a row that waits, waits for a day to come');
    return {
      pos: birth.pos,
      account: accountNo(line.account, book),
      currency: line.currency,
      type: balanceTransactionTypeNo(line.type),
      amount: line.amount,
      fee: line.fee,
      day: line.on === 'now' ? null : line.on,
      source: line.source === undefined ? null : birthOf(line.source, book),
    };
  });

  const accounts = new Map<number, number[]>();
  const concern = (account: string): number[] => {
    const no = accountNo(account, book);
    let events = accounts.get(no);
    if (!events) {
      events = [];
      accounts.set(no, events);
    }
    return events;
  };
  for (const row of decision.lines ?? []) concern(row.account);
  const emit = (decision.emit ?? []).map((draft): NonNullable<Changes['emit']>[number] => {
    const type = eventTypeNo(draft.type);
    concern(draft.account).push(type);
    if ('rendered' in draft.object) return [type, draft.account, draft.object.rendered as Record<string, unknown>];
    const { id } = draft.object;
    const index = put.findIndex((object) => object.id === id);
    assert(index >= 0, 'an event tells of an object that the operation puts');
    return draft.account === draft.object.account ? [type, index] : [type, index, draft.account];
  });

  const result = refusal === null ? (decision.result?.id ?? null) : null;
  assert(
    result === null || put.some((object) => object.id === result) || task.request.idempotency === null,
    'what a repeated request is answered with stands in its operation',
  );
  // What was scheduled anew stays, and what has been done goes, whoever scheduled it.
  const work = new Agenda();
  for (const row of decision.unschedule ?? []) work.remove(row);
  for (const row of [...(decision.schedule ?? []), ...settles]) work.add(row);
  if (due) work.remove(due);
  const told = (rows: readonly Due[]): Work[] =>
    rows.filter(({ job }) => job !== settleJob).map(({ at, order, job, subject }) => [at, order, job, subject]);
  const [toCome, done] = [told(work.added), told(work.removed)];
  const changes: Changes = {
    ...(seq === 1 && { born: { livemode: ctx.livemode, secret: sha256(state.book.secret) } }),
    ...(put.length > 0 && { put, was }),
    ...(decision.lines?.length && { lines: decision.lines }),
    ...(emit.length > 0 && { emit }),
    ...(result !== null && { result }),
    ...(decision.book && { book: decision.book }),
    ...(toCome.length > 0 && { due: toCome }),
    ...(done.length > 0 && { done }),
  };
  const body = refusal === null ? null : task.refusalBody(refusal);
  const changesText = JSON.stringify(changes);
  const idempotency = task.request.idempotency;
  const account = accountNo(ctx.account, book);
  const status = refusal?.status ?? 200;
  const hash = chain(state.hash, {
    seq,
    time: ctx.now,
    command: task.command.name,
    account,
    request: task.request.id,
    key: idempotency?.key ?? null,
    path: idempotency?.path ?? null,
    fingerprint: idempotency?.fingerprint ?? null,
    legs: legs.join(),
    status,
    body,
    changes: changesText,
  });
  const operation: Operation = {
    seq,
    time: ctx.now,
    command: task.command.name,
    account,
    request: task.request.id,
    key: idempotency && { key: idempotency.key, hash: idempotency.keyHash },
    path: idempotency?.path ?? null,
    fingerprint: idempotency?.fingerprint ?? null,
    legs,
    changes: changesText,
    status,
    body,
    hash,
    objects,
    lines,
    accounts,
  };

  state.version = seq;
  state.hash = hash;
  state.lastTime = ctx.now;
  for (const object of put) state.putObject(object, seq);
  for (const [key, balance] of balances) state.putBalance(key, balance, seq);
  for (const day of settlements) state.settlements.add(day);
  for (const { at } of work.added) if (state.nextDue === null || at < state.nextDue) state.nextDue = at;
  if (decision.book?.settledThrough !== undefined) state.settledThrough = decision.book.settledThrough;
  if (decision.book?.frozenTime !== undefined) state.frozenTime = decision.book.frozenTime;
  if (decision.book?.advanceTo !== undefined) state.advanceTo = decision.book.advanceTo;
  return { operation, balances, days, schedule: work.added, unschedule: work.removed };
}

const sha256 = (hex: string): string => digest('sha256', Buffer.from(hex, 'hex'), 'hex');

/** Each object once, as it is at the end. */
function latestVersions(put: readonly StoredObject[]): readonly StoredObject[] {
  if (new Set(put.map((object) => object.id)).size === put.length) return put;
  return [...new Map(put.map((object) => [object.id, object])).values()];
}

function objectRow(object: StoredObject, kinds: Kinds, book: number, isNew: boolean): ObjectRow {
  const kind = kinds.get(prefixOf(object.id));
  const birth = birthOf(object.id, book);
  assert(kind !== undefined && birth !== null, `objects like ${object.id} have a kind`);
  return { birth, account: accountNo(object.account, book), kind: kind.no, refs: refsOf(object, kind, book), isNew };
}

import { Refused } from '../../api/errors.ts';
import { noSuch } from '../../api/missing.ts';
import type { Read } from '../../api/read.ts';
import type { Wire } from '../../api/view.ts';
import type { Currency } from '../../data/currencies.ts';
import { limits } from '../../data/limits.ts';
import { assert } from '../../kernel/assert.ts';
import { type Birth, birthOf, prefixOf } from '../../kernel/id.ts';
import { minor } from '../../kernel/money.ts';
import { refuse } from '../../kernel/refusal.ts';
import { startOfDay, type UnixSeconds } from '../../kernel/time.ts';
import { EMPTY } from '../../ledger/balance.ts';
import { accountNo } from '../../ledger/chart.ts';
import type { LedgerPlace, StatementHead, StatementLine } from '../../store/reader.ts';
import { type AccountObject, accounts } from '../accounts/object.ts';
import { lineView } from '../balance-transactions/line-wire.ts';
import { payouts } from '../payouts/object.ts';
import { automaticAmount } from '../payouts/scheduled.ts';
import { bookTime } from '../test-clocks/wait.ts';
import { payoutBlocks } from './blocks.ts';
import { causeWire, operationWire } from './cause.ts';
import { pendingSum, type Running, type Step, settledAt, unfold } from './chain.ts';
import { positionOf } from './position.ts';
import { possibleWork, type Upcoming } from './upcoming.ts';

export interface ExplainBalance {
  readonly account: string;
  readonly currency: Currency;
  /** The balance of a moment in the past; now without it. */
  readonly at?: UnixSeconds;
  /** The page before this row. */
  readonly ending_before?: string;
  readonly limit?: number;
}

/** Beyond every row of an operation. */
const afterAll = (seq: number): Birth => ({ seq: seq + 1, pos: 0 });

/** What the balance was, and what is known besides. */
const runningWire = (running: Running): Wire => ({ available: running.available, pending: pendingSum(running) });

function stepWire(step: Step, settledThrough: number): Wire {
  const balance = runningWire(step.after);
  if (step.kind === 'settled') {
    return { object: 'settlement', amount: step.amount, balance, time: startOfDay(step.day) };
  }
  const { line, operation } = step.row;
  const settled = line.on === 'now' || line.on <= settledThrough;
  const row: StatementLine = { line, created: operation.time, settled };
  const { id, object, ...told } = lineView(row);
  return { id, object, ...told, balance, cause: { operation: operationWire(operation), ...causeWire(step.row) } };
}

/**
 * Why a balance is what it is: every row in the order it was written, with the operation that wrote it and what it came
 * from, the days that settled between them, and the balance after each.
 *
 * The newest page comes first, and within a page the oldest cause; `opening` is what everything before it adds up to. That
 * the rows add up to the balance is checked in every answer, on all of them and not only on the page (I1, I2).
 */
export async function explainBalance(read: Read, params: ExplainBalance): Promise<Wire> {
  const { account: id, at, currency, ending_before } = params;
  const account = await read.anywhere(accounts, id);
  if (account === null) throw new Refused(noSuch({ kind: accounts, id, param: 'account', inPath: true }));
  const place: LedgerPlace = { book: read.book, account: accountNo(id, read.book), currency };
  const next = ending_before === undefined ? null : await rowOf(read, place, ending_before);
  const head = await read.store.statementHead(place, at);
  assert(head.net === head.available + head.pending, 'the rows of a balance add up to it (I1)');
  assert(head.settled === head.available, 'the rows that have settled add up to what is available (I2)');

  const limit = params.limit ?? limits.pageSizeMax;
  const end = next?.birth ?? afterAll(head.through);
  const rows = await read.store.causedLines(place, { before: end, limit });
  const first = rows[0];
  const begin = first ? (birthOf(first.line.id, read.book) as Birth) : end;
  // What settled before the page: up to its first row; where there is none, up to its end.
  const moment = first?.operation.time ?? next?.time ?? at;
  const day = moment === undefined ? head.settledThrough : settledAt(moment, head);
  const before = await read.store.broughtForward(place, { before: begin, day });
  const closeAt = next?.time ?? at;
  const settledThrough = closeAt === undefined ? head.settledThrough : settledAt(closeAt, head);
  const { steps, closing } = unfold(before, rows, { settledThrough });
  if (next === null && at === undefined) {
    assert(closing.available === head.available, 'the chain ends at what is available');
    assert(pendingSum(closing) === head.pending, 'the chain ends at what is pending');
    assert(before.count + rows.length === head.count, 'the chain leaves no row out');
  }
  return {
    object: 'balance_explanation',
    account: id,
    at: at ?? null,
    balance: {
      ...runningWire(closing),
      total: closing.available + pendingSum(closing),
      ...(closeAt === undefined && { reserved: head.reserved }),
    },
    chain: steps.map((step) => stepWire(step, settledThrough)),
    currency,
    has_more: before.count > 0,
    now: await nowWire(read, account, currency, head),
    opening: { ...runningWire(before), transactions: before.count },
  };
}

async function rowOf(read: Read, place: LedgerPlace, id: string): Promise<{ birth: Birth; time: UnixSeconds }> {
  const birth = prefixOf(id) === 'txn' ? birthOf(id, read.book) : null;
  const found = birth && (await read.store.line(read.book, place.account, birth));
  if (!birth || found?.line.currency !== place.currency) {
    throw new Refused(refuse('no_such', { object: 'balance transaction', id, param: 'ending_before' }));
  }
  return { birth, time: found.created };
}

/** How it goes on from here: what keeps the money from being paid out, and what is scheduled. */
async function nowWire(read: Read, account: AccountObject, currency: Currency, head: StatementHead): Promise<Wire> {
  const uncleared = account.standing?.[currency]?.uncleared ?? [];
  const [now, balances, payoutsOf] = await Promise.all([
    bookTime(read),
    read.balances(account.id),
    read.many(
      payouts,
      uncleared.map(({ payout }) => payout),
    ),
  ]);
  const { maturing } = balances.get(currency) ?? EMPTY;
  const debits = payoutsOf.filter((payout) => payout !== null);
  const position = positionOf(account, currency, head, now);
  const possible = possibleWork(account, currency, { position, maturing, debits, now });
  const asked = possible.flatMap(({ due }) => due ?? []);
  const found = await read.store.scheduled(read.book, asked);
  const stands = new Set(asked.filter((_, i) => found[i]));
  const firstDay = maturing.find(({ amount }) => amount > 0)?.day;
  const inFlight = debits.find(({ status }) => status === 'pending');
  const blocks = payoutBlocks(account, currency, {
    position,
    pending: { amount: head.pending, firstAt: firstDay === undefined ? null : startOfDay(firstDay) },
    answerAt: inFlight?.arrival_date ?? null,
    now,
  });
  const pays = position.available > 0 ? automaticAmount(account, currency, minor(position.available)) : 0;
  return {
    effective_balance: position.effective,
    payouts: { blocked_by: blocks },
    scheduled: possible
      .filter(({ due }) => due === null || stands.has(due))
      .sort((a, b) => a.at - b.at || (a.due?.order ?? 0) - (b.due?.order ?? 0))
      .map((work) => upcomingWire(work, pays)),
    time: now,
  };
}

const upcomingWire = ({ at, what, due, amount }: Upcoming, pays: number): Wire => ({
  amount: what === 'payout' && pays > 0 ? pays : amount,
  at,
  job: due?.job ?? null,
  what,
});

import type { BalanceTransactionType } from '../../data/balance-transaction-types.ts';
import { ROW_WAITS_DAYS_MAX } from '../../data/countries.ts';
import type { Currency } from '../../data/currencies.ts';
import { assert } from '../../kernel/assert.ts';
import { dayOf, startOfDay } from '../../kernel/time.ts';
import type { StatementLine } from '../../store/reader.ts';
import type { PayoutObject } from '../payouts/object.ts';
import { isSweep, sweptBy } from '../payouts/sweep.ts';
import type { LineFilter, ReportBooks } from './books.ts';
import type { ReportType } from './catalogue.ts';
import { categoryOf } from './columns.ts';
import type { ReportParameters } from './object.ts';

/** Types of rows that are payouts, or take them back. */
export const payoutTypes: readonly BalanceTransactionType[] = ['payout', 'payout_cancel', 'payout_failure'];

/** A page of rows, with the automatic payout that they are told to be of where that is known already. */
export interface Rows {
  readonly rows: readonly StatementLine[];
  readonly sweep?: PayoutObject;
}

type Pages = AsyncGenerator<Rows>;

interface Asked {
  readonly type: ReportType;
  readonly parameters: ReportParameters;
  /** Of a report of one payout. */
  readonly payout?: PayoutObject | undefined;
}

const isPayout = ({ line }: StatementLine): boolean => payoutTypes.includes(line.type);

const created = ({ interval_start, interval_end }: ReportParameters) => ({
  ...(interval_start !== undefined && { gte: interval_start }),
  ...(interval_end !== undefined && { lt: interval_end }),
});

const inCurrency = ({ currency }: ReportParameters): LineFilter => (currency === undefined ? {} : { currency });

async function* activity(books: ReportBooks, account: string, { parameters }: Asked): Pages {
  for await (const rows of books.lines(account, { ...inCurrency(parameters), created: created(parameters) })) {
    yield { rows: rows.filter((row) => !isPayout(row)) };
  }
}

/** Three runs of rows as one, in the order of their birth. */
async function* payoutRows(books: ReportBooks, account: string, { parameters }: Asked): Pages {
  const filter = { ...inCurrency(parameters), created: created(parameters) };
  const runs = payoutTypes.map((type) => books.linesOfType(account, type, filter));
  const heads = await Promise.all(runs.map((run) => run.next()));
  for (;;) {
    const waiting = heads.flatMap(({ done, value }, run) => (done ? [] : [{ run, rows: value }]));
    const [first, ...others] = waiting;
    if (first === undefined) return;
    // What ends first is told whole, and of the others what is not younger; ids sort by birth.
    const shortest = others.reduce((least, each) => (lastOf(each.rows) < lastOf(least.rows) ? each : least), first);
    const until = lastOf(shortest.rows);
    const rows = waiting.flatMap((each) => each.rows.filter(({ line }) => line.id <= until));
    yield { rows: rows.sort((a, b) => (a.line.id < b.line.id ? -1 : 1)) };
    for (const { run, rows: had } of waiting) {
      const left = had.filter(({ line }) => line.id > until);
      const next = runs[run];
      assert(next !== undefined, 'a run is one of those that were begun');
      heads[run] = left.length > 0 ? { done: false, value: left } : await next.next();
    }
  }
}

const lastOf = (rows: readonly StatementLine[]): string => rows.at(-1)?.line.id ?? '';

/** What an automatic payout took along, without its own row; of a bank debit its own rows. */
async function* rowsOf(books: ReportBooks, payout: PayoutObject): Pages {
  const { account, currency } = payout;
  const born = books.bornAt(payout.id);
  const filter: LineFilter = isSweep(payout)
    ? sweptBy(payout, await books.sweepBefore(account, currency, { place: born }), books.book)
    : { currency, source: born };
  for await (const rows of books.lines(account, filter)) {
    const others = rows.filter(({ line }) => !isSweep(payout) || line.source !== payout.id || line.type !== 'payout');
    yield { rows: others, sweep: payout };
  }
}

async function* reconciled(books: ReportBooks, account: string, { parameters }: Asked): Pages {
  for (const payout of await books.sweeps(account, created(parameters))) {
    if ((parameters.currency ?? payout.currency) === payout.currency) yield* rowsOf(books, payout);
  }
}

/** What no automatic payout before the end took along: it makes up the balance of that moment. */
async function* ending(books: ReportBooks, account: string, { parameters }: Asked): Pages {
  const { interval_end: end } = parameters;
  assert(end !== undefined, 'a balance ends at a moment');
  const totals = await books.totals(account, { before: end });
  const currencies = [...new Set(totals.map((total) => total.currency))];
  for (const currency of currencies.filter((each) => (parameters.currency ?? each) === each)) {
    const last = await books.sweepBefore(account, currency, { moment: end });
    const day = last && dayOf(last.created);
    yield* pagesOf(
      books.lines(account, {
        currency,
        created: { lt: end, ...(day !== undefined && { gte: startOfDay(day - ROW_WAITS_DAYS_MAX) }) },
        spendable: {
          operations: { after: last ? books.bornAt(last.id).seq : 0, through: Number.MAX_SAFE_INTEGER },
          days: { after: day ?? -1, through: 2 ** 31 - 1 },
        },
      }),
    );
  }
}

async function* pagesOf(lines: AsyncIterable<readonly StatementLine[]>): Pages {
  for await (const rows of lines) yield { rows };
}

async function* byId(books: ReportBooks, _: string, { payout }: Asked): Pages {
  if (payout) yield* rowsOf(books, payout);
}

const sources = { activity, payouts: payoutRows, reconciliation: reconciled, by_id: byId, ending } as const;

/** The rows of an account that a report is about, page by page. */
export async function* rowsFor(books: ReportBooks, account: string, asked: Asked): Pages {
  const { rows: which } = asked.type;
  assert(which !== 'balance' && which !== 'overview', 'a report of rows');
  const { reporting_category: category } = asked.parameters;
  for await (const page of sources[which](books, account, asked)) {
    const rows = category === undefined ? page.rows : page.rows.filter((row) => categoryOf(row) === category);
    if (rows.length > 0) yield { ...page, rows };
  }
}

/** Tells for each row which automatic payout took it along, among all of an account from a moment on. */
export async function sweepFinder(
  books: ReportBooks,
  account: string,
  since: number,
): Promise<(row: StatementLine) => PayoutObject | undefined> {
  const byCurrency = new Map<Currency, PayoutObject[]>();
  for (const sweep of await books.sweeps(account, { gte: since })) {
    byCurrency.set(sweep.currency, [...(byCurrency.get(sweep.currency) ?? []), sweep]);
  }
  return ({ line }) => {
    const { seq } = books.bornAt(line.id);
    const tookIt = (sweep: PayoutObject): boolean =>
      line.on === 'now' ? books.bornAt(sweep.id).seq >= seq : dayOf(sweep.created) >= line.on;
    return firstWhere(byCurrency.get(line.currency) ?? [], tookIt);
  };
}

/** The first of a sorted list from which on something is true. */
function firstWhere<T>(all: readonly T[], isTrue: (item: T) => boolean): T | undefined {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isTrue(all[middle] as T)) high = middle;
    else low = middle + 1;
  }
  return all[low];
}

import { assert } from '../../kernel/assert.ts';
import type { StatementLine } from '../../store/reader.ts';
import type { AccountObject } from '../accounts/object.ts';
import type { PayoutObject } from '../payouts/object.ts';
import { balanceSummary } from './balance-summary.ts';
import type { ReportBooks } from './books.ts';
import { type ReportType, reportTypes } from './catalogue.ts';
import { categorySummary } from './category-summary.ts';
import { cellOf, type Item, needsOf } from './columns.ts';
import { csvLine } from './csv.ts';
import { itemsOf } from './items.ts';
import type { ReportRunObject } from './object.ts';
import { overviewOf } from './overview.ts';
import { type Rows, rowsFor, sweepFinder } from './rows.ts';
import { utc, type Zoned, zoned } from './zone.ts';

/** A run with what it takes to make its result. */
interface Making {
  readonly books: ReportBooks;
  readonly run: ReportRunObject;
  readonly type: ReportType;
  readonly columns: readonly string[];
  readonly payout: PayoutObject | undefined;
  readonly local: Zoned;
}

/** The accounts that the report is about. */
async function* accountsOf({ books, run, type, payout }: Making): AsyncGenerator<AccountObject> {
  const one = type.connected ? (run.parameters.connected_account ?? payout?.account) : run.account;
  if (one === undefined) {
    yield* books.connected(run.account);
    return;
  }
  const account = (await books.objects([one])).get(one);
  assert(account !== undefined, 'a report is of an account that is there');
  yield account as AccountObject;
}

async function* itemLines(making: Making, account: string): AsyncGenerator<string> {
  const { books, run, type, columns, payout, local } = making;
  const { parameters } = run;
  const needs = needsOf(columns);
  const cells = columns.map((name) => {
    const cell = cellOf(name);
    assert(cell !== undefined, 'a run has columns that there are');
    return cell;
  });
  const sweepOf =
    needs.sweeps && type.rows === 'activity'
      ? await sweepFinder(books, account, parameters.interval_start ?? 0)
      : (_: StatementLine) => undefined;
  const itemsIn = async ({ rows, sweep }: Rows): Promise<readonly Item[]> => {
    const told = (row: StatementLine) => sweep ?? sweepOf(row);
    return needs.objects ? itemsOf(books, rows, told) : rows.map((row) => ({ row, sweep: told(row) }));
  };
  for await (const page of rowsFor(books, account, { type, parameters, payout })) {
    const items = await itemsIn(page);
    yield items.map((item) => csvLine(cells.map((cell) => cell(item, { local })))).join('');
  }
}

async function recordsOf(
  { books, run, type, payout, local }: Making,
  account: AccountObject,
): Promise<readonly Readonly<Record<string, string>>[]> {
  const { parameters } = run;
  const { interval_start: start, interval_end: end, currency } = parameters;
  if (type.rows !== 'balance' && type.rows !== 'overview') {
    return categorySummary(books, account.id, { type, parameters, payout });
  }
  assert(end !== undefined, 'the interval ends');
  if (type.rows === 'overview') return overviewOf(books, account, { end, currency });
  assert(start !== undefined, 'the interval begins');
  return balanceSummary(books, account, { start, end, currency }, local);
}

/** The text of a report, in pieces: one for its first line, then one for each page of rows. */
export async function* generate(books: ReportBooks, run: ReportRunObject): AsyncGenerator<string> {
  const type = reportTypes.get(run.report_type);
  assert(type !== undefined, 'a run is of a report that there is');
  const { parameters } = run;
  const columns = parameters.columns ?? type.defaultColumns;
  const named = parameters.payout;
  const payout = named === undefined ? undefined : ((await books.objects([named])).get(named) as PayoutObject);
  const local = (parameters.timezone === undefined ? null : zoned(parameters.timezone)) ?? utc;
  const making: Making = { books, run, type, columns, payout, local };
  yield csvLine(columns);
  for await (const account of accountsOf(making)) {
    if (type.itemized) {
      yield* itemLines(making, account.id);
      continue;
    }
    const records = await recordsOf(making, account);
    if (records.length > 0) yield records.map((record) => csvLine(columns.map((name) => record[name] ?? ''))).join('');
  }
}

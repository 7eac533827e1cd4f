import { balanceTransactionTypeOf, balanceTransactionTypes } from '../../data/balance-transaction-types.ts';
import type { Currency } from '../../data/currencies.ts';
import type { PayoutObject } from '../payouts/object.ts';
import type { ReportBooks } from './books.ts';
import type { ReportType } from './catalogue.ts';
import { categoryOf } from './columns.ts';
import { major } from './csv.ts';
import type { ReportParameters } from './object.ts';
import { payoutTypes, rowsFor } from './rows.ts';

/** Rows counted by category and currency. */
export class Tally {
  readonly #sums = new Map<string, { count: number; gross: number; fee: number }>();

  add(
    category: string,
    currency: Currency,
    { count = 1, amount, fee }: { count?: number; amount: number; fee: number },
  ) {
    const key = `${currency} ${category}`;
    const sum = this.#sums.get(key) ?? { count: 0, gross: 0, fee: 0 };
    this.#sums.set(key, { count: sum.count + count, gross: sum.gross + amount, fee: sum.fee + fee });
  }

  /** By currency, in the order of the categories' names, the total last. */
  records(account: string): readonly Readonly<Record<string, string>>[] {
    const record = (category: string, currency: Currency, sum: { count: number; gross: number; fee: number }) => ({
      reporting_category: category,
      currency,
      count: String(sum.count),
      gross: major(sum.gross, currency),
      fee: major(sum.fee, currency),
      net: major(sum.gross - sum.fee, currency),
      connected_account: account,
    });
    const entries = [...this.#sums]
      .map(([key, sum]) => {
        const [currency = '', category = ''] = key.split(' ');
        return { currency: currency as Currency, category, sum };
      })
      .sort((a, b) => (`${a.currency} ${a.category}` < `${b.currency} ${b.category}` ? -1 : 1));
    return [...new Set(entries.map(({ currency }) => currency))].flatMap((currency) => {
      const own = entries.filter((entry) => entry.currency === currency);
      const total = own.reduce(
        (all, { sum }) => ({ count: all.count + sum.count, gross: all.gross + sum.gross, fee: all.fee + sum.fee }),
        { count: 0, gross: 0, fee: 0 },
      );
      return [...own.map(({ category, sum }) => record(category, currency, sum)), record('total', currency, total)];
    });
  }
}

/** All activity, summed up by the database; only of adjustments each row says for itself what it is. */
async function tallyActivity(books: ReportBooks, account: string, parameters: ReportParameters): Promise<Tally> {
  const { interval_start: from = 0, interval_end: before = 0, currency } = parameters;
  const tally = new Tally();
  for (const total of await books.totals(account, { from, before })) {
    const type = balanceTransactionTypeOf(total.type);
    const category = type && balanceTransactionTypes[type].category;
    if (!type || !category || payoutTypes.includes(type) || (currency ?? total.currency) !== total.currency) continue;
    tally.add(category, total.currency, total);
  }
  const filter = { created: { gte: from, lt: before }, ...(currency !== undefined && { currency }) };
  for await (const rows of books.linesOfType(account, 'adjustment', filter)) {
    for (const row of rows) tally.add(categoryOf(row), row.line.currency, row.line);
  }
  return tally;
}

/** The summary of one account's rows, as records by column. */
export async function categorySummary(
  books: ReportBooks,
  account: string,
  asked: {
    readonly type: ReportType;
    readonly parameters: ReportParameters;
    readonly payout?: PayoutObject | undefined;
  },
): Promise<readonly Readonly<Record<string, string>>[]> {
  if (asked.type.rows === 'activity') return (await tallyActivity(books, account, asked.parameters)).records(account);
  const tally = new Tally();
  for await (const { rows } of rowsFor(books, account, asked)) {
    for (const row of rows) tally.add(categoryOf(row), row.line.currency, row.line);
  }
  return tally.records(account);
}

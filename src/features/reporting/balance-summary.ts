import type { BalanceTransactionType } from '../../data/balance-transaction-types.ts';
import { balanceTransactionTypeOf } from '../../data/balance-transaction-types.ts';
import type { Currency } from '../../data/currencies.ts';
import type { UnixSeconds } from '../../kernel/time.ts';
import type { Total } from '../../store/reports.ts';
import type { ReportBooks } from './books.ts';
import { major } from './csv.ts';
import { payoutTypes } from './rows.ts';
import type { Zoned } from './zone.ts';

interface Sums {
  readonly gross: number;
  readonly fee: number;
}

const isPayout = ({ type }: Total): boolean =>
  payoutTypes.includes(balanceTransactionTypeOf(type) as BalanceTransactionType);

const sums = (totals: readonly Total[]): Sums =>
  totals.reduce((sum, { amount, fee }) => ({ gross: sum.gross + amount, fee: sum.fee + fee }), { gross: 0, fee: 0 });

/** Starting balance, what changed it, ending balance, for one currency. Pending and available are taken together (R215). */
export function balanceLines(
  currency: Currency,
  { before, within }: { readonly before: readonly Total[]; readonly within: readonly Total[] },
  days: { readonly start: string; readonly end: string },
): readonly { readonly category: string; readonly description: string; readonly net_amount: number }[] {
  const of = (totals: readonly Total[]) => totals.filter((total) => total.currency === currency);
  const start = sums(of(before));
  const starting = start.gross - start.fee;
  const activity = sums(of(within).filter((total) => !isPayout(total)));
  const payouts = sums(of(within).filter(isPayout));
  // -0 would be written as 0 with a sign elsewhere.
  const less = (fee: number) => (fee === 0 ? 0 : -fee);
  const change = activity.gross - activity.fee;
  const paid = payouts.gross - payouts.fee;
  const line = (category: string, description: string, net_amount: number) => ({ category, description, net_amount });
  return [
    line('starting_balance', `Starting balance (${days.start})`, starting),
    line('activity_gross', 'Account activity before fees', activity.gross),
    line('activity_fee', 'Less fees', less(activity.fee)),
    line('activity', 'Activity', change),
    line('payouts_gross', 'Payouts to bank', payouts.gross),
    line('payouts_fee', 'Payout fees', less(payouts.fee)),
    line('payouts', 'Total payouts', paid),
    line('ending_balance', `Ending balance (${days.end})`, starting + change + paid),
  ];
}

/** The summary of one account's balances, as records by column. */
export async function balanceSummary(
  books: ReportBooks,
  account: { readonly id: string; readonly default_currency: Currency },
  asked: { readonly start: UnixSeconds; readonly end: UnixSeconds; readonly currency: Currency | undefined },
  local: Zoned,
): Promise<readonly Readonly<Record<string, string>>[]> {
  const { start, end } = asked;
  const [before, within] = await Promise.all([
    books.totals(account.id, { before: start }),
    books.totals(account.id, { from: start, before: end }),
  ]);
  const held = [account.default_currency, ...before, ...within].map((each) =>
    typeof each === 'string' ? each : each.currency,
  );
  const currencies = asked.currency === undefined ? [...new Set(held)].sort() : [asked.currency];
  const day = (time: UnixSeconds) => local(time).slice(0, 10);
  const days = { start: day(start), end: day(end - 1) };
  return currencies.flatMap((currency) =>
    balanceLines(currency, { before, within }, days).map(({ category, description, net_amount }) => ({
      category,
      description,
      net_amount: major(net_amount, currency),
      currency,
      connected_account: account.id,
    })),
  );
}

import { balanceTransactionTypeNo } from '../../data/balance-transaction-types.ts';
import type { Currency } from '../../data/currencies.ts';
import { dayOf, SECONDS_PER_DAY, type UnixSeconds } from '../../kernel/time.ts';
import type { Total } from '../../store/reports.ts';
import type { AccountObject } from '../accounts/object.ts';
import type { ReportBooks } from './books.ts';
import { businessName, categoryOf } from './columns.ts';
import { major } from './csv.ts';

const week = 7 * SECONDS_PER_DAY;
/** A bank debit's answer comes after three business days, which holidays may stretch. */
const debitDaysMax = 14;

/** Shares of what was charged in the same week, in basis points, above which refunds and disputes count as high. */
const highRefundBps = 1000;
const highDisputeBps = 100;

const refundTypes = [balanceTransactionTypeNo('refund'), balanceTransactionTypeNo('payment_refund')];
const chargeTypes = [balanceTransactionTypeNo('charge'), balanceTransactionTypeNo('payment')];

const sumOf = (totals: readonly Total[], currency: Currency, types?: readonly number[]): number =>
  totals
    .filter((total) => total.currency === currency && (types?.includes(total.type) ?? true))
    .reduce((sum, total) => sum + (types ? total.amount : total.amount - total.fee), 0);

/** `12.5`: by how much something grew, in percent; empty where there was nothing before. */
const percent = (now: number, before: number): string =>
  before === 0 ? '' : String(Math.round(((now - before) / before) * 10_000) / 100);

const isHigh = (part: number, whole: number, bps: number): string => String(part * 10_000 > whole * bps);

/** What disputes took from an account within a time, by currency. */
async function disputed(books: ReportBooks, account: string, created: { gte: UnixSeconds; lt: UnixSeconds }) {
  const sums = new Map<Currency, number>();
  for await (const rows of books.linesOfType(account, 'adjustment', { created })) {
    for (const row of rows) {
      if (categoryOf(row) !== 'dispute') continue;
      sums.set(row.line.currency, (sums.get(row.line.currency) ?? 0) - row.line.amount);
    }
  }
  return sums;
}

/**
 * How a connected account stood at a moment, one record for each currency that it ever had money in.
 *
 * `balance` is what was available then; without the bank debits that might still have come back it is the effective balance,
 * by which collection goes (R150). Amounts of refunds and disputes are positive.
 *
 * @rule R217
 */
export async function overviewOf(
  books: ReportBooks,
  account: AccountObject,
  { end, currency: only }: { readonly end: UnixSeconds; readonly currency: Currency | undefined },
): Promise<readonly Readonly<Record<string, string>>[]> {
  const { id } = account;
  const spendableAt = (moment: UnixSeconds) => books.totals(id, { before: moment, through: dayOf(moment - 1) });
  const [all, now, yesterday, thisWeek, lastWeek, disputes, disputesBefore, debits] = await Promise.all([
    books.totals(id, { before: end }),
    spendableAt(end),
    spendableAt(end - SECONDS_PER_DAY),
    books.totals(id, { from: end - week, before: end }),
    books.totals(id, { from: end - 2 * week, before: end - week }),
    disputed(books, id, { gte: end - week, lt: end }),
    disputed(books, id, { gte: end - 2 * week, lt: end - week }),
    books.bankDebits(id, { gte: end - debitDaysMax * SECONDS_PER_DAY, lt: end }),
  ]);
  const currencies = [...new Set(all.map(({ currency }) => currency))].sort();
  return currencies
    .filter((currency) => (only ?? currency) === currency)
    .map((currency) => {
      const money = (amount: number) => major(amount, currency);
      const balance = sumOf(now, currency);
      // In flight from its posting until the bank has answered.
      const pending = debits
        .filter((debit) => debit.currency === currency && debit.arrival_date >= end)
        .reduce((sum, debit) => sum - debit.amount, 0);
      const change = balance - sumOf(yesterday, currency);
      const refunded = 0 - sumOf(thisWeek, currency, refundTypes);
      const refundedBefore = 0 - sumOf(lastWeek, currency, refundTypes);
      const [lost, lostBefore] = [disputes.get(currency) ?? 0, disputesBefore.get(currency) ?? 0];
      const charged = sumOf(thisWeek, currency, chargeTypes);
      return {
        account_id: id,
        business_name: businessName(account),
        country: account.country,
        currency,
        balance: money(balance),
        pending_debits: money(pending),
        balance_excluding_pending_debits: money(balance - pending),
        balance_24hr_net_change: money(change),
        refunded_amount_7d: money(refunded),
        refunded_amount_7d_prev: money(refundedBefore),
        refund_pct_change: percent(refunded, refundedBefore),
        disputed_amount_7d: money(lost),
        disputed_amount_7d_prev: money(lostBefore),
        dispute_pct_change: percent(lost, lostBefore),
        has_24hr_negative_balance_change: String(change < 0),
        has_high_disputes: isHigh(lost, charged, highDisputeBps),
        has_high_refunds: isHigh(refunded, charged, highRefundBps),
      };
    });
}

import type { Wire } from '../../api/view.ts';
import { balanceTransactionTypes } from '../../data/balance-transaction-types.ts';
import { startOfDay } from '../../kernel/time.ts';
import type { StatementLine } from '../../store/reader.ts';

/**
 * A balance transaction. `expand` may replace its `source`.
 *
 * What it costs and when it is spendable stands in the row; only `status` follows the book, and changes once, when the
 * row's day has settled (I7).
 */
export function lineView({ line, created, settled }: StatementLine): Wire {
  return {
    id: line.id,
    object: 'balance_transaction',
    amount: line.amount,
    available_on: line.on === 'now' ? created : startOfDay(line.on),
    balance_type: 'payments',
    created,
    currency: line.currency,
    description: line.description ?? null,
    exchange_rate: line.exchange_rate ?? null,
    fee: line.fee,
    fee_details: (line.fee_details ?? []).map(({ amount, application, description, type }) => ({
      amount,
      application: application ?? null,
      currency: line.currency,
      description,
      type,
    })),
    net: line.amount - line.fee,
    reporting_category: line.reporting_category ?? balanceTransactionTypes[line.type].category,
    source: line.source ?? null,
    status: settled ? 'available' : 'pending',
    type: line.type,
  };
}

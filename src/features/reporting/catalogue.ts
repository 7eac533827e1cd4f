import { inUtcAlone, itemColumns } from './columns.ts';
import type { ReportParameters } from './object.ts';

export type Rows = 'balance' | 'activity' | 'payouts' | 'reconciliation' | 'by_id' | 'ending' | 'overview';

export type Parameter = keyof ReportParameters;

export interface ReportType {
  /** `balance_change_from_activity.itemized.3` */
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly rows: Rows;
  readonly itemized: boolean;
  /** Of connected accounts, and not of the acting account. */
  readonly connected: boolean;
  /** In the order in which they are shown; metadata may be added to those of itemized reports. */
  readonly columns: readonly string[];
  readonly defaultColumns: readonly string[];
  readonly takes: readonly Parameter[];
  readonly needs: readonly Parameter[];
}

const always: readonly Parameter[] = ['columns', 'currency', 'timezone'];
const interval: readonly Parameter[] = ['interval_start', 'interval_end'];

const summaryColumns: readonly string[] = ['reporting_category', 'currency', 'count', 'gross', 'fee', 'net'];

const balanceColumns: readonly string[] = ['category', 'description', 'net_amount', 'currency'];

const overviewColumns: readonly string[] = [
  ...['account_id', 'business_name', 'country', 'currency', 'balance', 'pending_debits'],
  ...['balance_excluding_pending_debits', 'balance_24hr_net_change', 'refunded_amount_7d', 'refunded_amount_7d_prev'],
  ...['refund_pct_change', 'disputed_amount_7d', 'disputed_amount_7d_prev', 'dispute_pct_change'],
  ...['has_24hr_negative_balance_change', 'has_high_disputes', 'has_high_refunds'],
];

const paramsOf = (rows: Rows): Pick<ReportType, 'takes' | 'needs'> => {
  switch (rows) {
    case 'by_id':
      return { takes: [...always, 'payout'], needs: ['payout'] };
    case 'ending':
    case 'overview':
      return { takes: [...always, 'interval_end'], needs: ['interval_end'] };
    default:
      return { takes: [...always, ...interval], needs: interval };
  }
};

function columnsOf(rows: Rows, itemized: boolean, connected: boolean, version: number) {
  const also = connected ? ['connected_account'] : [];
  if (rows === 'overview') return { columns: overviewColumns, defaultColumns: overviewColumns };
  if (rows === 'balance' || !itemized) {
    const columns = [...(rows === 'balance' ? balanceColumns : summaryColumns), ...also];
    return { columns, defaultColumns: columns };
  }
  const { all, defaults } = itemColumns(rows === 'by_id' ? 'reconciliation' : rows, connected);
  return version < 3
    ? { columns: inUtcAlone(all), defaultColumns: inUtcAlone(defaults) }
    : { columns: all, defaultColumns: defaults };
}

function typeOf(
  path: string,
  name: string,
  version: number,
  { rows, itemized, connected }: Pick<ReportType, 'rows' | 'itemized' | 'connected'>,
): ReportType {
  const { takes, needs } = paramsOf(rows);
  return {
    id: `${path}.${version}`,
    name,
    version,
    rows,
    itemized,
    connected,
    ...columnsOf(rows, itemized, connected, version),
    takes: [
      ...takes,
      ...(connected ? (['connected_account'] as const) : []),
      ...(itemized ? (['reporting_category'] as const) : []),
    ],
    needs,
  };
}

/** A report of the acting account, and the same of connected accounts with the versions that it has there. */
const both = (
  path: string,
  name: string,
  of: Pick<ReportType, 'rows' | 'itemized'>,
  versions: readonly number[],
  connected: readonly number[],
): readonly ReportType[] => [
  ...versions.map((version) => typeOf(path, name, version, { ...of, connected: false })),
  ...connected.map((version) =>
    typeOf(`connected_account_${path}`, `Connected account ${name.toLowerCase()}`, version, { ...of, connected: true }),
  ),
];

const list: readonly ReportType[] = [
  ...both('balance.summary', 'Balance summary', { rows: 'balance', itemized: false }, [1], [1]),
  ...both(
    'balance_change_from_activity.summary',
    'Balance change from activity summary',
    { rows: 'activity', itemized: false },
    [1],
    [1],
  ),
  ...both(
    'balance_change_from_activity.itemized',
    'Itemized balance change from activity',
    { rows: 'activity', itemized: true },
    [1, 2, 3],
    [1, 2, 3],
  ),
  ...both('payouts.summary', 'Payouts summary', { rows: 'payouts', itemized: false }, [1], [1]),
  ...both('payouts.itemized', 'Itemized payouts', { rows: 'payouts', itemized: true }, [1, 2, 3], [1, 2, 3]),
  ...both(
    'payout_reconciliation.summary',
    'Payout reconciliation summary',
    { rows: 'reconciliation', itemized: false },
    [1],
    [1],
  ),
  ...both(
    'payout_reconciliation.itemized',
    'Itemized payout reconciliation',
    { rows: 'reconciliation', itemized: true },
    [3, 4, 5],
    [3, 5],
  ),
  ...both('payout_reconciliation.by_id.summary', 'Summary of one payout', { rows: 'by_id', itemized: false }, [1], []),
  ...both(
    'payout_reconciliation.by_id.itemized',
    'One payout, itemized',
    { rows: 'by_id', itemized: true },
    [2, 4],
    [2, 5],
  ),
  ...both(
    'ending_balance_reconciliation.summary',
    'Ending balance reconciliation summary',
    { rows: 'ending', itemized: false },
    [1],
    [1],
  ),
  ...both(
    'ending_balance_reconciliation.itemized',
    'Itemized ending balance reconciliation',
    { rows: 'ending', itemized: true },
    [2, 4],
    [4],
  ),
  typeOf('connect.negative_balance_refunds_disputes_overview', 'Negative balances, refunds, disputes overview', 1, {
    rows: 'overview',
    itemized: false,
    connected: true,
  }),
];

/** Every report by its name. */
export const reportTypes: ReadonlyMap<string, ReportType> = new Map(list.map((type) => [type.id, type]));

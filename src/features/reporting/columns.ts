import type { Currency } from '../../data/currencies.ts';
import type { UnixSeconds } from '../../kernel/time.ts';
import type { StatementLine } from '../../store/reader.ts';
import type { AccountObject } from '../accounts/object.ts';
import { lineView } from '../balance-transactions/line-wire.ts';
import type { ChargeObject } from '../charges/object.ts';
import type { CustomerObject } from '../customers/object.ts';
import type { DisputeObject } from '../disputes/object.ts';
import type { PayoutObject } from '../payouts/object.ts';
import type { RefundObject } from '../refunds/object.ts';
import type { TransferObject } from '../transfers/object.ts';
import { major } from './csv.ts';
import { utc, type Zoned } from './zone.ts';

/** A row of a statement with what its report tells of it. What was not asked for, or is not there, is absent. */
export interface Item {
  readonly row: StatementLine;
  /** The automatic payout that took it along. */
  readonly sweep?: PayoutObject | undefined;
  /** What the row is about, where it is one of these. */
  readonly charge?: ChargeObject | undefined;
  readonly refund?: RefundObject | undefined;
  readonly dispute?: DisputeObject | undefined;
  readonly transfer?: TransferObject | undefined;
  readonly payout?: PayoutObject | undefined;
  /** When the payout was taken back. */
  readonly reversedAt?: UnixSeconds | undefined;
  /** A fee of a direct charge: that charge, which is another account's. */
  readonly directCharge?: string | undefined;
  readonly customer?: CustomerObject | undefined;
  /** The account on the other side. */
  readonly partner?: AccountObject | undefined;
}

export interface Format {
  readonly local: Zoned;
}

type Cell = (item: Item, format: Format) => string;

type Details = Readonly<Record<string, unknown>>;
const addressLines = ['line1', 'line2', 'city', 'state', 'postal_code', 'country'] as const;

const time = (at: UnixSeconds | undefined, zone: Zoned): string => (at === undefined ? '' : zone(at));
const textIn = (details: unknown, name: string): string => {
  const value = (details as Details | undefined)?.[name];
  return typeof value === 'string' ? value : '';
};
const addressIn = (details: unknown): unknown => (details as Details | undefined)?.address;

const addressColumns = (prefix: string, address: (item: Item) => unknown): [string, Cell][] =>
  addressLines.map((name) => [`${prefix}_${name}`, (item) => textIn(address(item), name)]);

const wireOf = ({ row }: Item) =>
  lineView(row) as { readonly available_on: UnixSeconds; readonly reporting_category: string };
export const categoryOf = (row: StatementLine): string => String(lineView(row).reporting_category);

/** What the customer saw of it: a payment or what came back of it, in its own currency. */
function faced({ row, charge, refund, dispute }: Item): { amount: number; currency: Currency } | undefined {
  if (refund) return { amount: Math.sign(row.line.amount) * refund.amount, currency: refund.currency };
  if (dispute) return { amount: Math.sign(row.line.amount) * dispute.amount, currency: dispute.currency };
  return charge && charge.id === row.line.source ? { amount: charge.amount, currency: charge.currency } : undefined;
}

export const businessName = (account: AccountObject | undefined): string =>
  textIn(account?.business_profile, 'name') || textIn(account?.company, 'name') || (account?.email ?? '');

/** Columns that the row itself fills. */
const rowCells: Readonly<Record<string, Cell>> = {
  balance_transaction_id: ({ row }) => row.line.id,
  created_utc: ({ row }) => utc(row.created),
  created: ({ row }, { local }) => local(row.created),
  available_on_utc: (item) => utc(wireOf(item).available_on),
  available_on: (item, { local }) => local(wireOf(item).available_on),
  currency: ({ row }) => row.line.currency,
  gross: ({ row: { line } }) => major(line.amount, line.currency),
  fee: ({ row: { line } }) => major(line.fee, line.currency),
  net: ({ row: { line } }) => major(line.amount - line.fee, line.currency),
  reporting_category: (item) => wireOf(item).reporting_category,
  source_id: ({ row }) => row.line.source ?? '',
  description: ({ row }) => row.line.description ?? '',
  regulatory_tag: () => '',
  connected_account: ({ row }) => row.line.account,
};

const sweepCells: Readonly<Record<string, Cell>> = {
  automatic_payout_id: ({ sweep }) => sweep?.id ?? '',
  automatic_payout_effective_at_utc: ({ sweep }) => time(sweep?.arrival_date, utc),
  automatic_payout_effective_at: ({ sweep }, { local }) => time(sweep?.arrival_date, local),
};

/** Columns for which other objects have to be read. */
const objectCells: Readonly<Record<string, Cell>> = {
  customer_facing_amount: (item) => {
    const seen = faced(item);
    return seen ? major(seen.amount, seen.currency) : '';
  },
  customer_facing_currency: (item) => faced(item)?.currency ?? '',
  customer_id: ({ charge }) => charge?.customer ?? '',
  customer_email: ({ customer, charge }) => customer?.email ?? textIn(charge?.billing_details, 'email'),
  customer_name: ({ customer, charge }) => customer?.name ?? textIn(charge?.billing_details, 'name'),
  customer_description: ({ customer }) => customer?.description ?? '',
  ...Object.fromEntries([
    ...addressColumns('customer_shipping_address', ({ customer }) => addressIn(customer?.shipping)),
    ...addressColumns('customer_address', ({ customer }) => customer?.address),
    ...addressColumns('shipping_address', ({ charge }) => addressIn(charge?.shipping)),
    ...addressColumns('card_address', ({ charge }) => addressIn(charge?.billing_details)),
  ]),
  charge_id: ({ charge }) => charge?.id ?? '',
  payment_intent_id: ({ charge }) => charge?.payment_intent ?? '',
  charge_created_utc: ({ charge }) => time(charge?.created, utc),
  charge_created: ({ charge }, { local }) => time(charge?.created, local),
  // Invoices, subscriptions and Link are no part of Evenkeel.
  invoice_id: () => '',
  invoice_number: () => '',
  subscription_id: () => '',
  payment_method_type: ({ charge }) => (charge?.card ? 'card' : charge?.source_account ? 'stripe_account' : ''),
  is_link: ({ charge }) => (charge ? 'false' : ''),
  card_brand: ({ charge }) => charge?.card?.brand ?? '',
  card_funding: ({ charge }) => charge?.card?.funding ?? '',
  card_country: ({ charge }) => charge?.card?.country ?? '',
  statement_descriptor: ({ charge }) => charge?.statement_descriptor ?? '',
  dispute_reason: ({ dispute }) => dispute?.reason ?? '',
  connected_account_id: ({ partner }) => partner?.id ?? '',
  connected_account_name: ({ partner }) => businessName(partner),
  connected_account_country: ({ partner }) => partner?.country ?? '',
  connected_account_direct_charge_id: ({ directCharge }) => directCharge ?? '',
  source_transaction_id: ({ transfer }) => transfer?.source_transaction ?? '',
  payout_id: ({ row }) => row.line.source ?? '',
  effective_at_utc: ({ payout }) => time(payout?.arrival_date, utc),
  effective_at: ({ payout }, { local }) => time(payout?.arrival_date, local),
  payout_expected_arrival_date: ({ payout }, { local }) => time(payout?.arrival_date, local),
  payout_status: ({ payout }) => payout?.status ?? '',
  payout_reversed_at_utc: ({ reversedAt }) => time(reversedAt, utc),
  payout_reversed_at: ({ reversedAt }, { local }) => time(reversedAt, local),
  payout_type: ({ payout }) => payout?.type ?? '',
  payout_description: ({ payout }) => payout?.description ?? '',
  payout_destination_id: ({ payout }) => payout?.destination ?? '',
};

const metadataOf: Readonly<Record<string, (item: Item) => Readonly<Record<string, string>> | undefined>> = {
  payment_metadata: ({ charge }) => charge?.metadata,
  refund_metadata: ({ refund }) => refund?.metadata,
  transfer_metadata: ({ transfer }) => transfer?.metadata,
};

const metadataPattern = /^(payment_metadata|refund_metadata|transfer_metadata)\[([^[\]]{1,40})\]$/;

export const isMetadataColumn = (name: string): boolean => metadataPattern.test(name);

/** @returns undefined for a column that no itemized report has */
export function cellOf(name: string): Cell | undefined {
  const [, whose = '', key = ''] = metadataPattern.exec(name) ?? [];
  const metadata = metadataOf[whose];
  if (metadata) return (item) => metadata(item)?.[key] ?? '';
  for (const cells of [rowCells, sweepCells, objectCells]) if (Object.hasOwn(cells, name)) return cells[name];
  return undefined;
}

/** What has to be read besides the rows to fill these columns. */
export const needsOf = (columns: readonly string[]): { readonly sweeps: boolean; readonly objects: boolean } => ({
  sweeps: columns.some((name) => Object.hasOwn(sweepCells, name)),
  objects: columns.some((name) => Object.hasOwn(objectCells, name) || isMetadataColumn(name)),
});

const named = (prefix: string): readonly string[] => addressLines.map((name) => `${prefix}_${name}`);

/** From the customer to the dispute, as several reports have them. */
const paymentColumns: readonly string[] = [
  ...['customer_id', 'customer_email', 'customer_name', 'customer_description'],
  ...named('customer_shipping_address'),
  ...named('customer_address'),
  ...named('shipping_address'),
  ...named('card_address'),
  ...['charge_id', 'payment_intent_id', 'charge_created_utc', 'charge_created', 'invoice_id', 'invoice_number'],
  ...['subscription_id', 'payment_method_type', 'is_link', 'card_brand', 'card_funding', 'card_country'],
  ...['statement_descriptor', 'dispute_reason'],
];

const statement: readonly string[] = [
  ...['balance_transaction_id', 'created_utc', 'created', 'available_on_utc', 'available_on', 'currency', 'gross'],
  ...['fee', 'net', 'reporting_category', 'source_id', 'description'],
];
const facing: readonly string[] = ['customer_facing_amount', 'customer_facing_currency', 'regulatory_tag'];
const sweeps: readonly string[] = Object.keys(sweepCells);

const partner = (connected: boolean): readonly string[] =>
  connected
    ? ['connected_account']
    : [
        ...['connected_account_id', 'connected_account_name', 'connected_account_country'],
        'connected_account_direct_charge_id',
      ];

/** All columns of each itemized report in their order, and how many of the first are shown unless asked otherwise. */
export const itemColumns = (
  rows: 'activity' | 'payouts' | 'reconciliation' | 'ending',
  connected: boolean,
): { readonly all: readonly string[]; readonly defaults: readonly string[] } => {
  const also = connected ? ['connected_account'] : [];
  switch (rows) {
    case 'activity': {
      const all = [...statement, ...facing, ...sweeps, ...paymentColumns, ...partner(connected)];
      return { all, defaults: [...statement, 'automatic_payout_id', 'automatic_payout_effective_at', ...also] };
    }
    case 'payouts': {
      const all = [
        ...['payout_id', 'effective_at_utc', 'effective_at', 'currency', 'gross', 'fee', 'net', 'reporting_category'],
        ...['balance_transaction_id', 'description', 'payout_expected_arrival_date', 'payout_status'],
        ...['payout_reversed_at_utc', 'payout_reversed_at', 'payout_type', 'payout_description'],
        ...['payout_destination_id', 'regulatory_tag', ...also],
      ];
      return { all, defaults: all };
    }
    case 'reconciliation': {
      const first = ['automatic_payout_id', 'automatic_payout_effective_at', ...statement];
      const rest = [...facing, 'automatic_payout_effective_at_utc', ...paymentColumns, ...partner(connected)];
      return { all: [...first, ...rest, 'source_transaction_id'], defaults: [...first, ...also] };
    }
    case 'ending': {
      const all = [...statement, ...facing, ...paymentColumns, ...partner(connected)];
      return { all, defaults: [...statement, ...also] };
    }
  }
};

/** Times in the report's zone, which the first two versions did not have: there the same in UTC takes their place. */
const localPairs: Readonly<Record<string, string>> = {
  created: 'created_utc',
  available_on: 'available_on_utc',
  automatic_payout_effective_at: 'automatic_payout_effective_at_utc',
  charge_created: 'charge_created_utc',
  effective_at: 'effective_at_utc',
  payout_reversed_at: 'payout_reversed_at_utc',
};

export const inUtcAlone = (columns: readonly string[]): readonly string[] => [
  ...new Set(columns.map((name) => localPairs[name] ?? name)),
];

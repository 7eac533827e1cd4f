/**
 * The types of balance transactions, and the heading under which reports count each.
 *
 * number    stored in the books instead of the name; never reused, a new type takes the next free one
 * category  `reporting_category`; null: the type alone does not say, the one who posts it does
 *
 * Source: Stripe's published balance transaction types and reporting categories; checked 2026-11-22.
 * Surprise: an adjustment is a dispute, its reversal, a returned application fee or an operator's correction, so its category
 * is always given by the caller (adjustmentCategories). A withdrawal is a `payout` with a positive amount.
 */
const table = {
  charge: { number: 1, category: 'charge' },
  payment: { number: 2, category: 'charge' },
  refund: { number: 3, category: 'refund' },
  payment_refund: { number: 4, category: 'refund' },
  refund_failure: { number: 5, category: 'refund_failure' },
  payment_failure_refund: { number: 6, category: 'charge_failure' },
  adjustment: { number: 7, category: null },
  transfer: { number: 8, category: 'transfer' },
  transfer_refund: { number: 9, category: 'transfer_reversal' },
  transfer_cancel: { number: 10, category: 'transfer_reversal' },
  transfer_failure: { number: 11, category: 'transfer_reversal' },
  application_fee: { number: 12, category: 'platform_earning' },
  application_fee_refund: { number: 13, category: 'platform_earning_refund' },
  payout: { number: 14, category: 'payout' },
  payout_cancel: { number: 15, category: 'payout_reversal' },
  payout_failure: { number: 16, category: 'payout_reversal' },
  topup: { number: 17, category: 'topup' },
  topup_reversal: { number: 18, category: 'topup_reversal' },
  stripe_fee: { number: 19, category: 'fee' },
  tax_fee: { number: 20, category: 'tax' },
  reserve_transaction: { number: 21, category: 'connect_reserved_funds' },
  connect_collection_transfer: { number: 22, category: 'connect_collection_transfer' },
  advance: { number: 23, category: 'advance' },
  advance_funding: { number: 24, category: 'advance_funding' },
  payout_minimum_balance_hold: { number: 25, category: 'payout_minimum_balance_hold' },
  payout_minimum_balance_release: { number: 26, category: 'payout_minimum_balance_release' },
} as const satisfies Record<string, { number: number; category: string | null }>;

/** What an adjustment can be; numbered like the types. */
export const adjustmentCategories = {
  dispute: { number: 1 },
  dispute_reversal: { number: 2 },
  fee: { number: 3 },
  other_adjustment: { number: 4 },
} as const satisfies Record<string, { number: number }>;

export type BalanceTransactionType = keyof typeof table;
export type AdjustmentCategory = keyof typeof adjustmentCategories;
type CategoryOf<T extends BalanceTransactionType> = (typeof table)[T]['category'];
export type ReportingCategory = AdjustmentCategory | Exclude<CategoryOf<BalanceTransactionType>, null>;

export const balanceTransactionTypes: Readonly<
  Record<BalanceTransactionType, { readonly number: number; readonly category: ReportingCategory | null }>
> = table;

export const isBalanceTransactionType = (name: string): name is BalanceTransactionType => Object.hasOwn(table, name);

/** `reportingCategory('adjustment', 'dispute')`: the second argument is required for adjustments and refused otherwise. */
export function reportingCategory<T extends BalanceTransactionType>(
  type: T,
  ...[given]: null extends CategoryOf<T> ? [given: AdjustmentCategory] : []
): ReportingCategory {
  return (balanceTransactionTypes[type].category ?? given) as ReportingCategory;
}

const byNumber = new Map(Object.entries(table).map(([name, row]) => [row.number as number, name]));

/** Rows that bring money back which was there before, or lend it: it is as old as it was (R191). */
const returning = ['advance', 'payout_cancel', 'payout_failure', 'reserve_transaction'] as const;

/** Their numbers. */
export const returningTypeNos: readonly number[] = returning.map((type) => table[type].number);

/** How the books store the type. */
export const balanceTransactionTypeNo = (type: BalanceTransactionType): number => table[type].number;

/** How the books store what an adjustment is. */
export const adjustmentCategoryNo = (category: AdjustmentCategory): number => adjustmentCategories[category].number;

/** @returns undefined for a number that no version has written */
export const balanceTransactionTypeOf = (number: number): BalanceTransactionType | undefined =>
  byNumber.get(number) as BalanceTransactionType | undefined;

const categoryByNumber = new Map(
  Object.entries(adjustmentCategories).map(([name, row]) => [row.number as number, name]),
);

export const adjustmentCategoryOf = (number: number): AdjustmentCategory | undefined =>
  categoryByNumber.get(number) as AdjustmentCategory | undefined;

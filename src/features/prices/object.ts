import type { Interval } from '../../data/billing.ts';
import type { Currency } from '../../data/currencies.ts';
import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';
import type { Minor } from '../../kernel/money.ts';

export interface Recurring {
  readonly interval: Interval;
  readonly interval_count: number;
}

/** What one unit of a product costs, once or every so often. */
export interface PriceObject extends StoredObject {
  readonly id: Id<'price'>;
  readonly active: boolean;
  readonly currency: Currency;
  readonly product: string;
  readonly type: 'one_time' | 'recurring';
  readonly unit_amount: Minor;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly nickname?: string;
  /** Of recurring prices alone. */
  readonly recurring?: Recurring;
  readonly tax_behavior?: string;
}

export const prices = kind<PriceObject>({
  no: 61,
  object: 'price',
  prefixes: ['price'],
  noun: 'price',
  refs: ['product'],
});

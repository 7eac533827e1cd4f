import { type Metadata, mergeMetadata } from '../../api/params.ts';
import { type Interval, intervalCountMax } from '../../data/billing.ts';
import type { Currency } from '../../data/currencies.ts';
import type { Context } from '../../engine/command.ts';
import type { Minor } from '../../kernel/money.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { PriceObject } from './object.ts';

/** What a price is made from, wherever it is described. */
export interface PriceTerms {
  readonly active?: boolean;
  readonly currency: Currency;
  readonly metadata?: Metadata | null;
  readonly nickname?: string;
  readonly recurring?: { readonly interval: Interval; readonly interval_count?: number };
  readonly tax_behavior?: string;
  readonly unit_amount: Minor;
}

/**
 * @param at the parameter that describes it; '' when it stands by itself
 * @returns a refusal for a period of more than three years
 */
export function newPrice(
  terms: PriceTerms & { readonly product: string },
  at: string,
  ctx: Pick<Context, 'account' | 'id' | 'now'>,
): PriceObject | Refusal {
  const { recurring, metadata, nickname, tax_behavior } = terms;
  const interval_count = recurring?.interval_count ?? 1;
  if (recurring && interval_count > intervalCountMax[recurring.interval]) {
    const param = at === '' ? 'recurring[interval_count]' : `${at}[recurring][interval_count]`;
    return refuse('invalid_value', { param, reason: 'a period is at most three years' });
  }
  return {
    id: ctx.id('price'),
    account: ctx.account,
    created: ctx.now,
    active: terms.active ?? true,
    currency: terms.currency,
    product: terms.product,
    unit_amount: terms.unit_amount,
    type: recurring ? 'recurring' : 'one_time',
    ...(recurring && { recurring: { interval: recurring.interval, interval_count } }),
    ...(nickname !== undefined && { nickname }),
    ...(tax_behavior !== undefined && { tax_behavior }),
    ...(metadata && { metadata: mergeMetadata(undefined, metadata) }),
  };
}

import type { Context } from '../../engine/command.ts';
import { formatMoney, minor, ZERO } from '../../kernel/money.ts';
import type { AccountObject } from '../accounts/object.ts';
import type { CustomerObject } from '../customers/object.ts';
import { billItems, newInvoice, withLines } from '../invoices/new-invoice.ts';
import type { BillingReason, InvoiceItemObject, InvoiceLine, InvoiceObject, Period } from '../invoices/object.ts';
import type { ProductObject } from '../products/object.ts';
import type { SubscriptionItemObject, SubscriptionObject } from './object.ts';

/** What an invoice of a subscription is made from. */
export interface DraftFrom {
  readonly owner: AccountObject;
  readonly customer: CustomerObject;
  /** Of the items, by id. */
  readonly products: ReadonlyMap<string, ProductObject>;
  /** What waits for the customer's next invoice. */
  readonly pending: readonly InvoiceItemObject[];
}

export interface Drafted {
  readonly invoice: InvoiceObject;
  readonly customer: CustomerObject;
  /** The invoice items on it, to be put. */
  readonly items: readonly InvoiceItemObject[];
}

/** `2 × Pro (at $10.00 / month)` */
function described({ price, quantity }: SubscriptionItemObject, name: string): string {
  const { interval = 'month', interval_count: count = 1 } = price.recurring ?? {};
  const every = count === 1 ? interval : `every ${count} ${interval}s`;
  return `${quantity} × ${name} (at ${formatMoney(price.unit_amount, price.currency)} / ${every})`;
}

/** What one period of the subscription costs. */
export const totalOf = ({ items }: Pick<SubscriptionObject, 'items'>) =>
  minor(items.reduce((total, { price, quantity }) => total + price.unit_amount * quantity, 0));

const inHundredths = (percent: number): number => Math.round(percent * 100);

/** How the platform takes part in what the subscription brings in, as its invoices say it. */
export const sharesOf = ({
  application_fee_percent: fee,
  transfer_data: to,
  on_behalf_of,
}: Partial<SubscriptionObject>) => ({
  ...(fee !== undefined && { feeShare: inHundredths(fee) }),
  ...(on_behalf_of !== undefined && { on_behalf_of }),
  ...(to && {
    transfer_data: {
      destination: to.destination,
      ...(to.amount_percent !== undefined && { share: inHundredths(to.amount_percent) }),
    },
  }),
});

/** A draft for the subscription's current period; in a trial that costs nothing. Whatever waits to be billed is on it, too. */
export function draftInvoice(
  subscription: SubscriptionObject,
  { owner, customer, products, pending }: DraftFrom,
  {
    reason,
    period,
    finalizesAt,
  }: { readonly reason: BillingReason; readonly period: Period; readonly finalizesAt?: number },
  ctx: Pick<Context, 'account' | 'application' | 'id' | 'now' | 'onBehalf'>,
): Drafted {
  const { collection_method, days_until_due, description, metadata } = subscription;
  const empty = newInvoice(
    {
      billing_reason: reason,
      collection_method,
      currency: subscription.currency,
      period,
      subscription: subscription.id,
      // An unpaid subscription goes on making drafts, which are left alone.
      auto_advance: subscription.status !== 'unpaid',
      ...(finalizesAt !== undefined && { automatically_finalizes_at: finalizesAt }),
      ...(days_until_due !== undefined && { days_until_due }),
      ...(description !== undefined && { description }),
      ...(metadata && { subscription_metadata: metadata }),
      ...sharesOf(subscription),
    },
    { owner, customer },
    ctx,
  );
  const isTrial = subscription.cycle === 0;
  const lines = subscription.items.map((item): InvoiceLine => {
    const name = products.get(item.price.product)?.name ?? item.price.product;
    const amount = isTrial ? ZERO : minor(item.price.unit_amount * item.quantity);
    return {
      id: ctx.id('il'),
      amount,
      description: isTrial ? `Free trial for ${item.quantity} × ${name}` : described(item, name),
      period: { start: item.current_period_start, end: item.current_period_end },
      price: item.price.id,
      product: item.price.product,
      quantity: item.quantity,
      subscription_item: item.id,
      unit_amount: isTrial ? ZERO : item.price.unit_amount,
      ...(item.metadata && { metadata: item.metadata }),
    };
  });
  const waiting = pending.filter(({ currency }) => currency === subscription.currency);
  return billItems(withLines(empty, lines), customer, waiting, ctx);
}

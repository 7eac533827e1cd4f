import type { Context } from '../../engine/command.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { type Parties, refuseNamed } from '../charges/terms.ts';
import type { CustomerObject } from '../customers/object.ts';
import { refuseBill } from '../invoices/finalise.ts';
import { newInvoice, withLines } from '../invoices/new-invoice.ts';
import type { PaymentMethodObject } from '../payment-methods/object.ts';
import { sharesOf, totalOf } from './draft.ts';
import type { SubscriptionObject } from './object.ts';

/** What goes with how it is collected. */
export function refuseCollection({
  collection_method,
  days_until_due,
}: {
  readonly collection_method: SubscriptionObject['collection_method'];
  readonly days_until_due?: number | undefined;
}): Refusal | null {
  return (collection_method === 'send_invoice') === (days_until_due !== undefined)
    ? null
    : refuse('invoice_without_due_date');
}

/** Only what a customer keeps can pay for it again and again. */
export const refuseDefault = (
  id: string,
  method: PaymentMethodObject | undefined,
  customer: CustomerObject,
): Refusal | null =>
  method?.customer === customer.id && !method.spent
    ? null
    : refuse('payment_method_of_other_customer', { id, param: 'default_payment_method' });

/**
 * Whether one period of the subscription could be paid, asked of the same rules as the payment itself: so that nobody
 * agrees on what no invoice can ever collect.
 */
export function refuseSubscription(
  subscription: SubscriptionObject,
  { parties, customer }: { readonly parties: Parties; readonly customer: CustomerObject },
  ctx: Context,
): Refusal | null {
  const { owner } = parties;
  if (!owner) return null;
  // Of a price of nothing, too, for which no payment is ever asked about.
  const noAccount = refuseNamed(subscription, parties, ctx);
  if (noAccount) return noAccount;
  const trial = newInvoice(
    { billing_reason: 'subscription_cycle', currency: subscription.currency, ...sharesOf(subscription) },
    // As an invoice without anything left from others.
    { owner, customer: { ...customer, billing: {} } },
    { ...placeOf(ctx), id: (prefix) => `${prefix}_none` },
  );
  return refuseBill({ ...withLines(trial, []), total: totalOf(subscription) }, parties, ctx);
}

const placeOf = ({ account, application, now, onBehalf }: Context) => ({ account, application, now, onBehalf });

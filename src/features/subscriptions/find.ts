import type { Context, Reader } from '../../engine/command.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { loadParties, type Parties } from '../charges/terms.ts';
import { type CustomerObject, customers } from '../customers/object.ts';
import { methodIdOf } from '../invoices/collect.ts';
import { type FoundBill, findBill } from '../invoices/find.ts';
import { type InvoiceItemObject, invoiceItems, invoices } from '../invoices/object.ts';
import { actingAs } from '../invoices/parts.ts';
import { type PaymentMethodObject, paymentMethods } from '../payment-methods/object.ts';
import { type ProductObject, products } from '../products/object.ts';
import { type SubscriptionObject, subscriptions } from './object.ts';

/** A subscription and all that its next period concerns. */
export interface FoundSubscription {
  readonly subscription: SubscriptionObject;
  readonly customer: CustomerObject;
  readonly parties: Parties;
  readonly method: PaymentMethodObject | undefined;
  readonly products: ReadonlyMap<string, ProductObject>;
  readonly pending: readonly InvoiceItemObject[];
  /** Its latest invoice. */
  readonly latest: FoundBill | undefined;
}

/** @param changed  terms that it is about to get, whose accounts are looked up instead of its own */
export function findSubscription(
  read: Reader,
  subscription: SubscriptionObject | undefined,
  ctx: Context,
  changed: Partial<Pick<SubscriptionObject, 'on_behalf_of' | 'transfer_data'>> = {},
): FoundSubscription | undefined {
  if (!subscription) return undefined;
  const acting = actingAs(ctx, subscription.account);
  const customer = read.find(customers, subscription.customer);
  const { currency, on_behalf_of, transfer_data: to } = { ...subscription, ...changed };
  const methodId = methodIdOf(customer, subscription);
  const sold = subscription.items.map(({ price }) => read.find(products, price.product));
  const found = {
    parties: loadParties(
      read,
      {
        currency,
        ...(on_behalf_of !== undefined && { on_behalf_of }),
        ...(to && { transfer_data: { destination: to.destination } }),
      },
      acting,
    ),
    method: methodId === undefined ? undefined : read.find(paymentMethods, methodId),
    products: new Map(sold.filter((each) => each !== undefined).map((each) => [each.id as string, each])),
    pending: (customer?.billing?.pendingItems ?? [])
      .map((id) => read.find(invoiceItems, id))
      .filter((item) => item !== undefined),
    latest:
      subscription.latest_invoice === undefined
        ? undefined
        : findBill(read, read.find(invoices, subscription.latest_invoice), ctx),
  };
  return customer && { subscription, customer, ...found };
}

/** As `findSubscription`, for an id that the acting account sent. */
export const findOwnSubscription = (read: Reader, id: string, ctx: Context): FoundSubscription | undefined =>
  findSubscription(read, read.own(subscriptions, id), ctx);

export const noSuchSubscription = (id: string): Refusal =>
  refuse('no_such_in_path', { object: subscriptions.noun, id, param: 'id' });

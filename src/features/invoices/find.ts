import type { Context, Reader } from '../../engine/command.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { loadParties, type Parties } from '../charges/terms.ts';
import { customers } from '../customers/object.ts';
import { paymentIntents } from '../payment-intents/object.ts';
import { type PaymentMethodObject, paymentMethods } from '../payment-methods/object.ts';
import { subscriptions } from '../subscriptions/object.ts';
import { methodIdOf } from './collect.ts';
import { type InvoiceObject, invoicePayments, invoices } from './object.ts';
import { actingAs, type Bill } from './parts.ts';

export interface FoundBill {
  readonly bill: Bill;
  readonly parties: Parties;
  /** What pays it unless another is named. */
  readonly method: PaymentMethodObject | undefined;
}

/**
 * An invoice and all that its payment concerns, whatever account asks.
 *
 * @param named the method to pay with, instead of the default one
 */
export function findBill(
  read: Reader,
  invoice: InvoiceObject | undefined,
  ctx: Context,
  named?: string,
): FoundBill | undefined {
  if (!invoice || invoice.deleted) return undefined;
  const customer = read.find(customers, invoice.customer);
  const subscription = invoice.subscription === undefined ? undefined : read.find(subscriptions, invoice.subscription);
  const methodId = named ?? methodIdOf(customer, subscription, invoice);
  const found = {
    intent: invoice.payment_intent && read.find(paymentIntents, invoice.payment_intent),
    payment: invoice.payment && read.find(invoicePayments, invoice.payment),
    parties: loadParties(read, invoice, actingAs(ctx, invoice.account)),
    method: methodId === undefined ? undefined : read.find(paymentMethods, methodId),
  };
  if (!customer) return undefined;
  const { intent, payment, parties, method } = found;
  return {
    bill: { invoice, customer, subscription, intent, payment },
    parties,
    method: method?.account === invoice.account ? method : undefined,
  };
}

/** As `findBill`, by an id that the acting account sent. */
export const findOwnBill = (read: Reader, id: string, ctx: Context, named?: string): FoundBill | undefined =>
  findBill(read, read.own(invoices, id), ctx, named);

export const noSuchInvoice = (id: string): Refusal =>
  refuse('no_such_in_path', { object: invoices.noun, id, param: 'invoice' });

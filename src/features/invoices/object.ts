import type { Currency } from '../../data/currencies.ts';
import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';
import type { Minor } from '../../kernel/money.ts';
import type { RefusalError } from '../../kernel/refusal.ts';
import type { UnixSeconds } from '../../kernel/time.ts';

export interface Period {
  readonly start: UnixSeconds;
  readonly end: UnixSeconds;
}

/** A line of an invoice: a period of a subscription's item, or an invoice item. */
export interface InvoiceLine {
  readonly id: Id<'il'>;
  readonly amount: Minor;
  readonly description?: string;
  readonly invoice_item?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly period: Period;
  readonly price?: string;
  readonly product?: string;
  readonly quantity: number;
  readonly subscription_item?: string;
  readonly unit_amount: Minor;
}

export type BillingReason = 'manual' | 'subscription_create' | 'subscription_cycle' | 'subscription_update';

/** What a customer is asked to pay. Draft, then open, then paid, void or uncollectible; only a draft can change its lines. */
export interface InvoiceObject extends StoredObject {
  readonly id: Id<'in'>;
  readonly account_country: string;
  readonly account_name?: string;
  readonly amount_paid: Minor;
  /** Paid outside of these books. */
  readonly amount_paid_off_stripe?: Minor;
  readonly application?: Id<'ca'>;
  readonly application_fee_amount?: Minor;
  readonly attempt_count: number;
  readonly attempted: boolean;
  readonly auto_advance: boolean;
  readonly automatically_finalizes_at?: UnixSeconds;
  readonly billing_reason: BillingReason;
  readonly collection_method: 'charge_automatically' | 'send_invoice';
  readonly currency: Currency;
  readonly customer: string;
  readonly customer_address?: Readonly<Record<string, unknown>>;
  readonly customer_email?: string;
  readonly customer_name?: string;
  readonly customer_phone?: string;
  readonly customer_shipping?: Readonly<Record<string, unknown>>;
  readonly customer_tax_exempt?: string;
  readonly days_until_due?: number;
  readonly default_payment_method?: string;
  readonly description?: string;
  readonly due_date?: UnixSeconds;
  /** The customer's balance once the invoice has been settled by it; absent in drafts, and for nothing. */
  readonly ending_balance?: Minor;
  /** Of what it comes to, once that is known: hundredths of a percent. */
  readonly feeShare?: number;
  readonly finalized_at?: UnixSeconds;
  readonly footer?: string;
  readonly last_finalization_error?: RefusalError;
  readonly lines: readonly InvoiceLine[];
  readonly marked_uncollectible_at?: UnixSeconds;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly next_payment_attempt?: UnixSeconds;
  readonly number?: string;
  readonly on_behalf_of?: string;
  readonly paid_at?: UnixSeconds;
  /** Once it is finalized, unless there is nothing to pay. */
  readonly payment?: Id<'inpay'>;
  readonly payment_intent?: Id<'pi'>;
  readonly period: Period;
  /** The customer's balance before; of a draft, when it was last written. Absent for nothing. */
  readonly starting_balance?: Minor;
  readonly statement_descriptor?: string;
  readonly status: 'draft' | 'open' | 'paid' | 'void' | 'uncollectible';
  readonly subscription?: string;
  /** The subscription's, when the invoice was made. */
  readonly subscription_metadata?: Readonly<Record<string, string>>;
  readonly test_clock?: string;
  /** The sum of its lines. */
  readonly total: Minor;
  /** `share`: what goes to the destination, hundredths of a percent of what it comes to. */
  readonly transfer_data?: { readonly destination: string; readonly amount?: Minor; readonly share?: number };
  readonly voided_at?: UnixSeconds;
  readonly deleted?: true;
}

export const invoices = kind<InvoiceObject>({
  no: 64,
  object: 'invoice',
  prefixes: ['in'],
  noun: 'invoice',
  refs: ['customer', 'subscription', 'status'],
});

/** Something to be billed to a customer, on an invoice or waiting for the next one. */
export interface InvoiceItemObject extends StoredObject {
  readonly id: Id<'ii'>;
  readonly amount: Minor;
  readonly currency: Currency;
  readonly customer: string;
  readonly description?: string;
  readonly invoice?: string;
  /** Its place on the invoice. */
  readonly line?: Id<'il'>;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly period: Period;
  readonly price?: string;
  readonly product?: string;
  readonly quantity: number;
  readonly test_clock?: string;
  readonly unit_amount: Minor;
  readonly deleted?: true;
}

export const invoiceItems = kind<InvoiceItemObject>({
  no: 65,
  object: 'invoiceitem',
  prefixes: ['ii'],
  noun: 'invoiceitem',
  refs: ['customer', 'invoice'],
});

/** What a payment intent is to pay, and has paid, of an invoice. */
export interface InvoicePaymentObject extends StoredObject {
  readonly id: Id<'inpay'>;
  readonly amount_paid?: Minor;
  readonly amount_requested: Minor;
  readonly canceled_at?: UnixSeconds;
  readonly currency: Currency;
  readonly invoice: string;
  readonly paid_at?: UnixSeconds;
  readonly payment_intent: Id<'pi'>;
  readonly status: 'open' | 'paid' | 'canceled';
}

export const invoicePayments = kind<InvoicePaymentObject>({
  no: 66,
  object: 'invoice_payment',
  prefixes: ['inpay'],
  noun: 'invoice_payment',
  refs: ['invoice', 'status'],
});

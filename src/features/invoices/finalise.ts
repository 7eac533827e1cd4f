import type { Context, EventDraft } from '../../engine/command.ts';
import { bps, type Minor, minor } from '../../kernel/money.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { SECONDS_PER_DAY } from '../../kernel/time.ts';
import { type Parties, type PaymentTerms, refuseTerms } from '../charges/terms.ts';
import { newIntent } from '../payment-intents/new-intent.ts';
import { balanceApplied, dueOf, withBalance } from './balance.ts';
import type { BillingReason, InvoiceObject, InvoicePaymentObject } from './object.ts';
import { advances, type Bill, joined, news, type Step } from './parts.ts';
import { paid } from './settle.ts';

/** What is said of the payment, on the charge and in the row. */
const descriptions: Readonly<Record<BillingReason, string>> = {
  manual: 'Payment for Invoice',
  subscription_create: 'Subscription creation',
  subscription_cycle: 'Subscription update',
  subscription_update: 'Subscription update',
};

const part = (total: Minor, share: number | undefined): Minor | undefined =>
  share === undefined ? undefined : bps(total, share);

/** Where credit leaves less to pay than the transfer, all of that goes on; a transfer of more than the lines is a mistake (X33). */
const passedOn = (sent: Minor | undefined, invoice: InvoiceObject): Minor | undefined =>
  sent === undefined || sent > invoice.total ? sent : minor(Math.min(sent, dueOf(invoice)));

/** The terms of the payment of an invoice, once its lines are known. */
export function termsOf(invoice: InvoiceObject): PaymentTerms {
  const { currency, on_behalf_of, transfer_data } = invoice;
  const amount = dueOf(invoice);
  const fee = invoice.application_fee_amount ?? part(amount, invoice.feeShare);
  const passed = transfer_data && (passedOn(transfer_data.amount, invoice) ?? part(amount, transfer_data.share));
  return {
    amount,
    currency,
    // No fee is no fee of nothing.
    ...(fee !== undefined && fee > 0 && { application_fee_amount: fee }),
    ...(on_behalf_of !== undefined && { on_behalf_of }),
    ...(transfer_data && {
      transfer_data: {
        destination: transfer_data.destination,
        ...(passed !== undefined && { amount: passed }),
      },
    }),
  };
}

/** R72 Whether an invoice can be paid at all, as any payment is asked; nothing to pay can. */
export const refuseBill = (
  invoice: InvoiceObject,
  parties: Parties,
  ctx: Pick<Context, 'account' | 'onBehalf' | 'platform'>,
): Refusal | null => (dueOf(invoice) === 0 ? null : refuseTerms(termsOf(invoice), parties, ctx));

function dueDate({ collection_method, due_date, days_until_due = 0 }: InvoiceObject, now: number): number | undefined {
  if (collection_method !== 'send_invoice') return undefined;
  return due_date ?? now + days_until_due * SECONDS_PER_DAY;
}

/**
 * A draft becomes an invoice that is to be paid: it gets its number, and the payment intent that pays it. Where there is
 * nothing to pay it is paid at once.
 *
 * @returns a refusal of its terms
 */
export function finalise(bill: Bill, parties: Parties, ctx: Context): Step | Refusal {
  const { customer: before } = bill;
  const draft = withBalance(bill.invoice, before);
  if (draft.status !== 'draft') return refuse('invoice_already_finalized');
  const refusal = refuseBill(draft, parties, ctx);
  if (refusal) return refusal;
  const settled = balanceApplied({ ...bill, invoice: draft }, ctx);
  const { customer } = settled.bill;
  const count = (customer.billing?.invoices ?? 0) + 1;
  const due_date = dueDate(draft, ctx.now);
  const { automatically_finalizes_at: _, last_finalization_error: __, ...rest } = draft;
  const open: InvoiceObject = {
    ...rest,
    status: 'open',
    finalized_at: ctx.now,
    number: `${customer.invoice_prefix}-${String(count).padStart(4, '0')}`,
    ...(due_date !== undefined && { due_date }),
  };
  const numbered: Bill = {
    ...bill,
    invoice: open,
    customer: { ...customer, billing: { currency: open.currency, ...customer.billing, invoices: count } },
  };
  const told = (invoice: InvoiceObject): EventDraft => news('invoice.finalized', invoice);
  if (dueOf(open) === 0) {
    const done = paid(numbered, ctx);
    return { ...done, parts: joined(settled.parts, { emit: [told(done.bill.invoice)] }, done.parts) };
  }
  const intent = newIntent(
    {
      ...termsOf(open),
      customer: customer.id,
      description: descriptions[open.billing_reason],
      invoice: open.id,
      ...(open.subscription !== undefined && { setup_future_usage: 'off_session' }),
      ...(open.statement_descriptor !== undefined && { statement_descriptor: open.statement_descriptor }),
    },
    ctx,
  );
  const payment: InvoicePaymentObject = {
    id: ctx.id('inpay'),
    account: ctx.account,
    created: ctx.now,
    amount_requested: dueOf(open),
    currency: open.currency,
    invoice: open.id,
    payment_intent: intent.id,
    status: 'open',
  };
  const invoice: InvoiceObject = { ...open, payment_intent: intent.id, payment: payment.id };
  return {
    bill: { ...numbered, invoice, intent, payment },
    parts: joined(settled.parts, {
      emit: [told(invoice), news('payment_intent.created', intent)],
      schedule: due_date !== undefined && due_date > ctx.now ? [advances(invoice, due_date)] : [],
    }),
  };
}

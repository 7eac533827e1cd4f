import type { Context } from '../../engine/command.ts';
import type { UnixSeconds } from '../../kernel/time.ts';
import type { PaymentIntentObject } from '../payment-intents/object.ts';
import { balanceRestored } from './balance.ts';
import type { InvoiceObject, InvoicePaymentObject } from './object.ts';
import { type Bill, joined, news, type Step } from './parts.ts';
import { atRest } from './settle.ts';

/** The payment of an invoice that nobody will pay by it any more. */
export function closePayment(bill: Bill, now: UnixSeconds): Step {
  const { intent, payment } = bill;
  if (!intent || intent.status === 'succeeded' || intent.status === 'canceled') return { bill, parts: {} };
  const { next_action: _, ...rest } = intent;
  const canceled: PaymentIntentObject = {
    ...rest,
    status: 'canceled',
    canceled_at: now,
    cancellation_reason: 'void_invoice',
  };
  const closed: InvoicePaymentObject | undefined = payment && { ...payment, status: 'canceled', canceled_at: now };
  return {
    bill: { ...bill, intent: canceled, payment: closed },
    parts: { emit: [news('payment_intent.canceled', canceled)] },
  };
}

/** An invoice that is open, or was given up, counts no more. */
export function voided(bill: Bill, ctx: Pick<Context, 'id' | 'now'>): Step {
  const invoice: InvoiceObject = { ...atRest(bill.invoice), status: 'void', voided_at: ctx.now };
  const closed = closePayment({ ...bill, invoice }, ctx.now);
  const restored = balanceRestored(closed.bill, ctx);
  return {
    bill: restored.bill,
    parts: joined({ emit: [news('invoice.voided', invoice)] }, closed.parts, restored.parts),
  };
}

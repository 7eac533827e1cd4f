import { type Context, command, type Reader } from '../../engine/command.ts';
import { isRefusal, refuse } from '../../kernel/refusal.ts';
import { refuseMethod } from '../payment-intents/method.ts';
import { dueOf, withBalance } from './balance.ts';
import { closePayment } from './closing.ts';
import { collect } from './collect.ts';
import { finalise } from './finalise.ts';
import { findOwnBill, noSuchInvoice } from './find.ts';
import { changedIn, joined, type Step } from './parts.ts';
import { paid } from './settle.ts';

export interface PayInvoice {
  readonly invoice: string;
  readonly off_session?: boolean;
  readonly paid_out_of_band?: boolean;
  readonly payment_method?: string;
}

const load = (read: Reader, { invoice, payment_method }: PayInvoice, ctx: Context) =>
  findOwnBill(read, invoice, ctx, payment_method);

/**
 * Pays an invoice now; a draft is finalized first.
 *
 * @returns declined: as the card's bank said it, and then the failed charge stays
 */
export const payInvoice = command({
  name: 'invoices.pay',
  load,

  decide(params: PayInvoice, found: ReturnType<typeof load>, ctx) {
    if (!found) return noSuchInvoice(params.invoice);
    const { invoice } = found.bill;
    if (invoice.status === 'paid') return refuse('invoice_already_paid');
    if (invoice.status === 'void') return refuse('invoice_not_payable');
    const { payment_method: named } = params;
    if (named !== undefined && !found.method) return refuse('no_such_payment_method', { id: named });
    const bad = found.method && !params.paid_out_of_band ? refuseMethod(found.bill.invoice, found.method) : null;
    if (bad) return bad;
    if (
      !params.paid_out_of_band &&
      !found.method &&
      dueOf(invoice.status === 'draft' ? withBalance(invoice, found.bill.customer) : invoice) > 0
    )
      return refuse('customer_without_method');
    const final: Step | ReturnType<typeof finalise> =
      invoice.status === 'draft' ? finalise(found.bill, found.parties, ctx) : { bill: found.bill, parts: {} };
    if (isRefusal(final)) return final;

    const before = found.bill;
    const put = ({ bill, parts }: Step) => ({
      ...joined(final.parts, parts),
      put: [...(final.parts.put ?? []), ...(parts.put ?? []), ...changedIn(before, bill)],
      result: bill.invoice,
    });
    if (final.bill.invoice.status === 'paid') return put({ bill: final.bill, parts: {} });
    if (params.paid_out_of_band) {
      const closed = closePayment(final.bill, ctx.now);
      const step = paid(closed.bill, ctx, { offBooks: true });
      return put({ bill: step.bill, parts: joined(closed.parts, step.parts) });
    }
    const offSession = params.off_session ?? false;
    const tried = collect(final.bill, { ...found, offSession, automatic: false }, ctx);
    const { invoice: after } = tried.bill;
    if (after.status === 'paid') return put(tried);
    return { ...put(tried), declined: tried.declined ?? refuse('invoice_action_required') };
  },
});

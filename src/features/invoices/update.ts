import { type Metadata, mergeMetadata } from '../../api/params.ts';
import { billing } from '../../data/billing.ts';
import { type Context, command, event, type Reader } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { findParties } from '../charges/terms.ts';
import { paymentMethods } from '../payment-methods/object.ts';
import { withStart } from './balance.ts';
import { accountsIn, type InvoiceFields, refuseFields, withFields } from './editing.ts';
import { findOwnBill, noSuchInvoice } from './find.ts';
import type { InvoiceObject } from './object.ts';
import { advances } from './parts.ts';

export interface UpdateInvoice extends InvoiceFields {
  readonly invoice: string;
  readonly metadata?: Metadata | null;
}

const load = (read: Reader, { invoice, default_payment_method: method, ...fields }: UpdateInvoice, ctx: Context) => ({
  found: findOwnBill(read, invoice, ctx),
  parties: findParties(read, accountsIn(fields), ctx),
  named: method === undefined ? undefined : read.own(paymentMethods, method),
});

/** What may be changed once an invoice is finalized. */
const afterwards: readonly string[] = ['auto_advance', 'default_payment_method'];

/** A draft that is told to advance is finalized an hour later; one that is told not to stays a draft. */
function advancing(before: InvoiceObject, after: InvoiceObject, now: number): InvoiceObject {
  if (after.status !== 'draft' || before.auto_advance === after.auto_advance) return after;
  const { automatically_finalizes_at: _, ...rest } = after;
  return after.auto_advance ? { ...rest, automatically_finalizes_at: now + billing.draftSeconds } : rest;
}

/** Changes a draft; of an invoice that is finalized only its labels and how it is collected. */
export const updateInvoice = command({
  name: 'invoices.update',
  load,

  decide({ invoice: id, metadata, ...fields }: UpdateInvoice, { found, parties, named }: ReturnType<typeof load>, ctx) {
    if (!found) return noSuchInvoice(id);
    const { invoice: before, customer } = found.bill;
    const late = Object.keys(fields).find((name) => before.status !== 'draft' && !afterwards.includes(name));
    if (late !== undefined) return refuse('invoice_not_editable', { param: late });
    const wanted = withFields(before.status === 'draft' ? withStart(before, customer) : before, fields);
    const refusal = refuseFields(wanted, { customer, named, parties }, fields, ctx);
    if (refusal) return refusal;
    const after = advancing(
      before,
      metadata === undefined ? wanted : { ...wanted, metadata: mergeMetadata(before.metadata, metadata) },
      ctx.now,
    );
    const { automatically_finalizes_at: at } = after;
    return {
      result: after,
      put: [after],
      emit: [event('invoice.updated', after)],
      schedule: at !== undefined && at !== before.automatically_finalizes_at ? [advances(after, at)] : [],
    };
  },
});

import { type Context, command, type Reader } from '../../engine/command.ts';
import { isRefusal, type Refusal } from '../../kernel/refusal.ts';
import { collect } from './collect.ts';
import { finalise } from './finalise.ts';
import { type FoundBill, findOwnBill, noSuchInvoice } from './find.ts';
import { changedIn, joined, type Step } from './parts.ts';

export interface FinalizeInvoice {
  readonly invoice: string;
  readonly auto_advance?: boolean;
}

/** Finalizes a draft, and pays it with what the customer has, if it advances by itself. */
export function advance(found: FoundBill, ctx: Context): Step | Refusal {
  const final = finalise(found.bill, found.parties, ctx);
  if (isRefusal(final)) return final;
  const { invoice } = final.bill;
  if (invoice.status !== 'open' || !invoice.auto_advance || invoice.collection_method === 'send_invoice') return final;
  const tried = collect(final.bill, { ...found, offSession: true, automatic: true }, ctx);
  return { bill: tried.bill, parts: joined(final.parts, tried.parts) };
}

export const finalizeInvoice = command({
  name: 'invoices.finalize',
  load: (read: Reader, { invoice }: FinalizeInvoice, ctx: Context) => findOwnBill(read, invoice, ctx),

  decide({ invoice: id, auto_advance }: FinalizeInvoice, found, ctx) {
    if (!found) return noSuchInvoice(id);
    const { invoice } = found.bill;
    const asked = auto_advance === undefined ? invoice : { ...invoice, auto_advance };
    const step = advance({ ...found, bill: { ...found.bill, invoice: asked } }, ctx);
    if (isRefusal(step)) return step;
    const { bill, parts } = step;
    return { ...parts, result: bill.invoice, put: [...(parts.put ?? []), ...changedIn(found.bill, bill)] };
  },
});

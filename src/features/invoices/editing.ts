import type { Context } from '../../engine/command.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { type Parties, refuseNamed } from '../charges/terms.ts';
import type { CustomerObject } from '../customers/object.ts';
import type { PaymentMethodObject } from '../payment-methods/object.ts';
import type { InvoiceObject } from './object.ts';

/** What may be said of an invoice when it is made and while it is a draft; null takes a field away. */
export interface InvoiceFields {
  readonly application_fee_amount?: InvoiceObject['application_fee_amount'];
  readonly auto_advance?: boolean;
  readonly collection_method?: InvoiceObject['collection_method'];
  readonly days_until_due?: number;
  readonly default_payment_method?: string;
  readonly description?: string;
  readonly due_date?: number;
  readonly footer?: string;
  readonly on_behalf_of?: string | null;
  readonly statement_descriptor?: string;
  readonly transfer_data?: { readonly destination: string; readonly amount?: InvoiceObject['total'] } | null;
}

const plain = [
  'application_fee_amount',
  'auto_advance',
  'collection_method',
  'days_until_due',
  'default_payment_method',
  'description',
  'due_date',
  'footer',
  'on_behalf_of',
  'statement_descriptor',
  'transfer_data',
] as const satisfies readonly (keyof InvoiceFields & keyof InvoiceObject)[];

export function withFields(invoice: InvoiceObject, fields: InvoiceFields): InvoiceObject {
  const changed: { -readonly [K in keyof InvoiceObject]: unknown } = { ...invoice };
  for (const name of plain) {
    const value = fields[name];
    if (value === null) delete changed[name];
    else if (value !== undefined) changed[name] = value;
  }
  // What is said of an amount takes the place of the subscription's share.
  if (fields.application_fee_amount !== undefined) delete changed.feeShare;
  return changed as InvoiceObject;
}

/** The accounts that a request names, to be looked up and asked about. */
export const accountsIn = ({ on_behalf_of, transfer_data }: InvoiceFields) => ({
  ...(on_behalf_of && { on_behalf_of }),
  ...(transfer_data && { transfer_data }),
});

/** Whether the fields go together, with the customer and with the accounts they name. */
export function refuseFields(
  invoice: InvoiceObject,
  {
    customer,
    named,
    parties,
  }: {
    readonly customer: CustomerObject;
    readonly named: PaymentMethodObject | undefined;
    /** Found by `accountsIn`. */
    readonly parties: Parties;
  },
  fields: InvoiceFields,
  ctx: Pick<Context, 'account' | 'onBehalf' | 'platform'>,
): Refusal | null {
  const { default_payment_method: id } = fields;
  const refusal = refuseNamed(accountsIn(fields), parties, ctx);
  if (refusal) return refusal;
  if (id !== undefined && (named?.customer !== customer.id || named.spent)) {
    return refuse('payment_method_of_other_customer', { id, param: 'default_payment_method' });
  }
  const isDue = invoice.days_until_due !== undefined || invoice.due_date !== undefined;
  return (invoice.collection_method === 'send_invoice') === isDue ? null : refuse('invoice_without_due_date');
}

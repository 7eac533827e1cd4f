import type { Context } from '../../engine/command.ts';
import { type Minor, minor, ZERO } from '../../kernel/money.ts';
import type { AccountObject } from '../accounts/object.ts';
import type { CustomerObject } from '../customers/object.ts';
import { withStart } from './balance.ts';
import type { InvoiceItemObject, InvoiceLine, InvoiceObject } from './object.ts';

type Given = Pick<InvoiceObject, 'billing_reason' | 'currency'> &
  Partial<
    Pick<
      InvoiceObject,
      | 'application_fee_amount'
      | 'auto_advance'
      | 'automatically_finalizes_at'
      | 'collection_method'
      | 'days_until_due'
      | 'default_payment_method'
      | 'description'
      | 'due_date'
      | 'feeShare'
      | 'footer'
      | 'metadata'
      | 'on_behalf_of'
      | 'period'
      | 'statement_descriptor'
      | 'subscription'
      | 'subscription_metadata'
      | 'transfer_data'
    >
  >;

function nameOf({ settings, business_profile, platform }: AccountObject): string | undefined {
  const dashboard = settings?.dashboard as { readonly display_name?: string } | undefined;
  return dashboard?.display_name ?? (business_profile?.name as string | undefined) ?? platform?.application_name;
}

/** A draft without lines. What it says of the customer is how the customer is now, with what is owed. */
export function newInvoice(
  given: Given,
  { owner, customer }: { readonly owner: AccountObject; readonly customer: CustomerObject },
  ctx: Pick<Context, 'account' | 'application' | 'id' | 'now' | 'onBehalf'>,
): InvoiceObject {
  const account_name = nameOf(owner);
  const draft: InvoiceObject = {
    id: ctx.id('in'),
    account: ctx.account,
    created: ctx.now,
    account_country: owner.country,
    ...(account_name !== undefined && { account_name }),
    amount_paid: ZERO,
    attempt_count: 0,
    attempted: false,
    auto_advance: true,
    collection_method: 'charge_automatically',
    customer: customer.id,
    ...(customer.address && { customer_address: customer.address }),
    ...(customer.email !== undefined && { customer_email: customer.email }),
    ...(customer.name !== undefined && { customer_name: customer.name }),
    ...(customer.phone !== undefined && { customer_phone: customer.phone }),
    ...(customer.shipping && { customer_shipping: customer.shipping }),
    ...(customer.tax_exempt !== undefined && { customer_tax_exempt: customer.tax_exempt }),
    ...(customer.test_clock !== undefined && { test_clock: customer.test_clock }),
    ...(ctx.onBehalf && { application: ctx.application }),
    lines: [],
    period: { start: ctx.now, end: ctx.now },
    status: 'draft',
    total: ZERO,
    ...given,
  };
  return withStart(draft, customer);
}

const sum = (lines: readonly InvoiceLine[]): Minor => minor(lines.reduce((total, { amount }) => total + amount, 0));

export const withLines = (invoice: InvoiceObject, lines: readonly InvoiceLine[]): InvoiceObject => ({
  ...invoice,
  lines,
  total: sum(lines),
});

/** The line that an invoice item is on its invoice. */
export const lineOf = (item: InvoiceItemObject, id: InvoiceLine['id']): InvoiceLine => ({
  id,
  amount: item.amount,
  invoice_item: item.id,
  period: item.period,
  quantity: item.quantity,
  unit_amount: item.unit_amount,
  ...(item.description !== undefined && { description: item.description }),
  ...(item.metadata && { metadata: item.metadata }),
  ...(item.price !== undefined && { price: item.price }),
  ...(item.product !== undefined && { product: item.product }),
});

/** Puts invoice items on a draft, and takes them from what the customer's next invoice waits for. */
export function billItems(
  invoice: InvoiceObject,
  customer: CustomerObject,
  items: readonly InvoiceItemObject[],
  ctx: Pick<Context, 'id'>,
): {
  readonly invoice: InvoiceObject;
  readonly customer: CustomerObject;
  readonly items: readonly InvoiceItemObject[];
} {
  if (items.length === 0) return { invoice, customer, items };
  const billed = items.map((item): InvoiceItemObject => ({ ...item, invoice: invoice.id, line: ctx.id('il') }));
  const lines = billed.map((item) => lineOf(item, item.line as InvoiceLine['id']));
  const taken = new Set<string>(items.map(({ id }) => id));
  const waiting = (customer.billing?.pendingItems ?? []).filter((id) => !taken.has(id));
  return {
    invoice: withStart(withLines(invoice, [...invoice.lines, ...lines]), customer),
    customer: { ...customer, billing: { ...customer.billing, pendingItems: waiting } },
    items: billed,
  };
}

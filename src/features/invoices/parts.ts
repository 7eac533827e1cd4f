import type { Context, Decision, Due, EventDraft } from '../../engine/command.ts';
import { steps } from '../../kernel/day.ts';
import type { Id } from '../../kernel/id.ts';
import type { StoredObject } from '../../kernel/kind.ts';
import type { UnixSeconds } from '../../kernel/time.ts';
import type { CustomerObject } from '../customers/object.ts';
import type { PaymentIntentObject } from '../payment-intents/object.ts';
import { type SubscriptionObject, withItems } from '../subscriptions/object.ts';
import type { InvoiceObject, InvoicePaymentObject } from './object.ts';

/** What hangs together when an invoice is paid. Each step of billing takes one and gives the next. */
export interface Bill {
  readonly invoice: InvoiceObject;
  readonly customer: CustomerObject;
  readonly subscription?: SubscriptionObject | undefined;
  readonly intent?: PaymentIntentObject | undefined;
  readonly payment?: InvoicePaymentObject | undefined;
}

/** What a step does besides changing the bill. */
export type Parts = Pick<Decision, 'put' | 'post' | 'lines' | 'emit' | 'schedule' | 'unschedule'>;

export interface Step {
  readonly bill: Bill;
  readonly parts: Parts;
}

/** The parts of several steps, in their order. */
export const joined = (...parts: readonly Parts[]): Required<Parts> => ({
  put: parts.flatMap(({ put = [] }) => put),
  post: parts.flatMap(({ post = [] }) => post),
  lines: parts.flatMap(({ lines = [] }) => lines),
  emit: parts.flatMap(({ emit = [] }) => emit),
  schedule: parts.flatMap(({ schedule = [] }) => schedule),
  unschedule: parts.flatMap(({ unschedule = [] }) => unschedule),
});

/** What of a bill has to be written: whatever is not as it was. The last version in a `put` counts. */
export function changedIn(before: Partial<Bill>, after: Bill): readonly StoredObject[] {
  const { invoice, customer, subscription, intent, payment } = after;
  return [
    ...(invoice === before.invoice ? [] : [invoice]),
    ...(customer === before.customer ? [] : [customer]),
    ...(!subscription || subscription === before.subscription ? [] : withItems(subscription)),
    ...(!intent || intent === before.intent ? [] : [intent]),
    ...(!payment || payment === before.payment ? [] : [payment]),
  ];
}

export const news = (type: EventDraft['type'], object: StoredObject): EventDraft => ({
  type,
  account: object.account,
  object,
});

/** What an invoice does by itself: it is finalized, tried again, overdue. */
export const advanceJob = 'invoices.advance';

export const advances = ({ id }: Pick<InvoiceObject, 'id'>, at: UnixSeconds): Due => ({
  at,
  order: steps.billing,
  job: advanceJob,
  subject: id,
});

/** The context of work that the schedule calls for, as the account that it concerns would have it. */
export const actingAs = (ctx: Context, account: string): Context => ({
  book: ctx.book,
  livemode: ctx.livemode,
  now: ctx.now,
  step: ctx.step,
  settledThrough: ctx.settledThrough,
  platform: ctx.platform,
  application: ctx.application,
  account: account as Id<'acct'>,
  onBehalf: account !== ctx.platform,
  id: (prefix) => ctx.id(prefix),
  secret: (of, length) => ctx.secret(of, length),
});

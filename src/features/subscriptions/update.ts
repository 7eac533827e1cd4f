import { type Metadata, mergeMetadata } from '../../api/params.ts';
import { type Context, command, event, type Reader } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import type { UnixSeconds } from '../../kernel/time.ts';
import { collect } from '../invoices/collect.ts';
import { finalise } from '../invoices/finalise.ts';
import { type Bill, changedIn, joined, type Parts, type Step } from '../invoices/parts.ts';
import { paymentMethods } from '../payment-methods/object.ts';
import { type CancelSubscription, withDetails } from './cancel.ts';
import { draftInvoice } from './draft.ts';
import { renewal, trialNotice } from './due.ts';
import { type FoundSubscription, findSubscription, noSuchSubscription } from './find.ts';
import { changeItems, findPrices, type SentItem } from './items.ts';
import { hasEnded, type SubscriptionObject, subscriptions, withItems } from './object.ts';
import { inPeriod, nextPeriod } from './periods.ts';
import { refuseCollection, refuseDefault, refuseSubscription } from './terms.ts';

export interface SubscriptionChange {
  readonly application_fee_percent?: number | null;
  readonly cancel_at_period_end?: boolean;
  readonly cancellation_details?: CancelSubscription['cancellation_details'];
  readonly collection_method?: SubscriptionObject['collection_method'];
  readonly days_until_due?: number;
  readonly default_payment_method?: string;
  readonly description?: string | null;
  readonly items?: readonly SentItem[];
  readonly metadata?: Metadata | null;
  readonly on_behalf_of?: string | null;
  readonly payment_settings?: Pick<SubscriptionObject, 'save_default_payment_method'>;
  readonly proration_behavior?: 'always_invoice' | 'create_prorations' | 'none';
  readonly transfer_data?: { readonly destination: string; readonly amount_percent?: number } | null;
  readonly trial_end?: 'now' | UnixSeconds;
  readonly trial_settings?: {
    readonly end_behavior: { readonly missing_payment_method: 'cancel' | 'create_invoice' };
  };
}

export interface UpdateSubscription extends SubscriptionChange {
  readonly subscription: string;
}

function load(read: Reader, params: UpdateSubscription, ctx: Context) {
  const { default_payment_method: method, on_behalf_of, transfer_data } = params;
  const changed = { ...(on_behalf_of && { on_behalf_of }), ...(transfer_data && { transfer_data }) };
  return {
    found: findSubscription(read, read.own(subscriptions, params.subscription), ctx, changed),
    prices: findPrices(read, params.items ?? []),
    named: method === undefined ? undefined : read.own(paymentMethods, method),
  };
}

const plain = [
  'application_fee_percent',
  'cancel_at_period_end',
  'collection_method',
  'days_until_due',
  'default_payment_method',
  'description',
  'on_behalf_of',
  'transfer_data',
] as const satisfies readonly (keyof SubscriptionChange & keyof SubscriptionObject)[];

/** The subscription as it is asked to be; items and trial are decided apart. */
function changedBy(before: SubscriptionObject, params: SubscriptionChange, now: UnixSeconds): SubscriptionObject {
  const changed: { -readonly [K in keyof SubscriptionObject]: unknown } = { ...before };
  for (const name of plain) {
    const value = params[name];
    if (value === null) delete changed[name];
    else if (value !== undefined) changed[name] = value;
  }
  if (params.metadata !== undefined) changed.metadata = mergeMetadata(before.metadata, params.metadata);
  const save = params.payment_settings?.save_default_payment_method;
  if (save !== undefined) changed.save_default_payment_method = save;
  const missing = params.trial_settings?.end_behavior.missing_payment_method;
  if (missing !== undefined) changed.missing_payment_method = missing;
  if (params.cancel_at_period_end === true) changed.canceled_at = before.canceled_at ?? now;
  if (params.cancel_at_period_end === false) delete changed.canceled_at;
  if (params.collection_method === 'charge_automatically') delete changed.days_until_due;
  return withDetails(changed as SubscriptionObject, params.cancellation_details);
}

/** A trial that ends earlier or later, or now: null while it is left alone. */
function trialMoved(
  subscription: SubscriptionObject,
  end: SubscriptionChange['trial_end'],
  now: UnixSeconds,
): SubscriptionObject | Refusal | null {
  if (end === undefined || (end === 'now' && subscription.status !== 'trialing')) return null;
  if (subscription.status !== 'trialing') {
    return refuse('invalid_value', { param: 'trial_end', reason: 'the subscription is not in its trial' });
  }
  if (end === 'now') {
    return nextPeriod({ ...subscription, status: 'active', billing_cycle_anchor: now, cycle: 0, trial_end: now });
  }
  if (end <= now) return refuse('invalid_value', { param: 'trial_end', reason: 'it has to lie ahead' });
  const { current_period_start: start } = subscription;
  return inPeriod({ ...subscription, billing_cycle_anchor: end, trial_end: end }, { start, end });
}

/** The first invoice after a trial that ended before its time is paid at once. */
function firstInvoice(
  subscription: SubscriptionObject,
  { customer, parties, method, products, pending }: FoundSubscription,
  ctx: Context,
): (Step & { readonly before: Partial<Bill> }) | Refusal {
  assert(parties.owner, 'a subscription has its account');
  const drafted = draftInvoice(
    subscription,
    { owner: parties.owner, customer, products, pending },
    { reason: 'subscription_update', period: { start: subscription.created, end: ctx.now } },
    ctx,
  );
  const begun: SubscriptionObject = { ...subscription, latest_invoice: drafted.invoice.id };
  const bill = { invoice: drafted.invoice, customer: drafted.customer, subscription: begun };
  const final = finalise(bill, parties, ctx);
  if (isRefusal(final)) return final;
  const made: Parts = { put: drafted.items, emit: [event('invoice.created', final.bill.invoice)] };
  if (!final.bill.intent || subscription.collection_method === 'send_invoice') {
    return { bill: final.bill, parts: joined(made, final.parts), before: {} };
  }
  const tried = collect(final.bill, { method, parties, offSession: true, automatic: true }, ctx);
  return { bill: tried.bill, parts: joined(made, final.parts, tried.parts), before: {} };
}

/**
 * Changes a subscription. What it costs changes from the next period on, since prorations are not supported: so a request
 * that changes that says so.
 */
export function decideUpdate(
  found: FoundSubscription,
  params: SubscriptionChange,
  { prices, named, at }: { readonly at: 'items' | '' } & Pick<ReturnType<typeof load>, 'prices' | 'named'>,
  ctx: Context,
): { readonly subscription: SubscriptionObject; readonly parts: Required<Parts> } | Refusal {
  const { subscription: before, customer, parties } = found;
  if (hasEnded(before)) {
    const { cancellation_details: _, metadata: __, ...others } = params;
    if (Object.keys(others).length > 0) return refuse('subscription_ended');
  }
  const { default_payment_method: method, items: changes = [] } = params;
  const chosen = changeItems(before, changes, prices, at, ctx);
  if (isRefusal(chosen)) return chosen;
  if (chosen.changesTotal && before.status !== 'trialing' && params.proration_behavior !== 'none') {
    return refuse('proration_unsupported');
  }
  const changed = { ...changedBy(before, params, ctx.now), ...(changes.length > 0 && { items: chosen.items }) };
  const moved = trialMoved(changed, params.trial_end, ctx.now);
  if (isRefusal(moved)) return moved;
  const after = moved ?? changed;
  const refusal =
    refuseCollection(after) ??
    (method === undefined ? null : refuseDefault(method, named, customer)) ??
    (hasEnded(after) ? null : refuseSubscription(after, { parties, customer }, ctx));
  if (refusal) return refusal;
  const rescheduled: Parts =
    moved === null
      ? {}
      : {
          unschedule: [renewal(before), ...optional(trialNotice(before, ctx.now))],
          schedule: [renewal(moved), ...(moved.status === 'trialing' ? optional(trialNotice(moved, ctx.now)) : [])],
        };
  const made: Parts = { put: chosen.put, emit: chosen.emit };
  if (moved?.status !== 'active' || before.status !== 'trialing') {
    const told: Parts = { put: withItems(after), emit: [event('customer.subscription.updated', after)] };
    return { subscription: after, parts: joined(made, told, rescheduled) };
  }
  // What is new to the subscription has its product from the request.
  const products = new Map([...found.products, ...chosen.products]);
  const usable = named ?? found.method;
  const first = firstInvoice(moved, { ...found, products, method: usable }, ctx);
  if (isRefusal(first)) return first;
  const begun = first.bill.subscription as SubscriptionObject;
  return {
    subscription: begun,
    parts: joined(
      made,
      { put: withItems(begun), emit: [event('customer.subscription.updated', begun)] },
      { ...first.parts, put: [...(first.parts.put ?? []), ...changedIn(first.before, first.bill)] },
      rescheduled,
    ),
  };
}

const optional = <T>(value: T | null): readonly T[] => (value === null ? [] : [value]);

export const updateSubscription = command({
  name: 'subscriptions.update',
  load,

  decide({ subscription: id, ...change }: UpdateSubscription, { found, ...others }: ReturnType<typeof load>, ctx) {
    if (!found) return noSuchSubscription(id);
    const decided = decideUpdate(found, change, { ...others, at: 'items' }, ctx);
    return isRefusal(decided) ? decided : { ...decided.parts, result: decided.subscription };
  },
});

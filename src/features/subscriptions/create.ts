import { type Metadata, mergeMetadata } from '../../api/params.ts';
import { billing } from '../../data/billing.ts';
import type { Currency } from '../../data/currencies.ts';
import { type Context, command, event, type Reader } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import { SECONDS_PER_DAY, type UnixSeconds } from '../../kernel/time.ts';
import { loadParties } from '../charges/terms.ts';
import { findCustomer, noSuchCustomer } from '../customers/keep.ts';
import type { CustomerObject } from '../customers/object.ts';
import { collect, methodIdOf } from '../invoices/collect.ts';
import { finalise } from '../invoices/finalise.ts';
import { invoiceItems } from '../invoices/object.ts';
import { advances, changedIn, joined, news, type Step } from '../invoices/parts.ts';
import { paymentMethods } from '../payment-methods/object.ts';
import { draftInvoice } from './draft.ts';
import { expiry, renewal, trialNotice } from './due.ts';
import { changeItems, findPrices, type SentItem } from './items.ts';
import type { SubscriptionObject } from './object.ts';
import { inPeriod, nextPeriod } from './periods.ts';
import { refuseCollection, refuseDefault, refuseSubscription } from './terms.ts';

/** They stand in the customer, which is written whole whenever one is added. */
const SUBSCRIPTIONS_MAX = 500;

export interface CreateSubscription {
  readonly customer: string;
  readonly items: readonly SentItem[];
  readonly application_fee_percent?: number;
  readonly cancel_at_period_end?: boolean;
  readonly collection_method?: SubscriptionObject['collection_method'];
  readonly currency?: Currency;
  readonly days_until_due?: number;
  readonly default_payment_method?: string;
  readonly description?: string;
  readonly metadata?: Metadata | null;
  readonly off_session?: boolean;
  readonly on_behalf_of?: string;
  readonly payment_behavior?: 'allow_incomplete' | 'default_incomplete' | 'error_if_incomplete';
  readonly payment_settings?: Pick<SubscriptionObject, 'save_default_payment_method'>;
  readonly transfer_data?: { readonly destination: string; readonly amount_percent?: number };
  readonly trial_end?: 'now' | UnixSeconds;
  readonly trial_period_days?: number;
  readonly trial_settings?: {
    readonly end_behavior: { readonly missing_payment_method: 'cancel' | 'create_invoice' };
  };
}

function load(read: Reader, params: CreateSubscription, ctx: Context) {
  const customer = findCustomer(read, params.customer);
  const found = findPrices(read, params.items);
  const currency = found[0]?.price?.currency ?? params.items[0]?.price_data?.currency;
  const methodId = params.default_payment_method ?? methodIdOf(customer);
  const { transfer_data: to, on_behalf_of } = params;
  const terms = currency && {
    currency,
    ...(to && { transfer_data: { destination: to.destination } }),
    ...(on_behalf_of !== undefined && { on_behalf_of }),
  };
  return {
    customer,
    found,
    parties: terms && loadParties(read, terms, ctx),
    method: methodId === undefined ? undefined : read.own(paymentMethods, methodId),
    pending: (customer?.billing?.pendingItems ?? []).map((id) => read.own(invoiceItems, id)),
  };
}

/** When the trial ends; undefined without one. */
function trialEnd({ trial_end, trial_period_days: days }: CreateSubscription, now: UnixSeconds) {
  if (trial_end !== undefined && days !== undefined) {
    return refuse('invalid_value', { param: 'trial_end', reason: 'it does not go with trial_period_days' });
  }
  if (days !== undefined) return days === 0 ? undefined : now + days * SECONDS_PER_DAY;
  if (trial_end === undefined || trial_end === 'now') return undefined;
  return trial_end > now ? trial_end : refuse('invalid_value', { param: 'trial_end', reason: 'it has to lie ahead' });
}

/** The subscription before its first period. */
function newSubscription(
  params: CreateSubscription,
  made: Pick<SubscriptionObject, 'id' | 'items' | 'currency'>,
  customer: CustomerObject,
  trial: UnixSeconds | undefined,
  ctx: Context,
): SubscriptionObject {
  const { payment_settings: settings, trial_settings, transfer_data } = params;
  const save = settings?.save_default_payment_method;
  const collection_method = params.collection_method ?? 'charge_automatically';
  const missing = trial_settings?.end_behavior.missing_payment_method;
  return {
    ...made,
    account: ctx.account,
    created: ctx.now,
    customer: customer.id,
    status: trial !== undefined ? 'trialing' : collection_method === 'send_invoice' ? 'active' : 'incomplete',
    collection_method,
    billing_cycle_anchor: trial ?? ctx.now,
    cycle: 0,
    current_period_start: ctx.now,
    current_period_end: trial ?? ctx.now,
    cancel_at_period_end: params.cancel_at_period_end ?? false,
    ...(params.cancel_at_period_end && { canceled_at: ctx.now }),
    ...(ctx.onBehalf && { application: ctx.application }),
    ...(params.application_fee_percent !== undefined && { application_fee_percent: params.application_fee_percent }),
    ...(params.days_until_due !== undefined && { days_until_due: params.days_until_due }),
    ...(params.default_payment_method !== undefined && { default_payment_method: params.default_payment_method }),
    ...(params.description !== undefined && { description: params.description }),
    ...(params.metadata && { metadata: mergeMetadata(undefined, params.metadata) }),
    ...(missing !== undefined && { missing_payment_method: missing }),
    ...(params.on_behalf_of !== undefined && { on_behalf_of: params.on_behalf_of }),
    ...(save !== undefined && { save_default_payment_method: save }),
    ...(customer.test_clock !== undefined && { test_clock: customer.test_clock }),
    ...(transfer_data && { transfer_data }),
    ...(trial !== undefined && { trial_start: ctx.now, trial_end: trial }),
  };
}

const withSubscription = (customer: CustomerObject, { id, currency }: SubscriptionObject): CustomerObject => ({
  ...customer,
  billing: { currency, ...customer.billing, subscriptions: [...(customer.billing?.subscriptions ?? []), id] },
});

/**
 * A customer agrees to pay again and again; the first invoice is paid at once. Until it is, the subscription is incomplete.
 *
 * @rule R72
 */
export const createSubscription = command({
  name: 'subscriptions.create',
  load,

  decide(params: CreateSubscription, { customer, found, parties, method, pending }: ReturnType<typeof load>, ctx) {
    const { default_payment_method, payment_behavior: behavior } = params;
    if (!customer) return noSuchCustomer(params.customer);
    if ((customer.billing?.subscriptions ?? []).length >= SUBSCRIPTIONS_MAX) {
      const reason = `a customer has at most ${SUBSCRIPTIONS_MAX} subscriptions at a time`;
      return refuse('invalid_value', { param: 'customer', reason });
    }
    const trial = trialEnd(params, ctx.now);
    if (isRefusal(trial)) return trial;
    const id = ctx.id('sub');
    const bare = { id, items: [], current_period_start: ctx.now, current_period_end: ctx.now };
    const chosen = changeItems(bare, params.items, found, 'items', ctx);
    if (isRefusal(chosen)) return chosen;
    const { items } = chosen;
    const currency = items[0]?.price.currency;
    assert(currency !== undefined, 'a subscription has an item');
    assert(parties?.owner, 'a request runs as an account that is there');
    if (params.currency !== undefined && params.currency !== currency) {
      return refuse('price_currency', { currency, expected: params.currency, param: 'items[0][price]' });
    }
    const made = newSubscription(params, { id, items, currency }, customer, trial, ctx);
    const begun = trial === undefined ? nextPeriod(made) : inPeriod(made, { start: ctx.now, end: trial });
    const refusal =
      refuseCollection(begun) ??
      (default_payment_method === undefined ? null : refuseDefault(default_payment_method, method, customer)) ??
      refuseSubscription(begun, { parties, customer }, ctx);
    if (refusal) return refusal;

    const waits = begun.collection_method === 'send_invoice' && trial === undefined;
    const drafted = draftInvoice(
      begun,
      {
        owner: parties.owner,
        customer: withSubscription(customer, begun),
        products: chosen.products,
        pending: pending.filter((item) => item !== undefined),
      },
      {
        reason: 'subscription_create',
        period: { start: ctx.now, end: ctx.now },
        ...(waits && { finalizesAt: ctx.now + billing.draftSeconds }),
      },
      ctx,
    );
    const subscription: SubscriptionObject = { ...begun, latest_invoice: drafted.invoice.id };
    const draft: Step = {
      bill: { invoice: drafted.invoice, customer: drafted.customer, subscription },
      parts: { put: drafted.items },
    };
    const first = waits ? waiting(draft) : firstPayment(draft, { params, parties, method }, ctx);
    if (isRefusal(first)) return first;
    const { bill, parts } = first;
    const after = bill.subscription as SubscriptionObject;
    if (behavior === 'error_if_incomplete' && after.status === 'incomplete') {
      return first.declined ? withoutTrace(first.declined) : refuse('subscription_action_required');
    }
    const notice = trialNotice(after, ctx.now);
    const all = joined(parts, {
      schedule: [
        renewal(after),
        ...(notice ? [notice] : []),
        ...(after.status === 'incomplete' ? [expiry(after)] : []),
      ],
    });
    return {
      ...all,
      result: after,
      put: [...chosen.put, ...drafted.items, ...all.put, ...changedIn({}, bill)],
      emit: [
        ...chosen.emit,
        event('customer.subscription.created', after),
        ...(after.trial_end !== undefined && !notice ? [news('customer.subscription.trial_will_end', after)] : []),
        event('invoice.created', bill.invoice),
        // Whatever it became in the same moment, it was made so.
        ...all.emit.filter(({ type }) => type !== 'customer.subscription.updated'),
      ],
    };
  },
});

/** A refusal that leaves nothing behind names nothing that would be there. */
function withoutTrace(refusal: Refusal): Refusal {
  const { charge: _, payment_intent: __, ...error } = refusal.error;
  return { ...refusal, error };
}

type First = Step & { readonly declined?: Refusal };

const waiting = ({ bill, parts }: Step): First => ({
  bill,
  parts: joined(parts, {
    schedule:
      bill.invoice.automatically_finalizes_at === undefined
        ? []
        : [advances(bill.invoice, bill.invoice.automatically_finalizes_at)],
  }),
});

/** The first invoice is finalized at once, and paid unless the client wants to do that. */
function firstPayment(
  draft: Step,
  {
    params,
    parties,
    method,
  }: { readonly params: CreateSubscription } & Pick<Parameters<typeof collect>[1], 'parties' | 'method'>,
  ctx: Context,
): First | Refusal {
  const { payment_behavior: behavior, off_session } = params;
  const final = finalise(draft.bill, parties, ctx);
  if (isRefusal(final)) return final;
  const { intent } = final.bill;
  if (!intent || final.bill.invoice.collection_method === 'send_invoice') return final;
  if (behavior === 'default_incomplete') {
    const ready = method
      ? ({ ...intent, status: 'requires_confirmation', payment_method: method.id } as const)
      : intent;
    return { bill: { ...final.bill, intent: ready }, parts: final.parts };
  }
  if (!method) return refuse('customer_without_method');
  const tried = collect(final.bill, { method, parties, offSession: off_session ?? false, automatic: false }, ctx);
  return { ...tried, parts: joined(final.parts, tried.parts) };
}

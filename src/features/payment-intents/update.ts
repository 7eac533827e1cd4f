import { type Metadata, mergeMetadata } from '../../api/params.ts';
import type { Currency } from '../../data/currencies.ts';
import { type Context, command, type Reader } from '../../engine/command.ts';
import type { Minor } from '../../kernel/money.ts';
import { isRefusal, refuse } from '../../kernel/refusal.ts';
import { loadParties, type PaymentTerms, refuseTerms } from '../charges/terms.ts';
import { findCustomer, noSuchCustomer } from '../customers/keep.ts';
import { findMethod, type MethodRequest, resolveMethod } from '../payment-methods/find.ts';
import { refuseMethod } from './method.ts';
import { type PaymentIntentObject, paymentIntents } from './object.ts';
import { refuseUpdate } from './states.ts';

export interface UpdatePaymentIntent extends MethodRequest {
  readonly intent: string;
  readonly amount?: Minor;
  readonly application_fee_amount?: Minor | null;
  readonly capture_method?: PaymentIntentObject['capture_method'];
  readonly currency?: Currency;
  /** Given once. */
  readonly customer?: string;
  readonly description?: string;
  readonly metadata?: Metadata | null;
  readonly payment_method_types?: readonly string[];
  readonly receipt_email?: string | null;
  readonly setup_future_usage?: string | null;
  readonly shipping?: Readonly<Record<string, unknown>> | null;
  readonly statement_descriptor?: string;
  readonly statement_descriptor_suffix?: string;
  readonly transfer_data?: { readonly amount?: Minor };
  readonly transfer_group?: string;
}

/** What is taken over as it was sent; null removes it. */
const plain = [
  'amount',
  'application_fee_amount',
  'capture_method',
  'currency',
  'customer',
  'description',
  'payment_method_types',
  'receipt_email',
  'setup_future_usage',
  'shipping',
  'statement_descriptor',
  'statement_descriptor_suffix',
  'transfer_group',
] as const satisfies readonly (keyof UpdatePaymentIntent & keyof PaymentIntentObject)[];

/** The intent as it is asked to be; the method is decided apart. */
function changedBy(intent: PaymentIntentObject, params: UpdatePaymentIntent): PaymentIntentObject {
  const changed: { -readonly [K in keyof PaymentIntentObject]: unknown } = { ...intent };
  for (const name of plain) {
    const value = params[name];
    if (value === null) delete changed[name];
    else if (value !== undefined) changed[name] = value;
  }
  if (params.metadata !== undefined) changed.metadata = mergeMetadata(intent.metadata, params.metadata);
  const part = params.transfer_data?.amount;
  if (part !== undefined && intent.transfer_data) changed.transfer_data = { ...intent.transfer_data, amount: part };
  // Whoever names the types by hand has no automatic choice.
  if (params.payment_method_types) delete changed.automatic_payment_methods;
  return changed as PaymentIntentObject;
}

/** Whether something of it has to be agreed on again. */
const hasOtherTerms = (before: PaymentTerms, after: PaymentTerms): boolean =>
  before.amount !== after.amount ||
  before.currency !== after.currency ||
  before.application_fee_amount !== after.application_fee_amount ||
  before.transfer_data !== after.transfer_data;

const termsOf = (
  intent: PaymentIntentObject | undefined,
  params: UpdatePaymentIntent,
): Omit<PaymentTerms, 'amount'> | undefined => intent && { ...intent, currency: params.currency ?? intent.currency };

function load(read: Reader, params: UpdatePaymentIntent, ctx: Context) {
  const intent = read.own(paymentIntents, params.intent);
  const terms = termsOf(intent, params);
  return {
    intent,
    parties: terms && loadParties(read, terms, ctx),
    found: findMethod(read, params),
    customer: findCustomer(read, params.customer),
  };
}

/** Changes labels at any time, and terms while nothing is paid. Nobody is told. */
export const updatePaymentIntent = command({
  name: 'payment_intents.update',
  load,

  decide(params: UpdatePaymentIntent, { intent, parties, found, customer }: ReturnType<typeof load>, ctx) {
    if (!intent || !parties) {
      return refuse('no_such_in_path', { object: paymentIntents.noun, id: params.intent, param: 'intent' });
    }
    const refusal = refuseUpdate(intent, params);
    if (refusal) return refusal;
    if (params.customer !== undefined) {
      if (!customer) return noSuchCustomer(params.customer);
      if ((intent.customer ?? customer.id) !== customer.id) return refuse('set_once', { param: 'customer' });
    }
    const changed = changedBy(intent, params);
    const badTerms = hasOtherTerms(intent, changed) ? refuseTerms(changed, parties, ctx) : null;
    if (badTerms) return badTerms;
    const resolved = resolveMethod(params, found, ctx);
    if (isRefusal(resolved)) return resolved;
    if (!resolved) return { result: changed, put: [changed] };
    const badMethod = refuseMethod(changed, resolved.method);
    if (badMethod) return badMethod;
    const { next_action: _, ...rest } = changed;
    const ready: PaymentIntentObject = {
      ...rest,
      status: 'requires_confirmation',
      payment_method: resolved.method.id,
    };
    return { result: ready, put: [ready, ...(resolved.isNew ? [resolved.method] : []), ...resolved.put] };
  },
});

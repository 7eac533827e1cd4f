import { type Metadata, mergeMetadata } from '../../api/params.ts';
import { type Context, command, event, type Reader } from '../../engine/command.ts';
import { ZERO } from '../../kernel/money.ts';
import { isRefusal, refuse } from '../../kernel/refusal.ts';
import { loadParties, type PaymentTerms, refuseTerms } from '../charges/terms.ts';
import { findCustomer, noSuchCustomer } from '../customers/keep.ts';
import { findMethod, type MethodRequest, resolveMethod } from '../payment-methods/find.ts';
import { type ConfirmOptions, confirmIntent } from './confirmation.ts';
import { refuseMethod } from './method.ts';
import type { PaymentIntentObject } from './object.ts';

export interface CreatePaymentIntent extends PaymentTerms, MethodRequest, ConfirmOptions {
  readonly automatic_payment_methods?: { readonly allow_redirects?: 'always' | 'never'; readonly enabled: boolean };
  readonly capture_method?: PaymentIntentObject['capture_method'];
  readonly confirm?: boolean;
  readonly confirmation_method?: PaymentIntentObject['confirmation_method'];
  readonly customer?: string;
  readonly description?: string;
  readonly metadata?: Metadata | null;
  readonly payment_method_types?: readonly string[];
  readonly receipt_email?: string;
  readonly setup_future_usage?: string;
  readonly shipping?: Readonly<Record<string, unknown>>;
  readonly statement_descriptor?: string;
  readonly statement_descriptor_suffix?: string;
  readonly transfer_group?: string;
}

const load = (read: Reader, params: CreatePaymentIntent, ctx: Context) => ({
  parties: loadParties(read, params, ctx),
  found: findMethod(read, params),
  customer: findCustomer(read, params.customer),
});

/** The intent as it is before anybody tries to pay it. */
function newIntent(params: CreatePaymentIntent, ctx: Context): PaymentIntentObject {
  const id = ctx.id('pi');
  const { automatic_payment_methods: automatic, payment_method_types: types, transfer_data } = params;
  return {
    id,
    account: ctx.account,
    created: ctx.now,
    amount: params.amount,
    amount_capturable: ZERO,
    amount_received: ZERO,
    currency: params.currency,
    status: 'requires_payment_method',
    client_secret: `${id}_secret_${ctx.secret(id, 25)}`,
    capture_method: params.capture_method ?? 'automatic_async',
    confirmation_method: params.confirmation_method ?? 'automatic',
    payment_method_types: types ?? ['card'],
    ...(types === undefined && {
      automatic_payment_methods: {
        allow_redirects: automatic?.allow_redirects ?? 'always',
        enabled: automatic?.enabled ?? true,
      },
    }),
    ...(ctx.onBehalf && { application: ctx.application }),
    ...(params.application_fee_amount !== undefined && { application_fee_amount: params.application_fee_amount }),
    ...(params.customer !== undefined && { customer: params.customer }),
    ...(params.description !== undefined && { description: params.description }),
    ...(params.metadata && { metadata: mergeMetadata(undefined, params.metadata) }),
    ...(params.on_behalf_of !== undefined && { on_behalf_of: params.on_behalf_of }),
    ...(params.receipt_email !== undefined && { receipt_email: params.receipt_email }),
    ...(params.setup_future_usage !== undefined && { setup_future_usage: params.setup_future_usage }),
    ...(params.shipping && { shipping: params.shipping }),
    ...(params.statement_descriptor !== undefined && { statement_descriptor: params.statement_descriptor }),
    ...(params.statement_descriptor_suffix !== undefined && {
      statement_descriptor_suffix: params.statement_descriptor_suffix,
    }),
    ...(transfer_data && { transfer_data }),
    ...(params.transfer_group !== undefined && { transfer_group: params.transfer_group }),
  };
}

/**
 * A payment that is going to be made, and with `confirm` the first try to make it.
 *
 * @rule R20 to R24, R29, R32
 */
export const createPaymentIntent = command({
  name: 'payment_intents.create',
  load,

  decide(params: CreatePaymentIntent, { parties, found, customer }: ReturnType<typeof load>, ctx) {
    const refusal = refuseTerms(params, parties, ctx);
    if (refusal) return refusal;
    if (params.customer !== undefined && !customer) return noSuchCustomer(params.customer);
    const intent = newIntent(params, ctx);
    const resolved = resolveMethod(params, found, ctx);
    if (isRefusal(resolved)) return resolved;
    const badMethod = resolved && refuseMethod(intent, resolved.method);
    if (badMethod) return badMethod;
    if (params.confirm === true) {
      if (!resolved) return refuse('intent_without_method');
      const { intent: confirmed, ...confirmation } = confirmIntent(
        intent,
        resolved,
        params,
        { parties, customer },
        ctx,
      );
      return {
        ...confirmation,
        result: confirmed,
        emit: [event('payment_intent.created', confirmed), ...confirmation.emit],
      };
    }
    const made: PaymentIntentObject = resolved
      ? { ...intent, status: 'requires_confirmation', payment_method: resolved.method.id }
      : intent;
    return {
      result: made,
      put: [made, ...(resolved?.isNew ? [resolved.method] : []), ...(resolved?.put ?? [])],
      emit: [event('payment_intent.created', made)],
    };
  },
});

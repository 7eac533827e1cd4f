import { type Context, command, type Reader } from '../../engine/command.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import { refuseMethodOf } from './attachment.ts';
import { findMethod, type MethodData, methodFromData, newMethod } from './find.ts';
import { type PaymentMethodObject, paymentMethods } from './object.ts';

export type CreatePaymentMethod = Partial<MethodData> & {
  /** A method of the platform's that a connected account gets a copy of, and the customer that keeps it. */
  readonly payment_method?: string;
  readonly customer?: string;
};

const dataOf = ({ type, ...rest }: CreatePaymentMethod): MethodData | undefined => type && { ...rest, type };

function load(read: Reader, params: CreatePaymentMethod) {
  const { payment_method } = params;
  const data = dataOf(params);
  return {
    original: payment_method === undefined ? undefined : read.find(paymentMethods, payment_method),
    found: payment_method === undefined && data ? findMethod(read, { payment_method_data: data }) : {},
  };
}

/** A copy, which the connected account uses as its own; what is kept on the platform stays there. */
function copyOf(
  { payment_method: id = '', customer, metadata }: CreatePaymentMethod,
  original: PaymentMethodObject | undefined,
  ctx: Context,
): PaymentMethodObject | Refusal {
  if (!ctx.onBehalf) {
    const reason = 'a payment method is copied to a connected account, so the request needs the Stripe-Account header';
    return refuse('invalid_value', { param: 'payment_method', reason });
  }
  if (original?.account !== ctx.platform) return refuse('no_such_payment_method', { id });
  if (original.spent) return refuse('payment_method_used_up');
  const { billing_details } = original;
  return (
    refuseMethodOf(customer, original) ??
    newMethod(
      original.card,
      { ...(billing_details && { billing_details }), ...(metadata !== undefined && { metadata }) },
      ctx,
    )
  );
}

/** A payment method that no customer has yet. Nobody is told. */
export const createPaymentMethod = command({
  name: 'payment_methods.create',
  load,

  decide(params: CreatePaymentMethod, { original, found }: ReturnType<typeof load>, ctx) {
    if (params.payment_method !== undefined) {
      const copy = copyOf(params, original, ctx);
      return isRefusal(copy) ? copy : { result: copy, put: [copy] };
    }
    if (params.customer !== undefined) return refuse('missing_parameter', { name: 'payment_method' });
    const data = dataOf(params);
    if (!data) return refuse('missing_parameter', { name: 'type' });
    const resolved = methodFromData(data, found, ctx, '');
    if (isRefusal(resolved)) return resolved;
    const { method, put } = resolved;
    return { result: method, put: [method, ...put] };
  },
});

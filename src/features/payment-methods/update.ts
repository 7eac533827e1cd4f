import { type Metadata, mergeMetadata } from '../../api/params.ts';
import { command, event } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { type PaymentMethodObject, paymentMethods } from './object.ts';

export interface UpdatePaymentMethod {
  readonly payment_method: string;
  readonly billing_details?: Readonly<Record<string, unknown>>;
  readonly card?: { readonly exp_month?: number; readonly exp_year?: number };
  readonly metadata?: Metadata | null;
}

/** Changes a method that a customer keeps; others are used once, as they are. */
export const updatePaymentMethod = command({
  name: 'payment_methods.update',
  load: (read, { payment_method }: UpdatePaymentMethod) => ({ method: read.own(paymentMethods, payment_method) }),

  decide({ payment_method: id, billing_details, card, metadata }, { method }) {
    if (!method) return refuse('no_such_payment_method_in_path', { id });
    if (method.customer === undefined) return refuse('payment_method_not_attached_to_update');
    const changed: PaymentMethodObject = {
      ...method,
      card: { ...method.card, ...card },
      ...(billing_details && { billing_details: { ...method.billing_details, ...billing_details } }),
      ...(metadata !== undefined && { metadata: mergeMetadata(method.metadata, metadata) }),
    };
    return { result: changed, put: [changed], emit: [event('payment_method.updated', changed)] };
  },
});

import { type Metadata, mergeMetadata } from '../../api/params.ts';
import { command } from '../../engine/command.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { findMethod, type MethodCard, methodFromData } from './find.ts';
import type { PaymentMethodObject } from './object.ts';

export interface CreatePaymentMethod {
  readonly type: 'card';
  readonly card?: MethodCard;
  readonly billing_details?: Readonly<Record<string, unknown>>;
  readonly metadata?: Metadata | null;
}

const dataOf = ({ metadata, ...data }: CreatePaymentMethod) => ({
  ...data,
  ...(metadata && { metadata: mergeMetadata(undefined, metadata) }),
});

/** A payment method that no customer has yet. Nobody is told. */
export const createPaymentMethod = command({
  name: 'payment_methods.create',
  load: (read, params: CreatePaymentMethod) => findMethod(read, { payment_method_data: dataOf(params) }),

  decide(params, found, ctx) {
    const resolved = methodFromData(dataOf(params), found, ctx, '');
    if (isRefusal(resolved)) return resolved;
    const { method, put } = resolved;
    return { result: method as PaymentMethodObject, put: [method, ...put] };
  },
});

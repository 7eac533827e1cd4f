import { command } from '../../engine/command.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { findMethod, type MethodData, methodFromData } from './find.ts';

/** A payment method that no customer has yet. Nobody is told. */
export const createPaymentMethod = command({
  name: 'payment_methods.create',
  load: (read, params: MethodData) => findMethod(read, { payment_method_data: params }),

  decide(params, found, ctx) {
    const resolved = methodFromData(params, found, ctx, '');
    if (isRefusal(resolved)) return resolved;
    const { method, put } = resolved;
    return { result: method, put: [method, ...put] };
  },
});

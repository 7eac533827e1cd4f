import { command, event, type Reader } from '../../engine/command.ts';
import { isRefusal, refuse } from '../../kernel/refusal.ts';
import { findCustomer, noSuchCustomer } from '../customers/keep.ts';
import { attachMethod } from './attachment.ts';
import { findMethod, resolveMethod } from './find.ts';

export interface AttachPaymentMethod {
  readonly payment_method: string;
  readonly customer: string;
}

const load = (read: Reader, { payment_method, customer }: AttachPaymentMethod) => ({
  found: findMethod(read, { payment_method }),
  customer: findCustomer(read, customer),
});

/** Lets a customer keep a method. An alias of a test card makes a method, which the customer then keeps. */
export const attachPaymentMethod = command({
  name: 'payment_methods.attach',
  load,

  decide(params: AttachPaymentMethod, { found, customer }: ReturnType<typeof load>, ctx) {
    const { payment_method } = params;
    const isThere = found.alias !== undefined || found.stored?.account === ctx.account;
    const ofPlatform = found.stored?.account === ctx.platform;
    if (!isThere && !ofPlatform) return refuse('no_such_payment_method_in_path', { id: payment_method });
    const resolved = resolveMethod({ payment_method }, found, ctx);
    if (isRefusal(resolved)) return resolved;
    if (!customer) return noSuchCustomer(params.customer);
    const attached = resolved && attachMethod(resolved.method, customer, ctx);
    if (!attached || isRefusal(attached)) return attached ?? refuse('no_such_payment_method', { id: payment_method });
    const { method } = attached;
    return { result: method, put: [method, attached.customer], emit: [event('payment_method.attached', method)] };
  },
});

import { type Metadata, mergeMetadata } from '../../api/params.ts';
import { command, type Reader } from '../../engine/command.ts';
import { isRefusal, refuse } from '../../kernel/refusal.ts';
import { findCustomer, noSuchCustomer } from '../customers/keep.ts';
import { findMethod, type MethodRequest, resolveMethod } from '../payment-methods/find.ts';
import { type SetupIntentObject, setupIntents } from './object.ts';
import { noSuchIntent, refuseMethod, refuseUpdate } from './states.ts';

export interface UpdateSetupIntent extends MethodRequest {
  readonly intent: string;
  /** Given once. */
  readonly customer?: string;
  readonly description?: string;
  readonly metadata?: Metadata | null;
  readonly payment_method_types?: readonly string[];
}

const load = (read: Reader, params: UpdateSetupIntent) => ({
  intent: read.own(setupIntents, params.intent),
  customer: findCustomer(read, params.customer),
  found: findMethod(read, params),
});

/** Changes labels at any time, and what is set up for whom while it is open. Nobody is told. */
export const updateSetupIntent = command({
  name: 'setup_intents.update',
  load,

  decide(params: UpdateSetupIntent, { intent, customer, found }: ReturnType<typeof load>, ctx) {
    if (!intent) return noSuchIntent(params.intent);
    const refusal = refuseUpdate(intent, params);
    if (refusal) return refusal;
    if (params.customer !== undefined) {
      if (!customer) return noSuchCustomer(params.customer);
      if ((intent.customer ?? customer.id) !== customer.id) return refuse('set_once', { param: 'customer' });
    }
    const { automatic_payment_methods: automatic, ...rest } = intent;
    const changed: SetupIntentObject = {
      ...rest,
      // Whoever names the types by hand has no automatic choice.
      ...(params.payment_method_types
        ? { payment_method_types: params.payment_method_types }
        : automatic && { automatic_payment_methods: automatic }),
      ...(params.customer !== undefined && { customer: params.customer }),
      ...(params.description !== undefined && { description: params.description }),
      ...(params.metadata !== undefined && { metadata: mergeMetadata(intent.metadata, params.metadata) }),
    };
    const resolved = resolveMethod(params, found, ctx);
    if (isRefusal(resolved)) return resolved;
    if (!resolved) return { result: changed, put: [changed] };
    const badMethod = refuseMethod(changed, resolved.method);
    if (badMethod) return badMethod;
    const { next_action: _, ...without } = changed;
    const ready: SetupIntentObject = {
      ...without,
      status: 'requires_confirmation',
      payment_method: resolved.method.id,
    };
    return { result: ready, put: [ready, ...(resolved.isNew ? [resolved.method] : []), ...resolved.put] };
  },
});

import { type Metadata, mergeMetadata } from '../../api/params.ts';
import { type Context, command, event, type Reader } from '../../engine/command.ts';
import { isRefusal, refuse } from '../../kernel/refusal.ts';
import { maySee } from '../accounts/access.ts';
import { accounts } from '../accounts/object.ts';
import { findCustomer, noSuchCustomer } from '../customers/keep.ts';
import { findMethod, type MethodRequest, resolveMethod } from '../payment-methods/find.ts';
import { confirmSetup } from './confirmation.ts';
import type { SetupIntentObject } from './object.ts';
import { refuseMethod } from './states.ts';

export interface CreateSetupIntent extends MethodRequest {
  readonly automatic_payment_methods?: { readonly allow_redirects?: 'always' | 'never'; readonly enabled: boolean };
  readonly confirm?: boolean;
  readonly customer?: string;
  readonly description?: string;
  readonly metadata?: Metadata | null;
  readonly on_behalf_of?: string;
  readonly payment_method_types?: readonly string[];
  readonly return_url?: string;
  readonly usage?: SetupIntentObject['usage'];
}

const load = (read: Reader, params: CreateSetupIntent) => ({
  customer: findCustomer(read, params.customer),
  found: findMethod(read, params),
  onBehalfOf: params.on_behalf_of === undefined ? undefined : read.find(accounts, params.on_behalf_of),
});

function newIntent(params: CreateSetupIntent, ctx: Context): SetupIntentObject {
  const id = ctx.id('seti');
  const { automatic_payment_methods: automatic, payment_method_types: types } = params;
  return {
    id,
    account: ctx.account,
    created: ctx.now,
    status: 'requires_payment_method',
    client_secret: `${id}_secret_${ctx.secret(id, 25)}`,
    usage: params.usage ?? 'off_session',
    payment_method_types: types ?? ['card'],
    ...(types === undefined && {
      automatic_payment_methods: {
        allow_redirects: automatic?.allow_redirects ?? 'always',
        enabled: automatic?.enabled ?? true,
      },
    }),
    ...(ctx.onBehalf && { application: ctx.application }),
    ...(params.customer !== undefined && { customer: params.customer }),
    ...(params.description !== undefined && { description: params.description }),
    ...(params.metadata && { metadata: mergeMetadata(undefined, params.metadata) }),
    ...(params.on_behalf_of !== undefined && { on_behalf_of: params.on_behalf_of }),
  };
}

/** The wish to keep a way to pay, and with `confirm` the first try to do so. */
export const createSetupIntent = command({
  name: 'setup_intents.create',
  load,

  decide(params: CreateSetupIntent, { customer, found, onBehalfOf }: ReturnType<typeof load>, ctx) {
    if (params.customer !== undefined && !customer) return noSuchCustomer(params.customer);
    const { on_behalf_of: id } = params;
    if (id !== undefined && !maySee(ctx, onBehalfOf)) {
      return refuse('no_such', { object: accounts.noun, id, param: 'on_behalf_of' });
    }
    const intent = newIntent(params, ctx);
    const resolved = resolveMethod(params, found, ctx);
    if (isRefusal(resolved)) return resolved;
    const badMethod = resolved && refuseMethod(intent, resolved.method);
    if (badMethod) return badMethod;
    if (params.confirm === true) {
      if (!resolved) return refuse('setup_without_method');
      const how = { customer, isAuthenticated: false, return_url: params.return_url };
      const { intent: confirmed, ...confirmation } = confirmSetup(intent, resolved, how, ctx);
      return {
        ...confirmation,
        result: confirmed,
        emit: [event('setup_intent.created', confirmed), ...confirmation.emit],
      };
    }
    const made: SetupIntentObject = resolved
      ? { ...intent, status: 'requires_confirmation', payment_method: resolved.method.id }
      : intent;
    return {
      result: made,
      put: [made, ...(resolved?.isNew ? [resolved.method] : []), ...(resolved?.put ?? [])],
      emit: [event('setup_intent.created', made)],
    };
  },
});

import { type Context, type Decision, type EventDraft, event } from '../../engine/command.ts';
import type { StoredObject } from '../../kernel/kind.ts';
import { refuse } from '../../kernel/refusal.ts';
import { confirmationToKeep, declineToKeep } from '../charges/card-network.ts';
import type { CustomerObject } from '../customers/object.ts';
import { keptBy } from '../payment-methods/attachment.ts';
import type { ResolvedMethod } from '../payment-methods/find.ts';
import { attempted, type Outcome, type SetupAttemptObject } from './attempt.ts';
import type { SetupIntentObject } from './object.ts';

/** The parts of a Decision that a confirmation makes; the intent stands first in `put`. */
export type Confirmed = Pick<Decision, 'declined'> &
  Required<Pick<Decision, 'put' | 'emit'>> & { readonly intent: SetupIntentObject };

export interface SettingUp {
  /** The intent's, unless it was deleted. */
  readonly customer: CustomerObject | undefined;
  /** The customer has just confirmed at the bank's page. */
  readonly isAuthenticated: boolean;
  readonly return_url?: string | undefined;
  /** The try that waited for this. */
  readonly waiting?: SetupAttemptObject | undefined;
}

/** The intent without what an earlier try left on it. */
function afresh({ last_setup_error: _error, next_action: _action, ...rest }: SetupIntentObject): SetupIntentObject {
  return rest;
}

/**
 * One try to set a method up: kept by the customer, if there is one, and good to be charged while nobody is there.
 *
 * @param intent  open
 * @param method  agreed on by `refuseMethod`
 */
export function confirmSetup(
  intent: SetupIntentObject,
  { method, isNew, put: changedWithMethod }: ResolvedMethod,
  { customer, isAuthenticated, return_url, waiting: tried }: SettingUp,
  ctx: Pick<Context, 'id' | 'now'>,
): Confirmed {
  const said = isAuthenticated ? ({ three_d_secure: 'authenticated' } as const) : {};
  const attempt = (outcome: Outcome) => attempted(intent, method, { ...outcome, ...said }, tried, ctx);
  const fresh = afresh(intent);
  const withMethod: readonly StoredObject[] = isNew ? [method, ...changedWithMethod] : changedWithMethod;
  const decline = declineToKeep(method.card, ctx.now);
  if (decline) {
    const { payment_method: _, ...withoutMethod } = fresh;
    const { error } = refuse(decline.refusal, { extra: { payment_method: method } });
    const failure = attempt({ status: 'failed', setup_error: error });
    const failed: SetupIntentObject = {
      ...withoutMethod,
      status: 'requires_payment_method',
      last_setup_error: error,
      latest_attempt: failure.id,
    };
    return {
      intent: failed,
      declined: refuse(decline.refusal, { extra: { payment_method: method, setup_intent: failed } }),
      put: [failed, ...withMethod, failure],
      emit: [event('setup_intent.setup_failed', failed)],
    };
  }
  if (!isAuthenticated && confirmationToKeep(method.card)) {
    const begun = attempt({ status: 'requires_action' });
    const waiting: SetupIntentObject = {
      ...fresh,
      status: 'requires_action',
      latest_attempt: begun.id,
      payment_method: method.id,
      next_action: return_url === undefined ? {} : { return_url },
    };
    return {
      intent: waiting,
      put: [waiting, ...withMethod, begun],
      emit: [event('setup_intent.requires_action', waiting)],
    };
  }
  const success = attempt({ status: 'succeeded' });
  const done: SetupIntentObject = {
    ...fresh,
    status: 'succeeded',
    latest_attempt: success.id,
    payment_method: method.id,
  };
  const usable = intent.usage === 'off_session' ? ({ ...method, isSetUp: true } as const) : method;
  const kept = customer && method.customer === undefined ? keptBy(usable, customer) : null;
  const news: EventDraft[] = kept ? [event('payment_method.attached', kept.method)] : [];
  return {
    intent: done,
    put: [done, kept?.method ?? usable, ...(kept ? [kept.customer] : []), ...changedWithMethod, success],
    emit: [...news, event('setup_intent.succeeded', done)],
  };
}

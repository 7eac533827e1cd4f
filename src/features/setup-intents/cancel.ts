import { command, event } from '../../engine/command.ts';
import { setupAttempts } from './attempt.ts';
import { type SetupIntentObject, setupIntents } from './object.ts';
import { noSuchIntent, refuseCancel } from './states.ts';

export interface CancelSetupIntent {
  readonly intent: string;
  readonly cancellation_reason?: 'abandoned' | 'duplicate' | 'requested_by_customer';
}

/** Ends an intent of which nothing has become. */
export const cancelSetupIntent = command({
  name: 'setup_intents.cancel',
  load: (read, params: CancelSetupIntent) => {
    const intent = read.own(setupIntents, params.intent);
    return { intent, attempt: intent?.latest_attempt && read.own(setupAttempts, intent.latest_attempt) };
  },

  decide({ intent: id, cancellation_reason }, { intent, attempt }) {
    if (!intent) return noSuchIntent(id);
    const refusal = refuseCancel(intent);
    if (refusal) return refusal;
    const { next_action: _, ...rest } = intent;
    const canceled: SetupIntentObject = {
      ...rest,
      status: 'canceled',
      ...(cancellation_reason !== undefined && { cancellation_reason }),
    };
    const abandoned = attempt?.status === 'requires_action' ? [{ ...attempt, status: 'abandoned' } as const] : [];
    return { result: canceled, put: [canceled, ...abandoned], emit: [event('setup_intent.canceled', canceled)] };
  },
});

import { command, event } from '../../engine/command.ts';
import { type SetupIntentObject, setupIntents } from './object.ts';
import { noSuchIntent, refuseCancel } from './states.ts';

export interface CancelSetupIntent {
  readonly intent: string;
  readonly cancellation_reason?: 'abandoned' | 'duplicate' | 'requested_by_customer';
}

/** Ends an intent of which nothing has become. */
export const cancelSetupIntent = command({
  name: 'setup_intents.cancel',
  load: (read, params: CancelSetupIntent) => ({ intent: read.own(setupIntents, params.intent) }),

  decide({ intent: id, cancellation_reason }, { intent }) {
    if (!intent) return noSuchIntent(id);
    const refusal = refuseCancel(intent);
    if (refusal) return refusal;
    const { next_action: _, ...rest } = intent;
    const canceled: SetupIntentObject = {
      ...rest,
      status: 'canceled',
      ...(cancellation_reason !== undefined && { cancellation_reason }),
    };
    return { result: canceled, put: [canceled], emit: [event('setup_intent.canceled', canceled)] };
  },
});

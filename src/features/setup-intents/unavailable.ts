import { command } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { setupIntents } from './object.ts';
import { noSuchIntent } from './states.ts';

/** Only bank debits are verified so, and cards are what is set up. */
export const verifyMicrodeposits = command({
  name: 'setup_intents.verify_microdeposits',
  load: (read, { intent }: { readonly intent: string }) => ({ intent: read.own(setupIntents, intent) }),

  decide: ({ intent: id }, { intent }) =>
    intent ? refuse('setup_without_microdeposits', { id, extra: { setup_intent: intent } }) : noSuchIntent(id),
});

import { Refused } from '../../api/errors.ts';
import { listOf, paging, placeOf } from '../../api/list.ts';
import { noSuch } from '../../api/missing.ts';
import {
  array,
  boolean,
  form,
  id,
  integer,
  metadata,
  object,
  oneOf,
  optional,
  range,
  text,
  url,
} from '../../api/params.ts';
import { create, list, type Route, read, retrieve, update } from '../../api/route.ts';
import { birthOf } from '../../kernel/id.ts';
import { refuse } from '../../kernel/refusal.ts';
import { ignored, methodData } from '../payment-methods/params.ts';
import { type SetupAttemptObject, setupAttempts } from './attempt.ts';
import { cancelSetupIntent } from './cancel.ts';
import { confirmSetupIntent } from './confirm.ts';
import { createSetupIntent } from './create.ts';
import { setupIntents } from './object.ts';
import { verifyMicrodeposits } from './unavailable.ts';
import { updateSetupIntent } from './update.ts';
import { setupAttemptView, setupIntentView } from './view.ts';

const methods = () => array(oneOf(['card']));

/** Taken from whoever sends them, without effect. */
const withoutEffect = {
  allowed_payment_method_types: ignored(),
  excluded_payment_method_types: ignored(),
  payment_method_options: ignored(),
} as const;

/** Parameters that would change what is set up, and cannot here. */
const notSupported = ['attach_to_self', 'customer_account', 'flow_directions', 'payment_method_configuration'];

export const routes: readonly Route[] = [
  create('/v1/setup_intents', {
    tier: 2,
    summary: 'The wish to keep a way to pay; with confirm, the first try to do so.',
    params: form({
      ...withoutEffect,
      automatic_payment_methods: optional(
        object({ allow_redirects: optional(oneOf(['always', 'never'])), enabled: boolean() }),
      ),
      confirm: optional(boolean()),
      customer: optional(id()),
      description: optional(text()),
      mandate_data: ignored(),
      metadata: optional(metadata()),
      on_behalf_of: optional(id()),
      payment_method: optional(id()),
      payment_method_data: optional(methodData()),
      payment_method_types: optional(methods()),
      return_url: optional(url()),
      usage: optional(oneOf(['off_session', 'on_session'])),
      use_stripe_sdk: ignored(),
    }),
    unsupported: [...notSupported, 'confirmation_token', 'single_use'],
    command: createSetupIntent,
    view: setupIntentView,
  }),
  list('/v1/setup_intents', setupIntentView, {
    tier: 2,
    summary: 'Setup intents of the account, newest first.',
    filters: { created: 'created', customer: 'ref', payment_method: 'ref' },
    unsupported: ['attach_to_self', 'customer_account'],
  }),
  retrieve('/v1/setup_intents/:intent', setupIntentView, {
    tier: 2,
    param: 'intent',
    // What a browser proves itself by; a secret key needs no more.
    params: form({ client_secret: ignored() }),
    summary: 'One setup intent.',
  }),
  update('/v1/setup_intents/:intent', {
    tier: 2,
    summary: 'Changes labels at any time, and what is set up for whom while it is open.',
    params: form({
      ...withoutEffect,
      customer: optional(id()),
      description: optional(text()),
      metadata: optional(metadata()),
      payment_method: optional(id()),
      payment_method_data: optional(methodData()),
      payment_method_types: optional(methods()),
    }),
    unsupported: notSupported,
    command: updateSetupIntent,
    view: setupIntentView,
  }),
  update('/v1/setup_intents/:intent/confirm', {
    tier: 2,
    summary: 'Tries to set the payment method up.',
    params: form({
      ...withoutEffect,
      mandate_data: ignored(),
      payment_method: optional(id()),
      payment_method_data: optional(methodData()),
      return_url: optional(url()),
      use_stripe_sdk: ignored(),
    }),
    unsupported: ['confirmation_token'],
    command: confirmSetupIntent,
    view: setupIntentView,
  }),
  create('/v1/setup_intents/:intent/verify_microdeposits', {
    tier: 3,
    summary: 'Refused: no intent here sets up bank debits.',
    params: form({ amounts: optional(array(integer())), descriptor_code: optional(text()) }),
    command: verifyMicrodeposits,
    view: setupIntentView,
  }),
  update('/v1/setup_intents/:intent/cancel', {
    tier: 2,
    summary: 'Ends an intent of which nothing has become.',
    params: form({ cancellation_reason: optional(oneOf(['abandoned', 'duplicate', 'requested_by_customer'])) }),
    command: cancelSetupIntent,
    view: setupIntentView,
  }),
  read('/v1/setup_attempts', {
    tier: 3,
    summary: 'The tries of a setup intent, newest first.',
    params: form({ created: optional(range()), setup_intent: id(), ...paging }),
    view: setupAttemptView,
    isPage: true,
    async handler(reader, { created, setup_intent, ...wanted }) {
      if ((await reader.object(setupIntents, setup_intent)) === null) {
        throw new Refused(noSuch({ kind: setupIntents, id: setup_intent, param: 'setup_intent', inPath: false }));
      }
      const place = await placeOf(wanted, setupAttempts.noun, async (cursor) =>
        (await reader.object(setupAttempts, cursor)) === null ? null : birthOf(cursor, reader.book),
      );
      const page = await reader.objects(setupAttempts, {
        ...place,
        ...(created && { created }),
        refs: [{ index: setupAttempts.refs.indexOf('setup_intent'), value: setup_intent }],
        where: (attempt) => (attempt as SetupAttemptObject).setup_intent === setup_intent,
      });
      return listOf(
        reader.path,
        page.items.map((attempt) => reader.view(attempt)),
        page.hasMore,
      );
    },
  }),
  read('/v1/mandates/:mandate', {
    tier: 3,
    summary: 'Refused: a card needs no mandate, so there are none.',
    handler: async (_, { mandate: id }) => {
      throw new Refused(refuse('no_such_in_path', { object: 'mandate', id, param: 'mandate' }));
    },
  }),
];

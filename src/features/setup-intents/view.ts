import { type View, type ViewEnv, view, type Wire } from '../../api/view.ts';
import { actionWire, errorWire } from '../payment-intents/intent-wire.ts';
import { checksWire } from '../payment-methods/wire.ts';
import { type SetupAttemptObject, setupAttempts } from './attempt.ts';
import { type SetupIntentObject, setupIntents } from './object.ts';

const CARD_OPTIONS: Wire = {
  card: { mandate_options: null, network: null, request_three_d_secure: 'automatic' },
};

function render(intent: SetupIntentObject, env: ViewEnv): Wire {
  const { automatic_payment_methods: automatic } = intent;
  return {
    id: intent.id,
    object: 'setup_intent',
    allowed_payment_method_types: null,
    application: intent.application ?? null,
    automatic_payment_methods: automatic
      ? { allow_redirects: automatic.allow_redirects, enabled: automatic.enabled }
      : null,
    cancellation_reason: intent.cancellation_reason ?? null,
    client_secret: intent.client_secret,
    created: intent.created,
    customer: intent.customer ?? null,
    customer_account: null,
    description: intent.description ?? null,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: errorWire(intent.last_setup_error, env),
    latest_attempt: intent.latest_attempt ?? null,
    livemode: env.livemode,
    managed_payments: { enabled: false },
    mandate: null,
    metadata: intent.metadata ?? {},
    next_action: actionWire('setup_intents', intent, env),
    on_behalf_of: intent.on_behalf_of ?? null,
    payment_method: intent.payment_method ?? null,
    payment_method_configuration_details: null,
    payment_method_options: intent.payment_method_types.includes('card') ? CARD_OPTIONS : {},
    payment_method_types: intent.payment_method_types,
    single_use_mandate: null,
    status: intent.status,
    usage: intent.usage,
  };
}

export const setupIntentView: View<SetupIntentObject> = view({
  kind: setupIntents,
  render,
  expandable: [
    'application',
    'customer',
    'latest_attempt',
    'mandate',
    'on_behalf_of',
    'payment_method',
    'single_use_mandate',
  ],
});

/** Whoever is asked is asked on a page, by 3D Secure 2; there is no directory server to number it. */
function threeDSecureWire({ card: { brand }, three_d_secure: result }: SetupAttemptObject): Wire | null {
  if (result === undefined) return null;
  const indicator = brand === 'mastercard' ? '02' : '05';
  return {
    authentication_flow: 'challenge',
    electronic_commerce_indicator: result === 'authenticated' ? indicator : null,
    result,
    result_reason: result === 'failed' ? 'rejected' : null,
    transaction_id: null,
    version: '2.2.0',
  };
}

function renderAttempt(attempt: SetupAttemptObject, env: ViewEnv): Wire {
  const { card } = attempt;
  return {
    id: attempt.id,
    object: 'setup_attempt',
    application: attempt.application ?? null,
    created: attempt.created,
    customer: attempt.customer ?? null,
    customer_account: null,
    flow_directions: null,
    livemode: env.livemode,
    on_behalf_of: attempt.on_behalf_of ?? null,
    payment_method: attempt.payment_method,
    payment_method_details: {
      card: {
        brand: card.brand,
        checks: checksWire(card, attempt.billing_details),
        country: card.country,
        exp_month: card.exp_month,
        exp_year: card.exp_year,
        fingerprint: card.fingerprint,
        funding: card.funding,
        last4: card.last4,
        network: card.brand,
        three_d_secure: threeDSecureWire(attempt),
        wallet: null,
      },
      type: 'card',
    },
    setup_error: errorWire(attempt.setup_error, env),
    setup_intent: attempt.setup_intent,
    status: attempt.status,
    usage: attempt.usage,
  };
}

export const setupAttemptView: View<SetupAttemptObject> = view({
  kind: setupAttempts,
  render: renderAttempt,
  expandable: ['application', 'customer', 'on_behalf_of', 'payment_method', 'setup_intent'],
});

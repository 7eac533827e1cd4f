import { type ViewEnv, view, type Wire } from '../../api/view.ts';
import { shippingWire } from '../charges/shipping-wire.ts';
import { actionWire, errorWire } from './intent-wire.ts';
import { type PaymentIntentObject, paymentIntents } from './object.ts';

const CARD_OPTIONS: Wire = {
  card: { installments: null, mandate_options: null, network: null, request_three_d_secure: 'automatic' },
};

function render(intent: PaymentIntentObject, env: ViewEnv): Wire {
  const { automatic_payment_methods: automatic, transfer_data } = intent;
  return {
    id: intent.id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount: intent.amount,
    amount_capturable: intent.amount_capturable,
    amount_details: { tip: {} },
    amount_received: intent.amount_received,
    application: intent.application ?? null,
    application_fee_amount: intent.application_fee_amount ?? null,
    automatic_payment_methods: automatic
      ? { allow_redirects: automatic.allow_redirects, enabled: automatic.enabled }
      : null,
    canceled_at: intent.canceled_at ?? null,
    cancellation_reason: intent.cancellation_reason ?? null,
    capture_method: intent.capture_method,
    client_secret: intent.client_secret,
    confirmation_method: intent.confirmation_method,
    created: intent.created,
    currency: intent.currency,
    customer: intent.customer ?? null,
    customer_account: null,
    description: intent.description ?? null,
    excluded_payment_method_types: null,
    last_payment_error: errorWire(intent.last_payment_error, env),
    latest_charge: intent.latest_charge ?? null,
    livemode: env.livemode,
    managed_payments: { enabled: false },
    metadata: intent.metadata ?? {},
    next_action: actionWire('payment_intents', intent, env),
    on_behalf_of: intent.on_behalf_of ?? null,
    payment_method: intent.payment_method ?? null,
    payment_method_configuration_details: null,
    payment_method_options: intent.payment_method_types.includes('card') ? CARD_OPTIONS : {},
    payment_method_types: intent.payment_method_types,
    payment_record: null,
    processing: null,
    receipt_email: intent.receipt_email ?? null,
    review: null,
    setup_future_usage: intent.setup_future_usage ?? null,
    shipping: shippingWire(intent.shipping),
    source: null,
    statement_descriptor: intent.statement_descriptor ?? null,
    statement_descriptor_suffix: intent.statement_descriptor_suffix ?? null,
    status: intent.status,
    transfer_data: transfer_data
      ? {
          ...(transfer_data.amount !== undefined && { amount: transfer_data.amount }),
          destination: transfer_data.destination,
        }
      : null,
    transfer_group: intent.transfer_group ?? null,
  };
}

export const paymentIntentView = view({
  kind: paymentIntents,
  render,
  expandable: [
    'application',
    'customer',
    'latest_charge',
    'on_behalf_of',
    'payment_method',
    'payment_record',
    'review',
    'source',
    'transfer_data.destination',
  ],
});

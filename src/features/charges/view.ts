import { embeddedList, type ViewEnv, view, type Wire } from '../../api/view.ts';
import { billingDetailsWire, checksWire } from '../payment-methods/wire.ts';
import { refunds } from '../refunds/object.ts';
import { cardWire } from '../tokens/card-wire.ts';
import { type ChargeObject, type ChargeOutcome, charges } from './object.ts';
import { expiresAt } from './release.ts';
import { shippingWire } from './shipping-wire.ts';

/** What stands on a customer's statement when nothing else was asked for. */
const STATEMENT = 'EVENKEEL';

/** The bank's plain yes, which is not stored. */
const APPROVED: ChargeOutcome = {
  network_status: 'approved_by_network',
  risk_level: 'normal',
  risk_score: 20,
  seller_message: 'Payment complete.',
  type: 'authorized',
};

function outcomeWire({ card, outcome = card && APPROVED }: ChargeObject): Wire | null {
  if (!outcome) return null;
  return {
    advice_code: null,
    network_advice_code: null,
    network_decline_code: null,
    network_status: outcome.network_status,
    reason: outcome.reason ?? null,
    risk_level: outcome.risk_level,
    ...(outcome.risk_score !== undefined && { risk_score: outcome.risk_score }),
    seller_message: outcome.seller_message,
    type: outcome.type,
  };
}

function methodDetails(charge: ChargeObject): Wire | null {
  const { card } = charge;
  if (!card) return charge.source_account === undefined ? null : { stripe_account: {}, type: 'stripe_account' };
  const failed = charge.status === 'failed';
  const waits = !failed && !charge.captured && !charge.refunded;
  const checks = checksWire(card, charge.billing_details);
  return {
    card: {
      amount_authorized: failed ? null : charge.amount,
      authorization_code: null,
      brand: card.brand,
      ...(waits && { capture_before: expiresAt(charge) }),
      checks: charge.failure_code === 'incorrect_cvc' ? { ...checks, cvc_check: 'fail' } : checks,
      country: card.country,
      electronic_commerce_indicator: null,
      exp_month: card.exp_month,
      exp_year: card.exp_year,
      extended_authorization: { status: 'disabled' },
      fingerprint: card.fingerprint,
      funding: card.funding,
      incremental_authorization: { status: 'unavailable' },
      installments: null,
      last4: card.last4,
      mandate: null,
      multicapture: { status: 'unavailable' },
      network: card.brand,
      network_token: { used: false },
      network_transaction_id: null,
      overcapture: { maximum_amount_capturable: charge.amount, status: 'unavailable' },
      regulated_status: 'unregulated',
      three_d_secure: null,
      transaction_link_id: null,
      wallet: null,
    },
    type: 'card',
  };
}

/** The card that was charged, or the account whose balance paid; null for a payment method. */
function sourceWire({ card, customer, from_source, payment_method, source_account }: ChargeObject): Wire | null {
  if (source_account !== undefined) {
    return {
      id: source_account,
      object: 'account',
      application_icon: null,
      application_logo: null,
      application_name: null,
      application_url: null,
    };
  }
  return from_source && card && payment_method !== undefined
    ? cardWire(payment_method, card, { customer: customer ?? null })
    : null;
}

function render(charge: ChargeObject, { livemode }: ViewEnv): Wire {
  const { transfer_data } = charge;
  const ofCard = charge.card !== undefined;
  return {
    id: charge.id,
    object: 'charge',
    amount: charge.amount,
    amount_captured: charge.amount_captured,
    amount_refunded: charge.amount_refunded,
    application: charge.application ?? null,
    application_fee: charge.application_fee ?? null,
    application_fee_amount: charge.application_fee_amount ?? null,
    balance_transaction: charge.balance_transaction ?? null,
    billing_details: billingDetailsWire(charge.billing_details),
    calculated_statement_descriptor: ofCard ? (charge.statement_descriptor ?? STATEMENT).toUpperCase() : null,
    captured: charge.captured,
    created: charge.created,
    currency: charge.currency,
    customer: charge.customer ?? null,
    description: charge.description ?? null,
    // Newer versions dropped it; guides for platforms read it to find the seller (R58, R202).
    destination: transfer_data?.destination ?? null,
    disputed: charge.disputed === true,
    failure_balance_transaction: null,
    failure_code: charge.failure_code ?? null,
    failure_message: charge.failure_message ?? null,
    fraud_details: charge.fraud_report === undefined ? {} : { user_report: charge.fraud_report },
    livemode,
    metadata: charge.metadata ?? {},
    on_behalf_of: charge.on_behalf_of ?? null,
    outcome: outcomeWire(charge),
    paid: charge.paid,
    payment_intent: charge.payment_intent ?? null,
    payment_method: charge.payment_method ?? null,
    payment_method_details: methodDetails(charge),
    receipt_email: charge.receipt_email ?? null,
    receipt_number: null,
    receipt_url: null,
    refunded: charge.refunded === true,
    review: null,
    shipping: shippingWire(charge.shipping),
    source: sourceWire(charge),
    source_transfer: charge.source_transfer ?? null,
    statement_descriptor: charge.statement_descriptor ?? null,
    statement_descriptor_suffix: charge.statement_descriptor_suffix ?? null,
    status: charge.status,
    ...(charge.transfer !== undefined && { transfer: charge.transfer }),
    transfer_data: transfer_data
      ? { amount: transfer_data.amount ?? null, destination: transfer_data.destination }
      : null,
    transfer_group: charge.transfer_group ?? null,
  };
}

/** How many refunds an expanded charge shows. */
const refundsShown = 10;

export const chargeView = view({
  kind: charges,
  render,
  expandable: [
    'application',
    'application_fee',
    'balance_transaction',
    'customer',
    'destination',
    'failure_balance_transaction',
    'on_behalf_of',
    'payment_intent',
    'payment_method_details.card.mandate',
    'review',
    'source_transfer',
    'transfer',
    'transfer_data.destination',
  ],
  shows: { refunds: 'refund' },
  included: {
    refunds: async ({ id, refunds: ids = [] }, _, read) => {
      const found = await read.many(refunds, ids.slice(0, refundsShown));
      const items = found.filter((refund) => refund !== null).map((refund) => read.view(refund));
      return embeddedList(`/v1/charges/${id}/refunds`, items, ids.length);
    },
  },
});

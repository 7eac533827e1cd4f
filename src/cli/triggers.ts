import type { Method } from './client.ts';

/** A request. `{name.field}` in a text stands for what the step of that name answered. */
export interface RequestStep {
  readonly name: string;
  readonly method?: Method;
  readonly path: string;
  readonly params?: Readonly<Record<string, string | number | boolean>>;
  /** The account to act as. */
  readonly account?: string;
  /** The `error.type` that it is refused with, where that is what brings the event. */
  readonly refused?: string;
}

export type Step =
  | RequestStep
  /** The platform's test clock moves. */
  | { readonly days: number }
  /** A month, so many after that of the test clock: `{name.month}` and `{name.year}`. */
  | { readonly name: string; readonly months: number };

const platform: Step = { name: 'platform', method: 'GET', path: '/v1/account' };
/** Money that can be sent out at once; the platform may have none. */
const funds: Step = {
  name: 'funds',
  path: '/evenkeel/v1/adjustments',
  params: { account: '{platform.id}', amount: 100_000, currency: 'usd', description: 'For a trigger' },
};
const seller: Step = {
  name: 'seller',
  path: '/v1/accounts',
  params: {
    type: 'express',
    country: 'US',
    'capabilities[card_payments][requested]': true,
    'capabilities[transfers][requested]': true,
  },
};
const bank: Step = {
  name: 'bank',
  path: '/v1/accounts/{seller.id}/external_accounts',
  params: { external_account: 'btok_us_verified' },
};

const payment = { amount: 2000, currency: 'usd', 'payment_method_types[]': 'card' };
const paid = (card: string, more: RequestStep['params'] = {}): RequestStep => ({
  name: 'sale',
  path: '/v1/payment_intents',
  params: { ...payment, payment_method: card, confirm: true, ...more },
});
const sale = paid('pm_card_visa');
const authorization = paid('pm_card_visa', { capture_method: 'manual' });
const destinationSale = paid('pm_card_visa', {
  application_fee_amount: 200,
  'transfer_data[destination]': '{seller.id}',
});
const declined: Step = { ...paid('pm_card_chargeDeclined'), refused: 'card_error' };
const capture: Step = { name: 'captured', path: '/v1/payment_intents/{sale.id}/capture' };
const refund: Step = { name: 'refund', path: '/v1/refunds', params: { charge: '{sale.latest_charge}', amount: 500 } };
const fee: Step = { name: 'fee', method: 'GET', path: '/v1/application_fees?limit=1' };

const disputed = paid('pm_card_createDispute');
const dispute: Step = { name: 'disputes', method: 'GET', path: '/v1/disputes?payment_intent={sale.id}' };
const answer = (evidence: string): Step => ({
  name: 'answer',
  path: '/v1/disputes/{disputes.data.0.id}',
  params: { 'evidence[uncategorized_text]': evidence, submit: true },
});

const transfer: Step = {
  name: 'transfer',
  path: '/v1/transfers',
  params: { amount: 1000, currency: 'usd', destination: '{seller.id}' },
};
const payout: Step = { name: 'payout', path: '/v1/payouts', params: { amount: 1100, currency: 'usd' } };
const topup: Step = {
  name: 'topup',
  path: '/v1/topups',
  params: { amount: 2000, currency: 'usd', description: 'For a trigger', statement_descriptor: 'Top-up' },
};
const customer: Step = { name: 'customer', path: '/v1/customers', params: { name: 'Jenny Rosen' } };
const attached: Step = {
  name: 'method',
  path: '/v1/payment_methods/pm_card_visa/attach',
  params: { customer: '{customer.id}' },
};
const setup = (card: string): RequestStep => ({
  name: 'setup',
  path: '/v1/setup_intents',
  params: { 'payment_method_types[]': 'card', payment_method: card, confirm: true },
});
const changed = (name: string, path: string): Step => ({ name, path, params: { 'metadata[from]': 'trigger' } });
const removed = (name: string, path: string): Step => ({ name, method: 'DELETE', path });

/** What leads to which event. Those that take time need a platform with a test clock. */
export const triggers = {
  'account.application.deauthorized': [seller, removed('gone', '/v1/accounts/{seller.id}')],
  'account.external_account.created': [seller, bank],
  'account.external_account.updated': [
    seller,
    bank,
    changed('changed', '/v1/accounts/{seller.id}/external_accounts/{bank.id}'),
  ],
  'account.updated': [seller, changed('changed', '/v1/accounts/{seller.id}')],
  'application_fee.created': [seller, destinationSale],
  'application_fee.refunded': [
    seller,
    destinationSale,
    fee,
    { name: 'given', path: '/v1/application_fees/{fee.data.0.id}/refunds', params: { amount: 100 } },
  ],
  'balance.available': [sale, { days: 7 }],
  'capability.updated': [seller],
  'charge.captured': [authorization, capture],
  'charge.dispute.closed': [disputed, dispute, { name: 'lost', path: '/v1/disputes/{disputes.data.0.id}/close' }],
  'charge.dispute.created': [disputed],
  'charge.dispute.funds_reinstated': [disputed, dispute, answer('winning_evidence')],
  'charge.dispute.funds_withdrawn': [disputed],
  'charge.dispute.updated': [disputed, dispute, changed('changed', '/v1/disputes/{disputes.data.0.id}')],
  'charge.expired': [authorization, { days: 8 }],
  'charge.failed': [declined],
  'charge.refunded': [sale, refund],
  'charge.succeeded': [sale],
  'charge.updated': [sale, changed('changed', '/v1/charges/{sale.latest_charge}')],
  'customer.created': [customer],
  'customer.deleted': [customer, removed('gone', '/v1/customers/{customer.id}')],
  'customer.source.expiring': [
    customer,
    { name: 'next', months: 1 },
    {
      name: 'card',
      path: '/v1/customers/{customer.id}/sources',
      params: {
        'source[object]': 'card',
        'source[number]': '4242424242424242',
        'source[exp_month]': '{next.month}',
        'source[exp_year]': '{next.year}',
      },
    },
    { days: 31 },
  ],
  'customer.updated': [customer, changed('changed', '/v1/customers/{customer.id}')],
  'payment.created': [seller, destinationSale],
  'payment_intent.amount_capturable_updated': [authorization],
  'payment_intent.canceled': [
    { name: 'intent', path: '/v1/payment_intents', params: payment },
    { name: 'canceled', path: '/v1/payment_intents/{intent.id}/cancel' },
  ],
  'payment_intent.created': [{ name: 'intent', path: '/v1/payment_intents', params: payment }],
  'payment_intent.payment_failed': [declined],
  'payment_intent.requires_action': [paid('pm_card_threeDSecure2Required')],
  'payment_intent.succeeded': [sale],
  'payment_method.attached': [customer, attached],
  'payment_method.detached': [customer, attached, { name: 'detached', path: '/v1/payment_methods/{method.id}/detach' }],
  'payment_method.updated': [customer, attached, changed('changed', '/v1/payment_methods/{method.id}')],
  'payout.canceled': [platform, funds, payout, { name: 'canceled', path: '/v1/payouts/{payout.id}/cancel' }],
  'payout.created': [platform, funds, payout],
  'payout.failed': [
    platform,
    funds,
    seller,
    {
      name: 'bank',
      path: '/v1/accounts/{seller.id}/external_accounts',
      params: { external_account: 'btok_us_verified_noAccount', default_for_currency: true },
    },
    transfer,
    { ...payout, params: { amount: 500, currency: 'usd' }, account: '{seller.id}' } as RequestStep,
    { days: 7 },
  ],
  'payout.paid': [platform, funds, payout, { days: 7 }],
  'payout.updated': [platform, funds, payout, changed('changed', '/v1/payouts/{payout.id}')],
  'refund.created': [sale, refund],
  'refund.updated': [sale, refund, changed('changed', '/v1/refunds/{refund.id}')],
  'setup_intent.created': [setup('pm_card_visa')],
  'setup_intent.requires_action': [setup('pm_card_threeDSecure2Required')],
  'setup_intent.setup_failed': [{ ...setup('pm_card_chargeDeclined'), refused: 'card_error' }],
  'setup_intent.succeeded': [setup('pm_card_visa')],
  'topup.created': [topup],
  'topup.reversed': [topup, { name: 'reversed', path: '/evenkeel/v1/topups/{topup.id}/reverse' }],
  'topup.succeeded': [topup, { days: 7 }],
  'transfer.created': [platform, funds, seller, transfer],
  'transfer.reversed': [
    platform,
    funds,
    seller,
    transfer,
    { name: 'reversal', path: '/v1/transfers/{transfer.id}/reversals', params: { amount: 400 } },
  ],
  'transfer.updated': [platform, funds, seller, transfer, changed('changed', '/v1/transfers/{transfer.id}')],
} as const satisfies Record<string, readonly Step[]>;

export type Triggered = keyof typeof triggers;

export const isTriggered = (event: string): event is Triggered => Object.hasOwn(triggers, event);

import type { Wire } from '../../api/view.ts';
import type { AskedComponents } from './object.ts';

const anyone = { disable_stripe_user_authentication: false, external_account_collection: true } as const;
const payments = {
  capture_payments: true,
  destination_on_behalf_of_charge_management: false,
  dispute_management: true,
  refund_management: true,
  smart_disputes_management: true,
} as const;
const disputes = {
  destination_on_behalf_of_charge_management: false,
  dispute_management: true,
  refund_management: true,
  smart_disputes_management: true,
} as const;
const payouts = { ...anyone, edit_payout_schedule: true, instant_payouts: true, standard_payouts: true } as const;
const cards = { card_management: true, card_spend_dispute_management: true, spend_control_management: true } as const;

/**
 * Every component that a platform can put on its page, with the features it has and whether those are on unless the platform
 * says otherwise. Source: Stripe's published reference of account sessions; checked 2026-11-22.
 */
export const components: Readonly<Record<string, Readonly<Record<string, boolean>>>> = {
  account_management: anyone,
  account_onboarding: anyone,
  balance_report: {},
  balances: payouts,
  disputes_list: payments,
  documents: {},
  financial_account: { ...anyone, send_money: true, transfer_balance: true },
  financial_account_transactions: { card_spend_dispute_management: true },
  instant_payouts_promotion: { ...anyone, instant_payouts: true },
  issuing_card: { ...cards, cardholder_management: false },
  issuing_cards_list: { ...cards, cardholder_management: false, disable_stripe_user_authentication: false },
  notification_banner: anyone,
  payment_details: payments,
  payment_disputes: disputes,
  payment_method_settings: { disable_stripe_user_authentication: false },
  payments,
  payout_details: {},
  payout_reconciliation_report: {},
  payouts,
  payouts_list: {},
  reporting_chart: {},
  tax_registrations: {},
  tax_settings: {},
  terminal_hardware_orders: {},
  terminal_hardware_shop: {},
};

/** Every component, also those that nobody asked for. */
export const componentsWire = (asked: AskedComponents): Wire =>
  Object.fromEntries(
    Object.entries(components).map(([name, usual]) => {
      const enabled = asked[name]?.enabled === true;
      const features = Object.entries(usual)
        .map(([feature, on]): [string, boolean] => [feature, enabled && (asked[name]?.features?.[feature] ?? on)])
        .sort(([a], [b]) => (a < b ? -1 : 1));
      return [name, { enabled, features: Object.fromEntries(features) }];
    }),
  );

import type { Wire } from '../../api/view.ts';
import { at } from './details.ts';
import type { AccountObject } from './object.ts';
import { delayDaysMin } from './schedule.ts';

function payoutsWire(account: AccountObject): Wire {
  const { schedule } = account;
  const { interval, monthly_anchor, monthly_payout_days, weekly_anchor, weekly_payout_days } = schedule;
  return {
    debit_negative_balances: account.debit_negative_balances,
    schedule: {
      delay_days: schedule.delay_days ?? delayDaysMin(account.country),
      interval,
      ...(monthly_anchor !== undefined && { monthly_anchor }),
      ...(monthly_payout_days !== undefined && { monthly_payout_days }),
      ...(weekly_anchor !== undefined && { weekly_anchor }),
      ...(weekly_payout_days !== undefined && { weekly_payout_days }),
    },
    statement_descriptor: at(account.settings, 'payouts', 'statement_descriptor'),
  };
}

/** The settings with everything that was never set. */
export function settingsWire(account: AccountObject): Wire {
  const of = (...path: string[]) => at(account.settings, ...path);
  const creditor_id = of('sepa_debit_payments', 'creditor_id');
  return {
    bacs_debit_payments: { display_name: of('bacs_debit_payments', 'display_name'), service_user_number: null },
    branding: {
      icon: of('branding', 'icon'),
      logo: of('branding', 'logo'),
      primary_color: of('branding', 'primary_color'),
      secondary_color: of('branding', 'secondary_color'),
    },
    card_issuing: {
      tos_acceptance: {
        date: of('card_issuing', 'tos_acceptance', 'date'),
        ip: of('card_issuing', 'tos_acceptance', 'ip'),
      },
    },
    card_payments: {
      decline_on: {
        avs_failure: of('card_payments', 'decline_on', 'avs_failure') ?? false,
        cvc_failure: of('card_payments', 'decline_on', 'cvc_failure') ?? false,
      },
      statement_descriptor_prefix: of('card_payments', 'statement_descriptor_prefix'),
      statement_descriptor_prefix_kana: of('card_payments', 'statement_descriptor_prefix_kana'),
      statement_descriptor_prefix_kanji: of('card_payments', 'statement_descriptor_prefix_kanji'),
    },
    dashboard: {
      display_name: account.platform?.application_name ?? at(account.business_profile, 'name'),
      timezone: 'Etc/UTC',
    },
    invoices: {
      default_account_tax_ids: of('invoices', 'default_account_tax_ids'),
      hosted_payment_method_save: of('invoices', 'hosted_payment_method_save') ?? 'offer',
    },
    payments: {
      statement_descriptor: of('payments', 'statement_descriptor'),
      statement_descriptor_kana: of('payments', 'statement_descriptor_kana'),
      statement_descriptor_kanji: of('payments', 'statement_descriptor_kanji'),
      statement_descriptor_prefix_kana: of('card_payments', 'statement_descriptor_prefix_kana'),
      statement_descriptor_prefix_kanji: of('card_payments', 'statement_descriptor_prefix_kanji'),
    },
    payouts: payoutsWire(account),
    sepa_debit_payments: creditor_id === null ? {} : { creditor_id },
  };
}

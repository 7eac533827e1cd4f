import type { Wire } from '../../api/view.ts';
import { at } from '../accounts/details.ts';
import type { AccountObject } from '../accounts/object.ts';
import { delayDaysMin } from '../accounts/schedule.ts';

/** The settings of an account that are about its balance; they are the account's, seen from another side. */
export function balanceSettingsWire(account: AccountObject): Wire {
  const { schedule } = account;
  const { interval, monthly_payout_days, weekly_payout_days, delay_days } = schedule;
  const of = (name: string) => at(account.settings, 'payouts', name);
  return {
    object: 'balance_settings',
    payments: {
      debit_negative_balances: account.debit_negative_balances,
      payouts: {
        automatic_transfer_rules_by_currency: null,
        minimum_balance_by_currency: of('minimum_balance_by_currency'),
        schedule: {
          interval,
          ...(interval === 'monthly' && monthly_payout_days && { monthly_payout_days }),
          ...(interval === 'weekly' && weekly_payout_days && { weekly_payout_days }),
        },
        statement_descriptor: of('statement_descriptor'),
        status: account.payouts_enabled ? 'enabled' : 'disabled',
      },
      settlement_timing: {
        delay_days: delay_days ?? delayDaysMin(account.country),
        ...(delay_days !== undefined && { delay_days_override: delay_days }),
        start_of_day: null,
      },
    },
  };
}

import {
  amount,
  array,
  boolean,
  form,
  hash,
  integer,
  object,
  oneOf,
  optional,
  type ParamsOf,
  text,
  unsettable,
  unsupported,
} from '../../api/params.ts';
import { limits } from '../../data/limits.ts';

export const updateBalanceSettingsForm = form({
  payments: optional(
    object({
      debit_negative_balances: optional(boolean()),
      payouts: optional(
        object({
          automatic_transfer_rules_by_currency: unsupported(),
          minimum_balance_by_currency: optional(unsettable(hash(unsettable(amount({ min: 0 }))))),
          schedule: optional(
            object({
              interval: optional(oneOf(['daily', 'manual', 'monthly', 'weekly'])),
              monthly_payout_days: optional(array(integer({ min: 1, max: 31 }))),
              weekly_payout_days: optional(array(oneOf(['monday', 'tuesday', 'wednesday', 'thursday', 'friday']))),
            }),
          ),
          statement_descriptor: optional(unsettable(text({ max: limits.statementDescriptorLengthMax }))),
        }),
      ),
      settlement_timing: optional(
        object({ delay_days_override: optional(unsettable(integer({ min: 0 }))), start_of_day: unsupported() }),
      ),
    }),
  ),
});
export type UpdateBalanceSettings = ParamsOf<typeof updateBalanceSettingsForm>;

import { isCurrency } from '../../data/currencies.ts';
import { command } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import { mergeDetails } from '../accounts/details.ts';
import { accountUpdated } from '../accounts/news.ts';
import { type AccountObject, accounts, type Details } from '../accounts/object.ts';
import { scheduleFrom } from '../accounts/schedule.ts';
import type { UpdateBalanceSettings } from './params.ts';
import { balanceSettingsWire } from './wire.ts';

type Payments = NonNullable<UpdateBalanceSettings['payments']>;

const SCHEDULE = 'payments[payouts][schedule]';

/** A refusal of account settings under the name that the parameter has here. */
function renamed(refusal: Refusal): Refusal {
  const param = refusal.error.param
    ?.replace('settings[payouts][schedule][delay_days]', 'payments[settlement_timing][delay_days_override]')
    .replace('settings[payouts][schedule]', SCHEDULE);
  return { ...refusal, error: { ...refusal.error, ...(param !== undefined && { param }) } };
}

/** Days belong to their interval: with another one they are as good as unknown. */
function refuseDays({ payouts }: Payments, interval: string): Refusal | null {
  for (const [name, belongsTo] of [
    ['monthly_payout_days', 'monthly'],
    ['weekly_payout_days', 'weekly'],
  ] as const) {
    if (payouts?.schedule?.[name] !== undefined && interval !== belongsTo) {
      return refuse('unknown_parameter', { name: `${SCHEDULE}[${name}]` });
    }
  }
  return null;
}

/** Minimum balances with the currencies in lower case. */
function minimumBalances(change: Readonly<Record<string, unknown>>): Details | Refusal {
  const entries = Object.entries(change).map(([currency, amount]) => [currency.toLowerCase(), amount] as const);
  const unknown = Object.keys(change).find((currency) => !isCurrency(currency.toLowerCase()));
  if (unknown === undefined) return Object.fromEntries(entries);
  const name = `payments[payouts][minimum_balance_by_currency][${unknown}]`;
  return refuse('unknown_parameter', { name });
}

/** The free settings after the change, or why not. */
function settingsAfter({ settings }: AccountObject, { payouts }: Payments): Details | undefined | Refusal {
  const { minimum_balance_by_currency: minimum, statement_descriptor } = payouts ?? {};
  const balances = minimum ? minimumBalances(minimum) : minimum;
  if (isRefusal(balances)) return balances;
  return mergeDetails(settings, {
    payouts: {
      ...(balances !== undefined && { minimum_balance_by_currency: balances }),
      ...(statement_descriptor !== undefined && { statement_descriptor }),
    },
  });
}

/**
 * Changes the settings of the acting account that are about its balance. They are kept in the account, so that
 * `settings[payouts]` of the account always shows the same.
 *
 * @returns refusals: days of another interval, and those of the payout schedule
 */
export const updateBalanceSettings = command({
  name: 'balance_settings.update',
  load: (read, _: UpdateBalanceSettings, ctx) => ({ account: read.find(accounts, ctx.account) }),

  decide({ payments = {} }, { account: before }, _ctx) {
    assert(before !== undefined, 'the acting account exists');
    const { debit_negative_balances, payouts, settlement_timing } = payments;
    const wrongDays = refuseDays(payments, payouts?.schedule?.interval ?? before.schedule.interval);
    if (wrongDays) return wrongDays;
    const override = settlement_timing?.delay_days_override;
    const schedule = scheduleFrom(
      { ...payouts?.schedule, ...(override !== undefined && { delay_days: override ?? 'minimum' }) },
      before.schedule,
      before.country,
    );
    if (isRefusal(schedule)) return renamed(schedule);
    const settings = settingsAfter(before, payments);
    if (isRefusal(settings)) return settings;
    const { settings: _settings, changedPart: _part, ...rest } = before;
    const account: AccountObject = {
      ...rest,
      schedule,
      ...(debit_negative_balances !== undefined && { debit_negative_balances }),
      ...(settings !== undefined && { settings }),
    };
    const [was, is] = [before, account].map((each) => balanceSettingsWire(each));
    const isChanged = JSON.stringify(was) !== JSON.stringify(is);
    return {
      result: account,
      put: [account],
      emit:
        isChanged && is
          ? [
              { type: 'balance_settings.updated' as const, account: account.id, object: { rendered: is } },
              accountUpdated(account),
            ]
          : [],
    };
  },
});

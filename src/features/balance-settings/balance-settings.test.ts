import { expect, test } from 'vitest';
import { sellerOf } from '../../../test/support/parties.ts';
import { validateObject } from '../../../test/support/schema.ts';
import type { Decision } from '../../engine/command.ts';
import { testAccount, testContext } from '../../engine/testing.ts';
import { isRefusal, type Refusal } from '../../kernel/refusal.ts';
import type { AccountObject } from '../accounts/object.ts';
import { settingsWire } from '../accounts/settings-wire.ts';
import type { UpdateBalanceSettings } from './params.ts';
import { updateBalanceSettingsForm } from './params.ts';
import { updateBalanceSettings } from './update.ts';
import { balanceSettingsWire } from './wire.ts';

const A = testAccount(1);
type Payments = NonNullable<UpdateBalanceSettings['payments']>;

const update = (payments: Payments, account: AccountObject = sellerOf(1)) =>
  updateBalanceSettings.decide({ payments }, { account }, testContext({ account: A }));

function done(answer: Decision<AccountObject> | Refusal): AccountObject {
  if (isRefusal(answer)) throw new Error(`refused: ${answer.error.message} ${answer.error.param}`);
  expect(validateObject(balanceSettingsWire(answer.result))).toEqual([]);
  expect(answer.put).toEqual([answer.result]);
  return answer.result;
}

const paymentsOf = (account: AccountObject) => balanceSettingsWire(account).payments;

test('a new account: manual, nothing kept back, the delay of the country', () => {
  const wire = balanceSettingsWire(sellerOf(1));
  expect(validateObject(wire)).toEqual([]);
  expect(wire).toEqual({
    object: 'balance_settings',
    payments: {
      debit_negative_balances: true,
      payouts: {
        automatic_transfer_rules_by_currency: null,
        minimum_balance_by_currency: null,
        schedule: { interval: 'manual' },
        statement_descriptor: null,
        status: 'enabled',
      },
      settlement_timing: { delay_days: 2, start_of_day: null },
    },
  });
});

test('what is changed here shows in the account, and an event tells of both', () => {
  const answer = update({
    debit_negative_balances: false,
    payouts: {
      schedule: { interval: 'weekly', weekly_payout_days: ['tuesday', 'friday'] },
      statement_descriptor: 'SHOP',
    },
    settlement_timing: { delay_days_override: 5 },
  }) as Decision<AccountObject>;
  const account = done(answer);
  expect(settingsWire(account).payouts).toEqual({
    debit_negative_balances: false,
    schedule: {
      delay_days: 5,
      interval: 'weekly',
      weekly_anchor: 'tuesday',
      weekly_payout_days: ['tuesday', 'friday'],
    },
    statement_descriptor: 'SHOP',
  });
  expect(paymentsOf(account)).toMatchObject({
    payouts: { schedule: { interval: 'weekly', weekly_payout_days: ['tuesday', 'friday'] } },
    settlement_timing: { delay_days: 5, delay_days_override: 5 },
  });
  expect(answer.emit).toMatchObject([
    { type: 'balance_settings.updated', account: A, object: { rendered: { object: 'balance_settings' } } },
    { type: 'account.updated', account: A, object: { id: A } },
  ]);
});

test('the delay and the descriptor can be taken away again', () => {
  const set = done(
    update({ payouts: { statement_descriptor: 'SHOP' }, settlement_timing: { delay_days_override: 5 } }),
  );
  const unset = done(
    update({ payouts: { statement_descriptor: null }, settlement_timing: { delay_days_override: null } }, set),
  );
  expect(unset).toEqual(sellerOf(1));
});

test('M48: minimum balances, by currency in either case', () => {
  const minimum = (change: Record<string, number | null> | null, account?: AccountObject) =>
    done(update({ payouts: { minimum_balance_by_currency: change as never } }, account));
  const both = minimum({ USD: 500, eur: 0 });
  expect(paymentsOf(both)).toMatchObject({ payouts: { minimum_balance_by_currency: { usd: 500, eur: 0 } } });
  expect(paymentsOf(minimum({ eur: null }, both))).toMatchObject({
    payouts: { minimum_balance_by_currency: { usd: 500 } },
  });
  expect(paymentsOf(minimum(null, both))).toMatchObject({ payouts: { minimum_balance_by_currency: null } });
});

test('nothing changed: no news', () => {
  const answer = update({}) as Decision<AccountObject>;
  expect(done(answer)).toEqual(sellerOf(1));
  expect(answer.emit).toEqual([]);
});

const refused: [string, Payments, string | undefined][] = [
  [
    'unknown_parameter',
    { payouts: { schedule: { interval: 'daily', weekly_payout_days: ['monday'] } } },
    'payments[payouts][schedule][weekly_payout_days]',
  ],
  [
    'unknown_parameter',
    { payouts: { schedule: { monthly_payout_days: [1] } } },
    'payments[payouts][schedule][monthly_payout_days]',
  ],
  [
    'invalid_value',
    { payouts: { schedule: { interval: 'monthly', monthly_payout_days: [1, 2, 3] } } },
    'payments[payouts][schedule][monthly_payout_days]',
  ],
  [
    'delay_days_out_of_range',
    { settlement_timing: { delay_days_override: 1 } },
    'payments[settlement_timing][delay_days_override]',
  ],
  [
    'unknown_parameter',
    { payouts: { minimum_balance_by_currency: { xxq: 1 as never } } },
    'payments[payouts][minimum_balance_by_currency][xxq]',
  ],
];
test.each(refused)('refused under the name it has here: %s', (name, payments, param) => {
  expect(update(payments)).toMatchObject({ refused: true, name, error: { param } });
});

test('an empty text unsets', () => {
  const sent = {
    payments: { payouts: { minimum_balance_by_currency: { usd: '' } }, settlement_timing: { delay_days_override: '' } },
  };
  expect(updateBalanceSettingsForm.parse(sent)).toEqual({
    payments: {
      payouts: { minimum_balance_by_currency: { usd: null } },
      settlement_timing: { delay_days_override: null },
    },
  });
});

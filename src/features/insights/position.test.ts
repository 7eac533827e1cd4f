import { describe, expect, test } from 'vitest';
import { bankOf, sellerOf } from '../../../test/support/parties.ts';
import { monday } from '../../engine/testing.ts';
import { minor } from '../../kernel/money.ts';
import { closeOfDay, dayOf, SECONDS_PER_DAY, startOfDay } from '../../kernel/time.ts';
import type { AccountObject, Standing } from '../accounts/object.ts';
import { payoutBlocks } from './blocks.ts';
import { Exposure } from './exposure.ts';
import { heldWire } from './held.ts';
import { negativeWire } from './negative.ts';
import { positionOf } from './position.ts';
import { possibleWork } from './upcoming.ts';

const today = dayOf(monday);
const stripeLiable = sellerOf(1).controller;
const standard = { ...stripeLiable, losses: { payments: 'stripe' } } as AccountObject['controller'];
const debit = { payout: 'po_1', amount: minor(300), heldUntil: startOfDay(today + 3), paid: false } as const;

const seller = (standing: Standing, given: Partial<AccountObject> = {}): AccountObject =>
  sellerOf(1, { standing: { usd: standing }, schedule: { interval: 'daily' }, ...given });
const positionIn = (account: AccountObject, available: number, reserved = 0, now = monday) =>
  positionOf(account, 'usd', { available, reserved }, now);

describe('how an account stands', () => {
  test('R13, R120, R150 below zero: what is exposed, since when, and when the platform pays', () => {
    const since = monday - 5 * SECONDS_PER_DAY - 10;
    expect(positionIn(seller({ negativeSince: since }), -700, 700)).toMatchObject({
      available: -700,
      effective: -700,
      exposed: 700,
      liable: 'platform',
      daysNegative: 5,
      daysUntilCollection: 176,
      collectsAt: startOfDay(today - 5 + 181),
      nextDebitAt: closeOfDay(today),
      debitAttempts: 0,
    });
  });

  test('R126 a debit on its way counts as not there yet', () => {
    const position = positionIn(seller({ negativeSince: monday, uncleared: [debit] }), 0, 300);
    expect(position).toMatchObject({ effective: -300, exposed: 300, debitAttempts: 1, notDebited: 'debit_in_flight' });
  });

  test('R135, R156 where Stripe is liable only what debits caused is exposed and collected', () => {
    const own = positionIn(seller({ negativeSince: monday }, { controller: standard }), -700);
    expect(own).toMatchObject({ liable: 'stripe', exposed: 0, collectsAt: null, daysUntilCollection: null });
    const caused = seller({ negativeSince: monday, debitCaused: minor(200) }, { controller: standard });
    expect(positionIn(caused, -700)).toMatchObject({ exposed: 200, collectsAt: startOfDay(today + 181) });
  });

  test('R155 a debt that is past its day because of a debit is looked at again at the next start of a day', () => {
    const since = monday - 190 * SECONDS_PER_DAY;
    expect(positionIn(seller({ negativeSince: since, uncleared: [debit] }), 0)).toMatchObject({
      collectsAt: startOfDay(today + 1),
      daysUntilCollection: 1,
    });
  });

  const errored = { ...bankOf(1, 'usd'), status: 'errored', failedDebits: 3 } as const;
  const whys: [string, Partial<AccountObject>, number, string | null][] = [
    ['R95 will be debited', {}, -1, null],
    ['R96 is not below zero', {}, 0, 'balance_not_negative'],
    ['R96 nobody has switched it on', { debit_negative_balances: false }, -1, 'debit_negative_balances_off'],
    ['R98 banks of its country are not debited', { country: 'JP' }, -1, 'country'],
    ['R97 it has no bank account', { external_accounts: [] }, -1, 'no_bank_account'],
    ['R103 its bank account is paused', { external_accounts: [errored] }, -1, 'bank_account_errored'],
    ['it was deleted', { deleted: true }, -1, 'account_deleted'],
  ];
  for (const [what, given, available, why] of whys) {
    test(`${what}`, () => {
      expect(positionIn(seller({ negativeSince: monday }, given), available).notDebited).toBe(why);
    });
  }

  test('R102, R216 the list tells of the bank account and its attempts', () => {
    const account = seller({ negativeSince: monday }, { external_accounts: [errored] });
    expect(negativeWire(positionIn(account, -5))).toMatchObject({
      bank: { id: errored.id, status: 'errored' },
      debits: { attempts: 3, in_flight: null, next_at: null, not_debited_because: 'bank_account_errored' },
    });
  });
});

describe('what is held', () => {
  test('R120, R210 a new negative beside a debit on its way is held for both reasons', () => {
    const account = seller({ negativeSince: monday, uncleared: [debit] });
    expect(heldWire(positionIn(account, -200, 500), new Map())).toMatchObject({
      amount: 500,
      because: [
        { amount: 200, reason: 'negative' },
        { amount: 300, reason: 'uncleared_bank_debit', payout: 'po_1', status: 'pending' },
      ],
      next: { what: 'release', at: startOfDay(today + 3) },
      since: monday,
    });
  });

  test('R126 beside a positive balance it is held since the debit was posted', () => {
    const posted = new Map([['po_1', { created: monday - 60 } as never]]);
    expect(heldWire(positionIn(seller({ uncleared: [debit] }), 1000, 300), posted)).toMatchObject({
      since: monday - 60,
      because: [{ reason: 'uncleared_bank_debit' }],
    });
    expect(heldWire(positionIn(seller({ uncleared: [debit] }), 1000, 300), new Map())).toMatchObject({ since: null });
  });
});

test('R123, R133 exposure adds up by currency, and what is held for one account covers no other', () => {
  const exposure = new Exposure();
  exposure.add(positionIn(seller({ negativeSince: monday - 50 }), -700, 700));
  exposure.add(positionIn(seller({ negativeSince: monday - 90, uncleared: [debit] }), -100, 0));
  exposure.add(positionIn(seller({ negativeSince: monday - 99 }, { controller: standard }), -10_000, 0));
  const [usd, ...others] = exposure.wire(new Map(), monday);
  expect(others).toEqual([]);
  expect(usd).toMatchObject({
    accounts: 2,
    negative: 800,
    uncleared: 300,
    total: 1100,
    reserved: 700,
    covered: 700,
    uncovered: 400,
    liability_of_stripe: 10_000,
    oldest: { since: monday - 90, days: 0 },
  });
});

describe('what keeps money from being paid out', () => {
  const reasons = (account: AccountObject, available: number, amount = 0) =>
    payoutBlocks(account, 'usd', {
      position: positionIn(account, available),
      pending: { amount, firstAt: amount > 0 ? startOfDay(today + 2) : null },
      answerAt: startOfDay(today + 3),
      now: monday,
    });
  const errored = { ...bankOf(1, 'usd'), status: 'errored' } as const;
  const table: [string, Partial<AccountObject>, number, readonly string[]][] = [
    ['R181 nothing', {}, 5000, []],
    ['R181, R190 payouts are by hand', { schedule: { interval: 'manual' } }, 5000, ['manual_schedule']],
    ['R105 the balance is negative', {}, -1, ['negative_balance']],
    ['R103, R184 the bank account is paused', { external_accounts: [errored] }, 5000, ['external_account_errored']],
    ['R180 there is no bank account', { external_accounts: [] }, 5000, ['no_external_account']],
    ['payouts are switched off', { payouts_enabled: false }, 5000, ['payouts_disabled']],
    ['there is no money', {}, 0, ['nothing_available']],
    ['R106 a debit is on its way', { standing: { usd: { uncleared: [debit] } } }, 5000, ['bank_debit_in_flight']],
    [
      'several at once',
      { external_accounts: [errored], schedule: { interval: 'manual' } },
      -1,
      ['external_account_errored', 'negative_balance', 'manual_schedule'],
    ],
    [
      'M48 less than it wants to keep',
      { settings: { payouts: { minimum_balance_by_currency: { usd: 9000 } } } },
      5000,
      ['below_minimum'],
    ],
  ];
  for (const [what, given, available, blocked] of table) {
    test(`${what}`, () => {
      expect(reasons(seller({}, given), available).map(({ reason }) => reason)).toEqual(blocked);
    });
  }

  test('R111 a negative ends by what is on its way, new payments, a debit, a transfer, the collection', () => {
    const [negative] = reasons(seller({ negativeSince: monday }), -700, 400);
    expect(negative?.unblocked_by.map(({ what }) => what)).toEqual([
      'settlement',
      'new_payments',
      'bank_debit',
      'transfer_from_platform',
      'collection',
    ]);
  });

  test('R106 the debit ends when the bank answers', () => {
    expect(reasons(seller({ uncleared: [debit] }), 5000)[0]?.unblocked_by).toEqual([
      { what: 'bank_answers', at: startOfDay(today + 3) },
    ]);
  });
});

describe('what the schedule may hold for an account', () => {
  const workOf = (account: AccountObject, available: number) =>
    possibleWork(account, 'usd', {
      position: positionIn(account, available),
      maturing: [{ day: today + 2, amount: minor(50) }],
      debits: [],
      now: monday,
    });

  test('R95, R150, R181, M46 settling, the close of the day, the collection, the payout', () => {
    const work = workOf(seller({ negativeSince: monday }), -700);
    expect(work.map(({ what }) => what)).toEqual(['settlement', 'bank_debit', 'bank_debit', 'collection', 'payout']);
    expect(work[0]).toEqual({ what: 'settlement', at: startOfDay(today + 2), due: null, amount: 50 });
  });

  test('R192 money that waits for a payout by hand may not wait for ever', () => {
    const work = workOf(seller({}, { schedule: { interval: 'manual' } }), 700);
    expect(work.filter(({ what }) => what === 'holding_limit')).toHaveLength(730);
  });
});

import { describe, expect, test } from 'vitest';
import { bankOf, holding, platformOf, sellerOf } from '../../../test/support/parties.ts';
import { validateObject } from '../../../test/support/schema.ts';
import { controllerPresets } from '../../data/controllers.ts';
import type { Decision } from '../../engine/command.ts';
import { monday, testAccount, testContext, testPlatform } from '../../engine/testing.ts';
import { steps } from '../../kernel/day.ts';
import { type Minor, minor } from '../../kernel/money.ts';
import { isRefusal, type Refusal } from '../../kernel/refusal.ts';
import { dayOf, SECONDS_PER_DAY, startOfDay } from '../../kernel/time.ts';
import type { Balance } from '../../ledger/balance.ts';
import { available, house, pending } from '../../ledger/chart.ts';
import { checkDecision } from '../../ledger/invariants.ts';
import type { AccountObject, ExternalAccount } from '../accounts/object.ts';
import { arrivePayout } from './arrive.ts';
import { payAutomatically } from './automatic.ts';
import { cancelPayout } from './cancel.ts';
import { createPayout } from './create.ts';
import { borrow, instantAvailable, netOfFee } from './instant.ts';
import type { PayoutObject } from './object.ts';
import type { CreatePayout } from './params.ts';
import { sendPayout } from './progress.ts';
import { reversePayout } from './reverse.ts';
import { automaticAmount } from './scheduled.ts';
import { updatePayout } from './update.ts';
import { payoutView } from './view.ts';

const A = testAccount(1);
const today = dayOf(monday);
const tuesday = startOfDay(today + 1);
const asSeller = (given: Parameters<typeof testContext>[0] = {}) => testContext({ account: A, ...given });
const seller = (given: Partial<AccountObject> = {}) => sellerOf(1, given);
const bank = bankOf(1, 'usd');
const card: ExternalAccount = { ...bank, id: 'card_1', object: 'card', default_for_currency: false, instant: true };
const withCard = (given: Partial<ExternalAccount> = {}) => seller({ external_accounts: [bank, { ...card, ...given }] });

function done(answer: Decision | Refusal): Decision<PayoutObject> {
  if (isRefusal(answer)) throw new Error(`refused: ${answer.error.message}`);
  checkDecision(answer.post ?? [], answer.lines ?? []);
  for (const object of answer.put ?? []) {
    if (object.id.startsWith('po_')) {
      const env = { livemode: false, book: 7, platform: testPlatform, application: 'ca_1', account: object.account };
      expect(validateObject(payoutView.render(object as PayoutObject, env))).toEqual([]);
    }
  }
  return answer as Decision<PayoutObject>;
}

const create = (
  params: Partial<CreatePayout>,
  { account = seller(), balance = holding(10_000), ctx = asSeller() } = {},
) =>
  createPayout.decide(
    { amount: minor(5000), currency: 'usd', ...params },
    { account, balance, platformBalance: holding(0) },
    ctx,
  );

const legsOf = (decision: Decision) => decision.post?.flatMap(({ moves }) => moves) ?? [];
const typesOf = (decision: Decision) => decision.emit?.map(({ type }) => type);

describe('M25: a payout by hand', () => {
  const decision = done(create({ description: 'Rent', metadata: { a: '1' }, statement_descriptor: 'SHOP' }));

  test('R4: leaves the balance when it is made', () => {
    expect(decision.lines).toMatchObject([
      {
        account: A,
        type: 'payout',
        amount: -5000,
        on: 'now',
        source: decision.result.id,
        description: 'STRIPE PAYOUT',
      },
    ]);
    expect(legsOf(decision)).toEqual([
      { amount: 5000, from: available(A, 'usd'), to: house('bank_in_transit', 'usd') },
    ]);
    expect(decision.result).toMatchObject({
      account: A,
      amount: 5000,
      arrival_date: tuesday,
      automatic: false,
      balance_transaction: decision.lines?.[0]?.id,
      description: 'Rent',
      destination: bank.id,
      method: 'standard',
      status: 'pending',
      type: 'bank_account',
    });
  });

  test('goes to the bank at the next start of a day', () => {
    expect(typesOf(decision)).toEqual(['payout.created']);
    expect(decision.schedule).toEqual([
      { at: tuesday, order: steps.bankResults, job: 'payouts.progress', subject: decision.result.id },
    ]);
  });

  test('what is made on Saturday arrives on Tuesday', () => {
    const saturday = monday + 5 * SECONDS_PER_DAY;
    const { result } = done(create({}, { ctx: asSeller({ now: saturday }) }));
    expect(result.arrival_date).toBe(startOfDay(today + 8));
  });
});

test('R2: all that is available may go, pending money may not', () => {
  const balance: Balance = { ...holding(5000), maturing: [{ day: today + 1, amount: minor(9999) }] };
  done(create({}, { balance }));
  expect(create({ amount: minor(5001) }, { balance })).toMatchObject({ name: 'payout_balance_insufficient' });
});

test('X11: all money is card money, so there is none of another type', () => {
  done(create({ source_type: 'card' }));
  expect(create({ source_type: 'bank_account', amount: minor(1) })).toMatchObject({
    name: 'payout_balance_insufficient',
    error: { message: expect.stringContaining('Your bank_account balance is too low.') },
  });
  expect(create({ amount: minor(99_999_999) })).toMatchObject({
    error: { message: expect.stringContaining('Your card balance is too low.') },
  });
});

test('R106: what a bank debit in flight credited stays', () => {
  const debit = { payout: 'po_1' as const, amount: minor(5000), heldUntil: 0, paid: false };
  const account = seller({ standing: { usd: { uncleared: [debit] } } });
  done(create({}, { account }));
  expect(create({ amount: minor(5001) }, { account })).toMatchObject({ name: 'payout_balance_insufficient' });
  const paid = seller({ standing: { usd: { uncleared: [{ ...debit, paid: true }] } } });
  done(create({ amount: minor(10_000) }, { account: paid }));
});

/** Each row breaks its own rule and all that come after it. */
const errored = { status: 'errored' as const };
const full = controllerPresets.standard;
const refused: [string, Partial<CreatePayout>, Partial<AccountObject>, string | undefined][] = [
  ['amount_not_multiple', { currency: 'huf', amount: minor(150), destination: 'ba_x' }, {}, 'amount'],
  ['no_such', { destination: 'ba_x' }, { controller: full, payouts_enabled: false }, 'destination'],
  ['standard_account', {}, { controller: full, external_accounts: [], payouts_enabled: false }, undefined],
  ['payout_no_external_account', {}, { external_accounts: [], payouts_enabled: false }, 'destination'],
  ['payout_no_external_account', { currency: 'eur', destination: bank.id }, { payouts_enabled: false }, 'destination'],
  ['payouts_disabled', {}, { payouts_enabled: false, external_accounts: [{ ...bank, ...errored }] }, undefined],
  ['payout_paused', {}, { external_accounts: [{ ...bank, ...errored }] }, undefined],
  ['payout_balance_insufficient', {}, {}, undefined],
];

test.each(refused)('R180, R185 (X29, X20, X21, X11): %s', (name, asked, account, param) => {
  const answer = create(asked, { account: seller(account), balance: holding(-1) });
  expect(answer).toMatchObject({ refused: true, name });
  expect((answer as Refusal).error.param).toBe(param);
});

test('R185: without the header a standard account pays out, and so does a platform', () => {
  const platform = platformOf({ controller: full });
  expect(done(create({}, { account: platform, ctx: testContext() })).result.account).toBe(testPlatform);
});

describe('M30: instant payouts', () => {
  const instant = (params: Partial<CreatePayout>, given: Parameters<typeof create>[1]) =>
    create({ method: 'instant', destination: card.id, ...params }, { account: withCard(), ...given });
  const sold: Balance = { ...holding(0), maturing: [{ day: today + 2, amount: minor(9680) }] };

  test('E27: borrows from pending money, is paid at once, and costs the platform 1 %', () => {
    const decision = done(instant({ amount: minor(9000) }, { balance: sold }));
    expect(decision.lines).toMatchObject([
      { account: A, type: 'advance', amount: 9000, on: 'now', source: decision.result.id },
      { account: A, type: 'advance_funding', amount: -9000, on: today + 2 },
      { account: A, type: 'payout', amount: -9000 },
      { account: testPlatform, type: 'stripe_fee', amount: -90 },
    ]);
    expect(legsOf(decision)).toEqual([
      { amount: 9000, from: pending(A, 'usd', today + 2), to: available(A, 'usd') },
      { amount: 9000, from: available(A, 'usd'), to: house('bank', 'usd') },
      { amount: 90, from: available(testPlatform, 'usd'), to: house('fees', 'usd') },
    ]);
    expect(decision.result).toMatchObject({ status: 'paid', method: 'instant', arrival_date: monday, type: 'card' });
    expect(typesOf(decision)).toEqual(['payout.created', 'payout.paid']);
    expect(decision.schedule).toBeUndefined();
  });

  test('available money goes first; with enough of it nothing is advanced', () => {
    const balance = { ...sold, available: minor(9000) };
    expect(done(instant({ amount: minor(9000) }, { balance })).lines?.map(({ type }) => type)).toEqual([
      'payout',
      'stripe_fee',
    ]);
    expect(done(instant({ amount: minor(9500) }, { balance })).lines?.[0]).toMatchObject({ amount: 500 });
  });

  test('each day gives back what was borrowed of it, the nearest first', () => {
    const days = (...amounts: number[]) => ({
      ...holding(0),
      maturing: amounts.map((amount, i) => ({ day: today + 1 + i, amount: minor(amount) })),
    });
    const parts = (balance: Balance, missing: number) =>
      borrow(balance, minor(missing)).map(({ day, amount }) => [day - today, amount]);
    expect(parts(days(100, 200), 100)).toEqual([[1, 100]]);
    expect(parts(days(100, 200), 150)).toEqual([
      [1, 100],
      [2, 50],
    ]);
    expect(parts(days(100, -50, 200), 150)).toEqual([
      [1, 100],
      [3, 50],
    ]);
    const decision = done(instant({ amount: minor(250) }, { balance: days(100, 200) }));
    expect(decision.lines?.slice(0, 3)).toMatchObject([
      { type: 'advance', amount: 250 },
      { type: 'advance_funding', amount: -100, on: today + 1 },
      { type: 'advance_funding', amount: -150, on: today + 2 },
    ]);
  });

  test('an account that pays its own fees needs money for both', () => {
    const account = {
      ...withCard(),
      controller: { ...controllerPresets.express, fees: { payer: 'account' as const } },
    };
    expect(instant({ amount: minor(9600) }, { account, balance: sold })).toMatchObject({
      name: 'payout_balance_insufficient',
    });
    const most = netOfFee(account, minor(9680));
    expect(most).toBe(9584);
    const decision = done(instant({ amount: most }, { account, balance: sold }));
    expect(decision.lines).toMatchObject([
      { type: 'advance', amount: 9680 },
      { type: 'advance_funding', amount: -9680 },
      { type: 'payout', amount: -9584 },
      { account: A, type: 'stripe_fee', amount: -96 },
    ]);
  });

  test.each([1, 49, 50, 99, 100, 101, 9949, 9950, 10_000, 999_900])(
    'the net of %i and its fee fit, one more does not',
    (funds) => {
      const account = seller({ controller: { ...controllerPresets.express, fees: { payer: 'account' } } });
      const cost = (amount: number) => amount + Math.round(amount / 100);
      const net = netOfFee(account, minor(funds));
      expect(cost(net)).toBeLessThanOrEqual(funds);
      expect(cost(net + 1)).toBeGreaterThan(funds);
    },
  );

  const full10 = { day: today, count: 10 };
  const refusedInstant: [string, Partial<CreatePayout>, AccountObject][] = [
    ['payout_paused', {}, { ...withCard({ ...errored, instant: false }), instantPayouts: full10 }],
    ['instant_payout_unsupported', { amount: minor(1) }, { ...withCard({ instant: false }), instantPayouts: full10 }],
    ['instant_payout_unsupported', {}, { ...withCard(), country: 'DE' }],
    ['instant_payout_limits', { amount: minor(49) }, { ...withCard(), instantPayouts: full10 }],
    ['instant_payout_limits', { amount: minor(999_901) }, withCard()],
    ['payout_daily_limit', {}, { ...withCard(), instantPayouts: full10 }],
    ['payout_balance_insufficient', {}, { ...withCard(), instantPayouts: { day: today - 1, count: 10 } }],
  ];
  test.each(refusedInstant)('R186 (X25, X26, X27, X11): %s', (name, params, account) => {
    expect(instant(params, { account, balance: holding(0) })).toMatchObject({ refused: true, name });
  });

  test('counts those of the day', () => {
    const account = { ...withCard(), instantPayouts: { day: today, count: 3 } };
    const decision = done(instant({}, { account }));
    expect(decision.put?.[1]).toMatchObject({ id: A, instantPayouts: { day: today, count: 4 } });
  });

  test('a card whose bank refuses: both rows, no fee, nothing advanced, and the card is paused (R184)', () => {
    const decision = done(
      instant({ amount: minor(9000) }, { account: withCard({ outcome: 'could_not_process' }), balance: sold }),
    );
    expect(decision.lines).toMatchObject([
      { type: 'payout', amount: -9000 },
      { type: 'payout_failure', amount: 9000 },
    ]);
    expect(legsOf(decision)).toEqual([]);
    expect(decision.result).toMatchObject({ status: 'failed', failure_code: 'could_not_process' });
    expect(typesOf(decision)).toEqual([
      'payout.created',
      'payout.failed',
      'account.external_account.updated',
      'account.updated',
    ]);
  });

  test('a bank that refuses instant payouts alone is not paused', () => {
    const decision = done(instant({}, { account: withCard({ instantFails: true }) }));
    expect(typesOf(decision)).toEqual(['payout.created', 'payout.failed']);
  });

  const figure: [string, AccountObject, Balance, number][] = [
    ['available and pending together', withCard(), { ...sold, available: minor(20) }, 9700],
    ['nothing while the balance is negative (R105)', withCard(), { ...sold, available: minor(-1) }, 0],
    ['never below zero', withCard(), { ...holding(10), maturing: [{ day: today + 1, amount: minor(-20) }] }, 0],
    ['nothing without a destination', seller(), sold, 0],
    ['nothing once the day is used up', { ...withCard(), instantPayouts: full10 }, sold, 0],
  ];
  test.each(figure)('R186 instant_available: %s', (_, account, balance, expected) => {
    expect(instantAvailable(account, 'usd', { balance, now: monday })).toBe(expected);
  });
});

describe('M26, M27: the way of a payout', () => {
  const { result: payout } = done(create({}));
  const due = { at: tuesday, order: steps.bankResults, job: '', subject: payout.id };
  // Jobs run as the platform, whoever owns the payout.
  const night = testContext({ now: tuesday });
  const send = (given: PayoutObject | undefined) => done(sendPayout.decide(due, { payout: given }, night));
  const arrive = (given: PayoutObject, account = seller()) =>
    done(arrivePayout.decide(due, { payout: given, account, balance: holding(0) }, night));

  test('M26a: to the bank at 00:00, and its arrival is work of its own', () => {
    const sent = send(payout);
    expect(sent.put).toMatchObject([{ id: payout.id, account: A, status: 'in_transit' }]);
    expect(sent.emit).toMatchObject([{ type: 'payout.updated', account: A }]);
    expect(sent.schedule).toEqual([{ ...due, job: 'payouts.result' }]);
    expect(sent.lines).toBeUndefined();
  });

  test('nothing to do for one that was canceled, or that is gone', () => {
    expect(send({ ...payout, status: 'canceled' })).toEqual({ result: null });
    expect(send(undefined)).toEqual({ result: null });
    expect(arrive({ ...payout, status: 'paid' })).toEqual({ result: null });
  });

  test('M26b: paid, and no row', () => {
    const paid = arrive({ ...payout, status: 'in_transit' });
    expect(paid.put).toMatchObject([{ status: 'paid' }]);
    expect(paid.lines).toBeUndefined();
    expect(legsOf(paid)).toEqual([{ amount: 5000, from: house('bank_in_transit', 'usd'), to: house('bank', 'usd') }]);
    expect(paid.emit).toMatchObject([{ type: 'payout.paid', account: A }]);
  });

  test('an automatic one is then reconciled', () => {
    const paid = arrive({ ...payout, status: 'in_transit', automatic: true });
    expect(typesOf(paid)).toEqual(['payout.paid', 'payout.reconciliation_completed']);
    expect(paid.put).toMatchObject([{ reconciled: true }]);
  });

  test('M27, R184: refused, the money is back and the bank account paused', () => {
    const account = seller({ external_accounts: [{ ...bank, outcome: 'no_account', status: 'new' }] });
    const made = done(create({}, { account })).result;
    const failed = arrive({ ...made, status: 'in_transit' }, account);
    expect(failed.put).toMatchObject([
      {
        account: A,
        status: 'failed',
        failure_code: 'no_account',
        failure_balance_transaction: failed.lines?.[0]?.id,
        failure_message: expect.stringContaining('No bank account could be located'),
      },
      { id: A, external_accounts: [{ status: 'errored', statusBefore: 'new' }] },
    ]);
    expect(failed.lines).toMatchObject([
      { account: A, type: 'payout_failure', amount: 5000, on: 'now', source: made.id },
    ]);
    expect(legsOf(failed)).toEqual([{ amount: 5000, from: house('bank_in_transit', 'usd'), to: available(A, 'usd') }]);
    expect(failed.emit?.map(({ type, account: of }) => [type, of])).toEqual([
      ['payout.failed', A],
      ['account.external_account.updated', A],
      ['account.updated', A],
    ]);
  });

  test('a bank account that was taken away, or paused already, makes no more news', () => {
    const refusedOne = { ...payout, status: 'in_transit' as const, bankRefuses: 'account_closed' };
    expect(typesOf(arrive(refusedOne, seller({ external_accounts: [] })))).toEqual(['payout.failed']);
    const paused = seller({ external_accounts: [{ ...bank, ...errored }] });
    expect(typesOf(arrive(refusedOne, paused))).toEqual(['payout.failed']);
  });
});

describe('M28: cancel', () => {
  const { result: payout } = done(create({}));
  const cancel = (given: PayoutObject | undefined) =>
    cancelPayout.decide({ payout: payout.id }, { payout: given, balance: holding(0) }, asSeller());

  test('R182: the money is back at once, and nothing goes to the bank', () => {
    const decision = done(cancel(payout));
    expect(decision.result).toMatchObject({ status: 'canceled', failure_balance_transaction: decision.lines?.[0]?.id });
    expect(decision.lines).toMatchObject([{ account: A, type: 'payout_cancel', amount: 5000, source: payout.id }]);
    expect(decision.unschedule).toEqual(done(create({})).schedule);
    expect(typesOf(decision)).toEqual(['payout.canceled']);
  });

  test.each([
    [undefined, 'no_such_in_path'],
    [{ ...payout, automatic: true, status: 'paid' as const }, 'payout_cancel_automatic'],
    [{ ...payout, original_payout: payout.id }, 'payout_cancel_status'],
    [{ ...payout, status: 'in_transit' as const }, 'payout_cancel_status'],
    [{ ...payout, status: 'canceled' as const }, 'payout_cancel_status'],
  ])('X23, X6: %#', (given, name) => {
    expect(cancel(given)).toMatchObject({ refused: true, name });
  });
});

describe('M29: reversal', () => {
  const paid: PayoutObject = { ...done(create({})).result, status: 'paid' };
  const later = { now: tuesday + 36_000 };
  const reverse = (given: PayoutObject | undefined, account = seller(), ctx = asSeller({ ...later, seq: 2000 })) =>
    reversePayout.decide(
      { payout: paid.id, metadata: { why: 'x' } },
      { payout: given, account, balance: holding(0) },
      ctx,
    );

  test('E41: a payout with a negative amount, whose credit is pending until it arrives', () => {
    const decision = done(reverse(paid));
    const friday = today + 4;
    expect(decision.result).toMatchObject({
      amount: -5000,
      arrival_date: startOfDay(friday),
      original_payout: paid.id,
      status: 'pending',
      metadata: { why: 'x' },
    });
    expect(decision.put?.[1]).toMatchObject({ id: paid.id, reversed_by: decision.result.id });
    expect(decision.lines).toMatchObject([
      { account: A, type: 'payout', amount: 5000, on: friday, source: decision.result.id },
    ]);
    expect(legsOf(decision)).toEqual([
      { amount: 5000, from: house('bank_in_transit', 'usd'), to: pending(A, 'usd', friday) },
    ]);
    expect(typesOf(decision)).toEqual(['payout.updated', 'payout.created']);
    const [due] = decision.schedule ?? [];
    expect(due).toMatchObject({ at: startOfDay(friday), job: 'payouts.result' });
    const arrived = done(
      arrivePayout.decide(
        due as never,
        { payout: decision.result, account: seller(), balance: holding(0) },
        testContext(),
      ),
    );
    expect(legsOf(arrived)).toEqual([
      { amount: 5000, from: house('bank', 'usd'), to: house('bank_in_transit', 'usd') },
    ]);
    expect(typesOf(arrived)).toEqual(['payout.paid']);
  });

  /** Each row breaks its own rule and all that come after it. */
  const worst = { ...paid, created: 0, reversed_by: paid.id, status: 'pending' as const };
  const refusedReversals: [string, PayoutObject, AccountObject?][] = [
    [
      'not available in the country',
      { ...worst, original_payout: paid.id, automatic: true },
      seller({ country: 'DE' }),
    ],
    ['a reversal itself', { ...worst, original_payout: paid.id, automatic: true }],
    ['created automatically', { ...worst, automatic: true, type: 'card' }],
    ['not sent to a bank account', { ...worst, type: 'card', method: 'instant' }],
    ['an instant payout', { ...worst, method: 'instant' }],
    ['It is pending', worst],
    ['reversed already', { ...worst, status: 'paid' }],
    ['older than 90 days', { ...paid, created: later.now - 90 * SECONDS_PER_DAY }],
  ];
  test.each(refusedReversals)('R183, X24: %s', (reason, given, account) => {
    const answer = reverse(given, account);
    expect(answer).toMatchObject({ refused: true, name: 'payout_not_reversible' });
    expect((answer as Refusal).error.message).toContain(reason);
  });

  test('X6 for an unknown one; Canada has reversals as well', () => {
    expect(reverse(undefined)).toMatchObject({ name: 'no_such_in_path' });
    done(reverse(paid, seller({ country: 'CA' })));
    done(reverse({ ...paid, created: later.now - 90 * SECONDS_PER_DAY + 1 }));
  });
});

describe('R181: automatic payouts', () => {
  const daily = (given: Partial<AccountObject> = {}) => seller({ schedule: { interval: 'daily' }, ...given });
  const due = { at: tuesday, order: steps.automaticPayouts, job: 'payouts.automatic', subject: `${A} usd` };
  const run = (account: AccountObject | undefined, amount: number, now = tuesday) =>
    done(payAutomatically.decide(due, { account, currency: 'usd', balance: holding(amount) }, testContext({ now })));
  const again = (days: number) => [{ ...due, at: startOfDay(today + days) }];

  test('all that is available goes', () => {
    const decision = run(daily(), 3005);
    expect(decision.put).toMatchObject([
      { account: A, amount: 3005, automatic: true, description: 'STRIPE PAYOUT', arrival_date: startOfDay(today + 2) },
    ]);
    expect(decision.lines).toMatchObject([{ account: A, type: 'payout', amount: -3005 }]);
    expect(decision.emit).toMatchObject([{ type: 'payout.created', account: A }]);
  });

  test('not without money, nor by hand, nor for an account that is gone', () => {
    for (const decision of [run(daily(), 0), run(daily(), -5), run(seller(), 100), run(undefined, 100)]) {
      expect(decision).toEqual({ result: null });
    }
  });

  test('with nowhere to pay to there is no next day: a changed account brings its own', () => {
    for (const external_accounts of [[], [{ ...bank, ...errored }]]) {
      expect(run(daily({ external_accounts }), 3005)).toEqual({ result: null });
    }
    expect(run(daily({ payouts_enabled: false }), 3005)).toEqual({ result: null });
  });

  test('what is not paid out today is looked at on the next day of the schedule', () => {
    const weekly = daily({ schedule: { interval: 'weekly', weekly_payout_days: ['thursday'] } });
    expect(run(weekly, 3005)).toEqual({ result: null, schedule: again(3) });
    expect(run(weekly, 3005, startOfDay(today + 3)).put).toMatchObject([{ amount: 3005 }]);
  });

  const keep = (amount: number) => daily({ settings: { payouts: { minimum_balance_by_currency: { usd: amount } } } });
  const debit = { payout: 'po_1' as const, amount: minor(5), heldUntil: 0, paid: false };
  const amounts: [string, AccountObject, 'usd' | 'thb' | 'huf', number, number][] = [
    ['M48: the minimum balance stays', keep(1000), 'usd', 3005, 2005],
    ['M48: nothing at the minimum balance', keep(3005), 'usd', 3005, 0],
    ['M48: nor below it', keep(4000), 'usd', 3005, 0],
    ['R105: not while negative', daily(), 'usd', -3005, 0],
    ['R103: not to a paused bank account', daily({ external_accounts: [{ ...bank, ...errored }] }), 'usd', 3005, 0],
    ['not without a bank account', daily({ external_accounts: [] }), 'usd', 3005, 0],
    ['not while payouts are off', daily({ payouts_enabled: false }), 'usd', 3005, 0],
    ['R106: not while a bank debit is in flight', daily({ standing: { usd: { uncleared: [debit] } } }), 'usd', 3005, 0],
    [
      'again once the bank has paid',
      daily({ standing: { usd: { uncleared: [{ ...debit, paid: true }] } } }),
      'usd',
      3005,
      3005,
    ],
    ['the smallest of the country', daily({ country: 'TH', external_accounts: [bankOf(1, 'thb')] }), 'thb', 59_999, 0],
    ['exactly that goes', daily({ country: 'TH', external_accounts: [bankOf(1, 'thb')] }), 'thb', 60_000, 60_000],
    ['whole forints', daily({ country: 'HU', external_accounts: [bankOf(1, 'huf')] }), 'huf', 12_345, 12_300],
  ];
  test.each(amounts)('%s', (_, account, currency, there, expected) => {
    expect(automaticAmount(account, currency, minor(there) as Minor)).toBe(expected);
  });
});

test('only metadata can be changed', () => {
  const { result: payout } = done(create({ metadata: { a: '1' } }));
  const changed = done(updatePayout.decide({ payout: payout.id, metadata: { a: '', b: '2' } }, { payout }, asSeller()));
  expect(changed.result.metadata).toEqual({ b: '2' });
  expect(typesOf(changed)).toEqual(['payout.updated']);
  expect(updatePayout.decide({ payout: 'po_x' }, { payout: undefined }, asSeller())).toMatchObject({
    name: 'no_such_in_path',
    error: { param: 'payout' },
  });
});

test('the view shows every documented key, in order', () => {
  const env = { livemode: false, book: 7, platform: testPlatform, application: 'ca_1', account: A };
  const wire = payoutView.render(done(create({})).result, env);
  const [id, object, ...rest] = Object.keys(wire);
  expect([id, object]).toEqual(['id', 'object']);
  expect(rest).toEqual([...rest].sort());
  expect(wire).toMatchObject({
    reconciliation_status: 'not_applicable',
    trace_id: { status: 'pending', value: null },
    reversed_by: null,
  });
});

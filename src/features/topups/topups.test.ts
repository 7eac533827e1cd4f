import { describe, expect, test } from 'vitest';
import { bankOf, holding, platformOf } from '../../../test/support/parties.ts';
import { validateObject } from '../../../test/support/schema.ts';
import type { Decision } from '../../engine/command.ts';
import { monday, testAccount, testContext, testPlatform } from '../../engine/testing.ts';
import { steps } from '../../kernel/day.ts';
import { minor } from '../../kernel/money.ts';
import { isRefusal, type Refusal } from '../../kernel/refusal.ts';
import { dayOf, startOfDay } from '../../kernel/time.ts';
import { available, house } from '../../ledger/chart.ts';
import { checkDecision } from '../../ledger/invariants.ts';
import { cancelTopup } from './cancel.ts';
import { createTopup } from './create.ts';
import { failTopup } from './fail.ts';
import { asAsked, type TopupObject } from './object.ts';
import type { CreateTopup } from './params.ts';
import { reverseTopup } from './reverse.ts';
import { bankAnswer } from './rules.ts';
import { updateTopup } from './update.ts';
import { topupView } from './view.ts';

const env = { livemode: false, book: 7, platform: testPlatform, application: 'ca_1', account: testPlatform };
const tuesday = startOfDay(dayOf(monday) + 1);

function done(answer: Decision | Refusal): Decision<TopupObject> {
  if (isRefusal(answer)) throw new Error(`refused: ${answer.error.message}`);
  checkDecision(answer.post ?? [], answer.lines ?? []);
  const decision = answer as Decision<TopupObject>;
  expect(validateObject(topupView.render(decision.result, env))).toEqual([]);
  return decision;
}

const create = (params: Partial<CreateTopup> = {}, ctx = testContext()) =>
  createTopup.decide(
    { amount: minor(5000), currency: 'usd', ...params },
    { platform: platformOf(), token: undefined, balance: holding(0) },
    ctx,
  );
const typesOf = (decision: Decision) => decision.emit?.map(({ type }) => type);

describe('M31: a bank that pays', () => {
  const decision = done(
    create({ source: 'btok_us_verified', description: 'Top-up', statement_descriptor: 'TOP', transfer_group: 'G' }),
  );

  test('E26: its money is available at once', () => {
    expect(decision.result).toMatchObject({ status: 'succeeded', expected_availability_date: monday, amount: 5000 });
    expect(decision.lines).toMatchObject([
      {
        account: testPlatform,
        type: 'topup',
        amount: 5000,
        on: 'now',
        source: decision.result.id,
        description: 'Top-up',
      },
    ]);
    expect(decision.result.balance_transaction).toBe(decision.lines?.[0]?.id);
    expect(decision.post?.[0]?.moves).toEqual([
      { amount: 5000, from: house('bank', 'usd'), to: available(testPlatform, 'usd') },
    ]);
  });

  test('it was made pending, and is told and answered so', () => {
    expect(typesOf(decision)).toEqual(['topup.created', 'topup.succeeded']);
    expect(decision.emit?.[0]?.object).toMatchObject({ rendered: { status: 'pending', balance_transaction: null } });
    expect(topupView.render(asAsked(decision.result), env)).toMatchObject({
      id: decision.result.id,
      status: 'pending',
    });
  });

  test('without a source it is the own bank', () => {
    expect(done(create()).result.status).toBe('succeeded');
  });
});

describe('M31: a bank that does not pay', () => {
  const decision = done(create({ source: 'btok_us_verified_insufficientFunds' }));
  const pending = decision.result;
  const due = decision.schedule?.[0];

  test('is pending, and nothing moves', () => {
    expect(pending).toMatchObject({ status: 'pending', expected_availability_date: tuesday });
    expect(decision.lines).toBeUndefined();
    expect(decision.post).toBeUndefined();
    expect(typesOf(decision)).toEqual(['topup.created']);
    expect(due).toEqual({ at: tuesday, order: steps.bankResults, job: 'topups.fail', subject: pending.id });
  });

  test('R187: fails on the next business day, and is not tried again', () => {
    const failed = done(failTopup.decide(due as never, { topup: pending }, testContext({ now: tuesday })));
    expect(failed.result).toMatchObject({ status: 'failed', failure_code: 'insufficient_funds' });
    expect(failed.schedule).toBeUndefined();
    expect(failed.lines).toBeUndefined();
    expect(typesOf(failed)).toEqual(['topup.failed']);
    expect(failTopup.decide(due as never, { topup: failed.result }, testContext())).toEqual({ result: null });
  });

  test('may be canceled before', () => {
    const canceled = done(cancelTopup.decide({ topup: pending.id }, { topup: pending }, testContext()));
    expect(canceled.result.status).toBe('canceled');
    expect(canceled.unschedule).toEqual(decision.schedule);
    expect(typesOf(canceled)).toEqual(['topup.canceled']);
    expect(cancelTopup.decide({ topup: pending.id }, { topup: canceled.result }, testContext())).toMatchObject({
      name: 'topup_cancel_status',
      error: { message: 'This top-up cannot be canceled because it is canceled.' },
    });
  });
});

describe('M31d: a bank that takes back what it has paid', () => {
  const paid = done(create({ description: 'Top-up' })).result;
  const reverse = (topup: TopupObject | undefined, id = paid.id as string) =>
    reverseTopup.decide({ topup: id }, { topup, balance: holding(0) }, testContext());
  const decision = done(reverse(paid));

  test('takes it out of the balance, whatever is there', () => {
    expect(decision.result).toEqual({ ...paid, status: 'reversed' });
    expect(decision.lines).toMatchObject([
      {
        account: testPlatform,
        type: 'topup_reversal',
        amount: -5000,
        on: 'now',
        source: paid.id,
        description: 'Top-up',
      },
    ]);
    expect(decision.post?.[0]?.moves).toEqual([
      { amount: 5000, from: available(testPlatform, 'usd'), to: house('bank', 'usd') },
    ]);
    expect(typesOf(decision)).toEqual(['topup.reversed']);
  });

  test('once, and only what has succeeded', () => {
    const pending = done(create({ source: 'btok_us_verified_noAccount' })).result;
    const cases: [TopupObject, string][] = [
      [decision.result, 'reversed'],
      [pending, 'pending'],
      [{ ...pending, status: 'failed' }, 'failed'],
      [{ ...pending, status: 'canceled' }, 'canceled'],
    ];
    for (const [topup, status] of cases) {
      expect(reverse(topup)).toMatchObject({
        name: 'topup_reverse_status',
        status: 400,
        error: { message: `This top-up cannot be reversed because it is ${status}.` },
      });
    }
    expect(reverse(undefined, 'tu_x')).toMatchObject({
      name: 'no_such_in_path',
      status: 404,
      error: { param: 'topup', message: "No such topup: 'tu_x'" },
    });
  });
});

/** Each row breaks its own rule and all that come after it. */
const refused: [string, Partial<CreateTopup>, boolean, string | undefined][] = [
  ['connected_header_not_allowed', { currency: 'cad', source: 'nothing' }, true, undefined],
  ['topup_unsupported', { currency: 'cad', source: 'nothing' }, false, 'currency'],
  ['no_such', { source: 'nothing' }, false, 'source'],
];
test.each(refused)('R187, X80: %s', (name, params, onBehalf, param) => {
  const answer = create(params, onBehalf ? testContext({ account: testAccount(1) }) : testContext());
  expect(answer).toMatchObject({ refused: true, name });
  expect((answer as Refusal).error.param).toBe(param);
});

test('X80 names country and currency', () => {
  expect(create({ currency: 'cad' })).toMatchObject({
    error: { message: 'Top-up creation is not supported for country US and currency CAD.' },
  });
});

test('what the bank behind a source answers', () => {
  const token = {
    id: 'btok_1' as const,
    account: testPlatform,
    created: 0,
    used: false,
    type: 'bank_account' as const,
  };
  expect(bankAnswer('btok_us_verified_noAccount', undefined)).toBe('no_account');
  expect(bankAnswer('btok_1', { ...token, external: { ...bankOf(1, 'usd'), outcome: 'account_closed' } })).toBe(
    'account_closed',
  );
  expect(bankAnswer('btok_1', undefined)).toBeUndefined();
  expect(bankAnswer('tok_1', { ...token, type: 'card', external: bankOf(1, 'usd') })).toBeUndefined();
});

test('labels can be changed', () => {
  const { result: topup } = done(create({ description: 'one', metadata: { a: '1' } }));
  const update = (change: object) => updateTopup.decide({ topup: topup.id, ...change }, { topup }, testContext());
  expect(done(update({ description: 'two', metadata: { b: '2' } })).result).toMatchObject({
    description: 'two',
    metadata: { a: '1', b: '2' },
  });
  expect(done(update({ description: null })).result).not.toHaveProperty('description');
  expect(done(update({})).result).toEqual(topup);
  expect(updateTopup.decide({ topup: 'tu_x' }, { topup: undefined }, testContext())).toMatchObject({
    name: 'no_such_in_path',
    error: { param: 'topup' },
  });
});

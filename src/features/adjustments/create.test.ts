import { expect, test } from 'vitest';
import { validateObject } from '../../../test/support/schema.ts';
import type { ViewEnv } from '../../api/view.ts';
import { monday, testAccount, testContext, testPlatform } from '../../engine/testing.ts';
import { minor } from '../../kernel/money.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { type Balance, EMPTY } from '../../ledger/balance.ts';
import { checkDecision } from '../../ledger/invariants.ts';
import type { AccountObject } from '../accounts/object.ts';
import { createAdjustment } from './create.ts';
import { adjustmentView } from './view.ts';

const account = { id: testPlatform, account: testPlatform, created: monday } as AccountObject;
const params = { account: testPlatform, amount: 500, currency: 'usd' as const, description: 'Opening balance' };

test.each([
  ['no_such', undefined, 0],
  ['no_such', { ...account, deleted: true } as AccountObject, 0],
  ['no_such', { ...account, id: testAccount(1), account: testAccount(2) } as AccountObject, 0],
  ['invalid_value', account, 0],
])('%s', (name, found, amount) => {
  const answer = createAdjustment.decide({ ...params, amount }, { account: found, balance: EMPTY }, testContext());
  expect(isRefusal(answer) && answer.name).toBe(name);
});

test.each([
  [500, 'house', testPlatform],
  [-500, testPlatform, 'house'],
])('M47: %i is spendable at once', (amount, from, to) => {
  const decision = createAdjustment.decide({ ...params, amount }, { account, balance: EMPTY }, testContext());
  if (isRefusal(decision)) throw new Error(decision.error.message);
  checkDecision(decision.post ?? [], decision.lines ?? []);
  expect(decision.post?.[0]?.moves).toMatchObject([{ amount: 500, from: { owner: from }, to: { owner: to } }]);
  const wire = adjustmentView.render(decision.result, {} as ViewEnv);
  expect(validateObject(wire)).toEqual([]);
  expect(wire).toMatchObject({
    id: decision.lines?.[0]?.id,
    amount,
    available_on: monday,
    description: 'Opening balance',
    net: amount,
    reporting_category: 'other_adjustment',
    source: null,
    status: 'available',
    type: 'adjustment',
  });
});

const seller = (payments: 'stripe' | 'application') =>
  ({ ...account, id: testAccount(1), controller: { losses: { payments } } }) as AccountObject;
const owing = (available: number) => ({ ...EMPTY, available: minor(available) }) as Balance;
const decide = (type: 'loss' | 'stripe_fee', amount: number, found: AccountObject, available: number) =>
  createAdjustment.decide(
    { ...params, account: found.id, type, amount },
    { account: found, balance: owing(available) },
    testContext(),
  );

test.each([
  ['M43: the processor gives up on its debt', 'loss', 700, -700, 'losses', 'adjustment', 'other_adjustment'],
  ['M43: or on a part of it', 'loss', 200, -700, 'losses', 'adjustment', 'other_adjustment'],
  ['M44: a fee', 'stripe_fee', -250, 1000, 'fees', 'stripe_fee', undefined],
  ['M44: a fee, into the negative', 'stripe_fee', -250, 0, 'fees', 'stripe_fee', undefined],
] as const)('%s', (_, type, amount, available, bucket, row, category) => {
  const decision = decide(type, amount, seller('stripe'), available);
  if (isRefusal(decision)) throw new Error(decision.error.message);
  checkDecision(decision.post ?? [], decision.lines ?? []);
  const [from, to] = [{ bucket }, { bucket: 'available', owner: testAccount(1) }];
  expect(decision.post?.[0]?.moves).toMatchObject([
    amount > 0 ? { amount, from, to } : { amount: -amount, from: to, to: from },
  ]);
  expect(decision.lines).toMatchObject([{ account: testAccount(1), type: row, amount, on: 'now' }]);
  expect(decision.lines?.[0]?.reporting_category).toBe(category);
  expect(validateObject(adjustmentView.render(decision.result, {} as ViewEnv))).toEqual([]);
});

test.each([
  ['M43: more than is owed', 'loss', 701, seller('stripe'), -700, 'amount'],
  ['M43: nothing is owed', 'loss', 1, seller('stripe'), 0, 'amount'],
  ['M43: a loss does not take', 'loss', -1, seller('stripe'), -700, 'amount'],
  ['M43: a debt of the platform', 'loss', 700, seller('application'), -700, 'type'],
  ['M43: the platform itself', 'loss', 700, { ...account, controller: seller('stripe').controller }, -700, 'type'],
  ['M44: a fee does not give', 'stripe_fee', 1, seller('stripe'), 0, 'amount'],
  ['M44: a fee of nothing', 'stripe_fee', 0, seller('stripe'), 0, 'amount'],
] as const)('%s is refused', (_, type, amount, found, available, param) => {
  const answer = decide(type, amount, found as AccountObject, available);
  expect(answer).toMatchObject({ refused: true, name: 'invalid_value', error: { param } });
});

import { expect, test } from 'vitest';
import { validateObject } from '../../../test/support/schema.ts';
import type { ViewEnv } from '../../api/view.ts';
import { monday, testAccount, testContext, testPlatform } from '../../engine/testing.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { EMPTY } from '../../ledger/balance.ts';
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

import { expect, test } from 'vitest';
import { holding, sellerOf } from '../../../test/support/parties.ts';
import type { Decision } from '../../engine/command.ts';
import { monday, testContext, testPlatform } from '../../engine/testing.ts';
import { minor } from '../../kernel/money.ts';
import { dayOf, SECONDS_PER_DAY, startOfDay } from '../../kernel/time.ts';
import { checkDecision } from '../../ledger/invariants.ts';
import type { AccountObject, Standing } from '../accounts/object.ts';
import { collect } from './collect.ts';

const midnight = startOfDay(dayOf(monday) + 181);
const stripes = { controller: { ...sellerOf(1).controller, losses: { payments: 'stripe' } } } as const;

function run(
  standing: Standing,
  given: { available?: number; reserved?: number; account?: Partial<AccountObject> } = {},
) {
  const seller = sellerOf(1, { standing: { usd: standing }, ...given.account });
  const balance = { ...holding(given.available ?? -1820), reserved: minor(given.reserved ?? 0) };
  const due = { at: midnight, order: 4, job: 'reserves.collect', subject: `${seller.id} usd` };
  const state = { account: seller, balance, platform: holding(0) };
  const decision = collect.decide(due, state, testContext({ now: midnight })) as Decision;
  checkDecision(decision.post ?? [], decision.lines ?? []);
  const rows = (decision.lines ?? []).map(({ account, type, amount }) => [
    account === testPlatform ? 'P' : 'A',
    type,
    amount,
  ]);
  const after = decision.put?.find((object) => object.id === seller.id) as AccountObject | undefined;
  return { rows, decision, after };
}

test('R150, R151, R153, M42: the reserve is let go, then the debt is paid with it', () => {
  const { rows } = run({ negativeSince: monday }, { reserved: 1820 });
  expect(rows).toEqual([
    ['P', 'reserve_transaction', 1820],
    ['P', 'connect_collection_transfer', -1820],
    ['A', 'connect_collection_transfer', 1820],
  ]);
});

test('R154: without reserves it comes from what the platform has available', () => {
  expect(run({ negativeSince: monday }).rows).toEqual([
    ['P', 'connect_collection_transfer', -1820],
    ['A', 'connect_collection_transfer', 1820],
  ]);
});

test('R157: the account is then recommended for rejection', () => {
  expect(run({ negativeSince: monday }).after?.rejectRecommended).toBe(true);
});

test('R152: a clock that started again is not due yet', () => {
  expect(run({ negativeSince: monday + SECONDS_PER_DAY }).decision).toEqual({ result: null });
});

test('R155: a bank debit on its way is waited for', () => {
  const uncleared = [{ payout: 'po_1', amount: minor(1820), heldUntil: midnight, paid: false }] as const;
  const { rows, decision } = run({ negativeSince: monday, uncleared }, { available: 0 });
  expect(rows).toEqual([]);
  expect(decision.schedule).toMatchObject([{ at: midnight + SECONDS_PER_DAY, job: 'reserves.collect' }]);
});

test('R156: of a Stripe-liable account only what debits caused is collected', () => {
  const { rows } = run({ negativeSince: monday, debitCaused: minor(500) }, { reserved: 500, account: stripes });
  expect(rows).toEqual([
    ['P', 'reserve_transaction', 500],
    ['P', 'connect_collection_transfer', -500],
    ['A', 'connect_collection_transfer', 500],
  ]);
  expect(run({ negativeSince: monday }, { account: stripes }).rows).toEqual([]);
});

import { describe, expect, test } from 'vitest';
import { bankOf, holding, platformOf, sellerOf } from '../../../test/support/parties.ts';
import { monday, testAccount, testContext } from '../../engine/testing.ts';
import { minor } from '../../kernel/money.ts';
import { dayOf, startOfDay } from '../../kernel/time.ts';
import { checkDecision } from '../../ledger/invariants.ts';
import type { AccountObject } from '../accounts/object.ts';
import { holdDaysMax, holdingWork, oldestDay, overdue } from './holding.ts';
import { enforceHoldingLimit } from './holding-limit.ts';

const A = testAccount(1);
const today = dayOf(monday);
const canadian = (given: Partial<AccountObject> = {}) =>
  sellerOf(1, { country: 'CA', external_accounts: [bankOf(1, 'cad')], ...given });
/** Days from today, and what came in on them. */
const credits = (...days: readonly (readonly [number, number])[]) =>
  days.map(([day, amount]) => ({ day: today + day, amount: minor(amount) }));

test.each([
  ['TH', 10],
  ['US', 730],
  ['DE', 90],
] as const)('R191: %s %i days', (country, days) => expect(holdDaysMax({ country })).toBe(days));

describe('R191: the oldest money goes out first', () => {
  const came = credits([-60, 100], [-10, 50]);
  const table: [number, number, number | undefined, string][] = [
    [0, 0, -10, 'nothing is left'],
    [50, 0, -10, 'the newest is left'],
    [51, 0, -60, 'and a little of what came before'],
    [150, 0, -60, 'all that came in time'],
    [151, 1, undefined, 'something that is older'],
    [400, 250, undefined, 'much that is older'],
  ];
  test.each(table)('of %i are %i too old; the oldest is of day %s: %s', (available, old, oldest) => {
    expect(overdue(minor(available), came)).toBe(old);
    expect(oldestDay(minor(available), came)).toBe(oldest === undefined ? undefined : today + oldest);
  });
});

describe('R191: when money has to be looked at', () => {
  const work = (account: AccountObject, given: Partial<Parameters<typeof holdingWork>[2]> = {}) =>
    holdingWork(account, 'cad', { was: 0, available: 100, mayBeOld: false, now: monday, ...given }).map(
      ({ at, job, subject }) => [dayOf(at) - today, job, subject],
    );

  test('before the limit of what came in where nothing was', () => {
    const [[days, job, subject] = []] = work(canadian());
    expect(days).toBeLessThanOrEqual(90);
    expect(days).toBeGreaterThan(60);
    expect([job, subject]).toEqual(['payouts.holding_limit', `${A} cad`]);
    expect(work(canadian(), { was: -5 })).toHaveLength(1);
  });

  test('on few days, however often it comes in', () => {
    const days = new Set(
      Array.from({ length: 90 }, (_, n) => monday + n * 86_400).map((now) => {
        const [due] = holdingWork(canadian(), 'cad', { was: 0, available: 1, mayBeOld: false, now });
        return due?.at;
      }),
    );
    expect(days.size).toBeLessThanOrEqual(4);
  });

  test('tomorrow when the account was changed or money came back, since nobody knows how old it is', () => {
    expect(work(canadian(), { was: 100, mayBeOld: true }).map(([days]) => days)).toEqual([1]);
    expect(work(canadian(), { was: 0, mayBeOld: true }).map(([days]) => days)).toEqual([1]);
  });

  test('not again while it grows, not without money, not by schedule, not of a platform', () => {
    expect(work(canadian(), { was: 50 })).toEqual([]);
    expect(work(canadian(), { was: 50, available: 0 })).toEqual([]);
    expect(work(canadian({ schedule: { interval: 'daily' } }))).toEqual([]);
    expect(work(platformOf({ country: 'CA' }))).toEqual([]);
    expect(work(canadian({ deleted: true }))).toEqual([]);
  });
});

describe('R192: at the limit', () => {
  const due = { at: startOfDay(today), order: 6, job: 'payouts.holding_limit', subject: `${A} cad` };
  const run = (account: AccountObject | undefined, available: number, came = credits([-50, 30], [-10, 50])) => {
    const state = { account, currency: 'cad' as const, balance: holding(available), credits: came };
    const decision = enforceHoldingLimit.decide(due, state, testContext({ now: due.at }));
    if ('refused' in decision) throw new Error('a job refuses nothing');
    checkDecision(decision.post ?? [], decision.lines ?? []);
    return decision;
  };
  const days = ({ schedule = [] }: { schedule?: readonly { job: string; at: number }[] }) =>
    schedule.filter(({ job }) => job === due.job).map(({ at }) => dayOf(at) - today);

  test('what is too old is paid out, and the rest looked at when it comes of age', () => {
    const decision = run(canadian(), 120);
    expect(decision.put).toMatchObject([{ account: A, amount: 40, automatic: true, status: 'pending' }]);
    expect(decision.lines).toMatchObject([{ account: A, type: 'payout', amount: -40 }]);
    expect(decision.emit).toMatchObject([{ type: 'payout.created', account: A }]);
    expect(days(decision)).toEqual([40]);
  });

  test('nothing is too old yet', () => {
    expect(run(canadian(), 50).put).toBeUndefined();
    expect(days(run(canadian(), 50))).toEqual([80]);
    expect(days(run(canadian(), 51))).toEqual([40]);
  });

  test('what cannot be paid out is tried again tomorrow', () => {
    const paused = canadian({ external_accounts: [{ ...bankOf(1, 'cad'), status: 'errored' }] });
    expect(run(paused, 120)).toMatchObject({ result: null });
    expect(days(run(paused, 120))).toEqual([1]);
    const debit = { payout: 'po_1' as const, amount: minor(100), heldUntil: 0, paid: false };
    const partly = run(canadian({ standing: { cad: { uncleared: [debit] } } }), 120);
    expect(partly.put).toMatchObject([{ amount: 20 }]);
    expect(days(partly)).toEqual([1]);
  });

  test('nothing to do without money, by schedule, or for an account that is gone', () => {
    const none = { result: null };
    expect(run(canadian(), 0)).toEqual(none);
    expect(run(canadian(), -100)).toEqual(none);
    expect(run(canadian({ schedule: { interval: 'daily' } }), 120)).toEqual(none);
    expect(run(undefined, 120)).toEqual(none);
  });
});

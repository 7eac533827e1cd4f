import { describe, expect, test } from 'vitest';
import { bankOf, holding, platformOf, sellerOf } from '../../../test/support/parties.ts';
import type { Decision } from '../../engine/command.ts';
import { monday, testAccount, testContext, testPlatform } from '../../engine/testing.ts';
import { minor } from '../../kernel/money.ts';
import { dayOf, startOfDay } from '../../kernel/time.ts';
import { checkDecision } from '../../ledger/invariants.ts';
import type { AccountObject } from '../accounts/object.ts';
import { cameInBy, holdDaysMax, holdingAction, holdingActionFor, holdingWork, oldestAfter } from './holding.ts';
import { enforceHoldingLimit } from './holding-limit.ts';
import { checkOverdue, setPayouts } from './settings.ts';
import { payoutSettingsWire } from './settings-view.ts';

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
  const table: [number, number, number, number | undefined, string][] = [
    [0, 0, 0, undefined, 'nothing is left'],
    [50, 0, 0, -10, 'the newest is left'],
    [51, 0, 1, -60, 'and a little of what came before'],
    [150, 0, 100, -60, 'all that came in time'],
    [151, 1, 101, -60, 'something that is older'],
    [400, 250, 350, -60, 'much that is older'],
  ];
  test.each(table)('of %i %i came before, %i by the sixtieth day, the rest from %s on: %s', (n, before, by, oldest) => {
    const waiting = { available: minor(n), credits: came };
    expect(cameInBy(waiting, today - 90)).toBe(before);
    expect(cameInBy(waiting, today - 60)).toBe(by);
    expect(cameInBy(waiting, today)).toBe(n);
    expect(oldestAfter(waiting, today - 90)).toBe(oldest === undefined ? undefined : today + oldest);
  });

  test('the next after a day', () => {
    const waiting = { available: minor(150), credits: came };
    expect(oldestAfter(waiting, today - 60)).toBe(today - 10);
    expect(oldestAfter(waiting, today - 10)).toBeUndefined();
  });
});

describe('R191: when money has to be looked at', () => {
  const work = (account: AccountObject, given: Partial<Parameters<typeof holdingWork>[2]> = {}) =>
    holdingWork(account, 'cad', { was: 0, available: 100, mayBeOld: false, now: monday, ...given }).map(
      ({ at, job, subject }) => [dayOf(at) - today, job, subject],
    );

  test('before the limit of what came in where nothing was', () => {
    const [[days, job, subject] = []] = work(canadian());
    expect(days).toBeLessThanOrEqual(83);
    expect(days).toBeGreaterThan(53);
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

  test('a platform within a week, since each release of a reserve brings money back', () => {
    const platform = platformOf({ country: 'CA' });
    const weekdays = [0, 1, 2, 3, 4, 5, 6].map((n) => {
      const [due] = holdingWork(platform, 'cad', { was: 5, available: 9, mayBeOld: true, now: monday + n * 86_400 });
      return due && dayOf(due.at) - today;
    });
    expect(new Set(weekdays).size).toBe(2);
    for (const [n, day = 0] of weekdays.entries()) expect([day > n, day <= n + 7]).toEqual([true, true]);
    const [[days, job, subject] = []] = work(platform);
    expect([Number(days) > 53, Number(days) <= 83]).toEqual([true, true]);
    expect([job, subject]).toEqual([due.job, `${testPlatform} cad`]);
    expect(work(platform, { was: 5 })).toEqual([]);
  });

  test('a platform never later than what came in with it has to be told of', () => {
    const thai = platformOf({ country: 'TH' });
    for (let n = 0; n < 14; n++) {
      const [due] = holdingWork(thai, 'thb', { was: 0, available: 9, mayBeOld: true, now: monday + n * 86_400 });
      // Ten days may it wait, and it is told of seven before they are over.
      expect(due && dayOf(due.at) - today).toBeLessThanOrEqual(n + 3);
    }
  });

  test('not again while it grows, not without money, not by schedule', () => {
    expect(work(canadian(), { was: 50 })).toEqual([]);
    expect(work(canadian(), { was: 50, available: 0 })).toEqual([]);
    expect(work(canadian({ schedule: { interval: 'daily' } }))).toEqual([]);
    expect(work(platformOf({ country: 'CA', schedule: { interval: 'daily' } }))).toEqual([]);
    expect(work(canadian({ deleted: true }))).toEqual([]);
  });
});

/** The job of a day, at whose start the account is looked at. */
const due = { at: startOfDay(today), order: 6, job: 'payouts.holding_limit', subject: `${A} cad` };
function run(
  account: AccountObject | undefined,
  available: number,
  { came = credits([-50, 30], [-10, 50]), action = 'payout' as 'payout' | 'notice' } = {},
) {
  const state = { account, action, currency: 'cad' as const, balance: holding(available), credits: came };
  const decision = enforceHoldingLimit.decide(due, state, testContext({ now: due.at }));
  if ('refused' in decision) throw new Error('a job refuses nothing');
  checkDecision(decision.post ?? [], decision.lines ?? []);
  return decision;
}
/** In how many days it is looked at again. */
const days = ({ schedule = [] }: { schedule?: readonly { job: string; at: number }[] }) =>
  schedule.filter(({ job }) => job === due.job).map(({ at }) => dayOf(at) - today);
/** What is told: type, account, amount, in how many days the limit is reached. */
const news = ({ emit = [] }: Pick<Decision, 'emit'>) =>
  emit.flatMap(({ type, account, object }) => {
    const { amount, limit_at } = ('rendered' in object ? object.rendered : {}) as { amount: number; limit_at: number };
    return type.startsWith('evenkeel.') ? [[type.split('.').at(-1), account, amount, dayOf(limit_at) - today]] : [];
  });

describe('R192: at the limit', () => {
  test('what is too old is paid out, and the rest looked at when it is to be told of', () => {
    const decision = run(canadian(), 120);
    expect(decision.put).toMatchObject([{ account: A, amount: 40, automatic: true, status: 'pending' }]);
    expect(decision.lines).toMatchObject([{ account: A, type: 'payout', amount: -40 }]);
    expect(decision.emit).toMatchObject([{ type: 'payout.created', account: A }]);
    expect(days(decision)).toEqual([33]);
  });

  test('nothing is too old yet', () => {
    expect(run(canadian(), 50).put).toBeUndefined();
    expect(days(run(canadian(), 50))).toEqual([73]);
    expect(days(run(canadian(), 51))).toEqual([33]);
  });

  test('what comes in until then is looked at in time', () => {
    expect(days(run(canadian(), 50, { came: credits([0, 50]) }))).toEqual([83]);
    expect(days(run(canadian(), 50, { came: [], action: 'notice' }))).toEqual([83]);
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

  test('both are told of what cannot be paid out, once', () => {
    const bankless = (given: Partial<AccountObject> = {}) => canadian({ external_accounts: [], ...given });
    const came = credits([-90, 30], [-10, 50]);
    const decision = run(bankless(), 80, { came });
    expect(news(decision)).toEqual([
      ['reached', A, 30, 0],
      ['reached', testPlatform, 30, 0],
    ]);
    expect(decision.put).toMatchObject([{ id: A, holdingTold: { cad: { reached: today - 90 } } }]);
    expect(decision.put?.[0]).not.toHaveProperty('holding');
    const told = bankless({ holdingTold: { cad: { reached: today - 90 } } });
    const again = run(told, 80, { came });
    expect([again.put, again.emit, days(again)]).toEqual([undefined, undefined, [1]]);
    // More of it reaches the limit.
    const more = bankless({ holdingTold: { cad: { reached: today - 95 } } });
    expect(news(run(more, 100, { came }))[0]).toEqual(['reached', A, 50, 0]);
    // Nobody is told of what can be paid out.
    expect(news(run(canadian(), 80, { came }))).toEqual([]);
  });

  test('nothing to do without money, by schedule, or for an account that is gone', () => {
    const none = { result: null };
    expect(run(canadian(), 0)).toEqual(none);
    expect(run(canadian(), -100)).toEqual(none);
    expect(run(canadian({ schedule: { interval: 'daily' } }), 120)).toEqual(none);
    expect(run(undefined, 120)).toEqual(none);
  });
});

describe('R192: seven days before the limit', () => {
  const old = credits([-83, 30], [-10, 50]);

  test('the owner and the platform are told, of what is still there, and once', () => {
    const decision = run(canadian(), 70, { came: old });
    expect(news(decision)).toEqual([
      ['approaching', A, 20, 7],
      ['approaching', testPlatform, 20, 7],
    ]);
    expect(decision.emit?.[0]?.object).toMatchObject({
      rendered: {
        object: 'holding_notice',
        account: A,
        action: 'payout',
        amount: 20,
        currency: 'cad',
        livemode: false,
      },
    });
    expect(decision).toMatchObject({
      result: null,
      put: [{ id: A, holdingTold: { cad: { approaching: today - 83 } } }],
    });
    expect(decision.lines).toBeUndefined();
    expect(days(decision)).toEqual([7]);
    const again = run(canadian({ holdingTold: { cad: { approaching: today - 83 } } }), 70, { came: old });
    expect(again).toMatchObject({ result: null });
    expect([again.put, again.emit, days(again)]).toEqual([undefined, undefined, [7]]);
  });

  test('not before, and not of what is gone', () => {
    expect(news(run(canadian(), 70, { came: credits([-82, 30], [-10, 50]) }))).toEqual([]);
    expect(days(run(canadian(), 70, { came: credits([-82, 30], [-10, 50]) }))).toEqual([1]);
    expect(news(run(canadian(), 50, { came: old }))).toEqual([]);
  });

  test('late, of what is found late, with the day on which the first of it is too old', () => {
    expect(news(run(canadian(), 100, { came: credits([-88, 30], [-85, 20], [-10, 50]) }))[0]).toEqual([
      'approaching',
      A,
      50,
      2,
    ]);
  });

  test('again of what comes after what was told of', () => {
    const told = canadian({ holdingTold: { cad: { approaching: today - 85 } } });
    expect(news(run(told, 100, { came: credits([-88, 30], [-83, 20], [-10, 50]) }))[0]).toEqual([
      'approaching',
      A,
      20,
      7,
    ]);
  });

  test('of the rest, while what is too old is paid out', () => {
    const decision = run(canadian(), 150, { came: old });
    expect(decision.put).toMatchObject([{ amount: 70 }, { id: A, holdingTold: { cad: {} } }]);
    expect(news(decision)).toHaveLength(2);
    expect(news(decision)[0]).toEqual(['approaching', A, 30, 7]);
  });
});

describe('R192: where it is only told', () => {
  const notice = (account: AccountObject, available: number, came = credits([-90, 30], [-10, 50])) =>
    run(account, available, { came, action: 'notice' });

  test('the money stays, both are told once, and the account is marked', () => {
    const decision = notice(canadian(), 80);
    expect(decision).toMatchObject({
      result: null,
      put: [{ id: A, holding: 'overdue', holdingTold: { cad: { reached: today - 90 } } }],
    });
    expect(news(decision)).toEqual([
      ['reached', A, 30, 0],
      ['reached', testPlatform, 30, 0],
    ]);
    expect(decision.lines).toBeUndefined();
    expect(days(decision)).toEqual([73]);
    const marked = canadian({ holding: 'overdue', holdingTold: { cad: { reached: today - 90 } } });
    expect(notice(marked, 80)).toMatchObject({ result: null });
    expect([notice(marked, 80).put, notice(marked, 80).emit]).toEqual([undefined, undefined]);
  });

  test('again when more of it has waited too long', () => {
    const marked = canadian({ holding: 'overdue', holdingTold: { cad: { reached: today - 95 } } });
    expect(news(notice(marked, 100, credits([-90, 30], [-10, 50])))[0]).toEqual(['reached', A, 50, 0]);
    expect(news(notice(marked, 50, credits([-90, 30], [-10, 50])))).toEqual([]);
  });

  test('it is told of before, too', () => {
    expect(news(notice(canadian(), 80, credits([-83, 30], [-10, 50])))[0]).toEqual(['approaching', A, 30, 7]);
  });

  test('paid out again, it loses its mark', () => {
    const marked = canadian({ holding: 'overdue', holdingTold: { cad: { reached: today - 95 } } });
    const decision = run(marked, 100, { came: credits([-10, 50]) });
    expect(decision.put).toMatchObject([{ amount: 50 }, { id: A }]);
    expect(decision.put?.[1]).not.toHaveProperty('holding');
  });
});

describe('R192: of the money of a platform it is only told', () => {
  const platform = platformOf({ country: 'CA', external_accounts: [bankOf(0, 'cad')] });
  const own = (given: Partial<AccountObject>, available: number, came = credits([-90, 30], [-83, 20], [-10, 50])) =>
    run({ ...platform, ...given }, available, { came, action: holdingActionFor(platform, platform.platform) });

  test('seven days before, and when it has waited too long: once each, and it stays', () => {
    const decision = own({}, 100);
    expect(news(decision)).toEqual([
      ['approaching', testPlatform, 20, 7],
      ['reached', testPlatform, 30, 0],
    ]);
    expect(decision.emit?.[1]?.object).toMatchObject({ rendered: { account: testPlatform, action: 'notice' } });
    const told = { cad: { approaching: today - 83, reached: today - 90 } };
    expect(decision).toMatchObject({ result: null, put: [{ id: testPlatform, holdingTold: told }] });
    expect(decision.lines).toBeUndefined();
    expect(days(decision)).toEqual([7]);
    const again = own({ holdingTold: told }, 100);
    expect([again.put, again.emit, days(again)]).toEqual([undefined, undefined, [7]]);
  });

  test('it is never among those whose money is paid out when the setting changes', () => {
    expect(own({}, 100).put?.[0]).not.toHaveProperty('holding');
    expect(holdingActionFor(platform, platform.platform)).toBe('notice');
    expect(holdingActionFor(canadian(), platform.platform)).toBe('payout');
  });
});

describe('R192: the setting', () => {
  const set = (holding_limit_action: 'payout' | 'notice', accounts: readonly AccountObject[] = []) =>
    setPayouts.decide(
      { holding_limit_action, overdue: accounts.map(({ id }) => id) },
      { platform: platformOf(), overdue: [...accounts] },
      testContext(),
    );

  test('stands in the account of the platform', () => {
    expect(holdingAction(platformOf().platform)).toBe('payout');
    const { result } = set('notice') as Decision<AccountObject>;
    expect(holdingAction(result.platform)).toBe('notice');
    expect(payoutSettingsWire(canadian(), result)).toMatchObject({
      account: A,
      holding_limit_action: 'notice',
      holding_limit_days: 90,
      interval: 'manual',
    });
    expect(payoutSettingsWire(result, result)).toMatchObject({ account: testPlatform, holding_limit_days: 730 });
  });

  test('what was let stay is looked at tomorrow when it is to be paid out', () => {
    const marked = canadian({ holding: 'overdue', holdingTold: { cad: { reached: today - 95 }, usd: {} } });
    const day = startOfDay(today + 1);
    expect(set('payout', [marked, canadian()])).toMatchObject({ schedule: [{ ...due, at: day }] });
    expect(set('notice', [marked])).not.toHaveProperty('schedule');
  });

  test('so is what was let stay just before the setting changed, unless it was set back meanwhile', () => {
    const marked = canadian({ holding: 'overdue', holdingTold: { cad: { reached: today - 95 } } });
    const check = (holding_limit_action: 'payout' | 'notice') => {
      const platform = (set(holding_limit_action) as Decision<AccountObject>).result;
      return checkOverdue.decide([A], { platform, overdue: [marked] }, testContext());
    };
    expect(check('payout')).toMatchObject({ schedule: [{ ...due, at: startOfDay(today + 1) }] });
    expect(check('notice')).not.toHaveProperty('schedule');
  });

  test('R193: what to consider before money is held is shown with it', () => {
    const { considerations } = payoutSettingsWire(canadian(), platformOf()) as { considerations: readonly string[] };
    expect(considerations).toHaveLength(3);
    expect(considerations[0]).toContain('clear purpose');
    expect(considerations[1]).toContain('as soon as it is known who receives');
    expect(considerations[2]).toContain('lawyer');
  });
});

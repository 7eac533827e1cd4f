import { describe, expect, test } from 'vitest';
import { bankOf, platformOf, sellerOf } from '../../../test/support/parties.ts';
import { monday } from '../../engine/testing.ts';
import { minor } from '../../kernel/money.ts';
import { closeOfDay, dayOf, SECONDS_PER_DAY, startOfDay } from '../../kernel/time.ts';
import { collectionAt, debitableBank, negativeSince, nextClose, reserveTarget } from './rules.ts';

describe('the reserve that stands against an account', () => {
  const table = [
    // available uncleared bears enabled caused target because
    [-1820, 0, true, true, 0, 1820, 'R120: the negative'],
    [0, 0, true, true, 0, 0, 'R120: nothing when it is not negative'],
    [0, 1820, true, true, 0, 1820, 'R126: a bank debit that is not cleared keeps it, although the balance is zero'],
    [2883, 1820, true, true, 0, 1820, 'R120: new sales do not offset what may come back'],
    [-500, 1820, true, true, 0, 2320, 'R120: a fresh negative beside a debit on its way'],
    [-1820, 0, true, false, 0, 0, 'R134: none where reserves are off'],
    [-1820, 0, false, true, 0, 0, 'R133: none where Stripe bears the losses'],
    [-1500, 0, false, true, 1500, 1500, 'R135: but what an account debit caused'],
    [-1500, 0, false, false, 1500, 1500, 'R135: whether or not reserves are enabled'],
    [-559, 0, false, true, 1500, 559, 'R135: at most the negative'],
    [-3000, 0, false, true, 1500, 1500, 'R135: at most what debits caused'],
    [0, 559, false, true, 559, 559, 'R135: and while the bank may refuse'],
  ] as const;
  test.each(table)('%i available, %i uncleared, platform bears %s, enabled %s, caused %i: %i (%s)', (...row) => {
    const [available, uncleared, platformBearsLosses, reservesEnabled, caused, target] = row;
    const given = { available, platformBearsLosses, reservesEnabled };
    expect(reserveTarget({ ...given, uncleared: minor(uncleared), caused: minor(caused) })).toBe(target);
  });
});

describe('R152: the clock of 180 days', () => {
  const uncleared = minor(0);
  test('starts when the effective balance goes below zero', () => {
    expect(negativeSince(undefined, { available: -1, uncleared }, monday)).toBe(monday);
  });
  test('is not started again by becoming less negative', () => {
    expect(negativeSince({ negativeSince: 5 }, { available: -1, uncleared }, monday)).toBe(5);
  });
  test('is cleared at zero', () => {
    expect(negativeSince({ negativeSince: 5 }, { available: 0, uncleared }, monday)).toBeUndefined();
  });
  test('is not cleared by a bank debit on its way', () => {
    expect(negativeSince({ negativeSince: 5 }, { available: 0, uncleared: minor(1) }, monday)).toBe(5);
  });
});

describe('R150: collection', () => {
  test('is at the first start of day after 180 times 24 hours', () => {
    // 2026-03-02 10:00 plus 180 days is 2026-08-29 10:00; the next midnight is the 30th's.
    expect(collectionAt(monday, monday)).toBe(startOfDay(dayOf(monday) + 181));
  });
  test('is at that very midnight when the debt began at one', () => {
    const midnight = startOfDay(dayOf(monday));
    expect(collectionAt(midnight, midnight)).toBe(midnight + 180 * SECONDS_PER_DAY);
  });
  test('is never in the past', () => {
    const late = monday + 200 * SECONDS_PER_DAY;
    expect(collectionAt(monday, late)).toBe(startOfDay(dayOf(late) + 1));
  });
});

test('R95: the close of the day is at 23:59:00; a request at that very moment waits for the next', () => {
  const close = closeOfDay(dayOf(monday));
  expect([nextClose(monday), nextClose(close - 1), nextClose(close), nextClose(close + 30)]).toEqual([
    close,
    close,
    close + SECONDS_PER_DAY,
    close + SECONDS_PER_DAY,
  ]);
});

describe('the bank account that a negative balance is drawn from', () => {
  const bank = bankOf(1, 'usd');
  const card = { ...bank, id: 'card_1', object: 'card' } as const;
  const table = [
    ['its bank account in the currency', sellerOf(1), true],
    ['R96: not without the permission', sellerOf(1, { debit_negative_balances: false }), false],
    ['R108: a platform needs no permission', platformOf({ debit_negative_balances: false }), true],
    ['R97: never a card', sellerOf(1, { external_accounts: [card] }), false],
    ['R98: not in Japan', sellerOf(1, { country: 'JP', external_accounts: [bank] }), false],
    ['R112: not in Hong Kong', sellerOf(1, { country: 'HK', external_accounts: [bank] }), false],
    ['R96: in Germany', sellerOf(1, { country: 'DE', external_accounts: [bank] }), true],
    ['R103: not while it is errored', sellerOf(1, { external_accounts: [{ ...bank, status: 'errored' }] }), false],
    ['R96: not one of another currency', sellerOf(1, { external_accounts: [bankOf(1, 'cad')] }), false],
    ['R83: an unverified one like any other', sellerOf(1, { external_accounts: [{ ...bank, status: 'new' }] }), true],
    ['R99: whatever the payout schedule is', sellerOf(1, { schedule: { interval: 'monthly' } }), true],
  ] as const;
  test.each(table)('%s', (_, account, isThere) => {
    expect(debitableBank(account, 'usd') !== undefined).toBe(isThere);
  });
});

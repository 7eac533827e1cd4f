import { describe, expect, test } from 'vitest';
import { RESERVES_DEFAULT_SINCE } from '../../data/limits.ts';
import { monday, testBook, testContext, testPlatform } from '../../engine/testing.ts';
import type { StoredObject } from '../../kernel/kind.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { birthClockId, clockNoteId } from '../test-clocks/object.ts';
import { entryOf } from './adopt.ts';
import { accountOfPlatform, platformId, REGISTER } from './object.ts';
import { openPlatform } from './open.ts';
import { refusePlatform, reservesEnabled, termsOf } from './rules.ts';
import { secretsOf } from './secrets.ts';

const first = () => testContext({ seq: 1 });

describe('opening a book', () => {
  test('makes the account, its bank account and the note of its clock', () => {
    const decision = openPlatform.decide({}, { account: undefined }, first());
    if (isRefusal(decision)) throw new Error(decision.error.message);
    expect(decision.result).toMatchObject({
      id: testPlatform,
      account: testPlatform,
      country: 'US',
      default_currency: 'usd',
      schedule: { interval: 'manual' },
      platform: { reserves_enabled: true },
    });
    expect(decision.result.external_accounts).toMatchObject([{ default_for_currency: true, status: 'verified' }]);
    expect(decision.put?.map(({ id }) => id)).toEqual([testPlatform, clockNoteId(testBook)]);
    expect(decision.book).toBeUndefined();
  });

  test('on a test clock', () => {
    const decision = openPlatform.decide({ test_clock: { frozen_time: monday } }, { account: undefined }, first());
    if (isRefusal(decision)) throw new Error(decision.error.message);
    const clock = birthClockId(testBook);
    expect(decision.put).toMatchObject([
      { created: monday },
      { clock },
      { id: clock, frozen_time: monday, status: 'ready' },
    ]);
    expect(decision.book).toEqual({ frozenTime: monday });
    expect(decision.emit?.map(({ type }) => type)).toEqual(['test_helpers.test_clock.created']);
  });

  test('with an address, where it is told what concerns it', () => {
    const decision = openPlatform.decide({ email: 'money@shop.example' }, { account: undefined }, first());
    expect(decision).toMatchObject({ result: { email: 'money@shop.example' } });
  });

  test('again changes nothing', () => {
    const decision = openPlatform.decide({}, { account: undefined }, first());
    if (isRefusal(decision)) throw new Error(decision.error.message);
    expect(openPlatform.decide({}, { account: decision.result }, testContext({ seq: 2 }))).toEqual({
      result: decision.result,
    });
  });

  test('is refused with a bank account that is none', () => {
    const external_account = { account_number: '1', country: 'US', currency: 'usd' } as const;
    const answer = openPlatform.decide({ external_account }, { account: undefined }, first());
    expect(isRefusal(answer) && answer.name).toBe('account_number_invalid');
  });
});

test.each([
  ['test_mode_only', { livemode: true, test_clock: { frozen_time: -1 } }],
  ['integer_too_small', { created: -1, test_clock: { frozen_time: -1 } }],
  ['integer_too_small', { test_clock: { frozen_time: -1 } }],
  ['integer_too_large', { test_clock: { frozen_time: 1_772_445_600_000 } }],
  [undefined, { created: 0, test_clock: { frozen_time: monday } }],
])('a platform is refused: %s', (name, params) => {
  expect(refusePlatform(params)?.name).toBe(name);
});

test.each([
  [undefined, RESERVES_DEFAULT_SINCE, true],
  [undefined, RESERVES_DEFAULT_SINCE - 1, false],
  [true, 0, true],
  [false, monday, false],
])('R82: said %s, created %i: %s', (said, created, enabled) => {
  expect(reservesEnabled(said, created)).toBe(enabled);
});

test("the currency is the country's unless it is said", () => {
  expect(termsOf({ country: 'JP' }).default_currency).toBe('jpy');
  expect(termsOf({ country: 'JP', default_currency: 'usd' }).default_currency).toBe('usd');
});

describe('secrets', () => {
  const { draw, derive } = secretsOf({ adminKey: 'admin', deterministicSeed: null });

  test('are drawn anew, and derived the same', () => {
    expect(draw('x')).not.toEqual(draw('x'));
    expect(derive('x')).toEqual(derive('x'));
    expect(derive('x')).not.toEqual(derive('y'));
    expect(derive('x')).not.toEqual(secretsOf({ adminKey: 'other', deterministicSeed: null }).derive('x'));
    expect(secretsOf({ adminKey: null, deterministicSeed: null }).derive('x')).toBeNull();
  });

  test('repeat in deterministic mode', () => {
    const seeded = () => secretsOf({ adminKey: null, deterministicSeed: 42 });
    expect(seeded().draw('x')).toEqual(seeded().draw('x'));
    expect(seeded().draw('x')).not.toEqual(seeded().draw('y'));
  });
});

describe('the entry of a platform that comes from another database', () => {
  const id = platformId(7);
  const entry = {
    id,
    account: accountOfPlatform(REGISTER),
    created: monday,
    country: 'US',
    default_currency: 'usd',
    application_name: 'Shop',
    livemode: false,
    hasTestClock: true,
  } as const;
  const book = { book: 7, livemode: false };

  test('is what the platform is by itself: no other mode, no first start, nothing unknown', () => {
    const more = { ...entry, otherMode: platformId(8), isDefault: true, more: 1 };
    expect(entryOf(more, book)).toEqual(entry);
  });

  test.each([
    { id: platformId(8) },
    { id: `${id}x` },
    { account: accountOfPlatform(7) },
    { livemode: true },
    { created: 1.5 },
    { country: 'XX' },
    { country: ['US'] },
    { default_currency: 'xxx' },
    { application_name: null },
    { hasTestClock: 'yes' },
  ])('is refused with %j', (wrong) => {
    expect(entryOf({ ...entry, ...wrong } as StoredObject, book)).toBeNull();
  });
});

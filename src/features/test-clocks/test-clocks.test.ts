import { describe, expect, test } from 'vitest';
import { validateObject } from '../../../test/support/schema.ts';
import type { ViewEnv } from '../../api/view.ts';
import { monday, testBook, testContext, testPlatform } from '../../engine/testing.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { advanceTestClock, arriveAtTarget } from './advance.ts';
import { createTestClock } from './create.ts';
import { deleteTestClock } from './delete.ts';
import { birthClockId, type ClockNote, clockNoteId, type TestClockObject } from './object.ts';
import { TIME_MAX } from './rules.ts';
import { testClockView } from './view.ts';

const id = birthClockId(testBook);
const note: ClockNote = { id: clockNoteId(testBook), account: testPlatform, created: monday };
const taken: ClockNote = { ...note, clock: id };
const ready: TestClockObject = { id, account: testPlatform, created: monday, frozen_time: monday, status: 'ready' };
const advancing: TestClockObject = { ...ready, status: 'advancing', target: monday + 60 };
const deleted: TestClockObject = { ...ready, deleted: true };
const env = {} as ViewEnv;

const nameOf = (answer: unknown) => (isRefusal(answer) ? answer.name : null);

// Each row breaks the rules after its own as well, so the order is tested too.
describe('a clock is not made', () => {
  const far = TIME_MAX + 1;
  test.each([
    ['test_mode_only', { livemode: true }, taken, monday - 1],
    ['test_clock_exists', {}, taken, monday - 1],
    ['test_clock_in_past', {}, note, monday - 1],
    ['integer_too_large', {}, note, far],
  ] as const)('%s', (name, context, has, frozen_time) => {
    expect(nameOf(createTestClock.decide({ frozen_time }, { note: has }, testContext(context)))).toBe(name);
  });

  test('unless it is at the last recorded moment or later', () => {
    const decision = createTestClock.decide({ frozen_time: monday, name: 'N' }, { note }, testContext());
    if (isRefusal(decision)) throw new Error(decision.error.message);
    expect(decision.book).toEqual({ frozenTime: monday });
    expect(decision.put).toEqual([decision.result, { ...note, clock: decision.result.id }]);
    expect(decision.emit?.map(({ type }) => type)).toEqual(['test_helpers.test_clock.created']);
  });
});

describe('a clock does not move', () => {
  test.each([
    ['no_such_in_path', undefined, monday],
    ['no_such_in_path', deleted, monday],
    ['test_clock_advancing', advancing, monday],
    ['test_clock_backwards', ready, monday - 1],
    ['test_clock_backwards', ready, monday],
    ['integer_too_large', ready, TIME_MAX + 1],
  ] as const)('%s', (name, clock, frozen_time) => {
    expect(nameOf(advanceTestClock.decide({ test_clock: id, frozen_time }, { clock }, testContext()))).toBe(name);
  });
});

test('on its way a clock stands where it was, and tells where it goes', () => {
  const target = monday + 60;
  const decision = advanceTestClock.decide({ test_clock: id, frozen_time: target }, { clock: ready }, testContext());
  expect(decision).toMatchObject({
    result: advancing,
    book: { advanceTo: target },
    schedule: [{ at: target, order: 99, job: 'test_clocks.ready', subject: id }],
  });
  expect(testClockView.render(advancing, env)).toMatchObject({
    frozen_time: monday,
    status: 'advancing',
    status_details: { advancing: { target_frozen_time: target } },
  });
});

test('it arrives', () => {
  const due = { at: monday + 60, order: 99, job: 'test_clocks.ready', subject: id };
  const decision = arriveAtTarget.decide(due, { clock: advancing }, testContext());
  expect(decision).toMatchObject({
    put: [{ ...ready, frozen_time: monday + 60 }],
    book: { frozenTime: monday + 60, advanceTo: null },
  });
  if (!isRefusal(decision)) expect(decision.put?.[0]).not.toHaveProperty('target');
});

test.each([
  ['no_such_in_path', undefined],
  ['no_such_in_path', deleted],
  ['test_clock_advancing', advancing],
] as const)('a clock is not deleted: %s', (name, clock) => {
  expect(nameOf(deleteTestClock.decide({ test_clock: id }, { clock, note: taken }, testContext()))).toBe(name);
});

test('a deleted clock leaves the book where it is, and room for another', () => {
  const decision = deleteTestClock.decide({ test_clock: id }, { clock: ready, note: taken }, testContext());
  expect(decision).toMatchObject({ put: [deleted, note] });
  if (isRefusal(decision)) throw new Error(decision.error.message);
  expect(decision.book).toBeUndefined();
  expect(decision.put?.[1]).not.toHaveProperty('clock');
});

test.each([ready, { ...ready, name: 'N' }, advancing, deleted])('is shown as the API describes it', (clock) => {
  expect(validateObject(testClockView.render(clock, env))).toEqual([]);
});

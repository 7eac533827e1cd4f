import { command, type Due, event } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import { refuse } from '../../kernel/refusal.ts';
import type { UnixSeconds } from '../../kernel/time.ts';
import { type TestClockObject, testClocks } from './object.ts';
import { arrived, refuseAdvance } from './rules.ts';

export const readyJob = 'test_clocks.ready';
// After everything else that is due at the same moment.
const lastOrder = 99;

export interface AdvanceTestClock {
  readonly test_clock: string;
  readonly frozen_time: UnixSeconds;
}

/**
 * Sends the clock on its way. Nothing but the book's horizon moves here: what is due until `frozen_time` then runs as
 * commands of their own, each at its own moment, and `arriveAtTarget` is the last of them.
 */
export const advanceTestClock = command({
  name: 'test_clocks.advance',

  load: (read, params: AdvanceTestClock) => ({ clock: read.find(testClocks, params.test_clock) }),

  decide(params, { clock }) {
    const { test_clock: id, frozen_time: target } = params;
    if (!clock || clock.deleted) return refuse('no_such_in_path', { object: testClocks.noun, id, param: 'test_clock' });
    const refusal = refuseAdvance(clock, target);
    if (refusal) return refusal;
    const advancing: TestClockObject = { ...clock, status: 'advancing', target };
    return {
      result: advancing,
      put: [advancing],
      emit: [event('test_helpers.test_clock.advancing', advancing)],
      schedule: [{ at: target, order: lastOrder, job: readyJob, subject: clock.id }],
      book: { advanceTo: target },
    };
  },
});

/** All that was due has happened: the clock stands where it was told to go. */
export const arriveAtTarget = command({
  name: readyJob,

  load: (read, due: Due) => ({ clock: read.find(testClocks, due.subject) }),

  decide(due, { clock }) {
    assert(clock !== undefined, 'a clock that advances is there');
    const ready = arrived(clock, due.at);
    return {
      result: null,
      put: [ready],
      emit: [event('test_helpers.test_clock.ready', ready)],
      book: { frozenTime: due.at, advanceTo: null },
    };
  },
});

import { command, event } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import { refuse } from '../../kernel/refusal.ts';
import type { UnixSeconds } from '../../kernel/time.ts';
import { clockNoteId, clockNotes, type TestClockObject } from './object.ts';
import { TIME_MAX } from './rules.ts';

export interface CreateTestClock {
  readonly frozen_time: UnixSeconds;
  readonly name?: string;
}

/** Takes a book off the machine's clock: from now on its time is `frozen_time`, until someone moves it. */
export const createTestClock = command({
  name: 'test_clocks.create',

  load: (read, _: CreateTestClock, ctx) => ({ note: read.find(clockNotes, clockNoteId(ctx.book)) }),

  decide(params, { note }, ctx) {
    if (ctx.livemode) return refuse('test_mode_only');
    assert(note !== undefined, 'a book is born with a note of its clock');
    if (note.clock !== undefined) return refuse('test_clock_exists', { id: note.clock });
    if (params.frozen_time < ctx.now) return refuse('test_clock_in_past', { now: ctx.now });
    if (params.frozen_time > TIME_MAX) return refuse('integer_too_large', { param: 'frozen_time', maximum: TIME_MAX });
    const clock: TestClockObject = {
      id: ctx.id('clock'),
      account: ctx.platform,
      created: ctx.now,
      ...(params.name !== undefined && { name: params.name }),
      frozen_time: params.frozen_time,
      status: 'ready',
    };
    return {
      result: clock,
      put: [clock, { ...note, clock: clock.id }],
      emit: [event('test_helpers.test_clock.created', clock)],
      book: { frozenTime: params.frozen_time },
    };
  },
});

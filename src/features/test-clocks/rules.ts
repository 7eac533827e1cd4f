import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { UnixSeconds } from '../../kernel/time.ts';
import type { TestClockObject } from './object.ts';

/**
 * The last second of the year 9999. Later times are mistakes (milliseconds, usually), and scheduled work at the end of
 * time would keep a book busy for ever.
 */
export const TIME_MAX: UnixSeconds = 253_402_300_799;

/** Why `clock` may not go to `target`: it is on its way already, or time would stand still or run back. */
export function refuseAdvance(clock: TestClockObject, target: UnixSeconds): Refusal | null {
  if (clock.status === 'advancing') return refuse('test_clock_advancing', { id: clock.id });
  if (target <= clock.frozen_time) return refuse('test_clock_backwards', { now: clock.frozen_time });
  if (target > TIME_MAX) return refuse('integer_too_large', { param: 'frozen_time', maximum: TIME_MAX });
  return null;
}

/** The clock once it has arrived where it was told to go. */
export function arrived(clock: TestClockObject, target: UnixSeconds): TestClockObject {
  const { target: _, ...rest } = clock;
  return { ...rest, frozen_time: target, status: 'ready' };
}

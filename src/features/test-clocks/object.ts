import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';
import type { UnixSeconds } from '../../kernel/time.ts';

/** The hand that moves a book's time. At most one a book. */
export interface TestClockObject extends StoredObject {
  readonly id: Id<'clock'>;
  readonly name?: string;
  readonly frozen_time: UnixSeconds;
  readonly status: 'ready' | 'advancing';
  readonly target?: UnixSeconds;
  readonly deleted?: true;
}

export const testClocks = kind<TestClockObject>({
  no: 9,
  object: 'test_helpers.test_clock',
  prefixes: ['clock'],
  noun: 'test clock',
  refs: [],
});

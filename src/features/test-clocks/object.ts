import { type Id, mint } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';
import type { UnixSeconds } from '../../kernel/time.ts';

/** The hand that moves a book's time. At most one a book, always the platform's. */
export interface TestClockObject extends StoredObject {
  readonly id: Id<'clock'>;
  readonly name?: string;
  /** Where the book stands; while it advances, where it set out from. */
  readonly frozen_time: UnixSeconds;
  readonly status: 'ready' | 'advancing';
  /** Where it is on its way to. */
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

/** Which clock a book lives on. Every book has one such note from its first operation on, so that a second clock is noticed. */
export interface ClockNote extends StoredObject {
  readonly id: Id<'clocknote'>;
  /** Absent: none, or it was deleted. */
  readonly clock?: Id<'clock'>;
}

export const clockNotes = kind<ClockNote>({
  no: 22,
  object: 'clock_note',
  prefixes: ['clocknote'],
  noun: 'clock note',
  refs: [],
});

// Far from the places that a book's first operation counts up to for what else it makes.
const notePlace = 900;
const birthClockPlace = 901;

/** The id of a book's note: made by its first operation, so that it is known without a look-up. */
export const clockNoteId = (book: number): Id<'clocknote'> => mint('clocknote', book, { seq: 1, pos: notePlace });

/** The id of the clock that a book is born with. */
export const birthClockId = (book: number): Id<'clock'> => mint('clock', book, { seq: 1, pos: birthClockPlace });

import { command, event } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import { refuse } from '../../kernel/refusal.ts';
import { type ClockNote, clockNoteId, clockNotes, type TestClockObject, testClocks } from './object.ts';

/** Takes the hand away. The book stays frozen where it is: its past may lie in the machine's future. */
export const deleteTestClock = command({
  name: 'test_clocks.delete',

  load: (read, params: { readonly test_clock: string }, ctx) => ({
    clock: read.find(testClocks, params.test_clock),
    note: read.find(clockNotes, clockNoteId(ctx.book)),
  }),

  decide({ test_clock: id }, { clock, note }) {
    if (!clock || clock.deleted) return refuse('no_such_in_path', { object: testClocks.noun, id, param: 'test_clock' });
    if (clock.status === 'advancing') return refuse('test_clock_advancing', { id });
    assert(note !== undefined, 'a book is born with a note of its clock');
    const deleted: TestClockObject = { ...clock, deleted: true };
    const { clock: _, ...without } = note;
    const emptied: ClockNote = without;
    return {
      result: deleted,
      put: [deleted, emptied],
      emit: [event('test_helpers.test_clock.deleted', deleted)],
    };
  },
});

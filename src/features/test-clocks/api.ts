import { Refused } from '../../api/errors.ts';
import { listOf, paging, placeOf } from '../../api/list.ts';
import { noSuch } from '../../api/missing.ts';
import { form, optional, text, timestamp, unsupported } from '../../api/params.ts';
import type { Read } from '../../api/read.ts';
import { act, type Route, read, remove } from '../../api/route.ts';
import { birthOf } from '../../kernel/id.ts';
import { accountNo } from '../../ledger/chart.ts';
import { advanceTestClock } from './advance.ts';
import { createTestClock } from './create.ts';
import { deleteTestClock } from './delete.ts';
import { type TestClockObject, testClocks } from './object.ts';
import { arrived } from './rules.ts';
import { testClockView } from './view.ts';
import { waitForDueWork } from './wait.ts';

// Clocks are the platform's, whoever the request runs as: it is all one book.

async function existing(read: Read, id: string): Promise<TestClockObject | null> {
  const clock = await read.anywhere(testClocks, id);
  return clock?.deleted ? null : clock;
}

export const routes: readonly Route[] = [
  act('/v1/test_helpers/test_clocks', {
    tier: 2,
    summary: 'Puts the platform on a test clock, from its last recorded moment on. A platform has at most one.',
    params: form({ customer: unsupported(), frozen_time: timestamp(), name: optional(text({ max: 300 })) }),
    command: createTestClock,
    view: testClockView,
    async respond({ object }, read) {
      await waitForDueWork(read);
      return read.view(object);
    },
  }),

  act('/v1/test_helpers/test_clocks/:test_clock/advance', {
    tier: 2,
    summary: 'Moves the clock forward, any distance; answers `ready`, or after a few seconds `advancing`.',
    params: form({ frozen_time: timestamp() }),
    command: advanceTestClock,
    view: testClockView,
    async respond({ object: advancing }, read) {
      await waitForDueWork(read);
      const { target } = advancing;
      const now = await read.anywhere(testClocks, advancing.id);
      // A later advance may be under way: what counts is whether this one has come to its end.
      const isThere = target !== undefined && now !== null && now.frozen_time >= target;
      return read.view(isThere ? arrived(advancing, target) : advancing);
    },
  }),

  remove('/v1/test_helpers/test_clocks/:test_clock', {
    tier: 2,
    summary: 'Takes the clock away. The platform stays frozen where it is, until a new clock goes on from there.',
    command: deleteTestClock,
    view: testClockView,
  }),

  read('/v1/test_helpers/test_clocks/:test_clock', {
    tier: 2,
    summary: 'The clock: where it stands, and whether it is still on its way.',
    view: testClockView,
    async handler(read, { test_clock: id }) {
      const clock = await existing(read, id);
      if (clock === null) throw new Refused(noSuch({ kind: testClocks, id, param: 'test_clock', inPath: true }));
      return read.view(clock);
    },
  }),

  read('/v1/test_helpers/test_clocks', {
    tier: 2,
    summary: 'The clock of the platform, as a list.',
    params: form(paging),
    view: testClockView,
    async handler(read, params) {
      const place = await placeOf(params, testClocks.noun, async (id) =>
        (await existing(read, id)) === null ? null : birthOf(id, read.book),
      );
      const account = accountNo(read.env.platform, read.book);
      const page = await read.objects(testClocks, { ...place, account, where: (object) => !('deleted' in object) });
      return listOf(
        read.path,
        page.items.map((clock) => read.view(clock)),
        page.hasMore,
      );
    },
  }),
];

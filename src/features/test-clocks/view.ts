import { view, type Wire } from '../../api/view.ts';
import { SECONDS_PER_DAY } from '../../kernel/time.ts';
import { type TestClockObject, testClocks } from './object.ts';

const lifeSeconds = 30 * SECONDS_PER_DAY;

export const testClockView = view<TestClockObject>({
  kind: testClocks,
  expandable: [],
  render: renderTestClock,
});

function renderTestClock(clock: TestClockObject): Wire {
  if (clock.deleted) return { id: clock.id, object: testClocks.object, deleted: true };
  return {
    id: clock.id,
    object: testClocks.object,
    created: clock.created,
    // Told as Stripe tells it; a clock of ours is kept until it is deleted.
    deletes_after: clock.created + lifeSeconds,
    frozen_time: clock.frozen_time,
    livemode: false,
    name: clock.name ?? null,
    status: clock.status,
    status_details: clock.target === undefined ? {} : { advancing: { target_frozen_time: clock.target } },
  };
}

import { feature } from '../../api/feature.ts';
import { arriveAtTarget, readyJob } from './advance.ts';
import { routes } from './api.ts';
import { clockNotes, testClocks as kind } from './object.ts';
import { testClockView } from './view.ts';

export const testClocks = feature({
  name: 'test-clocks',
  resource: 'test_clock',
  kinds: [kind, clockNotes],
  views: [testClockView],
  routes,
  jobs: { [readyJob]: arriveAtTarget },
});

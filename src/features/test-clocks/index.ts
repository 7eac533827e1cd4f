import { feature } from '../../api/feature.ts';
import { arriveAtTarget, readyJob } from './advance.ts';
import { routes } from './api.ts';
import { clockNotes, testClocks } from './object.ts';
import { testClockView } from './view.ts';

export const testClocksFeature = feature({
  name: 'test-clocks',
  kinds: [testClocks, clockNotes],
  views: [testClockView],
  routes,
  jobs: { [readyJob]: arriveAtTarget },
});

import { feature } from '../../api/feature.ts';
import { routes } from './api.ts';
import { reportRuns } from './object.ts';
import { reportRunView } from './view.ts';

export const reporting = feature({
  name: 'reporting',
  resource: 'report_runs_and_report_types',
  kinds: [reportRuns],
  views: [reportRunView],
  routes,
});

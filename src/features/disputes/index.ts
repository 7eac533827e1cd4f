import { feature } from '../../api/feature.ts';
import { routes } from './api.ts';
import { endInquiry, loseUnanswered } from './close.ts';
import { disputes as kind } from './object.ts';
import { dueJob, inquiryEndJob } from './open.ts';
import { disputeView } from './view.ts';

/** Payments that a bank takes back, or asks about. */
export const disputes = feature({
  name: 'disputes',
  resource: 'dispute',
  kinds: [kind],
  views: [disputeView],
  routes,
  jobs: { [dueJob]: loseUnanswered, [inquiryEndJob]: endInquiry },
});

import { list, type Route, retrieve } from '../../api/route.ts';
import { applicationFeeView } from './view.ts';

export const routes: readonly Route[] = [
  list('/v1/application_fees', applicationFeeView, {
    tier: 1,
    summary: 'The fees that the platform earned, newest first.',
    filters: { charge: 'ref', created: 'created' },
  }),
  retrieve('/v1/application_fees/:fee', applicationFeeView, { tier: 1, param: 'id', summary: 'One application fee.' }),
];

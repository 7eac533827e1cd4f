import { list, type Route, retrieve } from '../../api/route.ts';
import { refundView } from './view.ts';

export const routes: readonly Route[] = [
  list('/v1/refunds', refundView, {
    tier: 1,
    summary: 'Refunds of the account, newest first.',
    filters: { charge: 'ref', created: 'created', payment_intent: 'ref' },
  }),
  retrieve('/v1/refunds/:refund', refundView, { tier: 1, param: 'refund', summary: 'One refund.' }),
];

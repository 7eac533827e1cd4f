import { create, list, type Route, retrieve, update } from '../../api/route.ts';
import { cancelPayout } from './cancel.ts';
import { createPayout } from './create.ts';
import { createPayoutForm, metadataForm } from './params.ts';
import { reversePayout } from './reverse.ts';
import { updatePayout } from './update.ts';
import { payoutView } from './view.ts';

export const routes: readonly Route[] = [
  create('/v1/payouts', {
    tier: 1,
    summary: 'Sends available money to a bank account or debit card; an instant payout may use pending money as well.',
    params: createPayoutForm,
    command: createPayout,
    view: payoutView,
  }),
  list('/v1/payouts', payoutView, {
    tier: 1,
    summary: 'The payouts of the account, bank debits of negative balances among them, newest first.',
    filters: { arrival_date: 'range', created: 'created', destination: 'ref', status: 'ref' },
  }),
  retrieve('/v1/payouts/:payout', payoutView, { tier: 1, param: 'payout', summary: 'One payout.' }),
  update('/v1/payouts/:payout', {
    tier: 1,
    summary: 'Changes the metadata of a payout.',
    params: metadataForm,
    command: updatePayout,
    view: payoutView,
  }),
  update('/v1/payouts/:payout/cancel', {
    tier: 1,
    summary: 'Takes a payout back that has not gone to the bank yet (R182).',
    command: cancelPayout,
    view: payoutView,
  }),
  create('/v1/payouts/:payout/reverse', {
    tier: 1,
    summary:
      'Asks for the money of a paid payout back (R183); answers the payout with a negative amount that brings it.',
    params: metadataForm,
    command: reversePayout,
    view: payoutView,
  }),
];

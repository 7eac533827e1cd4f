import { act, admin, list, type Route, retrieve, update } from '../../api/route.ts';
import { cancelTopup } from './cancel.ts';
import { createTopup } from './create.ts';
import { asAsked } from './object.ts';
import { createTopupForm, updateTopupForm } from './params.ts';
import { reverseTopup } from './reverse.ts';
import { updateTopup } from './update.ts';
import { topupView } from './view.ts';

export const routes: readonly Route[] = [
  act('/v1/topups', {
    tier: 1,
    summary: "Brings money from a bank into the platform's balance.",
    params: createTopupForm,
    unsupported: ['payment_method', 'payment_method_options'],
    command: createTopup,
    view: topupView,
    // The answer shows it as it was made, although its money is there already.
    respond: async ({ object }, read) => read.view(asAsked(object)),
  }),
  list('/v1/topups', topupView, {
    tier: 1,
    summary: 'The top-ups of the platform, newest first.',
    filters: { amount: 'range', created: 'created', status: 'ref' },
  }),
  retrieve('/v1/topups/:topup', topupView, { tier: 1, param: 'topup', summary: 'One top-up.' }),
  update('/v1/topups/:topup', {
    tier: 1,
    summary: 'Changes the description and metadata of a top-up.',
    params: updateTopupForm,
    command: updateTopup,
    view: topupView,
  }),
  update('/v1/topups/:topup/cancel', {
    tier: 1,
    summary: 'Takes a top-up back that is pending.',
    command: cancelTopup,
    view: topupView,
  }),
  admin('POST', '/evenkeel/v1/topups/:topup/reverse', {
    tier: 1,
    summary: 'The bank takes a top-up back that it has paid (M31d).',
    command: reverseTopup,
    view: topupView,
  }),
];

import { Refused } from '../../api/errors.ts';
import { noSuch } from '../../api/missing.ts';
import { amount, boolean, form, id, metadata, oneOf, optional } from '../../api/params.ts';
import { act, create, list, type Route, read, retrieve, update } from '../../api/route.ts';
import { charges } from '../charges/object.ts';
import { ignored } from '../payment-methods/params.ts';
import { createRefund, refundCharge } from './create.ts';
import { refunds } from './object.ts';
import { cancelRefund, expireRefund, updateRefund } from './update.ts';
import { refundView } from './view.ts';

// Of refunds without a charge, of money that a customer left with the processor.
const withoutCharge = ['currency', 'customer', 'origin'] as const;

const asked = {
  amount: optional(amount()),
  instructions_email: ignored(),
  metadata: optional(metadata()),
  reason: optional(oneOf(['duplicate', 'fraudulent', 'requested_by_customer'])),
  refund_application_fee: optional(boolean()),
  reverse_transfer: optional(boolean()),
};

export const routes: readonly Route[] = [
  create('/v1/refunds', {
    tier: 1,
    summary: 'Refunds a charge, in part or all that is left of it; of a payment from a balance, undoes it.',
    params: form({ ...asked, charge: optional(id()), payment_intent: optional(id()) }),
    unsupported: withoutCharge,
    command: createRefund,
    view: refundView,
  }),
  list('/v1/refunds', refundView, {
    tier: 1,
    summary: 'Refunds of the account, newest first.',
    filters: { charge: 'ref', created: 'created', payment_intent: 'ref' },
  }),
  retrieve('/v1/refunds/:refund', refundView, { tier: 1, param: 'refund', summary: 'One refund.' }),
  update('/v1/refunds/:refund', {
    tier: 1,
    summary: 'Changes the metadata of a refund.',
    params: form({ metadata: optional(metadata()) }),
    command: updateRefund,
    view: refundView,
  }),
  create('/v1/refunds/:refund/cancel', {
    tier: 1,
    summary: 'Refused: no refund here waits for its customer.',
    command: cancelRefund,
    view: refundView,
  }),
  create('/v1/test_helpers/refunds/:refund/expire', {
    tier: 3,
    summary: 'Refused: no refund here waits for its customer.',
    command: expireRefund,
    view: refundView,
  }),
  act('/v1/charges/:charge/refund', {
    tier: 3,
    summary: 'The oldest address of a refund; it answers the charge.',
    params: form(asked),
    unsupported: [...withoutCharge, 'charge', 'payment_intent'],
    command: refundCharge,
    respond: async ({ object }, read) => read.view(object),
  }),
  create('/v1/charges/:charge/refunds', {
    tier: 2,
    summary: 'The old address of a refund.',
    params: form(asked),
    unsupported: [...withoutCharge, 'charge', 'payment_intent'],
    command: createRefund,
    view: refundView,
  }),
  list('/v1/charges/:charge/refunds', refundView, {
    tier: 2,
    summary: 'The refunds of a charge, newest first.',
    owner: { view: { kind: charges }, param: 'id', ref: 'charge' },
    filters: { created: 'created', payment_intent: 'ref' },
  }),
  read('/v1/charges/:charge/refunds/:refund', {
    tier: 2,
    summary: 'One refund of a charge.',
    view: refundView,
    handler: async (read, { charge, refund: id }) => {
      const refund = await read.object(refunds, id);
      if (refund?.charge !== charge) throw new Refused(noSuch({ kind: refunds, id, param: 'refund', inPath: true }));
      return read.view(refund);
    },
  }),
  update('/v1/charges/:charge/refunds/:refund', {
    tier: 2,
    summary: 'Changes the metadata of a refund.',
    params: form({ metadata: optional(metadata()) }),
    command: updateRefund,
    view: refundView,
  }),
];

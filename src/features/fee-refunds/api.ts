import { Refused } from '../../api/errors.ts';
import { noSuch } from '../../api/missing.ts';
import { amount, form, metadata, optional } from '../../api/params.ts';
import { act, create, list, type Route, read, update } from '../../api/route.ts';
import { applicationFees } from '../application-fees/object.ts';
import { createFeeRefund, refundFee } from './create.ts';
import { feeRefunds } from './object.ts';
import { updateFeeRefund } from './update.ts';
import { feeRefundView } from './view.ts';

const params = form({ amount: optional(amount()), metadata: optional(metadata()) });

export const routes: readonly Route[] = [
  create('/v1/application_fees/:fee/refunds', {
    tier: 1,
    summary: 'Gives an application fee back, in part or all that is left of it.',
    params,
    command: createFeeRefund,
    view: feeRefundView,
  }),
  list('/v1/application_fees/:fee/refunds', feeRefundView, {
    tier: 1,
    summary: 'What was given back of a fee, newest first.',
    owner: { view: { kind: applicationFees }, param: 'id', ref: 'fee' },
  }),
  read('/v1/application_fees/:fee/refunds/:refund', {
    tier: 1,
    summary: 'One refund of a fee.',
    view: feeRefundView,
    handler: async (read, { fee, refund: id }) => {
      if ((await read.object(applicationFees, fee)) === null) {
        throw new Refused(noSuch({ kind: applicationFees, id: fee, param: 'id', inPath: true }));
      }
      const refund = await read.object(feeRefunds, id);
      if (refund?.fee !== fee) throw new Refused(noSuch({ kind: feeRefunds, id, param: 'refund', inPath: true }));
      return read.view(refund);
    },
  }),
  update('/v1/application_fees/:fee/refunds/:refund', {
    tier: 1,
    summary: 'Changes the metadata of a fee refund.',
    params: form({ metadata: optional(metadata()) }),
    command: updateFeeRefund,
    view: feeRefundView,
  }),
  act('/v1/application_fees/:fee/refund', {
    tier: 3,
    summary: 'The old address of the refunds of a fee; it answers the fee.',
    params,
    unsupported: ['directive'],
    command: refundFee,
    respond: async ({ object }, read) => read.view(object),
  }),
];

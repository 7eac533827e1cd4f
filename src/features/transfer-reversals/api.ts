import { Refused } from '../../api/errors.ts';
import { noSuch } from '../../api/missing.ts';
import { amount, boolean, form, metadata, optional } from '../../api/params.ts';
import { create, list, type Route, read, update } from '../../api/route.ts';
import { ignored } from '../payment-methods/params.ts';
import { transfers } from '../transfers/object.ts';
import { createTransferReversal } from './create.ts';
import { transferReversals } from './object.ts';
import { updateTransferReversal } from './update.ts';
import { transferReversalView } from './view.ts';

export const routes: readonly Route[] = [
  create('/v1/transfers/:transfer/reversals', {
    tier: 1,
    summary: 'Takes a transfer back, in part or all that is left of it.',
    params: form({
      amount: optional(amount()),
      description: ignored(),
      metadata: optional(metadata()),
      refund_application_fee: optional(boolean()),
    }),
    command: createTransferReversal,
    view: transferReversalView,
  }),
  list('/v1/transfers/:transfer/reversals', transferReversalView, {
    tier: 1,
    summary: 'The reversals of a transfer, newest first.',
    owner: { view: { kind: transfers }, param: 'transfer', ref: 'transfer' },
  }),
  read('/v1/transfers/:transfer/reversals/:id', {
    tier: 1,
    summary: 'One reversal of a transfer.',
    view: transferReversalView,
    handler: async (read, { transfer, id }) => {
      if ((await read.object(transfers, transfer)) === null) {
        throw new Refused(noSuch({ kind: transfers, id: transfer, param: 'transfer', inPath: true }));
      }
      const reversal = await read.object(transferReversals, id);
      if (reversal?.transfer !== transfer) {
        throw new Refused(noSuch({ kind: transferReversals, id, param: 'id', inPath: true }));
      }
      return read.view(reversal);
    },
  }),
  update('/v1/transfers/:transfer/reversals/:id', {
    tier: 1,
    summary: 'Changes the metadata of a reversal.',
    params: form({ metadata: optional(metadata()) }),
    command: updateTransferReversal,
    view: transferReversalView,
  }),
];

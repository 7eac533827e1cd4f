import { type Metadata, mergeMetadata } from '../../api/params.ts';
import { command, event } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { type RefundObject, refunds } from './object.ts';

export interface UpdateRefund {
  readonly refund: string;
  /** By its old address: the charge that it must be of. */
  readonly charge?: string;
  readonly metadata?: Metadata | null;
}

/** Changes the metadata of a refund. */
export const updateRefund = command({
  name: 'refunds.update',
  load: (read, params: UpdateRefund) => ({ refund: read.own(refunds, params.refund) }),

  decide({ refund: id, charge, metadata }, { refund }) {
    if (!refund || (charge !== undefined && refund.charge !== charge)) {
      return refuse('no_such_in_path', { object: refunds.noun, id, param: 'refund' });
    }
    const changed: RefundObject = { ...refund, metadata: mergeMetadata(refund.metadata, metadata) };
    return {
      result: changed,
      put: [changed],
      emit: [event('refund.updated', changed), event('charge.refund.updated', changed)],
    };
  },
});

/** Only a refund that waits for the customer to act could be canceled, and there are none: it is always refused. */
export const cancelRefund = command({
  name: 'refunds.cancel',
  load: (read, params: { readonly refund: string }) => ({ refund: read.own(refunds, params.refund) }),
  decide: ({ refund: id }, { refund }) =>
    refund ? refuse('refund_not_cancelable') : refuse('no_such_in_path', { object: refunds.noun, id, param: 'refund' }),
});

/** As `cancelRefund`: what would run out is the customer's time to act. */
export const expireRefund = command({
  name: 'refunds.expire',
  load: (read, params: { readonly refund: string }) => ({ refund: read.own(refunds, params.refund) }),
  decide: ({ refund: id }, { refund }) =>
    refund ? refuse('refund_not_expirable') : refuse('no_such_in_path', { object: refunds.noun, id, param: 'refund' }),
});

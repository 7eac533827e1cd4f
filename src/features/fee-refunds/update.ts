import { type Metadata, mergeMetadata } from '../../api/params.ts';
import { command, event } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { applicationFees } from '../application-fees/object.ts';
import { replaceKept } from '../transfer-reversals/kept.ts';
import { type FeeRefundObject, feeRefunds, keptFeeRefund } from './object.ts';

export interface UpdateFeeRefund {
  readonly fee: string;
  readonly refund: string;
  readonly metadata?: Metadata | null;
}

/** Changes the metadata of a fee refund, also where its fee shows it. */
export const updateFeeRefund = command({
  name: 'fee_refunds.update',
  load: (read, params: UpdateFeeRefund) => ({
    fee: read.own(applicationFees, params.fee),
    refund: read.own(feeRefunds, params.refund),
  }),

  decide({ fee: feeId, refund: id, metadata }, { fee, refund }) {
    if (!fee) return refuse('no_such_in_path', { object: applicationFees.noun, id: feeId, param: 'id' });
    if (refund?.fee !== fee.id) return refuse('no_such_in_path', { object: feeRefunds.noun, id, param: 'refund' });
    const changed: FeeRefundObject = { ...refund, metadata: mergeMetadata(refund.metadata, metadata) };
    return {
      result: changed,
      put: [changed, ...(fee.refunds ? [{ ...fee, refunds: replaceKept(fee.refunds, keptFeeRefund(changed)) }] : [])],
      emit: [event('application_fee.refund.updated', changed)],
    };
  },
});

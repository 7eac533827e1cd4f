import { type Metadata, mergeMetadata } from '../../api/params.ts';
import { command, event } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { transfers } from '../transfers/object.ts';
import { replaceKept } from './kept.ts';
import { keptReversal, type TransferReversalObject, transferReversals } from './object.ts';

export interface UpdateTransferReversal {
  readonly transfer: string;
  readonly id: string;
  readonly metadata?: Metadata | null;
}

/** Changes the metadata of a reversal, also where its transfer shows it; that is the transfer's news. */
export const updateTransferReversal = command({
  name: 'transfer_reversals.update',
  load: (read, params: UpdateTransferReversal) => ({
    transfer: read.own(transfers, params.transfer),
    reversal: read.own(transferReversals, params.id),
  }),

  decide({ transfer: transferId, id, metadata }, { transfer, reversal }) {
    if (!transfer) return refuse('no_such_in_path', { object: transfers.noun, id: transferId, param: 'transfer' });
    if (reversal?.transfer !== transfer.id) {
      return refuse('no_such_in_path', { object: transferReversals.noun, id, param: 'id' });
    }
    const changed: TransferReversalObject = { ...reversal, metadata: mergeMetadata(reversal.metadata, metadata) };
    const shown = {
      ...transfer,
      ...(transfer.reversals && { reversals: replaceKept(transfer.reversals, keptReversal(changed)) }),
    };
    return { result: changed, put: [changed, shown], emit: [event('transfer.updated', shown)] };
  },
});

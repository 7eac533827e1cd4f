import { type Metadata, mergeMetadata } from '../../api/params.ts';
import { command, event } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { type TransferObject, transfers } from './object.ts';

export interface UpdateTransfer {
  readonly transfer: string;
  /** null removes it. */
  readonly description?: string | null;
  readonly metadata?: Metadata | null;
}

/** Changes the labels of a transfer; money, and the description of its row, stay as they were (R15). */
export const updateTransfer = command({
  name: 'transfers.update',
  load: (read, params: UpdateTransfer) => ({ transfer: read.own(transfers, params.transfer) }),

  decide({ transfer: id, description, metadata }, { transfer }) {
    if (!transfer) return refuse('no_such_in_path', { object: transfers.noun, id, param: 'transfer' });
    const { description: before, ...rest } = transfer;
    const after = description === undefined ? before : (description ?? undefined);
    const changed: TransferObject = {
      ...rest,
      ...(after !== undefined && { description: after }),
      metadata: mergeMetadata(transfer.metadata, metadata),
    };
    return { result: changed, put: [changed], emit: [event('transfer.updated', changed)] };
  },
});

import { mergeMetadata } from '../../api/params.ts';
import { command } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { type TopupObject, topups } from './object.ts';
import type { UpdateTopup } from './params.ts';

/** Changes the labels of a top-up. No event tells of it: Stripe has none. */
export const updateTopup = command({
  name: 'topups.update',
  load: (read, params: UpdateTopup & { readonly topup: string }) => ({ topup: read.own(topups, params.topup) }),

  decide({ topup: id, description, metadata }, { topup }) {
    if (!topup) return refuse('no_such_in_path', { object: topups.noun, id, param: 'topup' });
    const { description: before, ...rest } = topup;
    const after = description === undefined ? before : (description ?? undefined);
    const changed: TopupObject = {
      ...rest,
      ...(after !== undefined && { description: after }),
      metadata: mergeMetadata(topup.metadata, metadata),
    };
    return { result: changed, put: [changed] };
  },
});

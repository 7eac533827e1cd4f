import { mergeMetadata } from '../../api/params.ts';
import { command, event } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { type PayoutObject, payouts } from './object.ts';
import type { Labels } from './params.ts';

/** Changes the metadata of a payout; nothing else of it can be changed. */
export const updatePayout = command({
  name: 'payouts.update',
  load: (read, params: Labels & { readonly payout: string }) => ({ payout: read.own(payouts, params.payout) }),

  decide({ payout: id, metadata }, { payout }) {
    if (!payout) return refuse('no_such_in_path', { object: payouts.noun, id, param: 'payout' });
    const changed: PayoutObject = { ...payout, metadata: mergeMetadata(payout.metadata, metadata) };
    return { result: changed, put: [changed], emit: [event('payout.updated', changed)] };
  },
});

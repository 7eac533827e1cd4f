import { command, event } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { failing, type TopupObject, topups } from './object.ts';

/** Takes a top-up back that the bank has not answered yet. @rule M31 */
export const cancelTopup = command({
  name: 'topups.cancel',
  load: (read, params: { readonly topup: string }) => ({ topup: read.own(topups, params.topup) }),

  decide({ topup: id }, { topup }) {
    if (!topup) return refuse('no_such_in_path', { object: topups.noun, id, param: 'topup' });
    if (topup.status !== 'pending') return refuse('topup_cancel_status', { status: topup.status });
    const canceled: TopupObject = { ...topup, status: 'canceled' };
    return {
      result: canceled,
      put: [canceled],
      emit: [event('topup.canceled', canceled)],
      unschedule: [failing(topup)],
    };
  },
});

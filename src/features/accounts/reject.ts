import { command } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { maySee, refuseAccess } from './access.ts';
import { isEmpty, liveBalances } from './balances.ts';
import { accountUpdated, capabilityNews } from './news.ts';
import { type AccountObject, accounts } from './object.ts';
import type { RejectAccount } from './params.ts';
import { withStatus } from './status.ts';

function disabledReason(reason: RejectAccount['reason']): string {
  if (reason.startsWith('fraud')) return 'rejected.fraud';
  return reason === 'terms_of_service' ? 'rejected.terms_of_service' : 'rejected.other';
}

/**
 * The platform wants nothing to do with the account any more: it can neither charge, be paid nor receive transfers.
 * Only where the platform bears the losses; in live mode only without money.
 *
 * @rule R157, R158, X72
 */
export const rejectAccount = command({
  name: 'accounts.reject',
  load(read, params: RejectAccount & { readonly account: string }, ctx) {
    const account = read.find(accounts, params.account);
    return { account, balances: liveBalances(read, account, ctx) };
  },

  decide(params, { account: before, balances }, ctx) {
    if (!maySee(ctx, before) || before.platform || ctx.account !== ctx.platform) {
      return refuseAccess(params.account, ctx);
    }
    if (before.controller.losses.payments !== 'application') return refuse('reject_not_liable');
    if (!balances.every(isEmpty)) return refuse('reject_with_balance');
    const { rejectRecommended: _recommended, changedPart: _part, ...rest } = before;
    const rejected: AccountObject = {
      ...rest,
      disabled_reason: disabledReason(params.reason),
      charges_enabled: false,
      payouts_enabled: params.payouts_action === 'none' && before.payouts_enabled,
    };
    const account = withStatus(rejected, !ctx.livemode);
    return {
      result: account,
      put: [account],
      emit: [...capabilityNews(before, account), accountUpdated(account)],
    };
  },
});

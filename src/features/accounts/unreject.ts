import { command } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { maySee, refuseAccess } from './access.ts';
import { accountUpdated, capabilityNews } from './news.ts';
import { accounts } from './object.ts';
import { withStatus } from './status.ts';

/** Takes a rejection back: what was active before is active again. */
export const unrejectAccount = command({
  name: 'accounts.unreject',
  load: (read, { account }: { readonly account: string }) => ({ account: read.find(accounts, account) }),

  decide(params, { account: before }, ctx) {
    if (!maySee(ctx, before) || before.platform || ctx.account !== ctx.platform) {
      return refuseAccess(params.account, ctx);
    }
    if (!before.disabled_reason?.startsWith('rejected.')) return refuse('not_rejected');
    const { disabled_reason: _reason, changedPart: _part, ...rest } = before;
    const account = withStatus(rest, !ctx.livemode);
    return {
      result: account,
      put: [account],
      emit: [...capabilityNews(before, account), accountUpdated(account)],
    };
  },
});

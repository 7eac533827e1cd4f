import { command } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { maySee, refuseAccess } from './access.ts';
import { isEmpty, liveBalances } from './balances.ts';
import { disconnected } from './disconnect.ts';
import { applicationNews } from './news.ts';
import { accounts } from './object.ts';

/** Deletes a connected account; whoever uses it afterwards has no access (X2). In live mode only one without money. */
export const deleteAccount = command({
  name: 'accounts.delete',
  load(read, params: { readonly account: string }, ctx) {
    const account = read.find(accounts, params.account);
    return { account, platform: read.find(accounts, ctx.platform), balances: liveBalances(read, account, ctx) };
  },

  decide(params, { account, platform, balances }, ctx) {
    if (!maySee(ctx, account)) return refuseAccess(params.account, ctx);
    if (account.platform) {
      return refuse('invalid_value', { param: 'account', reason: 'a platform cannot delete its own account' });
    }
    if (!balances.every(isEmpty)) return refuse('delete_with_balance');
    const deleted = disconnected(account);
    const application = { id: ctx.application, name: platform?.platform?.application_name ?? null };
    return { result: deleted, put: [deleted], emit: [applicationNews('deauthorized', deleted, application)] };
  },
});

import { command } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { maySee, refuseAccess } from '../accounts/access.ts';
import { isEmpty, liveBalances } from '../accounts/balances.ts';
import { disconnected } from '../accounts/disconnect.ts';
import { applicationNews } from '../accounts/news.ts';
import { accounts } from '../accounts/object.ts';

/** The platform gives up its access to an account. In live mode only to one without money, whose books it leaves behind. */
export const deauthorizeAccount = command({
  name: 'oauth.deauthorize',
  load(read, params: { readonly account: string }, ctx) {
    const account = read.find(accounts, params.account);
    return { account, platform: read.find(accounts, ctx.platform), balances: liveBalances(read, account, ctx) };
  },

  decide(params, { account, platform, balances }, ctx) {
    if (!maySee(ctx, account) || account.platform) return refuseAccess(params.account, ctx);
    if (!balances.every(isEmpty)) return refuse('delete_with_balance');
    const gone = disconnected(account);
    const application = { id: ctx.application, name: platform?.platform?.application_name ?? null };
    return { result: gone, put: [gone], emit: [applicationNews('deauthorized', gone, application)] };
  },
});

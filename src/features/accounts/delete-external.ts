import { command } from '../../engine/command.ts';
import { isRefusal, refuse } from '../../kernel/refusal.ts';
import { maySee, refuseAccess } from './access.ts';
import { withRemoved } from './external-accounts.ts';
import { accountUpdated, externalNews } from './news.ts';
import { type AccountObject, accounts } from './object.ts';
import { withStatus } from './status.ts';

/** Takes a bank account or debit card away, unless it is a default that others would have to stand in for. */
export const deleteExternal = command({
  name: 'accounts.external_accounts.delete',
  load: (read, { account }: { readonly account: string; readonly id: string }) => ({
    account: read.find(accounts, account),
  }),

  decide(params, { account: before }, ctx) {
    if (!maySee(ctx, before)) return refuseAccess(params.account, ctx);
    const removed = before.external_accounts.find(({ id }) => id === params.id);
    if (!removed) return refuse('no_such_in_path', { object: 'external account', id: params.id, param: 'id' });
    const external_accounts = withRemoved(before, removed);
    if (isRefusal(external_accounts)) return external_accounts;
    const { id, object, currency } = removed;
    const changed: AccountObject = { ...before, external_accounts, changedPart: { deleted: { id, object, currency } } };
    const account = withStatus(changed, !ctx.livemode);
    return {
      result: account,
      put: [account],
      emit: [externalNews('deleted', account, removed), accountUpdated(account)],
    };
  },
});

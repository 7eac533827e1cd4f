import { command } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { maySee, refuseAccess } from './access.ts';
import { isCapabilityName, withAsked } from './capabilities.ts';
import { accountUpdated, capabilityNews } from './news.ts';
import { type AccountObject, accounts } from './object.ts';
import type { UpdateCapability } from './params.ts';
import { withStatus } from './status.ts';

/** Asks for one capability, or gives it back. */
export const updateCapability = command({
  name: 'accounts.capabilities.update',
  load: (read, { account }: UpdateCapability & { readonly account: string; readonly capability: string }) => ({
    account: read.find(accounts, account),
  }),

  decide({ account: id, capability, requested }, { account: before }, ctx) {
    if (!maySee(ctx, before)) return refuseAccess(id, ctx);
    if (!isCapabilityName(capability)) {
      return refuse('no_such_in_path', { object: 'capability', id: capability, param: 'capability' });
    }
    const asked = requested === undefined ? [] : [[capability, requested] as const];
    const capabilities = withAsked(before.capabilities, asked, ctx.now);
    const changed: AccountObject = { ...before, capabilities, changedPart: { capability } };
    const account = withStatus(changed, !ctx.livemode);
    const news = capabilityNews(before, account);
    return { result: account, put: [account], emit: news.length > 0 ? [...news, accountUpdated(account)] : [] };
  },
});

import { command } from '../../engine/command.ts';
import { maySee, refuseAccess } from '../accounts/access.ts';
import { accounts } from '../accounts/object.ts';
import { type AccountLinkObject, LINK_SECONDS } from './object.ts';

export interface CreateAccountLink {
  readonly account: string;
  readonly type: AccountLinkObject['type'];
  readonly refresh_url: string;
  readonly return_url: string;
}

/** Makes an address by which whoever answers for a connected account can onboard it. */
export const createAccountLink = command({
  name: 'account_links.create',
  load: (read, { account }: CreateAccountLink) => ({ account: read.find(accounts, account) }),

  decide({ account: of, type, refresh_url, return_url }, { account }, ctx) {
    if (!maySee(ctx, account) || account.platform) return refuseAccess(of, ctx);
    const id = ctx.id('alink');
    const link: AccountLinkObject = {
      id,
      account: ctx.account,
      created: ctx.now,
      of,
      type,
      refresh_url,
      return_url,
      expires_at: ctx.now + LINK_SECONDS,
      secret: ctx.secret(id, 24),
    };
    return { result: link, put: [link] };
  },
});

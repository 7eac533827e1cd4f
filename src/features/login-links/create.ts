import { command } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { maySee, refuseAccess } from '../accounts/access.ts';
import { accounts } from '../accounts/object.ts';
import type { LoginLinkObject } from './object.ts';

/** How long an address is good for, in seconds. */
const LINK_SECONDS = 300;

/** Makes an address by which an express account's owner can look at it. */
export const createLoginLink = command({
  name: 'login_links.create',
  load: (read, { account }: { readonly account: string }) => ({ account: read.find(accounts, account) }),

  decide({ account: of }, { account }, ctx) {
    if (!maySee(ctx, account) || account.platform) return refuseAccess(of, ctx);
    if (account.controller.stripe_dashboard.type !== 'express') return refuse('login_link_not_express');
    const id = ctx.id('lgn');
    const link: LoginLinkObject = {
      id,
      account: ctx.account,
      created: ctx.now,
      of,
      expires_at: ctx.now + LINK_SECONDS,
      secret: ctx.secret(id, 24),
    };
    return { result: link, put: [link] };
  },
});

import { command } from '../../engine/command.ts';
import { maySee, refuseAccess } from '../accounts/access.ts';
import { accounts } from '../accounts/object.ts';
import type { AccountSessionObject, AskedComponents } from './object.ts';

/** How long a browser may use it, in seconds. */
const SESSION_SECONDS = 3600;

export interface CreateAccountSession {
  readonly account: string;
  readonly components: AskedComponents;
}

/** Lets a browser show parts of a connected account on the platform's page. */
export const createAccountSession = command({
  name: 'account_sessions.create',
  load: (read, { account }: CreateAccountSession) => ({ account: read.find(accounts, account) }),

  decide({ account: of, components }, { account }, ctx) {
    if (!maySee(ctx, account) || account.platform) return refuseAccess(of, ctx);
    const id = ctx.id('accs');
    const session: AccountSessionObject = {
      id,
      account: ctx.account,
      created: ctx.now,
      of,
      components,
      expires_at: ctx.now + SESSION_SECONDS,
      client_secret: `accs_secret__${ctx.secret(id, 40)}`,
    };
    return { result: session, put: [session] };
  },
});

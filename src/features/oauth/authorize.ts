import { controllerPresets } from '../../data/controllers.ts';
import { command } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { impliedCapabilities, withAsked } from '../accounts/capabilities.ts';
import { newAccount } from '../accounts/new-account.ts';
import { accountUpdated, applicationNews, capabilityNews } from '../accounts/news.ts';
import { type AccountObject, accounts } from '../accounts/object.ts';
import { withStatus } from '../accounts/status.ts';
import type { AuthorizationCodeObject } from './object.ts';

/**
 * Connects a fresh standard account, as if its owner had just signed up and agreed. Only in test mode: nobody is asked.
 */
export const authorizeAccount = command({
  name: 'oauth.authorize',
  load: (read, _params: { readonly scope: string }, ctx) => ({ platform: read.find(accounts, ctx.platform) }),

  decide({ scope }, { platform }, ctx) {
    if (ctx.livemode || !platform?.platform) return refuse('test_mode_only');
    const controller = controllerPresets.standard;
    // An account is numbered by its operation, so its id comes before all others.
    const id = ctx.id('acct');
    const bare = newAccount({ id, platform: ctx.platform, created: ctx.now, controller, country: platform.country });
    const capabilities = withAsked({}, impliedCapabilities(controller), ctx.now);
    const account: AccountObject = withStatus({ ...bare, capabilities, details_submitted: true }, true);
    const code: AuthorizationCodeObject = {
      id: ctx.id('ac'),
      account: ctx.platform,
      created: ctx.now,
      of: account.id,
      scope,
    };
    const application = { id: ctx.application, name: platform.platform.application_name };
    return {
      result: code,
      put: [account, code],
      emit: [
        accountUpdated(account),
        ...capabilityNews(null, account),
        applicationNews('authorized', account, application),
      ],
    };
  },
});

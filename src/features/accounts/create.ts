import type { Context } from '../../engine/command.ts';
import { command } from '../../engine/command.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import { resolveExternalAccount } from '../tokens/external.ts';
import { type TokenObject, tokens } from '../tokens/object.ts';
import { refuseAccess } from './access.ts';
import { withAccountToken } from './account-token.ts';
import { impliedCapabilities, withAsked } from './capabilities.ts';
import { controllerFrom } from './controller.ts';
import { withAdded } from './external-accounts.ts';
import { withFields } from './fields.ts';
import { countryFrom, newAccount } from './new-account.ts';
import { accountUpdated, applicationNews, capabilityNews, externalNews } from './news.ts';
import { type AccountObject, accounts, type ExternalAccount } from './object.ts';
import type { CreateAccount } from './params.ts';
import { individualOf } from './person.ts';
import { withStatus } from './status.ts';

interface Made {
  readonly account: AccountObject;
  readonly external?: ExternalAccount;
  readonly spent?: TokenObject;
}

/** The account with what is said of it, and with its bank account or debit card if one came along. */
function made(
  params: CreateAccount,
  token: TokenObject | undefined,
  platform: AccountObject,
  ctx: Context,
): Made | Refusal {
  const controller = controllerFrom(params);
  if (isRefusal(controller)) return controller;
  const country = countryFrom(params.country, platform.country);
  if (isRefusal(country)) return country;
  // An account is numbered by its operation, so its id comes before all others.
  const id = ctx.id('acct');
  const { default_currency } = params;
  const bare = newAccount({ id, platform: ctx.platform, created: ctx.now, controller, country, default_currency });
  const capabilities = withAsked({}, impliedCapabilities(controller), ctx.now);
  const account = withFields({ ...bare, capabilities }, individualOf(undefined, params, ctx), ctx.now);
  if (isRefusal(account) || params.external_account === undefined) {
    return isRefusal(account) ? account : { account };
  }
  const sent = params.external_account;
  const resolved = resolveExternalAccount({ sent, token, country, at: 'external_account' }, ctx);
  if (isRefusal(resolved)) return resolved;
  const external_accounts = withAdded([], resolved.external, true);
  return { account: { ...account, external_accounts }, ...resolved };
}

/**
 * A new connected account. In test mode whatever it asks for is active at once.
 *
 * @rule X70, X71, R18
 */
export const createAccount = command({
  name: 'accounts.create',
  load: (read, params: CreateAccount, ctx) => ({
    platform: read.find(accounts, ctx.platform),
    token: typeof params.external_account === 'string' ? read.own(tokens, params.external_account) : undefined,
    told: params.account_token === undefined ? undefined : read.own(tokens, params.account_token),
  }),

  decide(sent, { platform, token, told }, ctx) {
    if (ctx.onBehalf) return refuse('not_signed_up_for_connect');
    if (!platform?.platform) return refuseAccess(ctx.platform, ctx);
    const completed = withAccountToken(sent, told);
    if (isRefusal(completed)) return completed;
    const found = made(completed.params, token, platform, ctx);
    if (isRefusal(found)) return found;
    const account = withStatus(found.account, !ctx.livemode);
    const external = account.external_accounts[0];
    const application = { id: ctx.application, name: platform.platform.application_name };
    return {
      result: account,
      put: [account, ...(found.spent ? [found.spent] : []), ...completed.spent],
      emit: [
        accountUpdated(account),
        ...capabilityNews(null, account),
        ...(external ? [externalNews('created', account, external)] : []),
        ...(account.type === 'standard' ? [applicationNews('authorized', account, application)] : []),
      ],
    };
  },
});

import { mergeMetadata } from '../../api/params.ts';
import { command } from '../../engine/command.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { resolveExternalAccount } from '../tokens/external.ts';
import { maySee, refuseAccess } from './access.ts';
import { withAdded } from './external-accounts.ts';
import { accountUpdated, externalNews } from './news.ts';
import { type AccountObject, accounts, type ExternalAccount } from './object.ts';
import type { CreateExternal } from './params.ts';
import { withStatus } from './status.ts';
import { usableToken } from './usable-token.ts';

const wantsDefault = ({ default_for_currency, external_account: sent }: CreateExternal): boolean =>
  default_for_currency ?? (typeof sent === 'object' && sent.default_for_currency === true);

/** Adds a bank account or debit card that payouts may go to. */
export const createExternal = command({
  name: 'accounts.external_accounts.create',
  load: (read, params: CreateExternal & { readonly account: string }, ctx) => {
    const account = read.find(accounts, params.account);
    return { account, token: usableToken(read, params.external_account, account, ctx) };
  },

  decide(params, { account: before, token }, ctx) {
    if (!maySee(ctx, before)) return refuseAccess(params.account, ctx);
    const sent = params.external_account;
    const resolved = resolveExternalAccount({ sent, token, country: before.country, at: 'external_account' }, ctx);
    if (isRefusal(resolved)) return resolved;
    const external: ExternalAccount = {
      ...resolved.external,
      metadata: mergeMetadata(resolved.external.metadata, params.metadata),
    };
    const external_accounts = withAdded(before.external_accounts, external, wantsDefault(params));
    const changed: AccountObject = { ...before, external_accounts, changedPart: { external: external.id } };
    const account = withStatus(changed, !ctx.livemode);
    const added = account.external_accounts.at(-1) ?? external;
    return {
      result: account,
      put: resolved.spent ? [account, resolved.spent] : [account],
      emit: [externalNews('created', account, added), accountUpdated(account)],
    };
  },
});

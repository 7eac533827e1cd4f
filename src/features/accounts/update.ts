import { command, type EventDraft } from '../../engine/command.ts';
import { isRefusal, refuse } from '../../kernel/refusal.ts';
import { resolveExternalAccount } from '../tokens/external.ts';
import { maySee, refuseAccess } from './access.ts';
import { withAccountToken } from './account-token.ts';
import { withReplaced } from './external-accounts.ts';
import { withFields } from './fields.ts';
import { showsFurther, withoutFurther } from './further.ts';
import { accountUpdated, capabilityNews, externalNews } from './news.ts';
import { type AccountObject, accounts, type ExternalAccount } from './object.ts';
import type { UpdateAccount } from './params.ts';
import { changesIdentity, individualOf } from './person.ts';
import { withStatus } from './status.ts';
import { usableToken } from './usable-token.ts';

/** Whether anything of it is different for those who look at it. */
const isChanged = (before: AccountObject, after: AccountObject): boolean => {
  const { changedPart: _, ...seen } = before;
  return JSON.stringify(Object.entries(seen).sort()) !== JSON.stringify(Object.entries(after).sort());
};

function replacedNews(
  account: AccountObject,
  added: ExternalAccount | undefined,
  removed: ExternalAccount | undefined,
): readonly EventDraft[] {
  const created = added && account.external_accounts.find(({ id }) => id === added.id);
  return [
    ...(created ? [externalNews('created', account, created)] : []),
    ...(removed ? [externalNews('deleted', account, removed)] : []),
  ];
}

/**
 * Changes an account. An external account sent along takes the place of the default of its currency (R104).
 *
 * @rule X2
 */
export const updateAccount = command({
  name: 'accounts.update',
  load: (read, params: UpdateAccount & { readonly account: string }, ctx) => {
    const account = read.find(accounts, params.account);
    return {
      account,
      token: usableToken(read, params.external_account, account, ctx),
      told: usableToken(read, params.account_token, account, ctx),
    };
  },

  decide(request, { account: before, token, told }, ctx) {
    if (!maySee(ctx, before)) return refuseAccess(request.account, ctx);
    const completed = withAccountToken(request, told);
    if (isRefusal(completed)) return completed;
    const { params, spent } = completed;
    const isStripes = before.controller.requirement_collection === 'stripe' && before.platform === undefined;
    if (isStripes && before.details_submitted && changesIdentity(params)) {
      return refuse('account_identity_not_editable', { id: before.id });
    }
    const changed = withFields(before, individualOf(before, params, ctx), ctx.now);
    if (isRefusal(changed)) return changed;
    const sent = params.external_account;
    const resolved =
      sent === undefined
        ? undefined
        : resolveExternalAccount({ sent, token, country: before.country, at: 'external_account' }, ctx);
    if (isRefusal(resolved)) return resolved;
    const replaced = resolved && withReplaced(changed.external_accounts, resolved.external);
    const external_accounts = replaced?.externals ?? changed.external_accounts;
    const whole: AccountObject = { ...changed, external_accounts };
    const account = withStatus(showsFurther(before, whole) ? withoutFurther(whole) : whole, !ctx.livemode);
    return {
      result: account,
      put: [account, ...(resolved?.spent ? [resolved.spent] : []), ...spent],
      emit: [
        ...replacedNews(account, resolved?.external, replaced?.removed),
        ...capabilityNews(before, account),
        ...(isChanged(before, account) ? [accountUpdated(account)] : []),
      ],
    };
  },
});

import { type Context, command, type EventDraft, type Reader } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { sameText } from '../../kernel/same-text.ts';
import { accountUpdated, capabilityNews, externalNews } from '../accounts/news.ts';
import { type AccountObject, accounts, type ExternalAccount } from '../accounts/object.ts';
import { onboarded } from '../accounts/onboarding.ts';
import { withStatus } from '../accounts/status.ts';
import { successfulBankOf } from '../tokens/bank.ts';
import { type AccountLinkObject, accountLinks, LINK_SECONDS } from './object.ts';

export interface VisitAccountLink {
  readonly link: string;
  readonly secret: string;
  /** Who agrees to the terms, and with what. */
  readonly ip: string;
  readonly user_agent: string;
}

function load(read: Reader, { link: id }: VisitAccountLink) {
  const link = read.find(accountLinks, id);
  return { link, account: link && read.find(accounts, link.of) };
}

/** In test mode nobody types a bank account in, and yet there is one afterwards. */
const bankOf = (account: AccountObject, ctx: Context): ExternalAccount | undefined =>
  ctx.livemode || account.external_accounts.length > 0
    ? undefined
    : successfulBankOf(account.country, account.default_currency, ctx.id('ba'), ctx.now);

/**
 * Whoever answers for an account went through the hosted pages. A link is good once.
 *
 * @rule R76
 */
export const visitAccountLink = command({
  name: 'account_links.visit',
  load,

  decide(params: VisitAccountLink, { link, account: before }: ReturnType<typeof load>, ctx) {
    if (!link || !sameText(link.secret, params.secret) || !before || before.deleted) {
      return refuse('no_such_in_path', { object: accountLinks.noun, id: params.link, param: 'link' });
    }
    if (link.used || ctx.now >= link.expires_at) return refuse('account_link_expired', { minutes: LINK_SECONDS / 60 });
    const bank = bankOf(before, ctx);
    const agreement = { date: ctx.now, ip: params.ip, user_agent: params.user_agent };
    const account = withStatus(onboarded(before, { agreement, bank }), !ctx.livemode);
    const used: AccountLinkObject = { ...link, used: true };
    const added = bank && account.external_accounts.find(({ id }) => id === bank.id);
    const news: readonly EventDraft[] = added ? [externalNews('created', account, added)] : [];
    return {
      result: used,
      put: [used, account],
      emit: [...news, ...capabilityNews(before, account), accountUpdated(account)],
    };
  },
});

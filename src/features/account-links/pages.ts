import { escapeHtml, isDenial, type PageAnswer, type PageRequest, pageHtml } from '../../api/page.ts';
import { page, type Route } from '../../api/route.ts';
import { sameText } from '../../kernel/same-text.ts';
import { type AccountLinkObject, accountLinks } from './object.ts';
import { visitAccountLink } from './visit.ts';

const gone: PageAnswer = {
  status: 404,
  html: pageHtml('There is no such page', '<p>Please ask the platform for a new link.</p>'),
};

async function linkOf({ names, books }: PageRequest): Promise<AccountLinkObject | null> {
  const link = await books.find(accountLinks, names.link ?? '');
  return link && sameText(link.secret, names.secret ?? '') ? link : null;
}

async function complete(request: PageRequest, link: AccountLinkObject): Promise<PageAnswer> {
  const params = { link: link.id, secret: link.secret, ip: request.ip, user_agent: request.userAgent };
  const done = await request.books.decide(link, visitAccountLink, params);
  if (!isDenial(done)) return { redirect: link.return_url };
  // Whoever comes too late gets another link from the platform.
  return done.status === 404 ? gone : { redirect: link.refresh_url };
}

/** In live mode somebody has to agree, which opening an address is not: mail programs and messengers open it, too. */
const agreement = (link: AccountLinkObject): PageAnswer => ({
  status: 200,
  html: pageHtml(
    'Set up payments',
    `<p>The account ${escapeHtml(link.of)} is going to receive payments. By going on you agree to its terms of service,
and that amounts owed to the platform may be taken from its balance.</p>
<form method="post"><button>Agree and continue</button></form>`,
  ),
});

export const pages: readonly Route[] = [
  page('GET', '/setup/:link/:secret', {
    tier: 2,
    summary:
      'Onboards a connected account in test mode, and sends the browser to return_url; in live mode it asks first.',
    answer: async (request) => {
      const link = await linkOf(request);
      if (!link) return gone;
      return (await request.books.isLive(link)) ? agreement(link) : complete(request, link);
    },
  }),
  page('POST', '/setup/:link/:secret', {
    tier: 2,
    summary: 'Whoever answers for the account agrees to the terms (R76).',
    answer: async (request) => {
      const link = await linkOf(request);
      return link ? complete(request, link) : gone;
    },
  }),
];

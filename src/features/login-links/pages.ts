import { escapeHtml, isDenial, type PageAnswer, type PageRequest, pageHtml } from '../../api/page.ts';
import { page, type Route } from '../../api/route.ts';
import type { Currency } from '../../data/currencies.ts';
import { formatMoney } from '../../kernel/money.ts';
import { type Balance, pendingOf } from '../../ledger/balance.ts';
import { at } from '../accounts/details.ts';
import { type AccountObject, accounts } from '../accounts/object.ts';
import { loginLinks } from './object.ts';
import { visitLoginLink } from './visit.ts';

const row = (currency: Currency, balance: Balance): string => {
  const cells = [
    currency.toUpperCase(),
    formatMoney(balance.available, currency),
    formatMoney(pendingOf(balance), currency),
  ];
  return `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`;
};

const dashboard = (account: AccountObject, balances: ReadonlyMap<Currency, Balance>): PageAnswer => ({
  status: 200,
  html: pageHtml(
    String(at(account.business_profile, 'name') ?? account.email ?? account.id),
    `<p>Payments ${account.charges_enabled ? 'on' : 'off'}, payouts ${account.payouts_enabled ? 'on' : 'off'}.</p>
<table><tr><td>Currency</td><td>Available</td><td>Pending</td></tr>
${[...balances].map(([currency, balance]) => row(currency, balance)).join('\n')}
</table>`,
  ),
});

async function visit({ names, books }: PageRequest): Promise<PageAnswer> {
  const link = await books.find(loginLinks, names.link ?? '');
  const used = link && (await books.decide(link, visitLoginLink, { link: link.id, secret: names.secret ?? '' }));
  const account = link && (await books.find(accounts, link.of));
  if (!used || isDenial(used) || !account || account.deleted) {
    return { status: 404, html: pageHtml('There is no such page', '<p>Please ask the platform for a new link.</p>') };
  }
  return dashboard(account, await books.balances(account.id));
}

export const pages: readonly Route[] = [
  page('GET', '/express/:link/:secret', {
    tier: 2,
    summary: "An express account's own page: its balances.",
    answer: visit,
  }),
];

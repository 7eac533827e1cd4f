import type { Principal } from '../../api/auth.ts';
import { Refused } from '../../api/errors.ts';
import { isDenial, type PageAnswer, type PageRequest, pageHtml, sentTo } from '../../api/page.ts';
import { page, type Route } from '../../api/route.ts';
import { bookOf, mint } from '../../kernel/id.ts';
import type { AccountObject } from '../accounts/object.ts';
import { authorizeAccount } from './authorize.ts';
import { deauthorizeAccount } from './deauthorize.ts';
import { exchangeCode } from './exchange.ts';
import type { AuthorizationCodeObject } from './object.ts';

/** OAuth has its own form of errors, which is not wrapped. */
const failure = (status: number, error: string, error_description: string): PageAnswer => ({
  status,
  json: { error, error_description },
});

/** The platform whose key came along, or why it is none. */
async function authenticated(request: PageRequest): Promise<Principal | PageAnswer> {
  try {
    return await request.platform();
  } catch (error) {
    if (error instanceof Refused && error.refusal.status === 401) {
      return failure(401, 'invalid_client', error.refusal.error.message);
    }
    throw error;
  }
}

const isAnswer = (value: Principal | PageAnswer): value is PageAnswer => 'json' in value;

async function token(request: PageRequest): Promise<PageAnswer> {
  const principal = await authenticated(request);
  if (isAnswer(principal)) return principal;
  const grant = sentTo(request, 'grant_type');
  if (grant === 'refresh_token') {
    const refresh = sentTo(request, 'refresh_token');
    return failure(400, 'invalid_grant', `Refresh token does not exist: ${refresh}`);
  }
  if (grant !== 'authorization_code') {
    return failure(400, 'unsupported_grant_type', `unsupported grant_type: ${grant}`);
  }
  const code = sentTo(request, 'code');
  if (code === '') return failure(400, 'invalid_request', 'No authorization code provided');
  const used = await request.books.decideIn<AuthorizationCodeObject>(principal.book, exchangeCode, { code });
  if (isDenial(used)) return failure(400, 'invalid_grant', `Authorization code does not exist: ${code}`);
  // An account has no key of its own here: the platform's, with the Stripe-Account header, acts for it.
  return {
    status: 200,
    json: { livemode: principal.livemode, scope: used.scope, stripe_user_id: used.of, token_type: 'bearer' },
  };
}

async function deauthorize(request: PageRequest): Promise<PageAnswer> {
  const principal = await authenticated(request);
  if (isAnswer(principal)) return principal;
  const client = sentTo(request, 'client_id');
  if (client !== principal.env.application) {
    return failure(401, 'invalid_client', `No such application: '${client}'`);
  }
  const account = sentTo(request, 'stripe_user_id');
  const gone = await request.books.decideIn<AccountObject>(principal.book, deauthorizeAccount, { account });
  if (!isDenial(gone)) return { status: 200, json: { stripe_user_id: account } };
  if (gone.status !== 403) return failure(400, 'invalid_request', gone.error.message);
  const words = `This application is not connected to stripe account ${account}, or that account does not exist.`;
  return failure(401, 'invalid_client', words);
}

const refused = (words: string): PageAnswer => ({
  status: 400,
  html: pageHtml('The account is not connected', `<p>${words}</p>`),
});

/** In place of the page on which an account's owner signs up and agrees: connects a fresh account at once. */
async function authorize(request: PageRequest): Promise<PageAnswer> {
  const client = sentTo(request, 'client_id');
  const book = bookOf(client);
  const back = sentTo(request, 'redirect_uri');
  if (book === null || client !== mint('ca', book, { seq: 1, pos: 1 }) || !(await request.books.exists(book))) {
    return refused('No application has this client_id.');
  }
  if (!/^https?:/.test(back) || !URL.canParse(back)) return refused('The redirect_uri is missing, or no address.');
  const scope = sentTo(request, 'scope') || 'read_only';
  const code = await request.books.decideIn<AuthorizationCodeObject>(book, authorizeAccount, {
    scope,
  });
  if (isDenial(code)) return refused('Accounts are connected by this page in test mode only.');
  const address = new URL(back);
  address.searchParams.set('scope', scope);
  address.searchParams.set('code', code.id);
  const state = sentTo(request, 'state');
  if (state !== '') address.searchParams.set('state', state);
  return { redirect: address.href };
}

const summary = 'In test mode connects a fresh standard account, and sends the browser back with a code and the state.';

export const pages: readonly Route[] = [
  page('POST', '/oauth/token', {
    tier: 2,
    summary: 'Takes a code for the account that it stands for. There are no keys of accounts, so none is answered.',
    answer: token,
  }),
  page('POST', '/oauth/deauthorize', {
    tier: 2,
    summary: 'Gives up the access to a connected account.',
    answer: deauthorize,
  }),
  page('GET', '/oauth/authorize', { tier: 2, summary, answer: authorize }),
  page('GET', '/express/oauth/authorize', { tier: 2, summary, answer: authorize }),
];

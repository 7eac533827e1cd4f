import { monday, type World } from '../sdk/world.ts';

/** What is sent to a route, and what it answers if that is not 200. */
export interface Asked {
  /** With the query; the names of the route filled in. */
  readonly path: string;
  readonly form?: string;
  readonly json?: unknown;
  /** With the operator's key instead of the platform's. */
  readonly isOperator?: boolean;
  readonly status?: 303;
}

type Asking = (world: World) => Promise<Asked>;

const refundOf = async (world: World): Promise<string> => {
  const refund = await world.stripe.refunds.retrieve(await world.refund());
  return `${refund.charge}/refunds/${refund.id}`;
};
const disputedCharge = async (world: World): Promise<string> => {
  const dispute = await world.stripe.disputes.retrieve(await world.dispute());
  return dispute.charge as string;
};
const lineOf = async (world: World): Promise<string> => (await world.sale()).balance_transaction as string;

const back = encodeURIComponent('https://shop.example/back');
/** Where an address on this server leads, wherever it is called by another name. */
const within = (address: string): string => address.replace(/^https?:\/\/[^/]+/, '');

const accountLink = async (world: World): Promise<string> => {
  const { url } = await world.stripe.accountLinks.create({
    account: await world.express(),
    type: 'account_onboarding',
    refresh_url: 'https://shop.example/again',
    return_url: 'https://shop.example/back',
  });
  return within(url);
};
const loginLink = async (world: World): Promise<string> => {
  const account = await world.express();
  const { url } = await world.stripe.accountLinks.create({
    account,
    type: 'account_onboarding',
    refresh_url: 'https://shop.example/again',
    return_url: 'https://shop.example/back',
  });
  await fetch(`${world.server.url}${within(url)}`, { redirect: 'manual' });
  return within((await world.stripe.accounts.createLoginLink(account)).url);
};
/** The address of the bank's page for an intent that waits for its customer. */
const bankPage = (intent: {
  readonly next_action: { readonly redirect_to_url?: { url: string | null } | null } | null;
}) => within(intent.next_action?.redirect_to_url?.url ?? '');
const strict = {
  confirm: true,
  payment_method: 'pm_card_authenticationRequired',
  return_url: 'https://shop.example/back',
} as const;

const application = async (world: World): Promise<string> => {
  const { application } = await world.stripe.paymentIntents.create({ amount: 100, currency: 'usd' }, world.onBehalf);
  return application as string;
};
const authorization = async (world: World): Promise<string> => {
  const client = await application(world);
  const query = `response_type=code&client_id=${client}&scope=read_write&redirect_uri=${back}`;
  const page = await fetch(`${world.server.url}/oauth/authorize?${query}`, { redirect: 'manual' });
  return new URL(page.headers.get('location') ?? '').searchParams.get('code') ?? '';
};

const apiKey = async ({ server, platform }: World): Promise<string> => {
  const headers = { authorization: `Bearer ${platform.secret_key}` };
  const made = await fetch(`${server.url}/evenkeel/v1/api_keys`, { method: 'POST', headers });
  return ((await made.json()) as { id: string }).id;
};

const admin =
  (path: string, json?: unknown): Asking =>
  async () => ({ path: `/evenkeel/v1/${path}`, json });
const get =
  (path: string): Asking =>
  async () => ({ path });

/**
 * A request to each route that Stripe's client has no method for, and that succeeds. All others are called by
 * `sdk/calls.ts`.
 */
export const requests: Readonly<Record<string, Asking>> = {
  'POST /v1/charges/:charge/refund': async (w) => ({ path: `/v1/charges/${(await w.sale()).id}/refund`, form: '' }),
  'POST /v1/charges/:charge/refunds': async (w) => ({
    path: `/v1/charges/${(await w.sale()).id}/refunds`,
    form: 'amount=100',
  }),
  'GET /v1/charges/:charge/refunds': async (w) => ({ path: `/v1/charges/${(await w.sale()).id}/refunds?limit=1` }),
  'GET /v1/charges/:charge/refunds/:refund': async (w) => ({ path: `/v1/charges/${await refundOf(w)}` }),
  'POST /v1/charges/:charge/refunds/:refund': async (w) => ({
    path: `/v1/charges/${await refundOf(w)}`,
    form: 'metadata[a]=b',
  }),
  'GET /v1/charges/:charge/dispute': async (w) => ({ path: `/v1/charges/${await disputedCharge(w)}/dispute` }),
  'POST /v1/charges/:charge/dispute': async (w) => ({
    path: `/v1/charges/${await disputedCharge(w)}/dispute`,
    form: 'evidence[uncategorized_text]=Delivered',
  }),
  'POST /v1/charges/:charge/dispute/close': async (w) => ({
    path: `/v1/charges/${await disputedCharge(w)}/dispute/close`,
    form: '',
  }),
  'POST /v1/application_fees/:fee/refund': async (w) => ({
    path: `/v1/application_fees/${await w.fee()}/refund`,
    form: 'amount=20',
  }),
  'GET /v1/balance/history': get('/v1/balance/history?limit=1'),
  'GET /v1/balance/history/:id': async (w) => ({ path: `/v1/balance/history/${await lineOf(w)}` }),
  'POST /v1/events/:id/retry': async (w) => {
    const { data } = await w.stripe.events.list({ limit: 1 });
    return { path: `/v1/events/${data[0]?.id}/retry`, form: `webhook_endpoint=${await w.endpoint()}` };
  },
  'POST /v1/stripecli/sessions': async () => ({
    path: '/v1/stripecli/sessions',
    form: 'device_name=desk&websocket_features[]=webhooks',
  }),
  'GET /v1/files/:file/contents': async (w) => ({ path: `/v1/files/${await w.file()}/contents` }),
  'GET /links/:token': async (w) => {
    const { url } = await w.stripe.fileLinks.create({ file: await w.file() });
    return { path: within(url ?? '') };
  },

  'POST /evenkeel/v1/adjustments': async ({ platform }) => ({
    path: '/evenkeel/v1/adjustments',
    json: { account: platform.id, amount: 5, currency: 'usd', description: 'Found money' },
  }),
  'POST /evenkeel/v1/disputes': async (w) => ({
    path: '/evenkeel/v1/disputes',
    json: { charge: (await w.sale()).id, reason: 'fraudulent' },
  }),
  'POST /evenkeel/v1/disputes/:dispute/decide': async (w) => ({
    path: `/evenkeel/v1/disputes/${await w.dispute()}/decide`,
    json: { outcome: 'won' },
  }),
  'POST /evenkeel/v1/topups/:topup/reverse': async (w) => ({
    path: `/evenkeel/v1/topups/${await w.topup()}/reverse`,
    json: {},
  }),
  'POST /evenkeel/v1/payout_settings': admin('payout_settings', { holding_limit_action: 'payout' }),
  'GET /evenkeel/v1/payout_settings': async ({ seller }) => ({
    path: `/evenkeel/v1/payout_settings?account=${seller}`,
  }),
  'POST /evenkeel/v1/billing_settings': admin('billing_settings', { subscription_retries_end: 'cancel' }),
  'GET /evenkeel/v1/billing_settings': admin('billing_settings'),
  'GET /evenkeel/v1/deliveries': admin('deliveries?limit=1'),
  'POST /evenkeel/v1/platforms': async () => ({ path: '/evenkeel/v1/platforms', json: {}, isOperator: true }),
  'GET /evenkeel/v1/platforms': async () => ({ path: '/evenkeel/v1/platforms?limit=1', isOperator: true }),
  'POST /evenkeel/v1/api_keys': admin('api_keys', {
    type: 'restricted',
    name: 'Reports',
    permissions: { charge: 'read' },
  }),
  'GET /evenkeel/v1/api_keys': admin('api_keys'),
  'DELETE /evenkeel/v1/api_keys/:key': async (w) => ({ path: `/evenkeel/v1/api_keys/${await apiKey(w)}` }),
  'POST /evenkeel/v1/api_keys/:key/roll': async (w) => ({
    path: `/evenkeel/v1/api_keys/${await apiKey(w)}/roll`,
    json: { expires_in: 60 },
  }),
  'POST /evenkeel/v1/consents': async (w) => ({
    path: '/evenkeel/v1/consents',
    json: { account: w.seller, date: monday, text: 'Debits are fine.' },
  }),
  'POST /evenkeel/v1/fx_rates': admin('fx_rates', { rates: { eur: { units: 100, usd: 108 } } }),
  'GET /evenkeel/v1/fx_rates': admin('fx_rates'),
  'GET /evenkeel/v1/reserves': admin('reserves'),
  'GET /evenkeel/v1/negative_accounts': admin('negative_accounts'),
  'GET /evenkeel/v1/exposure': admin('exposure'),
  'GET /evenkeel/v1/accounts/:account/explain': async ({ seller }) => ({
    path: `/evenkeel/v1/accounts/${seller}/explain?currency=usd`,
  }),
  'POST /evenkeel/v1/notifications': admin('notifications', { enabled: true }),
  'GET /evenkeel/v1/notifications': admin('notifications'),
  'GET /evenkeel/v1/outbox': admin('outbox?limit=1'),

  'GET /setup/:link/:secret': async (w) => ({ path: await accountLink(w), status: 303 }),
  'POST /setup/:link/:secret': async (w) => ({ path: await accountLink(w), form: '', status: 303 }),
  'GET /express/:link/:secret': async (w) => ({ path: await loginLink(w) }),
  'GET /authenticate/payment_intents/:intent': async (w) => ({ path: bankPage(await w.intent(strict)), status: 303 }),
  'GET /authenticate/setup_intents/:intent': async (w) => ({
    path: bankPage(await w.stripe.setupIntents.create(strict)),
    status: 303,
  }),
  'GET /oauth/authorize': async (w) => ({
    path: `/oauth/authorize?response_type=code&client_id=${await application(w)}&redirect_uri=${back}`,
    status: 303,
  }),
  'GET /express/oauth/authorize': async (w) => ({
    path: `/express/oauth/authorize?response_type=code&client_id=${await application(w)}&redirect_uri=${back}`,
    status: 303,
  }),
  'POST /oauth/token': async (w) => ({
    path: '/oauth/token',
    form: `grant_type=authorization_code&code=${await authorization(w)}`,
  }),
  'POST /oauth/deauthorize': async (w) => {
    const { stripe_user_id } = await w.stripe.oauth.token({
      grant_type: 'authorization_code',
      code: await authorization(w),
    });
    return {
      path: '/oauth/deauthorize',
      form: `client_id=${await application(w)}&stripe_user_id=${stripe_user_id}`,
    };
  },
};

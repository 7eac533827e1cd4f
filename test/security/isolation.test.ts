/** Ids of one platform under the key of another, on every route and in parameters: answered as ids of nothing are, byte for byte. */
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Route } from '../../src/api/route.ts';
import { secretsOf } from '../../src/features/platforms/secrets.ts';
import { bookOf, mint, prefixOf } from '../../src/kernel/id.ts';
import { featuresWith } from '../../src/registry.ts';
import { World } from '../scenarios/sdk/world.ts';
import { auditClean } from '../support/audit.ts';
import { admin } from '../support/platform.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { errorOf, send, type WireAnswer } from '../support/wire.ts';

const routes = featuresWith(secretsOf({ adminKey: null, deterministicSeed: 1 })).flatMap(({ routes = [] }) => routes);
const nameOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${path}`;

/** What is public, and the same for everybody. */
const noIds = new Set(['country', 'capability', 'report_type', 'mandate']);
const named = routes.filter(
  ({ kind, path }) => kind !== 'page' && (path.match(/:\w+/g) ?? []).some((name) => !noIds.has(name.slice(1))),
);

let server: TestServer;
let own: World;
let foreign: World;
let ownIds: Ids;
let foreignIds: Ids;

beforeAll(async () => {
  server = await startServer();
  own = await World.open(server, () => {});
  foreign = await World.open(server, () => {});
  ownIds = await idsOf(own);
  foreignIds = await idsOf(foreign);
}, 120_000);
afterAll(async () => {
  if (!server) return;
  try {
    await auditClean(server);
  } finally {
    await server.stop();
  }
}, 60_000);

type Ids = Awaited<ReturnType<typeof idsOf>>;

/** One object of every kind. */
async function idsOf(world: World) {
  const { stripe, platform, seller } = world;
  const charge = (await world.sale()).id;
  const [customer, source] = await world.source();
  const [transfer, reversal] = await world.reversal();
  const subscription = await world.subscription();
  const invoice = await world.openInvoice();
  await stripe.invoices.pay(invoice);
  const payments = await stripe.invoicePayments.list({ invoice });
  const fee = await world.fee();
  const first = <T extends { readonly id: string }>({ data }: Stripe.ApiList<T>): string => (data[0] as T).id;
  const file = await world.file();
  const made = await admin<{ id: string }>(server, platform.secret_key, 'POST', '/evenkeel/v1/api_keys', {});
  return {
    account: seller,
    bank: await world.bank(),
    charge,
    clock: platform.test_clock as string,
    customer,
    dispute: await world.dispute(),
    endpoint: await world.endpoint(),
    event: first(await stripe.events.list({ limit: 1 })),
    fee,
    feeRefund: (await stripe.applicationFees.createRefund(fee, { amount: 10 })).id,
    file,
    intent: (await world.intent()).id,
    invoice,
    invoiceItem: await world.invoiceItem(),
    invoicePayment: first(payments),
    item: (subscription.items.data[0] as Stripe.SubscriptionItem).id,
    key: made.id,
    line: first(await stripe.balanceTransactions.list({ limit: 1 })),
    link: (await stripe.fileLinks.create({ file })).id,
    paymentMethod: await world.card(customer),
    payout: await world.payout(),
    person: await world.person(),
    price: await world.price(),
    product: await world.product(),
    refund: (await stripe.refunds.create({ charge, amount: 100 })).id,
    reportRun: await world.reportRun(),
    reversal,
    setup: await world.setup(),
    source,
    subscription: subscription.id,
    token: (await stripe.tokens.create({ pii: { id_number: '000000000' } })).id,
    topup: await world.topup(),
    transfer,
  };
}

/** Which object stands in a path, by its name there or, where that says nothing, by what stands before it. */
const byName: Readonly<Record<string, keyof Ids>> = {
  account: 'account',
  person: 'person',
  payment_method: 'paymentMethod',
  customer: 'customer',
  charge: 'charge',
  dispute: 'dispute',
  transfer: 'transfer',
  fee: 'fee',
  payout: 'payout',
  topup: 'topup',
  price: 'price',
  subscription: 'subscription',
  item: 'item',
  invoice: 'invoice',
  invoiceitem: 'invoiceItem',
  invoice_payment: 'invoicePayment',
  webhook_endpoint: 'endpoint',
  test_clock: 'clock',
  key: 'key',
  file: 'file',
  link: 'link',
  report_run: 'reportRun',
  token: 'token',
};
const byPlace: Readonly<Record<string, keyof Ids>> = {
  external_accounts: 'bank',
  sources: 'source',
  setup_intents: 'setup',
  payment_intents: 'intent',
  refunds: 'refund',
  reversals: 'reversal',
  balance_transactions: 'line',
  history: 'line',
  products: 'product',
  events: 'event',
};

function objectAt({ path }: Route, at: number): keyof Ids | null {
  const parts = path.split('/');
  const name = (parts[at] as string).slice(1);
  if (noIds.has(name)) return null;
  if (name === 'refund' && path.startsWith('/v1/application_fees')) return 'feeRefund';
  const key = byName[name] ?? byPlace[parts[at - 1] as string];
  if (key === undefined) throw new Error(`${path}: what is ${name}?`);
  return key;
}

/** What a route cannot do without. */
const sent: Readonly<Record<string, string>> = {
  'POST /v1/accounts/:account/reject': 'reason=other',
  'POST /v1/accounts/:account/external_accounts': 'external_account=btok_us_verified',
  'POST /v1/customers/:customer/sources': 'source=tok_visa',
  'POST /v1/customers/:customer/balance_transactions': 'amount=500&currency=usd',
  'POST /v1/payment_intents/:intent/increment_authorization': 'amount=5000',
  'POST /v1/test_helpers/test_clocks/:test_clock/advance': `frozen_time=${1_772_445_600 + 86_400}`,
  'POST /evenkeel/v1/disputes/:dispute/decide': '{"outcome":"won"}',
  'POST /evenkeel/v1/api_keys/:key/roll': '{}',
};
const query: Readonly<Record<string, string>> = { 'GET /evenkeel/v1/accounts/:account/explain': '?currency=usd' };

const askAs = (world: World, method: string, path: string, body: string | undefined): Promise<WireAnswer> => {
  const key = world.platform.secret_key;
  if (method !== 'POST') return send(server, { method, path, key });
  const json = path.startsWith('/evenkeel/');
  return send(server, {
    method,
    path,
    key,
    ...(json ? { raw: body ?? '{}', headers: { 'content-type': 'application/json' } } : { form: body ?? '' }),
  });
};

/** An id of this kind that names nothing in the own book. */
const nothing = (id: string): string =>
  id.startsWith('key_')
    ? `key_${'0'.repeat(24)}`
    : mint(prefixOf(id), bookOf(own.platform.id) as number, { seq: 900_000, pos: 0 });

describe('an id of another platform in the path', () => {
  const cases = named.flatMap((route) =>
    route.path.split('/').flatMap((part, at): [string, Route, number][] => {
      if (!part.startsWith(':') || noIds.has(part.slice(1))) return [];
      return [[`${nameOf(route)} at ${part}`, route, at]];
    }),
  );

  test.for(cases)('%s', async ([, route, at]) => {
    const key = objectAt(route, at);
    if (key === null) throw new Error('it has an id');
    const pathWith = (id: string) =>
      route.path
        .split('/')
        .map((part, place) => {
          if (!part.startsWith(':')) return part;
          if (place === at) return id;
          const other = objectAt(route, place);
          return other === null ? 'transfers' : ownIds[other];
        })
        .join('/') + (query[nameOf(route)] ?? '');
    const body = route.path.endsWith('/attach') ? `customer=${ownIds.customer}` : sent[nameOf(route)];
    const id = foreignIds[key];
    const none = nothing(id);
    const [answer, asNothing] = [
      await askAs(own, route.method, pathWith(id), body),
      await askAs(own, route.method, pathWith(none), body),
    ];
    expect([403, 404], answer.text).toContain(answer.status);
    // It was looked for.
    expect(errorOf(answer).message).toMatch(/^No such |does not have access to account/);
    expect(answer.text.replaceAll(id, none)).toBe(asNothing.text);
    expect(answer.status).toBe(asNothing.status);
  });
});

describe('an id of another platform in a parameter', () => {
  const filters = routes.flatMap((route) =>
    route.kind === 'list' && route.owner === null
      ? Object.entries(route.filters).flatMap(([name, how]): [string, string, keyof Ids][] => {
          const key = byName[name] ?? byPlace[`${name}s`] ?? (name === 'destination' ? 'account' : undefined);
          return how === 'ref' && key !== undefined ? [[route.path, name, key]] : [];
        })
      : [],
  );

  test.for(filters)('GET %s by %s', async ([path, name, key]) => {
    const id = foreignIds[key];
    const none = nothing(id);
    const [answer, asNothing] = [
      await askAs(own, 'GET', `${path}?${name}=${id}`, undefined),
      await askAs(own, 'GET', `${path}?${name}=${none}`, undefined),
    ];
    expect([answer.status, answer.text.replaceAll(id, none)]).toEqual([asNothing.status, asNothing.text]);
    if (answer.status === 200) expect(answer.body.data).toEqual([]);
  });

  test.for(['starting_after', 'ending_before'])('GET /v1/charges by %s', async (name) => {
    const id = foreignIds.charge;
    const [answer, asNothing] = [
      await askAs(own, 'GET', `/v1/charges?${name}=${id}`, undefined),
      await askAs(own, 'GET', `/v1/charges?${name}=${nothing(id)}`, undefined),
    ];
    expect([answer.status, answer.text.replaceAll(id, nothing(id))]).toEqual([400, asNothing.text]);
  });

  const bodies: readonly (readonly [path: string, form: string, key: keyof Ids])[] = [
    ['charges', 'amount=500&currency=usd&source=$', 'token'],
    ['charges', 'amount=500&currency=usd&customer=$', 'customer'],
    ['charges', 'amount=500&currency=usd&source=$', 'account'],
    ['charges', 'amount=500&currency=usd&source=tok_visa&transfer_data[destination]=$', 'account'],
    ['charges', 'amount=500&currency=usd&source=tok_visa&on_behalf_of=$', 'account'],
    ['payment_intents', 'amount=500&currency=usd&customer=$', 'customer'],
    ['payment_intents', 'amount=500&currency=usd&payment_method=$', 'paymentMethod'],
    ['payment_intents', 'amount=500&currency=usd&transfer_data[destination]=$', 'account'],
    ['payment_intents', 'amount=500&currency=usd&on_behalf_of=$', 'account'],
    ['setup_intents', 'customer=$', 'customer'],
    ['setup_intents', 'payment_method=$', 'paymentMethod'],
    ['setup_intents', 'on_behalf_of=$', 'account'],
    ['refunds', 'charge=$', 'charge'],
    ['refunds', 'payment_intent=$', 'intent'],
    ['transfers', 'amount=1&currency=usd&destination=$', 'account'],
    ['transfers', `amount=1&currency=usd&destination=@&source_transaction=$`, 'charge'],
    [
      'account_links',
      'account=$&type=account_onboarding&refresh_url=https://x.example&return_url=https://x.example',
      'account',
    ],
    ['account_sessions', 'account=$&components[balances][enabled]=true', 'account'],
    ['file_links', 'file=$', 'file'],
    ['prices', 'currency=usd&unit_amount=1&product=$', 'product'],
    ['subscriptions', 'customer=$&items[0][price]=%', 'customer'],
    ['subscriptions', 'customer=&items[0][price]=$', 'price'],
    ['subscription_items', 'subscription=$&price=%', 'subscription'],
    ['invoices', 'customer=$', 'customer'],
    ['invoiceitems', 'customer=$&amount=1&currency=usd', 'customer'],
    ['payouts', 'amount=1&currency=usd&destination=$', 'bank'],
    ['topups', 'amount=1&currency=usd&source=$', 'bank'],
  ];

  test.for(bodies)('POST /v1/%s %s', async ([path, form, key]) => {
    const id = foreignIds[key];
    const filled = (with_: string) =>
      form
        .replace('customer=&', `customer=${ownIds.customer}&`)
        .replace('@', ownIds.account)
        .replace('%', ownIds.price)
        .replace('$', with_);
    const [answer, asNothing] = [
      await askAs(own, 'POST', `/v1/${path}`, filled(id)),
      await askAs(own, 'POST', `/v1/${path}`, filled(nothing(id))),
    ];
    expect(answer.status, answer.text).toBeGreaterThanOrEqual(400);
    expect(answer.text, 'it was looked for').toContain(id);
    expect(answer.text.replaceAll(id, nothing(id))).toBe(asNothing.text);
  });
});

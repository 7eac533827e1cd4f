/** Every route by keys of every reach, made from the list of routes: what is not granted is refused, and says so. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { maskKey } from '../../src/api/auth.ts';
import { Permissions } from '../../src/api/permissions.ts';
import type { Route } from '../../src/api/route.ts';
import { type Resource, resources } from '../../src/data/permissions.ts';
import { secretsOf } from '../../src/features/platforms/secrets.ts';
import { featuresWith } from '../../src/registry.ts';
import { admin, createPlatform, stripeFor, type TestPlatform } from '../support/platform.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { errorOf, send } from '../support/wire.ts';

const features = featuresWith(secretsOf({ adminKey: null, deterministicSeed: 1 }));
const permissions = new Permissions(features);
const routes = features.flatMap(({ routes = [] }) => routes).filter(({ kind }) => kind !== 'page');
const nameOf = ({ method, path }: Route): string => `${method} ${path}`;

let server: TestServer;
let platform: TestPlatform;
let seller: string;
let other: string;
const keys = new Map<string, string>();

const make = async (body: Record<string, unknown>): Promise<string> => {
  const { secret } = await admin<{ secret: string }>(
    server,
    platform.secret_key,
    'POST',
    '/evenkeel/v1/api_keys',
    body,
  );
  return secret;
};
const restricted = (granted: Record<string, string>, accounts?: 'all' | readonly string[]) =>
  make({ type: 'restricted', permissions: granted, ...(accounts && { accounts }) });
const keyOf = (name: string): string => {
  const key = keys.get(name);
  if (key === undefined) throw new Error(`there is no key ${name}`);
  return key;
};

beforeAll(async () => {
  server = await startServer();
  platform = await createPlatform(server);
  const stripe = stripeFor(server, platform);
  const sold = { type: 'custom', country: 'US', capabilities: { transfers: { requested: true } } } as const;
  seller = (await stripe.accounts.create(sold)).id;
  other = (await stripe.accounts.create(sold)).id;
  keys.set('nothing', await restricted({}));
  for (const resource of resources) {
    keys.set(`${resource} read`, await restricted({ [resource]: 'read' }));
    keys.set(`${resource} write`, await restricted({ [resource]: 'write' }));
    const rest = resources.filter((each) => each !== resource);
    keys.set(`all but ${resource}`, await restricted(Object.fromEntries(rest.map((each) => [each, 'write']))));
  }
}, 60_000);
afterAll(() => server?.stop());

/** Wrong in itself, so that whom it lets in changes nothing. */
const ask = (route: Route, key: string) => {
  const path = route.path.replaceAll(/:[^/]+/g, 'x_none');
  if (route.method !== 'POST') return send(server, { method: route.method, path: `${path}?nonsense=1`, key });
  const json = { raw: '{"nonsense":1}', headers: { 'content-type': 'application/json' } };
  const body = route.kind === 'admin' ? json : { form: 'nonsense=1' };
  return send(server, { method: 'POST', path, key, ...body });
};

const refusal = (key: string, resource: Resource | null, level: string) => ({
  type: 'invalid_request_error',
  message:
    `The provided key '${maskKey(key)}' does not have the required permissions for this endpoint on account '${platform.id}'.` +
    (resource === null
      ? ''
      : ` Having the 'rak_${resource}_${level}' permission would allow this request to continue.`),
});

describe('a restricted key', () => {
  test.for(routes.map((route) => [nameOf(route), route] as const))('%s', async ([, route]) => {
    const resource = permissions.ofRoute(route);
    const level = route.method === 'GET' ? 'read' : 'write';
    const lets = (name: string): boolean =>
      name === `${resource} write` || (level === 'read' && name === `${resource} read`);
    const asked =
      resource === null
        ? [...keys.keys()]
        : ['nothing', `${resource} read`, `${resource} write`, `all but ${resource}`];
    for (const name of asked) {
      const key = keyOf(name);
      const answer = await ask(route, key);
      if (lets(name))
        expect(errorOf(answer).message, name).toMatch(/unknown parameter|does not have access to account/);
      else expect([name, answer.status, errorOf(answer)]).toEqual([name, 403, refusal(key, resource, level)]);
    }
  });

  test('of every resource has a route to go to', () => {
    const used = new Set(routes.map((route) => permissions.ofRoute(route)));
    expect(resources.filter((resource) => !used.has(resource))).toEqual([]);
  });

  test('learns nothing of what it may not read', async () => {
    const stripe = stripeFor(server, platform);
    const charge = await stripe.charges.create({ amount: 500, currency: 'usd', source: 'tok_visa' });
    const key = keyOf('all but charge');
    const answers = await Promise.all([
      send(server, { path: `/v1/charges/${charge.id}`, key }),
      send(server, { path: '/v1/charges/ch_none', key }),
      send(server, { path: '/v1/charges/ch_none', key, headers: { 'stripe-account': 'acct_none' } }),
    ]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });
});

describe('acting as connected accounts', () => {
  const balance = (key: string, account: string) =>
    send(server, { path: '/v1/balance', key, headers: { 'stripe-account': account } });

  test('is for keys that were granted it', async () => {
    const [none, one, all] = [
      await restricted({ balance: 'read' }),
      await restricted({ balance: 'read' }, [seller]),
      await restricted({ balance: 'read' }, 'all'),
    ];
    const asked = [seller, other, platform.id].map((account) => [none, one, all].map((key) => balance(key, account)));
    const statuses = await Promise.all(asked.map(async (row) => (await Promise.all(row)).map(({ status }) => status)));
    expect(statuses).toEqual([
      [403, 200, 200],
      [403, 403, 200],
      [200, 200, 200],
    ]);
    const [denied, unknown] = [await balance(one, other), await balance(one, 'acct_0000000000000000')];
    expect(errorOf(denied)).toMatchObject({ code: 'account_invalid' });
    expect(denied.text.replaceAll(other, 'acct_0000000000000000')).toBe(unknown.text);
  });

  test('is not what reading them as the platform takes', async () => {
    const key = await restricted({ connected_account: 'read' });
    const [one, all] = await Promise.all([
      send(server, { path: `/v1/accounts/${seller}`, key }),
      send(server, { path: '/v1/accounts', key }),
    ]);
    expect([one.status, one.body.id, all.status]).toEqual([200, seller, 200]);
    const unknown = await send(server, { path: '/v1/accounts/acct_0000000000000000', key });
    expect([unknown.status, errorOf(unknown).code]).toEqual([403, 'account_invalid']);
  });

  test('is not what changing the own account takes', async () => {
    const [narrow, wide] = [keyOf('connected_account write'), keyOf('account write')];
    const asSeller = await restricted({ connected_account: 'write' }, [seller]);
    const ownRoutes = routes.filter(({ path }) => path.startsWith('/v1/accounts/:account'));
    expect(ownRoutes.length).toBeGreaterThan(10);
    for (const { method, path } of ownRoutes) {
      const level = method === 'GET' ? 'read' : 'write';
      const request = async (key: string, account: string, headers?: Record<string, string>) =>
        send(server, {
          method,
          path: `${path.replace(':account', account).replaceAll(/:[^/]+/g, 'x_none')}${method === 'POST' ? '' : '?nonsense=1'}`,
          key,
          ...(headers && { headers }),
          ...(method === 'POST' && { form: 'nonsense=1' }),
        });
      const name = `${method} ${path}`;
      const own = await request(narrow, platform.id);
      expect([name, own.status, errorOf(own)]).toEqual([name, 403, refusal(narrow, 'account', level)]);
      const acting = await request(asSeller, seller, { 'stripe-account': seller });
      expect([name, acting.status, errorOf(acting)]).toEqual([name, 403, refusal(asSeller, 'account', level)]);
      const connected = await request(wide, seller);
      expect([name, errorOf(connected)]).toEqual([name, refusal(wide, 'connected_account', level)]);
      for (const [key, account] of [
        [wide, platform.id],
        [narrow, seller],
      ] as const) {
        expect([name, errorOf(await request(key, account)).code]).toEqual([name, 'parameter_unknown']);
      }
    }
  });

  test('is what reports of them take', async () => {
    const run = async (key: string, report: string, account?: string) => {
      const named = account === undefined ? '' : `&parameters[connected_account]=${account}`;
      const span = 'parameters[interval_start]=1767225600&parameters[interval_end]=1767312000';
      const form = `report_type=${report}&${span}${named}`;
      const answer = await send(server, { method: 'POST', path: '/v1/reporting/report_runs', key, form });
      return [answer.status, errorOf(answer).code];
    };
    const reports = { report_runs_and_report_types: 'write' };
    const [none, one, all] = [
      await restricted(reports),
      await restricted(reports, [seller]),
      await restricted(reports, 'all'),
    ];
    const type = 'connected_account_balance_change_from_activity.itemized.3';
    const denied = [403, 'account_invalid'];
    const made = [200, undefined];
    for (const [account, answers] of [
      [seller, [denied, made, made]],
      [other, [denied, denied, made]],
      // Without a name it is of them all.
      [undefined, [[403, undefined], [403, undefined], made]],
    ] as const) {
      expect(await Promise.all([none, one, all].map((key) => run(key, type, account)))).toEqual(answers);
    }
    expect(await run(none, 'balance_change_from_activity.itemized.3')).toEqual(made);
  });

  test('is for accounts that there are', async () => {
    const elsewhere = await createPlatform(server);
    for (const account of ['acct_none', elsewhere.id]) {
      await expect(restricted({ balance: 'read' }, [account])).rejects.toMatchObject({
        status: 400,
        body: { error: { code: 'resource_missing', param: 'accounts' } },
      });
    }
  });
});

describe('what stands within an object', () => {
  /** What is cut is no object as the API's description has it, so these answers are not checked against that. */
  const cutAnswer = async (
    key: string,
    path: string,
    { form, headers = {} }: { readonly form?: string; readonly headers?: Record<string, string> } = {},
  ) => {
    const sent = { authorization: `Bearer ${key}`, ...headers };
    const answer = await fetch(
      server.url + path,
      form === undefined ? { headers: sent } : { method: 'POST', headers: sent, body: new URLSearchParams(form) },
    );
    const text = await answer.text();
    return { status: answer.status, text, body: JSON.parse(text) as Record<string, unknown> };
  };

  test('is not expanded for who may not read it', async () => {
    const stripe = stripeFor(server, platform);
    const { id, balance_transaction: line } = await stripe.charges.create({
      amount: 500,
      currency: 'usd',
      source: 'tok_visa',
    });
    const { id: refund } = await stripe.refunds.create({ charge: id, amount: 100 });
    const key = keyOf('charge write');
    const path = `/v1/charges/${id}?expand[]=`;
    for (const [field, resource] of [
      ['balance_transaction', 'balance_transaction_source'],
      ['refunds', 'refund'],
    ] as const) {
      const answer = await send(server, { path: path + field, key });
      expect([answer.status, errorOf(answer)]).toEqual([403, refusal(key, resource, 'read')]);
    }
    const wider = await restricted({ charge: 'read', refund: 'read', balance_transaction_source: 'read' });
    const shown = await send(server, { path: `${path}refunds&expand[]=balance_transaction`, key: wider });
    expect(shown.body).toMatchObject({ refunds: { data: [{ id: refund }] }, balance_transaction: { id: line } });
    // After a write it is too late to refuse: it stays an id.
    const form = 'description=x&expand[]=refunds';
    const written = await fetch(`${server.url}/v1/charges/${id}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: `${form}&expand[]=balance_transaction`,
    });
    const body = (await written.json()) as Record<string, unknown>;
    expect([written.status, body.balance_transaction, 'refunds' in body]).toEqual([200, line, false]);
  });

  test('a refused payment tells of its method only who may read it', async () => {
    const key = await restricted({ payment_intent: 'write', event: 'read' });
    const form =
      'amount=2000&currency=usd&confirm=true&payment_method=pm_card_chargeDeclined&payment_method_types[]=card';
    const headers = { 'idempotency-key': 'refused payment' };
    const pay = (by: string) => cutAnswer(by, '/v1/payment_intents', { form, headers });
    const whole = errorOf(await pay(platform.secret_key));
    const { id } = whole.payment_method as { id: string };
    const stub = { id, object: 'payment_method' };
    expect(whole).toMatchObject({ payment_method: { card: {} }, payment_intent: { last_payment_error: {} } });
    // Repeated by another key: what was kept is whole, and what is given is not.
    const cut = errorOf(await pay(key)) as { payment_intent: { id: string; last_payment_error: object } };
    expect(cut).toEqual({
      ...whole,
      payment_method: stub,
      payment_intent: {
        ...(whole.payment_intent as object),
        last_payment_error: { ...cut.payment_intent.last_payment_error, payment_method: stub },
      },
    });
    expect(errorOf(await pay(platform.secret_key))).toEqual(whole);
    const intent = cut.payment_intent.id;
    for (const path of [
      `/v1/payment_intents/${intent}`,
      '/v1/payment_intents?limit=1',
      '/v1/events?type=payment_intent.payment_failed&limit=1',
    ]) {
      const { text } = await cutAnswer(key, path);
      expect(text).toContain(intent);
      expect(text).toContain(id);
      expect(text, path).not.toContain('last4');
    }
  });

  test('an expanded answer that is repeated shows no more than the key may read', async () => {
    const customer = await stripeFor(server, platform).customers.create({ name: 'Jenny Rosen' });
    const narrow = await restricted({ payment_intent: 'write' });
    const wide = await restricted({ payment_intent: 'write', customer: 'read' });
    const form = `amount=2000&currency=usd&customer=${customer.id}&expand[]=customer`;
    const ask = async (key: string, again: string) => {
      const headers = { 'idempotency-key': again };
      const answer = await cutAnswer(key, '/v1/payment_intents', { form, headers });
      expect(answer.status).toBe(200);
      return answer;
    };
    for (const keys of [
      [platform.secret_key, narrow, wide, platform.secret_key],
      [narrow, platform.secret_key, narrow, wide],
    ]) {
      const again = `expanded ${keys.indexOf(narrow)}`;
      const whole: string[] = [];
      for (const key of keys) {
        const { body, text } = await ask(key, again);
        if (key === narrow) expect(body.customer).toBe(customer.id);
        else {
          expect(body.customer).toMatchObject({ name: 'Jenny Rosen' });
          whole.push(text);
        }
      }
      expect(new Set(whole).size).toBe(1);
    }
  });

  test('cards and bank accounts of a customer are for who may read payment methods', async () => {
    const stripe = stripeFor(server, platform);
    const { id, default_source: card } = await stripe.customers.create({ source: 'tok_visa' });
    await stripe.customers.createSource(id, { source: 'btok_us_verified' });
    for (const path of [`/v1/customers/${id}/sources`, `/v1/customers/${id}/sources/${card}`]) {
      const key = keyOf('all but payment_method');
      const answer = await send(server, { path, key });
      expect([answer.status, errorOf(answer)]).toEqual([403, refusal(key, 'payment_method', 'read')]);
      expect((await send(server, { path, key: keyOf('payment_method read') })).status).toBe(200);
    }
    const key = keyOf('all but payment_method');
    const write = await send(server, { method: 'POST', path: `/v1/customers/${id}/sources/${card}`, key, form: '' });
    expect(errorOf(write)).toEqual(refusal(key, 'payment_method', 'write'));
    const events = await cutAnswer(key, '/v1/events?type=customer.source.created&limit=2');
    expect(events.text).toContain(card);
    expect(events.text).not.toContain('last4');
    const mine = await restricted({ event: 'read', payment_method: 'read' });
    const shown = await send(server, { path: '/v1/events?type=customer.source.created&limit=2', key: mine });
    expect(shown.text.match(/"last4"/g)).toHaveLength(2);
  });

  test("events of an account's parts are for who may read the account", async () => {
    const stripe = stripeFor(server, platform);
    await stripe.accounts.createExternalAccount(seller, { external_account: 'btok_us' });
    await stripe.accounts.createExternalAccount(seller, { external_account: 'tok_visa_debit' });
    const [hidden, shown] = [
      await restricted({ event: 'read', customer: 'read', payment_method: 'read', connected_account: 'read' }, 'all'),
      await restricted({ event: 'read', account: 'read' }, 'all'),
    ];
    const told = async (key: string, type: string) => {
      const path = `/v1/events?type=${type}&limit=2`;
      const { body } = await cutAnswer(key, path, { headers: { 'stripe-account': seller } });
      return (body.data as { data: { object: object } }[]).map(({ data }) => Object.keys(data.object).length);
    };
    expect(await told(hidden, 'account.external_account.created')).toEqual([2, 2]);
    expect((await told(shown, 'account.external_account.created')).every((fields) => fields > 10)).toBe(true);
    expect(await told(hidden, 'capability.updated')).toEqual([2]);
    expect((await told(shown, 'capability.updated')).every((fields) => fields > 5)).toBe(true);
  });

  test('an event tells only which object it is of', async () => {
    const stripe = stripeFor(server, platform);
    const { id } = await stripe.customers.create({ name: 'Jenny Rosen' });
    const { id: event } = (await stripe.events.list({ type: 'customer.created', limit: 1 })).data[0] as { id: string };
    const data = async (key: string) => {
      const headers = { authorization: `Bearer ${key}` };
      const [one, all] = await Promise.all(
        [`/v1/events/${event}`, '/v1/events?type=customer.created&limit=1'].map(async (path) => {
          const answer = await fetch(server.url + path, { headers });
          return (await answer.json()) as { data: unknown };
        }),
      );
      expect(all).toMatchObject({ data: [{ data: one?.data }] });
      return one?.data;
    };
    expect(await data(keyOf('event read'))).toEqual({ object: { id, object: 'customer' } });
    expect(await data(await restricted({ event: 'read', customer: 'read' }))).toMatchObject({
      object: { name: 'Jenny Rosen' },
    });
  });
});

describe('a publishable key', () => {
  const open = new Set(['POST /v1/tokens']);

  test.for(routes.map((route) => [nameOf(route), route] as const))('%s', async ([name, route]) => {
    const key = keys.get('publishable') ?? (await make({ type: 'publishable' }));
    keys.set('publishable', key);
    const answer = await ask(route, key);
    if (open.has(name)) expect(errorOf(answer)).toMatchObject({ code: 'parameter_unknown' });
    else expect([answer.status, errorOf(answer).code]).toEqual([401, 'secret_key_required']);
  });

  test('makes a token that a secret key charges', async () => {
    const form = 'card[number]=4242424242424242&card[exp_month]=12&card[exp_year]=2034&card[cvc]=123';
    const token = await send(server, { method: 'POST', path: '/v1/tokens', key: keyOf('publishable'), form });
    const source = token.body.id as string;
    const charge = await stripeFor(server, platform).charges.create({ amount: 500, currency: 'usd', source });
    expect(charge.paid).toBe(true);
  });
});

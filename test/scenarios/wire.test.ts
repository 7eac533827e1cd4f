/** What Stripe's clients see besides the objects: refusals word for word, headers, spellings, idempotency, pages. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stopClean } from '../support/audit.ts';
import { admin, createPlatform, stripeFor, type TestPlatform } from '../support/platform.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { errorOf, send, type WireRequest } from '../support/wire.ts';
import { declines, payment, refusals } from './wire-refusals.ts';

let server: TestServer;
let platform: TestPlatform;

beforeAll(async () => {
  server = await startServer();
  platform = await createPlatform(server);
}, 60_000);

afterAll(() => stopClean(server), 60_000);

const ask = (request: Omit<WireRequest, 'key'> & { readonly key?: string | null }) =>
  send(server, { key: platform.secret_key, ...request });

const post = (path: string, form: string, headers: Record<string, string> = {}) =>
  ask({ method: 'POST', path, form, headers });

describe('a refusal', () => {
  for (const [name, refusal] of Object.entries(refusals)) {
    test(name, async () => {
      const answer = await ask(refusal.request);
      const { type, code, param, message } = errorOf(answer);
      expect({ status: answer.status, type, code, message }, answer.text).toEqual({
        status: refusal.status,
        type: 'invalid_request_error',
        code: refusal.code,
        message: typeof refusal.message === 'string' ? refusal.message : expect.stringMatching(refusal.message),
      });
      if (refusal.param !== undefined) expect(param).toBe(refusal.param);
      if (refusal.status === 401) expect(answer.headers.get('www-authenticate')).toBe('Basic realm="Stripe"');
    });
  }
});

describe('an id of the other mode', () => {
  let live: TestPlatform;
  let customer: string;
  let intent: string;
  const found = (object: string, id: string, there = 'test', here = 'live') =>
    `No such ${object}: '${id}'; a similar object exists in ${there} mode, but a ${here} mode key was used to make this request.`;
  const asLive = (request: Omit<WireRequest, 'key'>) => ask({ ...request, key: live.secret_key });

  beforeAll(async () => {
    live = await createPlatform(server, { livemode: true, other_mode: platform.id });
    customer = String((await post('/v1/customers', 'name=Jenny')).body.id);
    intent = String((await post('/v1/payment_intents', payment)).body.id);
  });

  test('X6: in the path', async () => {
    const answer = await asLive({ path: `/v1/customers/${customer}` });
    expect(answer.status).toBe(404);
    expect(errorOf(answer)).toMatchObject({ code: 'resource_missing', message: found('customer', customer) });
    const changed = await asLive({ method: 'POST', path: `/v1/payment_intents/${intent}`, form: 'amount=2000' });
    expect(changed.status).toBe(404);
    expect(errorOf(changed)).toMatchObject({ param: 'intent', message: found('payment_intent', intent) });
  });

  test('X7: in a parameter, and the same when it is repeated', async () => {
    const headers = { 'idempotency-key': 'other mode' };
    const request = { method: 'POST', path: '/v1/refunds', form: `payment_intent=${intent}`, headers };
    const answer = await asLive(request);
    expect(answer.status).toBe(400);
    expect(errorOf(answer)).toMatchObject({
      code: 'resource_missing',
      param: 'payment_intent',
      message: found('payment_intent', intent),
    });
    expect((await asLive(request)).text).toBe(answer.text);
    const filtered = await asLive({ path: `/v1/charges?customer=${customer}` });
    expect(filtered.status).toBe(400);
    expect(errorOf(filtered).message).toBe(found('customer', customer));
  });

  test('the other way round', async () => {
    const made = await asLive({ method: 'POST', path: '/v1/customers', form: '' });
    const answer = await ask({ path: `/v1/customers/${made.body.id}` });
    expect(errorOf(answer).message).toBe(found('customer', String(made.body.id), 'live', 'test'));
  });

  test('nothing is said of what is not there, nor to another platform', async () => {
    const gone = customer.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'));
    expect(errorOf(await asLive({ path: `/v1/customers/${gone}` })).message).toBe(`No such customer: '${gone}'`);
    const others = await createPlatform(server, { livemode: true });
    const answer = await ask({ path: `/v1/customers/${customer}`, key: others.secret_key });
    expect(errorOf(answer).message).toBe(`No such customer: '${customer}'`);
  });

  test('belongs to a platform that is founded in both, once', async () => {
    const listed = await admin<{ data: readonly { id: string; other_mode: string | null }[] }>(
      server,
      server.adminKey,
      'GET',
      '/evenkeel/v1/platforms?limit=100',
    );
    const other = (id: string) => listed.data.find((each) => each.id === id)?.other_mode;
    expect([other(platform.id), other(live.id)]).toEqual([live.id, platform.id]);
    const refused = (body: object) =>
      expect(createPlatform(server, body)).rejects.toMatchObject({
        status: 400,
        body: { error: { param: 'other_mode' } },
      });
    await refused({ livemode: true, other_mode: platform.id });
    await refused({ other_mode: (await createPlatform(server)).id });
    await refused({ livemode: true, other_mode: 'acct_x' });
    await refused({ livemode: true, other_mode: customer });
  });
});

describe('a declined card', () => {
  for (const [paymentMethod, { code, decline, message }] of Object.entries(declines)) {
    test(paymentMethod, async () => {
      const answer = await post('/v1/payment_intents', `${payment}&confirm=true&payment_method=${paymentMethod}`);
      const error = errorOf(answer);
      expect(answer.status, answer.text).toBe(402);
      expect(error).toMatchObject({ type: 'card_error', code, message, charge: expect.stringMatching(/^ch_/) });
      if (decline !== undefined) expect(error.decline_code).toBe(decline);
      expect(error.payment_intent).toMatchObject({ object: 'payment_intent', status: 'requires_payment_method' });
    });
  }
});

test('a key may come by Basic auth', async () => {
  const authorization = `Basic ${Buffer.from(`${platform.secret_key}:`).toString('base64')}`;
  const answer = await ask({ path: '/v1/account', key: null, headers: { authorization } });
  expect(answer.body.id).toBe(platform.id);
});

test('OPTIONS answers a browser', async () => {
  const response = await fetch(`${server.url}/v1/balance`, { method: 'OPTIONS' });
  expect(response.status).toBe(200);
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(response.headers.get('access-control-allow-methods')).toBe('GET, HEAD, PUT, PATCH, POST, DELETE');
});

describe('a form', () => {
  const spellings = [
    'amount=1000&currency=usd&metadata[a]=x+y&payment_method_types[0]=card',
    'amount=1000&currency=USD&metadata%5Ba%5D=x%20y&payment_method_types[]=card',
    'payment_method_types%5B%5D=card&metadata[a]=x%20y&currency=usd&amount=1&amount=1000',
    'amount=%2B1000&currency=usd&metadata[a]=x+y&payment_method_types[7]=card&confirm=False',
  ];
  for (const [index, spelling] of spellings.entries()) {
    test(`means the same in spelling ${index + 1}`, async () => {
      const { body, text } = await post('/v1/payment_intents', spelling);
      expect(body, text).toMatchObject({
        amount: 1000,
        currency: 'usd',
        metadata: { a: 'x y' },
        payment_method_types: ['card'],
        status: 'requires_payment_method',
      });
    });
  }

  test('that is malformed is refused, not a crash', async () => {
    const answer = await post('/v1/payment_intents', `${payment}&a[b[c]]=1`);
    expect(answer.status).toBe(400);
    expect(errorOf(answer).code).toBe('parameter_unknown');
  });
});

describe('an idempotency key', () => {
  const under = (key: string) => ({ 'idempotency-key': key });

  test('gives the same bytes again, and says so', async () => {
    const first = await post('/v1/payment_intents', payment, under('again'));
    const second = await post('/v1/payment_intents', 'currency=usd&amount=1000', under('again'));
    expect(first.status).toBe(200);
    expect(second.text).toBe(first.text);
    expect(first.headers.has('idempotent-replayed')).toBe(false);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(second.headers.get('original-request')).toBe(first.headers.get('request-id'));
  });

  test('repeats a decline', async () => {
    const declined = `${payment}&confirm=true&payment_method=pm_card_chargeDeclined`;
    const first = await post('/v1/payment_intents', declined, under('declined'));
    const second = await post('/v1/payment_intents', declined, under('declined'));
    expect([first.status, second.status]).toEqual([402, 402]);
    expect(second.text).toBe(first.text);
  });

  test('belongs to its parameters', async () => {
    await post('/v1/payment_intents', payment, under('parameters'));
    const answer = await post('/v1/payment_intents', 'amount=2000&currency=usd', under('parameters'));
    expect(answer.status).toBe(400);
    expect(errorOf(answer)).toMatchObject({
      type: 'idempotency_error',
      message:
        "Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than 'parameters' if you meant to execute a different request.",
    });
  });

  test('belongs to its route', async () => {
    await post('/v1/payment_intents', payment, under('route'));
    const answer = await post('/v1/transfers', `${payment}&destination=${platform.id}`, under('route'));
    expect(answer.status).toBe(400);
    expect(errorOf(answer)).toMatchObject({
      type: 'idempotency_error',
      message: expect.stringMatching(
        /^Keys for idempotent requests can only be used for the same endpoint they were first used for \('\/v1\/\w+' vs '\/v1\/\w+'\)\. Try using a key other than 'route' if you meant to execute a different request\.$/,
      ),
    });
  });

  test('stays free after a parameter failure', async () => {
    const refused = await post('/v1/payment_intents', 'amount=abc&currency=usd', under('free'));
    expect(refused.status).toBe(400);
    expect((await post('/v1/payment_intents', payment, under('free'))).status).toBe(200);
  });

  test('makes one of many that arrive together', async () => {
    const many = await Promise.all(
      Array.from({ length: 8 }, () => post('/v1/payment_intents', payment, under('together'))),
    );
    const done = many.filter(({ status }) => status === 200);
    expect(new Set(done.map(({ text }) => text)).size).toBe(1);
    for (const { status, body } of many) {
      if (status !== 200)
        expect({ status, code: errorOf({ body }).code }).toEqual({ status: 409, code: 'idempotency_key_in_use' });
    }
  });
});

describe('a list', () => {
  test('pages forwards and backwards over everything, once, in order', async () => {
    const own = await createPlatform(server);
    const stripe = stripeFor(server, own);
    const made: string[] = [];
    for (let index = 0; index < 7; index += 1) {
      const intent = await stripe.paymentIntents.create({ amount: 1000 + index, currency: 'usd' });
      made.unshift(intent.id);
    }
    for (const limit of [1, 2, 3]) {
      const forwards = await stripe.paymentIntents.list({ limit }).autoPagingToArray({ limit: 100 });
      expect(forwards.map(({ id }) => id)).toEqual(made);
      const oldest = made.at(-1)!;
      const backwards = await stripe.paymentIntents
        .list({ limit, ending_before: oldest })
        .autoPagingToArray({ limit: 100 });
      expect(backwards.map(({ id }) => id)).toEqual(made.slice(0, -1).reverse());
    }
  });

  test('clamps its limit', async () => {
    for (const limit of ['0', '-5', '500'])
      expect((await ask({ path: `/v1/charges?limit=${limit}` })).status).toBe(200);
  });

  test('has exactly four keys', async () => {
    const { body } = await ask({ path: '/v1/transfers' });
    expect(body).toEqual({ object: 'list', data: [], has_more: false, url: '/v1/transfers' });
  });
});

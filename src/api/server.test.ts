import { connect } from 'node:net';
import Stripe from 'stripe';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { adminKey, fakeApi, platform, secretKey, seller } from '../../test/support/fake-api.ts';
import { validateHeaders } from '../../test/support/headers.ts';
import { BookStopped, QueueFull, Unavailable } from '../engine/task.ts';
import { coverage, reference } from './reference.ts';

type Api = ReturnType<typeof fakeApi>;
type Sent = Awaited<ReturnType<Api['send']>>;
const post = ({ send }: Api, body: string, headers: Record<string, string> = {}) =>
  send('POST', '/v1/boxes', { body, headers });
const messageOf = ({ error }: Sent) => error?.message;

describe('headers', () => {
  const requests: [string, Parameters<Api['send']>][] = [
    ['a GET', ['GET', '/v1/weight']],
    ['a POST', ['POST', '/v1/boxes', { body: 'amount=1' }]],
    ['a keyed POST', ['POST', '/v1/boxes', { body: 'amount=1', headers: { 'idempotency-key': 'k' } }]],
    ['a version', ['GET', '/v1/weight', { headers: { 'stripe-version': '2023-10-16' } }]],
    ['betas', ['GET', '/v1/weight', { headers: { 'stripe-version': '2026-10-28.endive; a_beta=v1' } }]],
    ['an account', ['GET', '/v1/weight', { headers: { 'stripe-account': seller } }]],
    ['no key', ['GET', '/v1/weight', { key: null }]],
    ['an unknown route', ['GET', '/v1/nonsense']],
    ['a refused POST', ['POST', '/v1/boxes', { body: 'amount=x' }]],
    ['a large body', ['POST', '/v1/boxes', { body: `amount=1&x=${'x'.repeat(1_100_000)}` }]],
    ['a DELETE', ['DELETE', '/v1/boxes/bx_x']],
    ['OPTIONS', ['OPTIONS', '/v1/boxes', { key: null }]],
    ['our own routes', ['POST', '/evenkeel/v1/boxes', { headers: { 'content-type': 'application/json' } }]],
  ];
  test.each(requests)('of %s', async (_, [method, url, options]) => {
    const { send } = fakeApi();
    const sent = await send(method, url, options);
    const asked = new Map(Object.entries(options?.headers ?? {}));
    const answered = new Map(Object.entries(sent.headers).map(([name, value]) => [name, String(value)]));
    expect(validateHeaders({ method, headers: asked }, { status: sent.status, headers: answered }, new Set())).toEqual(
      [],
    );
    expect(sent.headers['content-type']).toBe('application/json');
    expect(Number(sent.headers['content-length'])).toBe(Buffer.byteLength(sent.text));
  });

  test('every request has an id of its own', async () => {
    const { send } = fakeApi();
    const ids = new Set<unknown>();
    for (let n = 0; n < 600; n++) ids.add((await send('GET', '/v1/nonsense')).headers['request-id']);
    expect(ids.size).toBe(600);
  });

  test('a malformed version is refused', async () => {
    const { send } = fakeApi();
    for (const version of ['not-a-real-version', '2026', '2026-10-28 ', '2026-10-28;x']) {
      const sent = await send('GET', '/v1/weight', { headers: { 'stripe-version': version } });
      expect(sent.status).toBe(400);
      expect(messageOf(sent)).toBe(`Invalid Stripe API version: ${version}`);
      expect(sent.headers['stripe-version']).toBe('2026-10-28.endive');
    }
  });
});

describe('unknown routes', () => {
  const hint =
    'If you are trying to list objects, remove the trailing slash. If you are trying to retrieve an object, make sure you passed a valid (non-empty) identifier in your code. ';
  const text = (request: string, more = '') =>
    `Unrecognized request URL (${request}). ${more}Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`;
  const table: [Parameters<Api['send']>[0], string, string][] = [
    ['GET', '/v1/nonsense', text('GET: /v1/nonsense')],
    ['GET', '/v1/nonsense?a=1', text('GET: /v1/nonsense')],
    ['PUT', '/v1/boxes', text('PUT: /v1/boxes')],
    ['POST', '/v1/weight', text('POST: /v1/weight')],
    ['GET', '/v1/boxes/', text('GET: /v1/boxes/', hint)],
    ['GET', '/v1/boxes//inner', text('GET: /v1/boxes//inner')],
    ['GET', '/evenkeel/v1/nonsense', text('GET: /evenkeel/v1/nonsense')],
    ['GET', '/nonsense', text('GET: /nonsense')],
    ['GET', '/v1/boxes/%zz', text('GET: /v1/boxes/%zz')],
  ];
  test.each(table)('%s %s', async (method, url, message) => {
    const { send } = fakeApi();
    const sent = await send(method, url);
    expect(sent.status).toBe(404);
    expect(messageOf(sent)).toBe(message);
    expect(sent.error?.code).toBeUndefined();
  });

  test('are told to who has a key', async () => {
    const { send } = fakeApi();
    expect((await send('GET', '/v1/nonsense', { key: null })).status).toBe(401);
  });

  test('ids of any spelling are known', async () => {
    const { send } = fakeApi();
    expect(messageOf(await send('GET', `/v1/boxes/${encodeURIComponent('é/ü')}`))).toBe("No such box: 'é/ü'");
    expect((await send('GET', `/v1/boxes/${'x'.repeat(900)}`)).status).toBe(404);
  });
});

describe('bodies', () => {
  test('too large', async () => {
    const sent = await post(fakeApi(), `amount=1&x=${'x'.repeat(1_100_000)}`);
    expect(sent.status).toBe(413);
    expect(sent.error).toMatchObject({
      type: 'invalid_request_error',
      message: 'The request body is larger than 1048576 bytes.',
    });
  });

  test('JSON is refused on /v1', async () => {
    const { send } = fakeApi();
    const sent = await send('POST', '/v1/boxes', {
      body: '{"amount":1}',
      headers: { 'content-type': 'application/json' },
    });
    expect(sent.status).toBe(400);
    expect(messageOf(sent)).toBe('Invalid request body; expected form-encoding');
  });

  test('a content type that is none', async () => {
    const sent = await post(fakeApi(), 'amount=1', { 'content-type': 'nonsense' });
    expect([200, 400]).toContain(sent.status);
  });

  test('GET and DELETE may say form and send nothing', async () => {
    const { send } = fakeApi();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await send('GET', '/v1/weight?unit=g', { headers })).json).toMatchObject({ unit: 'g' });
    expect((await send('DELETE', '/v1/boxes/bx_x', { headers })).status).toBe(404);
  });

  test('parameters of a POST may stand in the query', async () => {
    const { send } = fakeApi();
    expect((await send('POST', '/v1/boxes?amount=3')).json).toMatchObject({ amount: 3 });
    expect((await send('POST', '/v1/boxes?amount=3', { body: 'amount=4' })).json).toMatchObject({ amount: 4 });
  });

  test('an old name is taken for the new one', async () => {
    expect((await post(fakeApi(), 'amount=1&colour=red')).json).toMatchObject({ color: 'red' });
  });

  test('a parameter that is not supported', async () => {
    const sent = await post(fakeApi(), 'amount=1&lid=x');
    expect(sent.status).toBe(400);
    expect(messageOf(sent)).toBe('lid is not supported by Evenkeel yet.');
  });
});

describe('a multipart body', () => {
  const multipart = { 'content-type': 'multipart/form-data; boundary=b' };
  const field = (name: string, value: string, filename = '') =>
    `--b\r\nContent-Disposition: form-data; name="${name}"${filename}\r\n\r\n${value}\r\n`;

  test('is read as a form', async () => {
    const sent = await post(fakeApi(), `${field('amount', '7')}--b--`, multipart);
    expect(sent.json).toMatchObject({ object: 'box', amount: 7 });
  });

  test('with a file where none is meant is refused', async () => {
    const sent = await post(fakeApi(), `${field('amount', '7', '; filename="a"')}--b--`, multipart);
    expect(sent).toMatchObject({ status: 400, error: { param: 'amount' } });
    const unknown = await post(
      fakeApi(),
      `${field('amount', '7')}${field('x', 'y', '; filename="a"')}--b--`,
      multipart,
    );
    expect(unknown.error).toMatchObject({ code: 'parameter_unknown', param: 'x' });
  });

  test('that is none is refused, and so is a large one', async () => {
    expect((await post(fakeApi(), 'amount=7', multipart)).status).toBe(400);
    expect((await post(fakeApi(), `${field('amount', 'x'.repeat(1_100_000))}--b--`, multipart)).status).toBe(413);
  });
});

test('HEAD has the headers of GET and no body', async () => {
  const { send } = fakeApi();
  const sent = await send('HEAD', '/v1/weight');
  expect([sent.status, sent.text]).toEqual([200, '']);
});

test('OPTIONS needs no key', async () => {
  const { send } = fakeApi();
  const sent = await send('OPTIONS', '/v1/boxes', {
    key: null,
    headers: { 'access-control-request-headers': 'authorization' },
  });
  expect(sent.status).toBe(200);
  expect(sent.headers['access-control-allow-methods']).toBe('GET, HEAD, PUT, PATCH, POST, DELETE');
  expect(sent.headers['access-control-allow-headers']).toBe('authorization');
});

describe('a command', () => {
  test('runs as the acting account', async () => {
    const api = fakeApi();
    await post(api, 'amount=1');
    await post(api, 'amount=1', { 'stripe-account': seller });
    await post(api, 'amount=1', { 'stripe-account': platform });
    expect(api.engine.tasks.map(({ request }) => request.account)).toEqual([null, seller, null]);
    expect(api.engine.tasks[0]?.request).toMatchObject({
      id: expect.stringMatching(/^req_\w{14}$/),
      idempotency: null,
    });
    expect(api.engine.tasks[0]?.params).toEqual({ amount: 1 });
  });

  test('a decline holds objects as they are read', async () => {
    const sent = await post(fakeApi(), 'amount=1&fail=decline');
    expect(sent.status).toBe(402);
    expect(sent.error).toMatchObject({
      type: 'card_error',
      payment_intent: { object: 'box', nested: { partner: null } },
    });
    expect(sent.text.endsWith('}\n')).toBe(true);
  });

  test('a deletion', async () => {
    const api = fakeApi();
    const made = (await post(api, 'amount=1')).json as unknown as { id: string };
    const sent = await api.send('DELETE', `/v1/boxes/${made.id}`);
    expect(sent.json).toEqual({ id: made.id, object: 'box', deleted: true });
    expect(sent.headers['stripe-should-retry']).toBeUndefined();
  });
});

describe('what is not the client’s fault', () => {
  const cases: [Error, number, string | undefined, string | undefined][] = [
    [new QueueFull('full'), 429, 'rate_limit', 'true'],
    [new BookStopped('I1'), 503, undefined, undefined],
    [new Unavailable('away'), 503, undefined, undefined],
    [new Error('ECONNREFUSED 10.0.0.1'), 500, undefined, undefined],
  ];
  test.each(cases)('%s', async (error, status, code, retry) => {
    const api = fakeApi();
    api.engine.broken = error;
    const sent = await post(api, 'amount=1');
    expect(sent.status).toBe(status);
    expect(sent.error?.code).toBe(code);
    expect(sent.headers['stripe-should-retry']).toBe(retry);
    expect(sent.headers['retry-after']).toBe(status === 500 ? undefined : '1');
  });

  test('a fault says nothing of the inside, and the log all', async () => {
    const api = fakeApi();
    const sent = await post(api, 'amount=1&fail=fault');
    expect(sent.status).toBe(500);
    expect(sent.json).toEqual({ error: { message: 'An unknown error occurred', type: 'api_error' } });
    api.log.flush();
    expect(api.logged.join('')).toContain('the secret of the house is 42');
  });

  test('a database that is away is one line of the log for each request, with no stack', async () => {
    const api = fakeApi();
    const nowhere = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });
    api.engine.broken = new Unavailable('the database does not answer', { cause: nowhere });
    await post(api, 'amount=1');
    api.log.flush();
    const lines = api.logged
      .join('')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.filter(({ level }) => level !== 'info')).toMatchObject([
      { level: 'warn', method: 'POST', path: '/v1/boxes', error: 'the database does not answer: ECONNREFUSED' },
    ]);
  });

  test('a lock that was not got', async () => {
    const sent = await post(fakeApi(), 'amount=1&fail=lock');
    expect(sent.error?.code).toBe('lock_timeout');
    expect([sent.status, sent.headers['stripe-should-retry'], sent.headers['retry-after']]).toEqual([429, 'true', '1']);
  });
});

describe('an idempotency key', () => {
  const key = { 'idempotency-key': 'k' };

  test('gives the same bytes again', async () => {
    const api = fakeApi();
    const first = await post(api, 'amount=1&color=red', key);
    const second = await post(api, 'color=red&amount=1', key);
    expect(second.text).toBe(first.text);
    expect(first.headers['original-request']).toBe(first.headers['request-id']);
    expect(first.headers['idempotent-replayed']).toBeUndefined();
    expect(second.headers['original-request']).toBe(first.headers['request-id']);
    expect(second.headers['request-id']).not.toBe(first.headers['request-id']);
    expect(second.headers['idempotent-replayed']).toBe('true');
    expect(second.headers['idempotency-key']).toBe('k');
  });

  test('repeats a refusal', async () => {
    const api = fakeApi();
    const first = await post(api, 'amount=1&fail=decline', key);
    const second = await post(api, 'amount=1&fail=decline', key);
    expect([second.status, second.text]).toEqual([402, first.text]);
    expect(second.headers['idempotent-replayed']).toBe('true');
  });

  test('belongs to its parameters, expand among them, and its route', async () => {
    const api = fakeApi();
    await post(api, 'amount=1', key);
    for (const body of ['amount=2', 'amount=1&expand[]=partner']) {
      const sent = await post(api, body, key);
      expect(sent.status).toBe(400);
      expect(sent.error).toMatchObject({ type: 'idempotency_error' });
    }
    const sent = await api.send('POST', '/v1/boxes/weigh', { body: 'amount=1', headers: key });
    expect(messageOf(sent)).toContain("('/v1/boxes' vs '/v1/boxes/weigh')");
  });

  test('is one at a time', async () => {
    const api = fakeApi();
    let open = () => {};
    api.engine.gate = new Promise((resolve) => {
      open = resolve;
    });
    const first = post(api, 'amount=1', key);
    await vi.waitFor(() => expect(api.engine.tasks).toHaveLength(1));
    const second = await post(api, 'amount=1', key);
    expect(second.status).toBe(409);
    expect(second.headers['stripe-should-retry']).toBe('true');
    expect(second.error).toMatchObject({ type: 'idempotency_error', code: 'idempotency_key_in_use' });
    const elsewhere = post(api, 'amount=1', { ...key, 'stripe-account': seller });
    open();
    // The first one goes on as if nothing had been.
    expect((await first).status).toBe(200);
    expect((await elsewhere).status).toBe(200);
    expect((await post(api, 'amount=1', key)).headers['idempotent-replayed']).toBe('true');
  });

  test('has at most 255 characters', async () => {
    const api = fakeApi();
    expect((await post(api, 'amount=1', { 'idempotency-key': 'x'.repeat(255) })).status).toBe(200);
    expect(messageOf(await post(api, 'amount=1', { 'idempotency-key': 'x'.repeat(256) }))).toBe(
      'Idempotency keys can be at most 255 characters',
    );
  });

  test('counts on POST alone', async () => {
    const { send } = fakeApi();
    const sent = await send('GET', '/v1/weight', { headers: key });
    expect(sent.headers['idempotency-key']).toBeUndefined();
  });
});

describe('our own routes', () => {
  const json = { 'content-type': 'application/json' };
  const own = (api: Api, path: string, body: unknown, key = secretKey, headers = {}) =>
    api.send('POST', path, { body: JSON.stringify(body), key, headers: { ...json, ...headers } });

  test('take JSON under a platform’s key', async () => {
    const sent = await own(fakeApi(), '/evenkeel/v1/boxes', { amount: 5, metadata: { a: 1 }, is_open: true });
    expect(sent.json).toMatchObject({ object: 'box', amount: 5, metadata: { a: '1' } });
  });

  test('take the operator’s key, which names the platform', async () => {
    const api = fakeApi();
    expect((await own(api, '/evenkeel/v1/boxes', { amount: 5, platform }, adminKey)).status).toBe(200);
    expect((await own(api, '/evenkeel/v1/boxes', { amount: 5 }, adminKey)).error).toMatchObject({ param: 'platform' });
    expect((await own(api, '/evenkeel/v1/boxes', { amount: 5, platform: 'acct_x' }, adminKey)).error).toMatchObject({
      code: 'resource_missing',
      message: "No such platform: 'acct_x'",
    });
    expect((await own(api, '/evenkeel/v1/boxes', { amount: 5, platform: seller })).status).toBe(403);
    expect((await own(api, '/evenkeel/v1/boxes', { amount: 5, platform })).status).toBe(200);
  });

  test('some are the operator’s alone', async () => {
    const api = fakeApi();
    expect((await own(api, '/evenkeel/v1/operator', { name: 'x' })).status).toBe(401);
    const sent = await own(api, '/evenkeel/v1/operator', { name: 'x' }, adminKey);
    expect(sent.json).toMatchObject({ name: 'x', isOperator: true, account: null });
  });

  test('the operator’s key opens nothing else', async () => {
    const { send } = fakeApi();
    expect((await send('GET', '/v1/weight', { key: adminKey })).status).toBe(401);
  });

  test('refuse as the others do', async () => {
    const api = fakeApi();
    expect((await own(api, '/evenkeel/v1/boxes', { amount: 'x' })).error).toMatchObject({
      message: 'Invalid integer: x',
    });
    expect((await own(api, '/evenkeel/v1/boxes', [1])).status).toBe(400);
    expect((await own(api, '/evenkeel/v1/boxes', { amount: 1, wat: 1 })).error).toMatchObject({ param: 'wat' });
  });

  test('keep their answers under a key', async () => {
    const api = fakeApi();
    const send = () => own(api, '/evenkeel/v1/boxes', { amount: 5 }, secretKey, { 'idempotency-key': 'k' });
    const first = await send();
    expect((await send()).text).toBe(first.text);
  });
});

describe('health', () => {
  test('says so', async () => {
    const { send } = fakeApi({ isReady: () => false });
    expect((await send('GET', '/healthz', { key: null })).status).toBe(200);
    expect((await send('GET', '/readyz', { key: null })).status).toBe(503);
    expect((await fakeApi().send('GET', '/readyz', { key: null })).status).toBe(200);
    const away = fakeApi({ isReady: () => Promise.reject(new Error('away')) });
    expect((await away.send('GET', '/readyz', { key: null })).status).toBe(503);
    const hangs = fakeApi({ isReady: () => new Promise(() => {}) });
    expect((await hangs.send('GET', '/readyz', { key: null })).status).toBe(503);
  });

  test('counts', async () => {
    const numbers = { queued: 3, books: 1, batches: 5, commands: 9, commitSeconds: 0.25 };
    const { app, send } = fakeApi({ engineNumbers: () => numbers });
    await send('GET', '/v1/weight');
    await send('GET', '/v1/boxes/bx_x');
    const { body } = await app.inject('/metrics');
    expect(body).toContain('evenkeel_requests_total{method="GET",route="/v1/weight",status="200"} 1');
    expect(body).toContain('evenkeel_requests_total{method="GET",route="/v1/boxes/:box",status="404"} 1');
    expect(body).toContain('evenkeel_queue_length 3');
  });
});

test('the log has a line a request, and no secrets', async () => {
  const api = fakeApi();
  await api.send('POST', '/v1/boxes?x=y', {
    body: 'amount=1&metadata[a]=private',
    headers: { 'stripe-account': seller },
  });
  api.log.flush();
  const line = JSON.parse(api.logged.join(''));
  expect(line).toMatchObject({ level: 'info', method: 'POST', path: '/v1/boxes', status: 400, account: seller });
  expect(line.request_id).toMatch(/^req_/);
  expect(api.logged.join('')).not.toMatch(/private|sk_test/);
});

describe('over a socket', () => {
  let api: Api | null = null;
  afterEach(async () => {
    await api?.app.close();
  });

  const listen = async () => {
    api = fakeApi();
    await api.app.listen({ port: 0, host: '127.0.0.1' });
    const address = api.app.server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return address.port;
  };

  test('what is no HTTP gets JSON', async () => {
    const port = await listen();
    const text = await new Promise<string>((resolve, reject) => {
      let heard = '';
      const socket = connect(port, '127.0.0.1', () => socket.write('NONSENSE\r\n\r\n'));
      socket.on('data', (chunk) => {
        heard += chunk;
      });
      socket.on('end', () => resolve(heard));
      socket.on('error', reject);
    });
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(JSON.parse(text.split('\r\n\r\n')[1] ?? '')).toMatchObject({ error: { type: 'invalid_request_error' } });
  });

  test('the official client is understood, and understands', async () => {
    const port = await listen();
    const stripe = new Stripe(secretKey, { host: '127.0.0.1', port, protocol: 'http', maxNetworkRetries: 0 });
    const made = await stripe.rawRequest('POST', '/v1/boxes', {
      amount: 5,
      color: 'red',
      metadata: { order: '6735', 7: 'a b+c&d=é' },
      partner: seller,
      expand: ['partner', 'nested.partner'],
    });
    expect(made).toMatchObject({
      amount: 5,
      metadata: { order: '6735', 7: 'a b+c&d=é' },
      partner: { id: seller, object: 'account' },
      nested: { partner: { id: seller } },
    });
    expect(await stripe.rawRequest('GET', '/v1/boxes?limit=1&created[gte]=1')).toMatchObject({
      data: [{ amount: 5 }],
    });
    await expect(stripe.rawRequest('POST', '/v1/boxes', { amount: 'x' })).rejects.toMatchObject({
      type: 'StripeInvalidRequestError',
      code: 'parameter_invalid_integer',
      param: 'amount',
      requestId: expect.stringMatching(/^req_/),
    });
    await expect(stripe.rawRequest('POST', '/v1/boxes', { amount: 1, fail: 'decline' })).rejects.toMatchObject({
      type: 'StripeCardError',
      decline_code: 'generic_decline',
    });
    await expect(stripe.rawRequest('GET', '/v1/weight', undefined, { stripeAccount: 'acct_x' })).rejects.toMatchObject({
      type: 'StripePermissionError',
    });
  });

  test('answers and keeps the connection', async () => {
    const port = await listen();
    const ask = () =>
      fetch(`http://127.0.0.1:${port}/v1/boxes`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secretKey}`, 'content-type': 'application/x-www-form-urlencoded' },
        body: 'amount=1',
      });
    const first = await ask();
    expect(first.status).toBe(200);
    expect(first.headers.get('keep-alive')).toBe('timeout=72');
    expect(((await first.json()) as { amount: number }).amount).toBe(1);
    expect((await ask()).status).toBe(200);
  });
});

test('the reference and the coverage table come from the routes', async () => {
  const { boxFeature } = await import('../../test/support/fake-api.ts');
  const text = reference([boxFeature]);
  expect(text).toContain('### POST /v1/boxes\n');
  expect(text).toContain('| `color` |  | enum; one of `red`, `green`, `blue` |');
  expect(text).toContain('| `amount` | required | amount |');
  expect(text).toContain('Refused as not supported: `lid`.');
  expect(text).toContain('Also accepted: `colour` for `color`.');
  expect(coverage([boxFeature])).toContain(
    '| POST `/v1/boxes` | 1 | `amount`, `color`, `fail`, `is_open`, `metadata`, `partner` | `lid` |',
  );
});

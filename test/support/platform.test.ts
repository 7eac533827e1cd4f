import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { crossOrigin } from './headers.ts';
import { AdminError, admin, stripeFor } from './platform.ts';
import type { TestServer } from './server.ts';

const headers = {
  'content-type': 'application/json',
  'stripe-version': '2026-10-28.endive',
  'cache-control': 'no-cache, no-store',
  'x-content-type-options': 'nosniff',
  ...crossOrigin,
  vary: 'Origin',
};

const balance = { object: 'balance', available: [], livemode: false, pending: [] };

/** What the small server below answers next. */
let next: { status: number; body: unknown };
let requests = 0;

const small = createServer((request, response: ServerResponse) => {
  requests += 1;
  response.writeHead(next.status, {
    ...headers,
    'stripe-version': request.headers['stripe-version'] ?? headers['stripe-version'],
    'request-id': `req_${String(requests).padStart(14, '0')}`,
  });
  response.end(JSON.stringify(next.body));
});

let server: TestServer;
const platform = { secret_key: 'sk_test_platform_1' };

beforeAll(async () => {
  small.listen(0, '127.0.0.1');
  await once(small, 'listening');
  const { port } = small.address() as AddressInfo;
  server = {
    url: `http://127.0.0.1:${port}`,
    port,
    adminKey: 'admin_1',
    env: {},
    violations: [],
    seenRequestIds: new Set(),
    pid: undefined,
    logs: () => '',
    stop: async () => {},
    kill9: async () => {},
    restart: async () => {},
  };
});

afterAll(() => small.close());

test('a right answer reaches the client', async () => {
  next = { status: 200, body: balance };
  const answer = await stripeFor(server, platform).balance.retrieve();
  expect(answer.object).toBe('balance');
  expect(server.violations).toEqual([]);
});

test('a refusal reaches the client as its own error', async () => {
  const error = {
    type: 'invalid_request_error',
    message: "No such payout: 'po_x'",
    param: 'payout',
    code: 'resource_missing',
  };
  next = { status: 404, body: { error } };
  const refused = stripeFor(server, platform).payouts.retrieve('po_x');
  await expect(refused).rejects.toMatchObject({ statusCode: 404, code: 'resource_missing', param: 'payout' });
});

test('a wrong answer becomes an error that lists what is wrong, and is remembered', async () => {
  next = { status: 200, body: { ...balance, book: 'b_1' } };
  await expect(stripeFor(server, platform).balance.retrieve()).rejects.toThrow("unknown key 'book'");
  expect(server.violations).toEqual(["GET /v1/balance (200): : unknown key 'book'"]);
});

test('expand is read from query and body', async () => {
  next = { status: 200, body: { object: 'list', data: [], has_more: false, url: '/v1/transfers' } };
  await stripeFor(server, platform).transfers.list({ expand: ['data.destination'] });
  next = { status: 200, body: { ...balance, object: 'transfer' } };
  await expect(
    stripeFor(server, platform).transfers.create({ currency: 'usd', destination: 'acct_1', expand: ['destination'] }),
  ).rejects.toThrow('required property');
});

test('our own routes answer JSON, their refusals are errors', async () => {
  next = { status: 200, body: { id: 'acct_1' } };
  expect(await admin(server, 'admin_1', 'POST', '/evenkeel/v1/platforms', {})).toEqual({ id: 'acct_1' });
  next = { status: 401, body: { error: { type: 'invalid_request_error', message: 'no' } } };
  await expect(admin(server, 'x', 'POST', '/evenkeel/v1/platforms', {})).rejects.toThrow(AdminError);
  next = { status: 401, body: { message: 'no' } };
  await expect(admin(server, 'x', 'POST', '/evenkeel/v1/platforms', {})).rejects.toThrow("required property 'error'");
});

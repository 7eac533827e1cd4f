/** What attacks have found, and must not find again. Each row is a request in its shortest form. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditClean } from '../support/audit.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { errorOf, send } from '../support/wire.ts';
import { answerIn, type RawAnswer } from './connection.ts';
import { foundTenant, type Tenant } from './world.ts';

let server: TestServer;
let tenant: Tenant;
let bank: string;

beforeAll(async () => {
  server = await startServer({ env: { LOG_LEVEL: 'info' } });
  tenant = await foundTenant(server, 'A', 2);
  const account = await send(server, { path: `/v1/accounts/${tenant.sellers[0]?.id}`, key: tenant.platform.key });
  bank = (account.body.external_accounts as { data: { id: string }[] }).data[0]?.id as string;
});
afterAll(() => server?.stop());

const key = () => tenant.platform.key;
const one = () => tenant.sellers[0]?.id as string;
const other = () => tenant.sellers[1]?.id as string;
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

/** Bytes as they are; the first answer to them. */
function exchange(bytes: string): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: server.port, host: '127.0.0.1' });
    let received: Buffer = Buffer.alloc(0);
    socket.setTimeout(5000, () => socket.destroy(new Error('no answer')));
    socket.on('error', reject).on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const found = answerIn(received, false);
      if (found === null) return;
      socket.destroy();
      resolve(found.answer);
    });
    socket.write(bytes);
  });
}

describe('a request that is wrong is refused, and no fault', () => {
  const forms: [string, () => string, string][] = [
    ['/v1/payment_intents', () => 'amount[a]=1&currency=usd', 'a hash for an amount'],
    ['/v1/transfers', () => `amount=1&currency=usd&destination=${bank}`, 'a bank account for a destination'],
    ['/v1/charges', () => `amount=100&currency=usd&source=acct_${bank.slice(3)}`, 'an account that is none'],
    ['/v1/charges', () => 'amount=100&currency=usd&source=tok_visa&shipping[phone]=1', 'shipping to nobody'],
    ['/v1/customers', () => 'invoice_settings[rendering_options][usd]=x', 'an option that is none'],
    ['/v1/accounts', () => 'type=express&company[structure]=tree', 'a structure that is none'],
    ['/v1/accounts', () => 'business_profile[minority_owned_business_designation][]=x', 'a designation that is none'],
    ['/v1/balance', () => `a${'[b]'.repeat(30_000)}=1`, 'a name of many levels'],
  ];
  test.each(forms)('%s: %#', async (path, form) => {
    const { status, body } = await send(server, { method: 'POST', path, key: key(), form: form() });
    expect(status, JSON.stringify(body)).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });

  const bodies: [string, () => string, string][] = [
    ['adjustments', () => '{"platform":{"toString":1}}', ''],
    ['adjustments', () => `{"account":"${bank}","amount":1,"currency":"usd"}`, 'account'],
    ['adjustments', () => `{"account":${nested(50_000)}}`, ''],
    ['fx_rates', () => `{"rates":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`, ''],
  ];
  test.each(bodies)('POST /evenkeel/v1/%s: %#', async (path, raw, param) => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': `deep ${raw().length}` };
    const answer = await send(server, {
      method: 'POST',
      path: `/evenkeel/v1/${path}`,
      key: key(),
      headers,
      raw: raw(),
    });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    if (param !== '') expect(errorOf(answer).param).toBe(param);
  });
});

describe('who acts as a connected account', () => {
  const as = (account: string) => ({ 'stripe-account': account });

  test('does nothing to another one', async () => {
    const headers = { ...as(one()), 'content-type': 'application/json' };
    const adjust = JSON.stringify({ account: other(), amount: 500, currency: 'usd' });
    const consent = JSON.stringify({ account: other(), date: 1 });
    for (const [path, raw] of [
      ['adjustments', adjust],
      ['consents', consent],
    ] as const) {
      const answer = await send(server, { method: 'POST', path: `/evenkeel/v1/${path}`, key: key(), headers, raw });
      expect(errorOf(answer)).toMatchObject({ code: 'resource_missing', param: 'account' });
    }
    const form = `on_behalf_of=${other()}`;
    const intent = await send(server, {
      method: 'POST',
      path: '/v1/setup_intents',
      key: key(),
      headers: as(one()),
      form,
    });
    expect(errorOf(intent)).toMatchObject({ param: 'on_behalf_of' });
  });

  test.each(['reserves', 'negative_accounts', 'exposure', 'fx_rates', 'outbox', 'deliveries', 'notifications'])(
    'does not read what the platform alone may: %s',
    async (path) => {
      const answer = await send(server, { path: `/evenkeel/v1/${path}`, key: key(), headers: as(one()) });
      expect([answer.status, errorOf(answer).message]).toEqual([400, expect.stringContaining('on the platform only')]);
    },
  );

  test('does not learn who the platform is from where its money went', async () => {
    const body = new URLSearchParams({ amount: '100', currency: 'usd', destination: tenant.platform.id });
    body.append('expand[]', 'destination');
    const headers = { authorization: `Bearer ${key()}`, ...as(one()) };
    const answer = await fetch(`${server.url}/v1/transfers`, { method: 'POST', headers, body });
    expect([answer.status, await answer.json()]).toMatchObject([200, { destination: tenant.platform.id }]);
  });
});

describe('whatever is sent is answered', () => {
  test.each([
    ['https://☃.example/☃', 'https://xn--n3h.example/%E2%98%83'],
    ['https://shop.example/a\r\nX-Injected: yes', 'https://shop.example/aX-Injected:%20yes'],
  ])('a page leads to %j', async (url, location) => {
    const form = new URLSearchParams({ account: one(), type: 'account_onboarding', refresh_url: url, return_url: url });
    const made = await send(server, { method: 'POST', path: '/v1/account_links', key: key(), form: form.toString() });
    const { pathname } = new URL(made.body.url as string);
    const answer = await exchange(`GET ${pathname} HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect([answer.status, answer.headers.get('location'), answer.headers.has('x-injected')]).toEqual([
      303,
      location,
      false,
    ]);
    expect(server.logs(), 'the secret of a page stands in no log').not.toContain(pathname);
  });

  test.each([
    ['GET /v1/balance HTTP/1.1\r\n\r\n', 401],
    ['GET /v1/balance HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\n\r\n', 401],
    ['BREW /v1/balance HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    // Without a key nothing waits for the rest of ten megabytes.
    [
      'POST /v1/files HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 9999999\r\n\r\n--x',
      401,
    ],
  ])('%j', async (bytes, status) => {
    const answer = await exchange(bytes);
    expect([answer.status, JSON.parse(answer.text)]).toMatchObject([
      status,
      { error: { type: 'invalid_request_error' } },
    ]);
    expect(answer.headers.get('request-id')).toMatch(/^req_/);
  });

  test('a long name comes back cut', async () => {
    const answer = await send(server, {
      method: 'POST',
      path: '/v1/charges',
      key: key(),
      form: `${'x'.repeat(99_999)}=1`,
    });
    expect([answer.status, (errorOf(answer).param as string).length]).toEqual([400, 5000]);
  });

  test('a key in a path is kept out of the log', async () => {
    await send(server, { path: `/v1/charges/${key()}`, key: key() });
    expect(server.logs()).not.toContain(key());
  });
});

describe('many at once', () => {
  const post = (path: string, form: string, headers: Record<string, string> = {}) =>
    send(server, { method: 'POST', path, key: key(), form, headers });
  const statuses = (answers: readonly { readonly status: number }[]) => answers.map(({ status }) => status).sort();
  const times = <T>(count: number, ask: () => Promise<T>) => Promise.all(Array.from({ length: count }, ask));

  test('under one key there is one effect, and everyone who is answered reads the same', async () => {
    const form = 'amount=4321&currency=usd&source=tok_visa';
    const ask = () => post('/v1/charges', form, { 'idempotency-key': 'one charge' });
    const answers = await times(32, ask);
    const later = await ask();
    for (const { status, text } of answers) {
      if (status === 200) expect(text).toBe(later.text);
      else expect(status).toBe(409);
    }
    const { body } = await send(server, { path: '/v1/charges?limit=100', key: key() });
    expect((body.data as { amount: number }[]).filter(({ amount }) => amount === 4321)).toHaveLength(1);
  });

  test('a charge is refunded once', async () => {
    const charge = await post('/v1/charges', 'amount=777&currency=usd&source=tok_bypassPending');
    const answers = await times(32, () => post('/v1/refunds', `charge=${charge.body.id}`));
    expect(statuses(answers)).toEqual([200, ...Array.from({ length: 31 }, () => 400)]);
  });

  test('a balance is paid out once', async () => {
    const { body } = await send(server, { path: '/v1/balance', key: key() });
    const all = (body.available as { amount: number; currency: string }[]).find(({ currency }) => currency === 'usd');
    const answers = await times(32, () => post('/v1/payouts', `amount=${all?.amount}&currency=usd`));
    expect(statuses(answers)).toEqual([200, ...Array.from({ length: 31 }, () => 400)]);
  });

  test('requests behind one another on a connection are answered in order', async () => {
    const asked = Array.from(
      { length: 50 },
      (_, n) => `GET /v1/charges/ch_${n} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key()}\r\n\r\n`,
    );
    const text = await new Promise<string>((resolve) => {
      const socket = connect({ port: server.port, host: '127.0.0.1' });
      let received = '';
      socket
        .on('close', () => resolve(received))
        .on('data', (chunk: Buffer) => {
          received += chunk.toString();
          if (received.includes("'ch_49'")) socket.destroy();
        });
      socket.write(asked.join(''));
    });
    const order = [...text.matchAll(/No such charge: 'ch_(\d+)'/g)].map(([, n]) => Number(n));
    expect(order).toEqual(Array.from({ length: 50 }, (_, n) => n));
  });
});

test('the books are sound after all this', () => auditClean(server));

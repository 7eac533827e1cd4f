/** What command lines listen through: the sessions, their sockets, and what does not get in. */
import { once } from 'node:events';
import { connect } from 'node:net';
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createPlatform, stripeFor, type TestPlatform } from '../support/platform.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { until } from '../webhooks/receiver.ts';
import { Ear, openSession } from './ear.ts';

let server: TestServer;
let platform: TestPlatform;
let stripe: Stripe;

const webhooks = { 'websocket_features[]': 'webhooks' };
const requests = { 'websocket_features[]': 'request_logs' };
const open = (form: Record<string, string> = webhooks) => openSession(server, platform.secret_key, form);
const listen = async (form: Record<string, string> = webhooks) => Ear.open(await open(form));

beforeAll(async () => {
  server = await startServer();
}, 60_000);

beforeAll(async () => {
  platform = await createPlatform(server);
  stripe = stripeFor(server, platform);
});

afterAll(async () => {
  expect(server?.violations).toEqual([]);
  await server?.stop();
}, 60_000);

/** What an upgrade is refused with. */
async function refusal(url: string, options: { readonly protocol?: string } = {}): Promise<[number, string]> {
  const socket = new WebSocket(url, options.protocol ?? 'stripecli-devproxy-v1');
  socket.on('error', () => {});
  const [, response] = await once(socket, 'unexpected-response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return [response.statusCode, JSON.parse(Buffer.concat(chunks).toString()).error.message];
}

describe('a session', () => {
  test('has a secret that all sessions of the platform share, and an address of its own', async () => {
    const [one, two] = await Promise.all([open(), open()]);
    expect(one).toMatchObject({ websocket_authorized_feature: 'webhooks', reconnect_delay: 3600 });
    expect(one.secret).toBe(two.secret);
    expect(one.websocket_id).not.toBe(two.websocket_id);
    expect(one.websocket_url).toBe(`ws://127.0.0.1:${server.port}/v1/stripecli/subscribe/${one.websocket_id}`);
    const other = await openSession(server, (await createPlatform(server)).secret_key, webhooks);
    expect(other.secret).not.toBe(one.secret);
  });

  test('needs a key, and a feature that there is', async () => {
    await expect(openSession(server, 'sk_test_nobody_knows_this', webhooks)).rejects.toThrow('Invalid API Key');
    await expect(open({ 'websocket_features[]': 'telepathy' })).rejects.toThrow('websocket_features');
    await expect(open({})).rejects.toThrow('websocket_features');
  });

  test('speaks the one protocol', async () => {
    const ear = await listen();
    expect(ear.socket.protocol).toBe('stripecli-devproxy-v1');
    await ear.close();
  });

  test('is not let in with an id that was made up or changed', async () => {
    const { websocket_id: id } = await open();
    const address = `ws://127.0.0.1:${server.port}/v1/stripecli/subscribe/`;
    const [text = '', seal = ''] = id.slice('cliws_'.length).split('.');
    const told = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[];
    const changed = Buffer.from(JSON.stringify([Number(told[0]) + 1, ...told.slice(1)])).toString('base64url');
    for (const wrong of [
      'cliws_1',
      '',
      `cliws_${changed}.${seal}`,
      `cliws_${text}.${seal.slice(1)}A`,
      `cliws_!.${seal}`,
    ]) {
      expect(await refusal(address + wrong)).toEqual([404, 'Unknown WebSocket ID.']);
    }
  });

  test('there are not any number of them', async () => {
    const full = await createPlatform(server);
    const ears = [];
    for (let i = 0; i < 32; i++) ears.push(await Ear.open(await openSession(server, full.secret_key, webhooks)));
    await expect(openSession(server, full.secret_key, webhooks)).rejects.toThrow('rate_limit');
    await Promise.all(ears.map((ear) => ear.close()));
    await until(async () => openSession(server, full.secret_key, webhooks).then(Boolean, () => false));
  });
});

describe('a listener', () => {
  test('hears of everything since its session began, in order, signed', async () => {
    const session = await open();
    const names = ['one', 'two', 'three', 'four', 'five'];
    const made = [];
    for (const name of names) made.push((await stripe.customers.create({ name })).id);
    const ear = await Ear.open(session);
    await until(() => ear.events.length >= names.length);
    expect(ear.events.map(({ data }) => data.object.id)).toEqual(made);
    for (const { event_payload, http_headers } of ear.frames) {
      const signature = http_headers?.['Stripe-Signature'] ?? '';
      stripe.webhooks.constructEvent(event_payload, signature, session.secret);
    }
    expect(ear.violations).toEqual([]);
    await ear.close();
  });

  test('each of several hears everything', async () => {
    const ears = await Promise.all([listen(), listen(), listen()]);
    const customer = await stripe.customers.create({ name: 'Heard thrice' });
    await until(() => ears.every((ear) => ear.events.some(({ data }) => data.object.id === customer.id)));
    await Promise.all(ears.map((ear) => ear.close()));
  });

  test('that comes back goes on where it was, and is told again what it did not acknowledge', async () => {
    const session = await open();
    const first = await Ear.open(session);
    const seen = await stripe.customers.create({ name: 'Seen' });
    await until(() => first.events.length === 1);
    await first.close();
    const missed = await stripe.customers.create({ name: 'Missed' });
    const deaf = await Ear.open(session, false);
    await until(() => deaf.events.length === 1);
    await deaf.close();
    const again = await Ear.open(session);
    await until(() => again.events.length === 1);
    const ids = [first, deaf, again].map(({ events }) => events.map(({ data }) => data.object.id));
    expect(ids).toEqual([[seen.id], [missed.id], [missed.id]]);
    await again.close();
  });

  test('takes the place of a connection that is dead without knowing it', async () => {
    const session = await open();
    const first = await Ear.open(session);
    await stripe.customers.create({ name: 'For the first' });
    await until(() => first.events.length === 1);
    const closed = once(first.socket, 'close');
    const second = await Ear.open(session);
    await closed;
    const customer = await stripe.customers.create({ name: 'For the second' });
    await until(() => second.events.length === 1);
    expect(second.events[0]?.data.object.id).toBe(customer.id);
    expect(first.events).toHaveLength(1);
    await second.close();
  });

  test('is let in after a restart with the address that it has', { timeout: 60_000 }, async () => {
    const session = await open();
    const before = await Ear.open(session);
    const told = await stripe.customers.create({ name: 'Told' });
    await until(() => before.events.length === 1);
    const closed = once(before.socket, 'close');
    // What happens in one second is told again: that is all the time of an operation says.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await server.restart();
    await closed;
    const missed = await stripe.customers.create({ name: 'Before it is back' });
    const after = await Ear.open(session);
    const heard = await stripe.customers.create({ name: 'After' });
    await until(() => after.events.some(({ data }) => data.object.id === heard.id));
    expect(after.events.map(({ data }) => data.object.id)).toEqual([missed.id, heard.id]);
    expect(before.events.map(({ data }) => data.object.id)).toEqual([told.id]);
    await after.close();
  });
});

test('who looks at requests sees those of the own platform', async () => {
  const ear = await listen(requests);
  const other = stripeFor(server, await createPlatform(server));
  await other.customers.create({ name: 'Theirs' });
  const { lastResponse } = await stripe.customers.create({ name: 'Ours' });
  await stripe.customers.retrieve('cus_none').catch(() => null);
  await until(() => ear.frames.length === 2);
  const [made, missing] = ear.frames.map(({ event_payload }) => JSON.parse(event_payload));
  expect(made).toMatchObject({ request_id: lastResponse.requestId, method: 'POST', url: '/v1/customers', status: 200 });
  expect(missing).toMatchObject({ status: 404, error: { code: 'resource_missing', param: 'id' } });
  await ear.close();
});

describe('other upgrades', () => {
  test('are answered without one, a body included', async () => {
    const socket = connect(server.port, '127.0.0.1');
    const form = 'name=Offers+HTTP2';
    socket.write(
      [
        'POST /v1/customers HTTP/1.1',
        'Host: 127.0.0.1',
        `Authorization: Bearer ${platform.secret_key}`,
        'Connection: Upgrade, HTTP2-Settings',
        'Upgrade: h2c',
        'HTTP2-Settings: AAMAAABkAAQAAP__',
        'Content-Type: application/x-www-form-urlencoded',
        `Content-Length: ${form.length}`,
        '',
        form,
      ].join('\r\n'),
    );
    let heard = '';
    socket.on('data', (chunk: Buffer) => {
      heard += chunk;
    });
    await until(() => heard.includes('"Offers HTTP2"'));
    expect(heard).toMatch(/^HTTP\/1\.1 200 OK/);
    // The connection is as good as any.
    socket.write(`GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
    await until(() => heard.includes('"ok"'));
    socket.destroy();
  });

  test('to a socket elsewhere are no route', async () => {
    const [status, message] = await refusal(`ws://127.0.0.1:${server.port}/v1/events`);
    expect([status, message.slice(0, 31)]).toEqual([401, 'You did not provide an API key.']);
  });
});

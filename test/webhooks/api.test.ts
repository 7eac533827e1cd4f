/** Endpoints, deliveries and retries as Stripe's own client uses them, with the server's parts put together in this process. */
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { envOf } from '../../src/api/auth.ts';
import { buildServer } from '../../src/api/server.ts';
import { Views } from '../../src/api/views.ts';
import { Engine } from '../../src/engine/engine.ts';
import { accounts } from '../../src/features/accounts/object.ts';
import { lineView } from '../../src/features/balance-transactions/view.ts';
import { eventView } from '../../src/features/events/view.ts';
import { type Founded, foundPlatform } from '../../src/features/platforms/found.ts';
import { secretsOf } from '../../src/features/platforms/secrets.ts';
import { featuresWith, jobsOf, kindsOf } from '../../src/registry.ts';
import { PostgresDeliveries } from '../../src/store/postgres/deliveries.ts';
import { PostgresStore } from '../../src/store/postgres/postgres.ts';
import { startWebhooks, type Webhooks } from '../../src/webhooks/worker.ts';
import { createDatabase, databaseUrl, dropDatabase } from '../support/database.ts';
import { validateObject } from '../support/schema.ts';
import { fail, Receiver, until } from './receiver.ts';

const postgres = inject('postgres');
const database = `webhooks_api_${process.pid}`;
const url = databaseUrl(postgres, database);
const secrets = secretsOf({ adminKey: 'admin', deterministicSeed: 1 });
let store: PostgresStore;
let deliveries: PostgresDeliveries;
let engine: Engine;
let app: ReturnType<typeof buildServer>;
let worker: Webhooks;
let startWorker: () => Webhooks;
let receiver: Receiver;
let port: number;
let platform: Founded;
let stripe: Stripe;

beforeAll(async () => {
  await createDatabase(postgres, database);
  store = new PostgresStore({ url });
  deliveries = new PostgresDeliveries({ url });
  const features = featuresWith(secrets, deliveries);
  const views = new Views(features, lineView, null);
  engine = new Engine({ store, kinds: kindsOf(features), jobs: jobsOf(features) });
  app = buildServer({
    engine,
    store: store.reader,
    keys: store,
    books: store,
    features,
    accountsKind: accounts,
    accountAccess: () => true,
    lineView,
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  port = (app.server.address() as AddressInfo).port;
  startWorker = () =>
    startWebhooks({
      deliveries,
      render: (event, { book, livemode }) => {
        const env = envOf(book, livemode);
        return eventView(event, env, (object) => views.render(object, env));
      },
      keyed: secrets.keyed,
      allowPrivate: true,
      pollMs: 50,
      pauses: { test: [60], live: [] },
    });
  worker = startWorker();
});
afterAll(async () => {
  await app.close();
  await worker.stop();
  await engine.stop();
  await deliveries.close();
  await store.close();
  await dropDatabase(postgres, database);
});
beforeEach(async () => {
  receiver = await Receiver.start();
  platform = await foundPlatform({ engine, books: store, keys: store, secrets }, {}, { id: null, idempotency: null });
  stripe = new Stripe(platform.secret, { protocol: 'http', host: '127.0.0.1', port, maxNetworkRetries: 0 });
});
afterEach(() => receiver.close());

const ask = async (method: string, path: string, body?: string) => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { authorization: `Bearer ${platform.secret}` },
    ...(body !== undefined && { body: new URLSearchParams(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: an answer of any form
  return { status: response.status, body: (await response.json()) as any };
};
const pay = () => stripe.charges.create({ amount: 1000, currency: 'usd', source: 'tok_visa' });

describe('endpoints', () => {
  test('are made, listed, changed and deleted; the secret is shown once', async () => {
    const made = await stripe.webhookEndpoints.create({
      url: receiver.url('/hook'),
      enabled_events: ['charge.succeeded'],
      metadata: { a: '1' },
    });
    expect(validateObject({ ...made })).toEqual([]);
    expect(made.secret).toMatch(/^whsec_[A-Za-z0-9]{43}$/);
    const found = await stripe.webhookEndpoints.retrieve(made.id);
    expect(found).not.toHaveProperty('secret');
    expect(found).toMatchObject({ status: 'enabled', application: null, metadata: { a: '1' } });
    const changed = await stripe.webhookEndpoints.update(made.id, { disabled: true });
    expect(changed).not.toHaveProperty('secret');
    expect(changed.status).toBe('disabled');
    expect((await stripe.webhookEndpoints.list()).data).toHaveLength(1);
    expect(await stripe.webhookEndpoints.del(made.id)).toMatchObject({ id: made.id, deleted: true });
    expect((await stripe.webhookEndpoints.list()).data).toEqual([]);
    await expect(stripe.webhookEndpoints.retrieve(made.id)).rejects.toMatchObject({
      statusCode: 404,
      message: `No such webhook endpoint: '${made.id}'`,
    });
  });

  test('the same request again shows the same secret', async () => {
    const params = { url: receiver.url('/'), enabled_events: ['*' as const] };
    const [first, again] = [
      await stripe.webhookEndpoints.create(params, { idempotencyKey: 'same' }),
      await stripe.webhookEndpoints.create(params, { idempotencyKey: 'same' }),
    ];
    expect(again).toEqual(first);
    expect((await stripe.webhookEndpoints.list()).data).toHaveLength(1);
  });

  test('are sixteen at most, for each account', async () => {
    const make = (stripeAccount?: string) =>
      stripe.webhookEndpoints.create(
        { url: receiver.url('/'), enabled_events: ['*'] },
        stripeAccount === undefined ? {} : { stripeAccount },
      );
    const [first] = await Promise.all(Array.from({ length: 16 }, () => make()));
    const limit = 'You have reached the maximum of 16 test webhook endpoints.';
    await expect(make()).rejects.toMatchObject({ statusCode: 400, message: limit });
    const seller = await stripe.accounts.create({ type: 'express', country: 'US' });
    const own = await make(seller.id);
    await stripe.webhookEndpoints.del(first?.id ?? '');
    await make();
    await expect(stripe.webhookEndpoints.retrieve(own.id)).rejects.toMatchObject({ statusCode: 404 });
    expect((await stripe.webhookEndpoints.list({}, { stripeAccount: seller.id })).data).toHaveLength(1);
  });
});

describe('events', () => {
  test('arrive as GET shows them', async () => {
    const { secret } = await stripe.webhookEndpoints.create({
      url: receiver.url('/hook'),
      enabled_events: ['charge.succeeded'],
    });
    const charge = await pay();
    await until(() => receiver.heard.length === 1);
    const [{ body, headers }] = receiver.heard as [(typeof receiver.heard)[number]];
    const event = stripe.webhooks.constructEvent(body, String(headers['stripe-signature']), secret ?? '');
    expect(validateObject({ ...event })).toEqual([]);
    expect(event.data.object).toMatchObject({ id: charge.id, object: 'charge' });
    await until(async () => (await stripe.events.retrieve(event.id)).pending_webhooks === 0);
    const shown = await stripe.events.retrieve(event.id);
    expect({ ...shown, pending_webhooks: 1 }).toEqual(event);
  });

  test('say how many endpoints have not taken them yet', async () => {
    const bad = receiver.url('/bad');
    receiver.behave('/bad', fail);
    await stripe.webhookEndpoints.create({ url: receiver.url('/good'), enabled_events: ['*'] });
    const failing = await stripe.webhookEndpoints.create({ url: bad, enabled_events: ['charge.succeeded'] });
    await stripe.webhookEndpoints.create({ url: bad, enabled_events: ['charge.failed'] });
    await stripe.webhookEndpoints.create({ url: bad, enabled_events: ['account.updated'], connect: true });
    const seller = await stripe.accounts.create({ type: 'express', country: 'US' });
    const hers = { stripeAccount: seller.id };
    const own = await stripe.webhookEndpoints.create({ url: bad, enabled_events: ['account.updated'] }, hers);
    await pay();
    await stripe.accounts.update(seller.id, { metadata: { order: '7' } });
    const told = async (type: string, options = {}) =>
      (await stripe.events.list({ type }, options)).data.map(({ pending_webhooks }) => pending_webhooks);
    // Before anything was handed over the count is of those who will get it, and never less than what it ends at.
    expect((await told('charge.succeeded'))[0]).toBeGreaterThanOrEqual(1);
    expect(await told('account.updated', hers)).toEqual([2, 1]);
    await until(async () => (await told('charge.succeeded'))[0] === 1);
    await until(() => receiver.at('/bad').length === 4);
    expect(await told('account.updated', hers)).toEqual([2, 1]);
    await stripe.webhookEndpoints.del(own.id, {}, hers);
    await stripe.webhookEndpoints.update(failing.id, { disabled: true });
    expect(await told('account.updated', hers)).toEqual([1, 1]);
    expect(await told('charge.succeeded')).toEqual([0]);
  });

  test('that nobody was handed yet count who will get them', async () => {
    await worker.stop();
    try {
      await stripe.webhookEndpoints.create({ url: receiver.url('/one'), enabled_events: ['charge.succeeded'] });
      await pay();
      await stripe.webhookEndpoints.create({ url: receiver.url('/late'), enabled_events: ['*'] });
      const [charged] = (await stripe.events.list({ type: 'charge.succeeded' })).data;
      expect(charged?.pending_webhooks).toBe(1);
      await pay();
      const [later, earlier] = (await stripe.events.list({ type: 'charge.succeeded' })).data;
      expect([later?.pending_webhooks, earlier?.pending_webhooks]).toEqual([2, 1]);
    } finally {
      worker = startWorker();
    }
    await until(async () => {
      const { data } = await stripe.events.list({ type: 'charge.succeeded' });
      return data.length === 2 && data.every(({ pending_webhooks }) => pending_webhooks === 0);
    });
    expect(receiver.at('/one')).toHaveLength(2);
    expect(receiver.at('/late')).toHaveLength(1);
  });

  test('of connected accounts say whose they are', async () => {
    await stripe.webhookEndpoints.create({ url: receiver.url('/connect'), enabled_events: ['*'], connect: true });
    const seller = await stripe.accounts.create({ type: 'express', country: 'US' });
    await stripe.accounts.update(seller.id, { metadata: { order: '7' } });
    await until(() => receiver.heard.some(({ body }) => body.includes('previous_attributes')));
    const events = receiver.heard.map(({ body }) => JSON.parse(body) as Stripe.Event);
    for (const event of events) {
      expect(event.account).toBe(seller.id);
      expect(validateObject({ ...event })).toEqual([]);
    }
    expect(events.map(({ type }) => type)).toContain('account.updated');
  });

  test('are sent again on request', async () => {
    receiver.behave('/hook', (response, n, request) => (n === 0 ? fail(response, n, request) : response.end()));
    const endpoint = await stripe.webhookEndpoints.create({
      url: receiver.url('/hook'),
      enabled_events: ['charge.succeeded'],
    });
    await pay();
    await until(async () => (await ask('GET', '/evenkeel/v1/deliveries')).body.data[0]?.attempts.length === 1);
    const [{ id }] = (await stripe.events.list({ type: 'charge.succeeded' })).data as [Stripe.Event];
    const retried = await ask('POST', `/v1/events/${id}/retry`, `webhook_endpoint=${endpoint.id}`);
    expect(retried).toMatchObject({ status: 200, body: { id, object: 'event', pending_webhooks: 1 } });
    await until(() => receiver.heard.length === 2);
    expect((await ask('POST', `/v1/events/${id}/retry`, 'for_stripecli=true')).status).toBe(200);
    expect(await ask('POST', `/v1/events/${id}/retry`, '')).toMatchObject({
      status: 400,
      body: { error: { param: 'webhook_endpoint' } },
    });
    expect((await ask('POST', `/v1/events/${id}/retry`, 'webhook_endpoint=we_1')).status).toBe(400);
    expect((await ask('POST', '/v1/events/evt_1/retry', `webhook_endpoint=${endpoint.id}`)).status).toBe(404);
    await stripe.webhookEndpoints.update(endpoint.id, { disabled: true });
    expect((await ask('POST', `/v1/events/${id}/retry`, `webhook_endpoint=${endpoint.id}`)).status).toBe(400);
  });
});

describe('the record of deliveries', () => {
  test('tells every attempt, by endpoint, event and status', async () => {
    receiver.behave('/bad', fail);
    const good = await stripe.webhookEndpoints.create({
      url: receiver.url('/good'),
      enabled_events: ['charge.succeeded'],
    });
    const bad = await stripe.webhookEndpoints.create({
      url: receiver.url('/bad'),
      enabled_events: ['charge.succeeded'],
    });
    const charges = [await pay(), await pay()];
    const list = async (query = '') => (await ask('GET', `/evenkeel/v1/deliveries?${query}`)).body;
    await until(
      async () => (await list()).data.filter((each: { attempts: unknown[] }) => each.attempts.length).length === 4,
    );
    const all = await list();
    expect(all).toMatchObject({ object: 'list', has_more: false, url: '/evenkeel/v1/deliveries' });
    const failed = (await list(`webhook_endpoint=${bad.id}`)).data;
    expect(failed).toHaveLength(2);
    expect(failed[0]).toMatchObject({
      id: expect.stringMatching(/^whd_/),
      object: 'webhook_delivery',
      account: (await stripe.accounts.retrieveCurrent()).id,
      attempts: [{ error: null, latency_ms: expect.any(Number), response: 'broken', status: 500 }],
      event_type: 'charge.succeeded',
      status: 'pending',
      webhook_endpoint: bad.id,
    });
    expect(failed[0].next_attempt).toBeGreaterThan(Date.now() / 1000 + 50);
    expect(failed[0].next_attempt).toBeLessThan(Date.now() / 1000 + 70);
    expect(
      (await list('status=delivered')).data.map((each: { webhook_endpoint: string }) => each.webhook_endpoint),
    ).toEqual([good.id, good.id]);
    expect((await list(`event=${failed[0].event}`)).data).toHaveLength(2);
    const page = await list('limit=3');
    expect(page.has_more).toBe(true);
    const rest = await list(`limit=3&starting_after=${page.data[2].id}`);
    expect([...page.data, ...rest.data]).toEqual(all.data);
    expect((await list(`limit=2&ending_before=${all.data[3].id}`)).data).toEqual(all.data.slice(1, 3));
    expect(await ask('GET', '/evenkeel/v1/deliveries?event=evt_1')).toMatchObject({ status: 400 });
    expect(await ask('GET', '/evenkeel/v1/deliveries?status=lost')).toMatchObject({ status: 400 });
    expect(charges).toHaveLength(2);
  });
});

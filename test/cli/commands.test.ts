/** The vendor's command line unmodified, whose users change nothing but the address. */
import { join } from 'node:path';
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditClean } from '../support/audit.ts';
import { createPlatform, stripeFor, type TestPlatform } from '../support/platform.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { Receiver, until } from '../webhooks/receiver.ts';
import { missing, type Running, Vendor } from './vendor.ts';

interface ApiObject {
  readonly id: string;
  readonly object: string;
  readonly [field: string]: unknown;
}

describe.skipIf(missing !== null)('the command line of the vendor', () => {
  let server: TestServer;
  let platform: TestPlatform;
  let stripe: Stripe;
  let vendor: Vendor;
  let receiver: Receiver;
  let seller: string;

  beforeAll(async () => {
    server = await startServer();
    platform = await createPlatform(server);
    stripe = stripeFor(server, platform);
    vendor = await Vendor.open(server, platform);
    receiver = await Receiver.start();
    const account = await stripe.accounts.create({
      type: 'express',
      capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
    });
    seller = account.id;
  }, 60_000);

  afterAll(async () => {
    await vendor?.close();
    await receiver?.close();
    if (!server) return;
    try {
      await auditClean(server);
    } finally {
      await server.stop();
    }
  }, 60_000);

  describe('get, post and delete', () => {
    test('go through, with lists, hashes and expansion', async () => {
      const made = await vendor.object<ApiObject>(
        ...['post', '/v1/payment_intents', '-d', 'amount=1500', '-d', 'currency=usd', '-d', 'confirm=true'],
        ...['-d', 'payment_method=pm_card_visa', '-d', 'payment_method_types[]=card', '-d', 'metadata[order]=6735'],
        ...['--expand', 'latest_charge'],
      );
      expect(made).toMatchObject({
        status: 'succeeded',
        metadata: { order: '6735' },
        latest_charge: { object: 'charge', amount: 1500 },
      });
      expect(await vendor.object('get', `/v1/payment_intents/${made.id}`)).toMatchObject({ id: made.id });
      expect(await vendor.object('get', made.id)).toMatchObject({ id: made.id });
      const page = await vendor.object<{ data: ApiObject[] }>('get', '/v1/charges', '--limit', '1');
      expect(page.data).toHaveLength(1);

      const customer = await vendor.object<ApiObject>('post', '/v1/customers', '-d', 'name=Jenny Rosen');
      expect(await vendor.object('delete', `/v1/customers/${customer.id}`, '--confirm')).toEqual({
        id: customer.id,
        object: 'customer',
        deleted: true,
      });
    });

    test('as a connected account', async () => {
      const charge = await vendor.object<ApiObject>(
        ...['post', '/v1/charges', '-d', 'amount=700', '-d', 'currency=usd', '-d', 'source=tok_visa'],
        ...['--stripe-account', seller],
      );
      const seen = await stripe.charges.retrieve(charge.id, {}, { stripeAccount: seller });
      expect(seen.amount).toBe(700);
    });

    test('a refusal is printed as it came', async () => {
      const said = await vendor.run('get', '/v1/charges/ch_none');
      expect(said).toContain('"code": "resource_missing"');
      expect(said).toContain("No such charge: 'ch_none'");
    });

    test('a key of our own is repeated', async () => {
      const ask = ['post', '/v1/customers', '-d', 'name=Once', '--idempotency', 'once-only'];
      const first = await vendor.object<ApiObject>(...ask);
      expect((await vendor.object<ApiObject>(...ask)).id).toBe(first.id);
    });
  });

  describe('commands of resources', () => {
    test('with nested flags', async () => {
      const account = await vendor.object<ApiObject>(
        ...['accounts', 'create', '--type', 'custom', '--country', 'US', '--email', 'anna@example.com'],
        '--capabilities.transfers.requested=true',
      );
      expect(account).toMatchObject({ object: 'account', type: 'custom', email: 'anna@example.com' });
      expect(account.capabilities).toHaveProperty('transfers');
    });

    test('of a connected account', async () => {
      const said = await vendor.object<ApiObject>('balance', 'retrieve', '--stripe-account', seller);
      expect(said).toMatchObject({ object: 'balance', livemode: false });
    });

    test('transfers and reversals', async () => {
      await vendor.run(
        ...['post', '/v1/charges', '-d', 'amount=5000', '-d', 'currency=usd', '-d', 'source=tok_bypassPending'],
      );
      const transfer = await vendor.object<ApiObject>(
        ...['transfers', 'create', '--amount', '1200', '--currency', 'usd', '--destination', seller],
      );
      const reversal = await vendor.object('transfer_reversals', 'create', transfer.id, '--amount', '200');
      expect(reversal).toMatchObject({ object: 'transfer_reversal', amount: 200, transfer: transfer.id });
    });
  });

  test('fixtures FILE runs a file of requests that refer to each other', async () => {
    const said = await vendor.run('fixtures', join(import.meta.dirname, 'fixtures/sale.json'));
    expect(said).toContain('Running fixture for: refund');
    const [refund] = (await stripe.refunds.list({ limit: 1 })).data;
    expect(refund).toMatchObject({ amount: 500 });
    expect(refund?.transfer_reversal).toMatch(/^trr_/);
  });

  describe('listen', () => {
    let listening: Running;
    let secret: string;
    const listen = () =>
      vendor.start(
        ...['listen', '--forward-to', receiver.url('/own'), '--forward-connect-to', receiver.url('/connect')],
        ...['--all-snapshot', '--skip-update'],
      );
    /** What arrived, its signature checked as an integration would. */
    const arrived = (path: string): Stripe.Event[] =>
      receiver.at(path).map(({ body, headers }) => {
        return stripe.webhooks.constructEvent(body, headers['stripe-signature'] as string, secret);
      });

    beforeAll(async () => {
      secret = (await vendor.run('listen', '--print-secret', '--skip-update')).trim();
      listening = listen();
      await listening.says(/Ready!/);
    }, 30_000);

    afterAll(() => listening.end());

    test('shows the secret that it always has', async () => {
      expect(secret).toMatch(/^whsec_\w{32,}$/);
      expect(listening.said).toContain(secret);
    });

    test('sends events of the platform and of connected accounts on, each to its own place', async () => {
      const charge = await stripe.charges.create({
        amount: 3000,
        currency: 'usd',
        source: 'tok_visa',
        transfer_data: { destination: seller },
      });
      await until(() => arrived('/own').some(({ data }) => 'id' in data.object && data.object.id === charge.id));
      await until(() => arrived('/connect').some(({ type }) => String(type) === 'payment.created'));
      // Nothing says in which order they arrive.
      await until(() => arrived('/own').some(({ type }) => type === 'transfer.created'));
      const own = arrived('/own');
      expect(own.map(({ type }) => type)).toEqual(expect.arrayContaining(['charge.succeeded', 'transfer.created']));
      for (const event of own) expect(event.account).toBeUndefined();
      for (const event of arrived('/connect')) expect(event.account).toBe(seller);
      await listening.says(/<-- {2}\[200\] POST/);
    });

    test('is told of its own platform alone', async () => {
      const other = await createPlatform(server);
      const theirs = await stripeFor(server, other).customers.create({ name: 'Not ours' });
      const ours = await stripe.customers.create({ name: 'Ours' });
      await until(() => receiver.heard.some(({ body }) => body.includes(ours.id)));
      expect(receiver.heard.some(({ body }) => body.includes(theirs.id))).toBe(false);
    });

    test('events resend tells an event again', async () => {
      const [event] = (await stripe.events.list({ type: 'customer.created', limit: 1 })).data;
      const id = event?.id as string;
      await until(() => receiver.ids('/own').includes(id));
      expect(await vendor.object('events', 'resend', id, '--confirm')).toMatchObject({ id, type: 'customer.created' });
      await until(() => receiver.ids('/own').filter((each) => each === id).length === 2);
    });

    test('events resend of a connected account', async () => {
      const { data } = await stripe.events.list({ limit: 1 }, { stripeAccount: seller });
      const id = data[0]?.id as string;
      await until(() => receiver.ids('/connect').includes(id));
      await vendor.object('events', 'resend', id, '--account', seller, '--confirm');
      await until(() => receiver.ids('/connect').filter((each) => each === id).length === 2);
    });

    test('events resend to an endpoint', async () => {
      const endpoint = await stripe.webhookEndpoints.create({
        url: receiver.url('/endpoint'),
        enabled_events: ['charge.failed'],
      });
      const [event] = (await stripe.events.list({ type: 'customer.created', limit: 1 })).data;
      const id = event?.id as string;
      await vendor.object('events', 'resend', id, '--webhook-endpoint', endpoint.id, '--confirm');
      await until(() => receiver.ids('/endpoint').includes(id));
      await stripe.webhookEndpoints.del(endpoint.id);
    });

    test('comes back when the server was away', { timeout: 60_000 }, async () => {
      await server.restart();
      // It waits ten seconds between tries.
      await until(
        async () => {
          const before = receiver.at('/own').length;
          await stripe.customers.create({ name: 'After the restart' });
          await new Promise((resolve) => setTimeout(resolve, 300));
          return receiver.at('/own').length > before;
        },
        () => listening.said,
        30_000,
      );
      expect(arrived('/own').length).toBeGreaterThan(0);
    });
  });

  describe('logs tail', () => {
    test('shows requests as they are answered, with what was wrong', async () => {
      const tail = vendor.start('logs', 'tail', '--format', 'JSON');
      await tail.says(/Ready!/);
      const customer = await stripe.customers.create({ name: 'Seen' });
      await tail.says(new RegExp(`"request_id":\\s*"${customer.lastResponse.requestId}"`));
      await stripe.charges.retrieve('ch_none').catch(() => null);
      const [, shown] = await tail.says(/(\{[^{}]*\{[^{}]*"resource_missing"[^{}]*\}[^{}]*\})/);
      expect(JSON.parse(shown ?? '')).toMatchObject({ method: 'GET', status: 404, url: '/v1/charges/ch_none' });
      expect(tail.said).not.toContain('stripecli');
      await tail.end();
    });

    test('shows what the filters let through', async () => {
      const failed = ['--filter-status-code-type', '4XX', '--filter-http-method', 'POST'];
      const tail = vendor.start('logs', 'tail', ...failed, '--filter-account', 'connect_out');
      await tail.says(/Ready!/);
      const connected = { stripeAccount: seller };
      await stripe.customers.create({ name: 'Fine' }, connected);
      await stripe.charges.retrieve('ch_none', {}, connected).catch(() => null);
      await stripe.transfers.create({ amount: -1, currency: 'usd', destination: seller }).catch(() => null);
      await stripe.refunds.create({ charge: 'ch_none' }, connected).catch(() => null);
      await tail.says(/\[404\] POST .*\/v1\/refunds/);
      expect(tail.said.match(/\[\d{3}\]/g)).toEqual(['[404]']);
      await tail.end();
    });
  });
});

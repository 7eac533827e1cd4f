import { once } from 'node:events';
import { createServer } from 'node:net';
import Stripe from 'stripe';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { disablingAfter } from '../../src/features/webhook-endpoints/disable-failing.ts';
import { birthOf } from '../../src/kernel/id.ts';
import type { DeliveryStore } from '../../src/store/deliveries.ts';
import { PostgresDeliveries } from '../../src/store/postgres/deliveries.ts';
import { PostgresStore } from '../../src/store/postgres/postgres.ts';
import type { WebhookOptions, Webhooks } from '../../src/webhooks/worker.ts';
import { createDatabase, databaseUrl, dropDatabase } from '../support/database.ts';
import { fail, hang, pause, Receiver, reset, until } from './receiver.ts';
import { Rig, secretOf } from './rig.ts';

const postgres = inject('postgres');
const database = `webhooks_${process.pid}`;
const url = databaseUrl(postgres, database);
const stripe = new Stripe('sk_test_unused');
let store: PostgresStore;
let deliveries: PostgresDeliveries;
let receiver: Receiver;
let workers: Webhooks[] = [];

beforeAll(async () => {
  await createDatabase(postgres, database);
  store = new PostgresStore({ url });
  deliveries = new PostgresDeliveries({ url });
});
beforeEach(async () => {
  receiver = await Receiver.start();
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  workers = [];
  await receiver.close();
});
afterAll(async () => {
  await deliveries.close();
  await store.close();
  await dropDatabase(postgres, database);
});

const open = (accounts?: number) => Rig.open(store, deliveries, accounts);
function work(rig: Rig, options?: Partial<WebhookOptions>): Webhooks {
  const worker = rig.work(options);
  workers.push(worker);
  return worker;
}
const settled = (rig: Rig, endpoint: Parameters<Rig['deliveriesOf']>[0], count: number) =>
  until(
    async () => {
      const all = await rig.deliveriesOf(endpoint);
      return all.length === count && all.every(({ status }) => status !== 'pending');
    },
    () => `not all of ${count} deliveries are done; heard ${receiver.heard.length}`,
  );

describe('what is sent', () => {
  test('the event, signed so that the official client takes it', async () => {
    const rig = await open();
    const endpoint = await rig.endpoint(receiver.url('/hook'));
    await rig.endpoint(receiver.url('/other'), { enabled_events: ['topup.succeeded', 'charge.failed'] });
    await rig.endpoint(receiver.url('/deaf'), { enabled_events: ['charge.failed'] });
    const worker = work(rig);
    const [note] = await rig.happen();
    worker.wake(rig.book);
    await until(() => receiver.heard.length === 2);
    const [{ body, headers }] = receiver.at('/hook') as [(typeof receiver.heard)[number]];
    const event = stripe.webhooks.constructEvent(body, String(headers['stripe-signature']), secretOf(endpoint));
    expect(event).toMatchObject({
      object: 'event',
      type: 'topup.succeeded',
      data: { object: { id: note } },
      pending_webhooks: 2,
      livemode: false,
    });
    expect(body.startsWith('{\n  "id": "evt_')).toBe(true);
    expect(event.account).toBeUndefined();
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
      accept: '*/*; q=0.5, application/xml',
      'cache-control': 'no-cache',
      'content-length': String(Buffer.byteLength(body)),
    });
    expect(secretOf(endpoint)).toMatch(/^whsec_[A-Za-z0-9]{43}$/);
    expect(() =>
      stripe.webhooks.constructEvent(`${body} `, String(headers['stripe-signature']), secretOf(endpoint)),
    ).toThrow();
    expect(receiver.at('/deaf')).toEqual([]);
  });

  test('events of connected accounts go to Connect endpoints and to their own, and nowhere else', async () => {
    const rig = await open(2);
    const [platform, seller] = rig.accounts as [never, never];
    await rig.endpoint(receiver.url('/platform'));
    await rig.endpoint(receiver.url('/connect'), { connect: true });
    await rig.endpoint(receiver.url('/seller'), { account: seller });
    work(rig);
    await rig.happen(1, platform);
    await rig.happen(1, seller);
    await until(() => receiver.heard.length >= 3);
    await pause(200);
    const told = (path: string) => receiver.at(path).map(({ body }) => (JSON.parse(body) as Stripe.Event).account);
    expect(told('/platform')).toEqual([undefined]);
    expect(told('/connect')).toEqual([seller]);
    expect(told('/seller')).toEqual([undefined]);
  });

  test('only what happened since the endpoint was made', async () => {
    const rig = await open();
    await rig.happen(3);
    await rig.endpoint(receiver.url('/hook'));
    await rig.happen(2);
    work(rig);
    await until(() => receiver.heard.length === 2);
    await pause(200);
    expect(receiver.heard).toHaveLength(2);
  });
});

describe('an endpoint that does not take it', () => {
  test('is tried again by the plan, then given up; every attempt is on record', async () => {
    const rig = await open();
    receiver.behave('/hook', fail);
    const endpoint = await rig.endpoint(receiver.url('/hook'));
    work(rig);
    await rig.happen();
    await settled(rig, endpoint, 1);
    const [delivery] = await rig.deliveriesOf(endpoint);
    expect(receiver.heard).toHaveLength(4);
    expect(delivery).toMatchObject({ status: 'failed', nextAttempt: null });
    expect(delivery?.attempts).toHaveLength(4);
    expect(delivery?.attempts[3]).toMatchObject({ status: 500, error: null, response: 'broken' });
    expect(new Set(receiver.heard.map(({ body }) => body)).size).toBe(1);
    const gaps = receiver.heard.slice(1).map(({ at }, i) => at - (receiver.heard[i]?.at ?? 0));
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(85);
  });

  test('gets it later', async () => {
    const rig = await open();
    receiver.behave('/hook', (response, n, request) =>
      n < 2 ? fail(response, n, request) : response.end('{"received":true}'),
    );
    const endpoint = await rig.endpoint(receiver.url('/hook'));
    work(rig);
    await rig.happen();
    await settled(rig, endpoint, 1);
    const [delivery] = await rig.deliveriesOf(endpoint);
    expect(delivery).toMatchObject({ status: 'delivered' });
    expect(delivery?.attempts.map(({ status }) => status)).toEqual([500, 500, 200]);
  });

  const cases: readonly (readonly [string, Parameters<Receiver['behave']>[1], object])[] = [
    ['hangs', hang, { status: null, error: 'no answer within 0.3 seconds' }],
    ['resets', reset, { status: null, error: expect.stringMatching(/ECONNRESET|hang up/) }],
    [
      'redirects',
      (response) => response.writeHead(302, { location: '/elsewhere' }).end(),
      { status: 302, error: 'redirects are not followed' },
    ],
    ['is gone', (response) => response.writeHead(410).end(), { status: 410, error: null }],
  ];
  test.each(cases)('%s', async (_, behaviour, attempt) => {
    const rig = await open();
    receiver.behave('/hook', behaviour);
    const endpoint = await rig.endpoint(receiver.url('/hook'));
    work(rig, { timeoutMs: 300, pauses: { test: [], live: [] } });
    await rig.happen();
    await settled(rig, endpoint, 1);
    const [delivery] = await rig.deliveriesOf(endpoint);
    expect(delivery).toMatchObject({ status: 'failed', attempts: [attempt] });
    expect(receiver.at('/elsewhere')).toEqual([]);
  });

  test('is not there', async () => {
    const rig = await open();
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as { port: number };
    probe.close();
    const endpoint = await rig.endpoint(`http://127.0.0.1:${port}/`);
    work(rig, { pauses: { test: [], live: [] } });
    await rig.happen();
    await settled(rig, endpoint, 1);
    expect((await rig.deliveriesOf(endpoint))[0]?.attempts[0]?.error).toMatch(/ECONNREFUSED/);
  });

  test('is at an address that webhooks do not go to', async () => {
    const rig = await open();
    const inside = await rig.endpoint(receiver.url('/hook'));
    const metadata = await rig.endpoint('http://169.254.169.254/latest');
    work(rig, { allowPrivate: false, pauses: { test: [], live: [] } });
    await rig.happen();
    await settled(rig, inside, 1);
    await settled(rig, metadata, 1);
    expect((await rig.deliveriesOf(inside))[0]?.attempts[0]?.error).toMatch(/private address/);
    expect((await rig.deliveriesOf(metadata))[0]?.attempts[0]?.error).toMatch(/never/);
    expect(receiver.heard).toEqual([]);
  });

  test('answers late, or at length, and that is well', async () => {
    const rig = await open();
    receiver.behave('/late', (response) => setTimeout(() => response.end(), 200));
    receiver.behave('/long', (response) => response.end('é\0'.repeat(50_000)));
    receiver.behave('/drip', (response) => {
      response.writeHead(200);
      const dripping = setInterval(() => response.write('.'), 100);
      response.on('close', () => clearInterval(dripping));
    });
    const endpoints = await Promise.all(['/late', '/long', '/drip'].map((path) => rig.endpoint(receiver.url(path))));
    work(rig, { timeoutMs: 1000 });
    await rig.happen();
    for (const endpoint of endpoints) {
      await settled(rig, endpoint, 1);
      expect((await rig.deliveriesOf(endpoint))[0]).toMatchObject({ status: 'delivered', attempts: [{ status: 200 }] });
    }
    const [, long] = endpoints;
    const response = (await rig.deliveriesOf(long as never))[0]?.attempts[0]?.response ?? '';
    expect(Buffer.byteLength(response)).toBeLessThanOrEqual(1030 * 2);
    expect(response.startsWith('é\ufffd')).toBe(true);
  });
});

describe('endpoints that change', () => {
  test('disabled: what waits is given up, what happens is not kept; enabled again, it hears what comes then', async () => {
    const rig = await open();
    receiver.behave('/hook', fail);
    const endpoint = await rig.endpoint(receiver.url('/hook'));
    const worker = work(rig, { pauses: { test: [0.5, 0.5], live: [] } });
    await rig.happen();
    await until(() => receiver.heard.length === 1);
    receiver.behave('/hook', (response) => response.end());
    // Three changes with events between, faster than anybody looks.
    await rig.update(endpoint, { disabled: true });
    await rig.happen();
    await rig.update(endpoint, { disabled: false });
    const [heard] = await rig.happen();
    worker.wake(rig.book);
    await settled(rig, endpoint, 2);
    await pause(300);
    expect((await rig.deliveriesOf(endpoint)).map(({ status }) => status)).toEqual(['delivered', 'dropped']);
    expect(receiver.heard).toHaveLength(2);
    expect(receiver.heard[1]?.body).toContain(heard);
  });

  test('deleted: nothing more is sent', async () => {
    const rig = await open();
    receiver.behave('/hook', fail);
    const endpoint = await rig.endpoint(receiver.url('/hook'));
    work(rig, { pauses: { test: [0.4], live: [] } });
    await rig.happen();
    await until(() => receiver.heard.length === 1);
    await rig.remove(endpoint);
    await settled(rig, endpoint, 1);
    expect((await rig.deliveriesOf(endpoint))[0]).toMatchObject({ status: 'dropped', nextAttempt: null });
    expect(receiver.heard).toHaveLength(1);
  });

  test('other types, another URL: each event is chosen by what was asked for when it happened', async () => {
    const rig = await open();
    const endpoint = await rig.endpoint(receiver.url('/old'), { enabled_events: ['charge.failed'] });
    await rig.happen();
    await rig.update(endpoint, { enabled_events: ['topup.succeeded'] });
    const [note] = await rig.happen();
    await rig.update(endpoint, { enabled_events: ['charge.failed'], url: receiver.url('/new') });
    await rig.happen();
    work(rig);
    await until(() => receiver.heard.length === 1);
    await pause(200);
    expect(receiver.heard).toHaveLength(1);
    expect(receiver.at('/new')[0]?.body).toContain(note);
  });
});

describe('endpoints that fail for days', () => {
  const pauses = { test: Array(40).fill(0.1), live: Array(40).fill(0.1) };
  const disablings = async (rig: Rig) => {
    const { rows } = await store.pool.query<{ n: number }>(
      "select count(*)::integer as n from operations where book = $1 and command = 'webhook_endpoints.disable_failing'",
      [rig.book],
    );
    return rows[0]?.n;
  };
  /** A day is half a second. */
  const disabling = (rig: Rig, disabled: string[] = []) => ({
    ...disablingAfter(1, rig.engine, (id) => disabled.push(id)),
    afterMs: 500,
  });

  test('are disabled, once, by whichever server; then nothing more is sent', async () => {
    const rig = await Rig.open(store, deliveries, 1, true);
    receiver.behave('/bad', fail);
    const bad = await rig.plainEndpoint(receiver.url('/bad'));
    const good = await rig.plainEndpoint(receiver.url('/good'));
    const disabled: string[] = [];
    for (let i = 0; i < 2; i++) work(rig, { pauses, perEndpoint: 8, disabling: disabling(rig, disabled) });
    await rig.happen(8);
    await until(async () => (await rig.statusOf(bad)) === 'disabled');
    await settled(rig, bad, 8);
    const heard = receiver.at('/bad').length;
    await rig.happen();
    await until(() => receiver.at('/good').length === 9);
    await pause(300);
    expect(receiver.at('/bad')).toHaveLength(heard);
    const times = receiver.at('/bad').map(({ at }) => at);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(450);
    expect(new Set((await rig.deliveriesOf(bad)).map(({ status }) => status))).toEqual(new Set(['dropped']));
    expect(await rig.statusOf(good)).toBe('enabled');
    expect(disabled).toEqual([bad.id]);
    expect(await disablings(rig)).toBe(1);
  });

  test('not those that took something meanwhile, nor before the time is up', async () => {
    const rig = await Rig.open(store, deliveries, 1, true);
    receiver.behave('/moody', (response, n, request) => (n % 3 === 2 ? response.end() : fail(response, n, request)));
    const moody = await rig.plainEndpoint(receiver.url('/moody'));
    work(rig, { pauses, perEndpoint: 1, disabling: disabling(rig) });
    for (let i = 0; i < 6; i++) {
      await rig.happen();
      await pause(200);
    }
    await settled(rig, moody, 6);
    const times = receiver.at('/moody').map(({ at }) => at);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(700);
    expect(await rig.statusOf(moody)).toBe('enabled');
  });

  test('who enables it again, or changes it, has the whole time again', async () => {
    const rig = await Rig.open(store, deliveries, 1, true);
    receiver.behave('/bad', fail);
    const bad = await rig.plainEndpoint(receiver.url('/bad'));
    work(rig, { pauses, disabling: disabling(rig) });
    await rig.happen();
    await until(async () => (await rig.statusOf(bad)) === 'disabled');
    await rig.update(bad, { disabled: false });
    await rig.happen();
    const heard = receiver.heard.length;
    await until(() => receiver.heard.length > heard + 1);
    expect(await rig.statusOf(bad)).toBe('enabled');
    const again = receiver.heard[heard]?.at ?? 0;
    await until(async () => (await rig.statusOf(bad)) === 'disabled');
    expect(Date.now() - again).toBeGreaterThanOrEqual(450);
    expect(await disablings(rig)).toBe(2);
  });

  test('never without the setting, and never in test mode', async () => {
    const test = await open();
    const live = await Rig.open(store, deliveries, 1, true);
    receiver.behave('/bad', fail);
    const endpoints = [await test.endpoint(receiver.url('/bad')), await live.plainEndpoint(receiver.url('/bad'))];
    work(test, { pauses: { ...pauses, live: [] }, disabling: disabling(test) });
    await test.happen();
    await pause(1500);
    expect(receiver.heard.length).toBeGreaterThan(4);
    expect(await test.statusOf(endpoints[0] as never)).toBe('enabled');
    await Promise.all(workers.splice(0).map((worker) => worker.stop()));
    work(live, { pauses });
    await live.happen();
    await pause(1500);
    expect(await live.statusOf(endpoints[1] as never)).toBe('enabled');
  });
});

describe('many', () => {
  test('first tries set out in the order of the events', async () => {
    const rig = await open();
    await rig.endpoint(receiver.url('/one'));
    const worker = work(rig, { perEndpoint: 1 });
    await rig.happen(300);
    worker.wake(rig.book);
    await until(() => receiver.heard.length === 300);
    const ids = receiver.ids('/one');
    expect(ids).toEqual([...ids].sort());
  });

  test('with several at once no event is far from its place', async () => {
    const rig = await open();
    await rig.endpoint(receiver.url('/four'));
    work(rig);
    await rig.happen(300);
    await until(() => receiver.heard.length === 300);
    const ids = receiver.ids('/four');
    const places = new Map([...ids].sort().map((id, place) => [id, place]));
    for (const [i, id] of ids.entries()) expect(Math.abs(i - (places.get(id) ?? 0))).toBeLessThan(8);
  });

  test('those that hang, fail and reset do not hold up the others', async () => {
    const rig = await open();
    receiver.behave('/hang', hang);
    receiver.behave('/fail', fail);
    receiver.behave('/reset', reset);
    const names = ['/hang', '/fail', '/reset', '/good1', '/good2'];
    for (const name of names) await rig.endpoint(receiver.url(name));
    // Fewer places than the hanging ones would take.
    work(rig, { timeoutMs: 5000, underWayMax: 4, pauses: { test: [60], live: [] } });
    const started = Date.now();
    await rig.happen(100);
    await until(() => receiver.at('/good1').length === 100 && receiver.at('/good2').length === 100, undefined, 20_000);
    expect(Date.now() - started).toBeLessThan(4500);
    expect(new Set(receiver.ids('/good1')).size).toBe(100);
  });

  test('two workers on one database send each event once', async () => {
    const rig = await open();
    const endpoints = [await rig.endpoint(receiver.url('/a')), await rig.endpoint(receiver.url('/b'))];
    const other = new PostgresDeliveries({ url });
    const two = [work(rig), work(rig, { deliveries: other })];
    const happening = setInterval(() => {
      for (const worker of two) worker.wake(rig.book);
    }, 5);
    for (let i = 0; i < 20; i++) await rig.happen(20);
    for (const endpoint of endpoints) await settled(rig, endpoint, 400);
    clearInterval(happening);
    await pause(100);
    expect(receiver.heard).toHaveLength(800);
    for (const path of ['/a', '/b']) expect(new Set(receiver.ids(path)).size).toBe(400);
    await Promise.all(two.map((worker) => worker.stop()));
    await other.close();
  });

  test('a stop in the middle loses nothing and takes less than two seconds', async () => {
    const rig = await open();
    receiver.behave('/slow', (response) => setTimeout(() => response.end(), 20));
    receiver.behave('/hang', (response, n) => (n === 0 ? undefined : response.end()));
    const endpoint = await rig.endpoint(receiver.url('/slow'));
    const hanging = await rig.endpoint(receiver.url('/hang'));
    const first = work(rig, { perEndpoint: 1 });
    await rig.happen(60);
    await until(() => receiver.at('/slow').length > 10);
    const started = Date.now();
    await first.stop();
    expect(Date.now() - started).toBeLessThan(2000);
    const before = receiver.heard.length;
    await pause(200);
    expect(receiver.heard).toHaveLength(before);
    work(rig);
    await settled(rig, endpoint, 60);
    await settled(rig, hanging, 60);
    expect(new Set(receiver.ids('/slow')).size).toBe(60);
    // Stopped in order, nothing that was answered is sent twice.
    expect(receiver.at('/slow')).toHaveLength(60);
    expect(receiver.at('/hang')).toHaveLength(61);
  });

  test('after a sudden end others take over, and what was on its way is sent again', async () => {
    const rig = await open();
    const endpoint = await rig.endpoint(receiver.url('/hook'));
    receiver.behave('/hook', (response) => setTimeout(() => response.end(), 10));
    let isDead = false;
    const dying = new Proxy(deliveries as DeliveryStore, {
      get: (target, name) => {
        const value = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => (isDead ? new Promise(() => {}) : value.apply(target, args));
      },
    });
    work(rig, { deliveries: dying, leaseMs: 500 });
    await rig.happen(100);
    await until(() => receiver.heard.length > 20);
    isDead = true;
    work(rig, { leaseMs: 500 });
    await settled(rig, endpoint, 100);
    expect(new Set(receiver.ids('/hook')).size).toBe(100);
    expect(receiver.heard.length).toBeLessThan(140);
  });
});

describe('deliveries', () => {
  test('are sent again by hand, also to an endpoint that was not there then', async () => {
    const rig = await open();
    const first = await rig.endpoint(receiver.url('/first'));
    const worker = work(rig);
    await rig.happen();
    await settled(rig, first, 1);
    const second = await rig.endpoint(receiver.url('/second'));
    const [delivery] = await rig.deliveriesOf(first);
    if (!delivery) throw new Error('nothing was delivered');
    const { event, account, type } = delivery;
    for (const { id } of [first, second]) {
      const endpoint = birthOf(id, rig.book);
      if (endpoint) await deliveries.resend(rig.book, { event, endpoint, account, type });
    }
    worker.wake(rig.book);
    await until(() => receiver.at('/first').length === 2 && receiver.at('/second').length === 1);
    await settled(rig, second, 1);
    await settled(rig, first, 1);
    expect((await rig.deliveriesOf(first))[0]?.attempts).toHaveLength(2);
    expect(await deliveries.waiting(rig.book, [event])).toEqual([0]);
  });

  test('are listed in pages, and forgotten when they are old', async () => {
    const rig = await open();
    const endpoint = await rig.endpoint(receiver.url('/hook'));
    work(rig);
    await rig.happen(7);
    await settled(rig, endpoint, 7);
    const { book } = rig;
    const all = await deliveries.list({ book, limit: 10 });
    expect(all.items).toHaveLength(7);
    expect(all.hasMore).toBe(false);
    const first = await deliveries.list({ book, limit: 3 });
    expect(first).toEqual({ items: all.items.slice(0, 3), hasMore: true });
    const after = await deliveries.list({ book, limit: 3, after: first.items[2] as never });
    expect(after).toEqual({ items: all.items.slice(3, 6), hasMore: true });
    const before = await deliveries.list({ book, limit: 2, before: all.items[3] as never });
    expect(before).toEqual({ items: all.items.slice(1, 3), hasMore: true });
    expect((await deliveries.list({ book, limit: 9, status: 'failed' })).items).toEqual([]);
    expect((await deliveries.list({ book, limit: 9, event: all.items[4]?.event as never })).items).toHaveLength(1);
    expect(await deliveries.prune(3600)).toBe(0);
    await deliveries.prune(-1);
    expect((await deliveries.list({ book, limit: 9 })).items).toEqual([]);
  });
});

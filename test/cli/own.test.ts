/** Our own command line against a server: what it triggers, resends and listens to. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { trigger } from '../../src/cli/trigger.ts';
import { triggers } from '../../src/cli/triggers.ts';
import { readConfig } from '../../src/config.ts';
import { auditClean } from '../support/audit.ts';
import { commandLine } from '../support/paths.ts';
import { createPlatform, stripeFor, type TestPlatform } from '../support/platform.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { Receiver, until } from '../webhooks/receiver.ts';
import { Ear, openSession } from './ear.ts';

const monday = 1_772_445_600;

let server: TestServer;
let platform: TestPlatform;
let stripe: Stripe;
let ear: Ear;
/** What a test that failed did not end. */
const running = new Set<ChildProcess>();

beforeAll(async () => {
  server = await startServer();
  platform = await createPlatform(server, { test_clock: { frozen_time: monday } });
  stripe = stripeFor(server, platform);
  ear = await Ear.open(await openSession(server, platform.secret_key, { 'websocket_features[]': 'webhooks' }));
}, 60_000);

afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await ear?.close();
  if (!server) return;
  try {
    await auditClean(server);
  } finally {
    await server.stop();
  }
}, 60_000);

interface Run {
  readonly child: ChildProcess;
  readonly said: { out: string; all: string };
}

/** `evenkeel …` as the platform, or with another key. */
function start(args: readonly string[], key = platform.secret_key): Run {
  const child = spawn(process.execPath, [commandLine, ...args], {
    env: { ...process.env, EVENKEEL_URL: server.url, EVENKEEL_API_KEY: key },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.on('exit', () => running.delete(child));
  const said = { out: '', all: '' };
  child.stdout?.on('data', (chunk: Buffer) => {
    said.out += chunk;
    said.all += chunk;
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    said.all += chunk;
  });
  return { child, said };
}

async function run(args: readonly string[], key?: string): Promise<{ status: number; said: string }> {
  const { child, said } = start(args, key);
  const [status] = await once(child, 'close');
  return { status: status as number, said: said.all };
}

describe('evenkeel trigger', () => {
  beforeAll(() => {
    vi.spyOn(console, 'log').mockImplementation(() => {});
  });

  afterAll(() => {
    vi.restoreAllMocks();
  });

  test.for(Object.keys(triggers))('%s', async (event) => {
    const before = ear.events.length;
    // In this process: to start another one for each takes longer than all the rest.
    const config = readConfig({ EVENKEEL_URL: server.url, EVENKEEL_API_KEY: platform.secret_key });
    expect(await trigger(config, event)).toBe(0);
    await until(
      () => ear.types.slice(before).includes(event),
      () => `it brought only ${ear.types.slice(before).join(', ')}`,
      5_000,
    );
  });

  test('shows the requests and what they made', async () => {
    const { status, said } = await run(['trigger', 'charge.refunded']);
    expect(status).toBe(0);
    expect(said).toMatch(/^POST \/v1\/payment_intents {2}pi_\w+\nPOST \/v1\/refunds {2}re_\w+\n$/);
  });

  test('of an event that has none says which there are', async () => {
    const { status, said } = await run(['trigger', 'moon.full']);
    expect(status).toBe(1);
    expect(said).toContain('there is no trigger for moon.full');
    expect(said).toContain('charge.succeeded');
  });

  test('that takes time says so where none passes', async () => {
    const { secret_key } = await createPlatform(server);
    const { status, said } = await run(['trigger', 'charge.expired'], secret_key);
    expect(status).toBe(1);
    expect(said).toContain('this platform has no test clock');
  });

  test('brings only events that the API has', () => {
    expect(ear.violations).toEqual([]);
  });
});

describe('evenkeel events resend', () => {
  test('to an endpoint and to who listens', async () => {
    const receiver = await Receiver.start();
    const endpoint = await stripe.webhookEndpoints.create({
      url: receiver.url('/late'),
      enabled_events: ['payout.failed'],
    });
    const customer = await stripe.customers.create({ name: 'Told thrice' });
    const heard = () => ear.events.filter(({ data }) => data.object.id === customer.id);
    await until(() => heard().length === 1);
    const id = heard()[0]?.id as string;
    expect(await run(['events', 'resend', id])).toMatchObject({ status: 0 });
    await until(() => heard().length === 2);
    expect(await run(['events', 'resend', id, '--webhook-endpoint', endpoint.id])).toMatchObject({ status: 0 });
    await until(() => receiver.ids('/late').includes(id));
    expect(await run(['events', 'resend', 'evt_none'])).toMatchObject({
      status: 1,
      said: expect.stringContaining("No such event: 'evt_none'"),
    });
    await stripe.webhookEndpoints.del(endpoint.id);
    await receiver.close();
  });
});

describe('evenkeel listen', () => {
  test('sends on what is wanted, signed, and ends when it is asked to', async () => {
    const receiver = await Receiver.start();
    const secret = (await run(['listen', '--print-secret'])).said.trim();
    const events = 'customer.created,capability.updated';
    const { child, said } = start([
      ...['listen', '--forward-to', receiver.url('/own'), '--forward-connect-to', receiver.url('/connect')],
      ...['--events', events],
    ]);
    await until(() => said.all.includes(secret));
    const customer = await stripe.customers.create({ name: 'Sent on' });
    await stripe.customers.update(customer.id, { name: 'Not sent on' });
    const { id: account } = await stripe.accounts.create({
      type: 'express',
      capabilities: { transfers: { requested: true } },
    });
    await until(() => receiver.at('/own').length > 0 && receiver.at('/connect').length > 0);
    const told = receiver.at('/own').map(({ body, headers }) => {
      return stripe.webhooks.constructEvent(body, headers['stripe-signature'] as string, secret);
    });
    expect(told.map(({ type }) => type)).toEqual(['customer.created']);
    const [connect] = receiver.at('/connect').map(({ body }) => JSON.parse(body));
    expect(connect).toMatchObject({ type: 'capability.updated', account });
    await until(() => said.out.includes(`capability.updated  ${connect.id}  ${account}`));

    const before = receiver.at('/own').length;
    await server.restart();
    await until(async () => {
      await stripe.customers.create({ name: 'After the restart' });
      return receiver.at('/own').length > before;
    });
    child.kill('SIGINT');
    const [status] = await once(child, 'close');
    expect(status).toBe(0);
    await receiver.close();
  }, 60_000);
});

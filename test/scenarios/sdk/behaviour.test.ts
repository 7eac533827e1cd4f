/** What Stripe's own client does besides one request and one answer: paging, errors, retries, acting for others, signatures. */
import { once } from 'node:events';
import { createServer, request as forward, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stopClean } from '../../support/audit.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { Receiver, until } from '../../webhooks/receiver.ts';
import { World } from './world.ts';

let server: TestServer;
let world: World;
let stripe: Stripe;

beforeAll(async () => {
  server = await startServer();
  world = await World.open(server, () => {});
  stripe = world.stripe;
}, 60_000);

afterAll(() => stopClean(server), 60_000);

describe('paging', () => {
  const made: string[] = [];
  const group = { transfer_group: 'paging' };

  beforeAll(async () => {
    for (let i = 0; i < 7; i++) {
      const destination = world.seller;
      made.unshift((await stripe.transfers.create({ amount: 100 + i, currency: 'usd', destination, ...group })).id);
    }
  });

  test('for await goes through all, newest first', async () => {
    for (const limit of [1, 2, 3, 7, 100]) {
      const seen: string[] = [];
      for await (const { id } of stripe.transfers.list({ limit, ...group })) seen.push(id);
      expect(seen).toEqual(made);
    }
  });

  test('backwards it is the other way round', async () => {
    const seen: string[] = [];
    const oldest = made.at(-1) as string;
    for await (const { id } of stripe.transfers.list({ limit: 2, ending_before: oldest, ...group })) seen.push(id);
    expect(seen).toEqual(made.slice(0, -1).reverse());
  });

  test('autoPagingToArray and autoPagingEach', async () => {
    const all = await stripe.transfers.list({ limit: 3, ...group }).autoPagingToArray({ limit: 5 });
    expect(all.map(({ id }) => id)).toEqual(made.slice(0, 5));
    const seen: string[] = [];
    await stripe.transfers.list({ limit: 3, ...group }).autoPagingEach(({ id }) => {
      seen.push(id);
      return seen.length < 4;
    });
    expect(seen).toEqual(made.slice(0, 4));
  });

  test('of a list within an object', async () => {
    const { id } = await stripe.transfers.create({ amount: 1000, currency: 'usd', destination: world.seller });
    for (let i = 0; i < 5; i++) await stripe.transfers.createReversal(id, { amount: 10 });
    const seen: string[] = [];
    for await (const reversal of stripe.transfers.listReversals(id, { limit: 2 })) seen.push(reversal.id);
    expect(new Set(seen).size).toBe(5);
  });
});

describe('errors', () => {
  const { errors } = Stripe;
  const table: readonly (readonly [string, new (...args: never[]) => Error, object, () => Promise<unknown>])[] = [
    [
      'a declined card',
      errors.StripeCardError,
      { statusCode: 402, code: 'card_declined', decline_code: 'generic_decline' },
      () => stripe.charges.create({ amount: 500, currency: 'usd', source: 'tok_chargeDeclined' }),
    ],
    [
      'no such thing',
      errors.StripeInvalidRequestError,
      { statusCode: 404, code: 'resource_missing', param: 'id' },
      () => stripe.charges.retrieve('ch_none'),
    ],
    [
      'a parameter that is missing',
      errors.StripeInvalidRequestError,
      { statusCode: 400, code: 'parameter_missing', param: 'currency' },
      () => stripe.charges.create({ amount: 500 } as Stripe.ChargeCreateParams),
    ],
    [
      'a parameter that there is not',
      errors.StripeInvalidRequestError,
      { statusCode: 400, code: 'parameter_unknown', param: 'colour' },
      () => stripe.customers.create({ colour: 'red' } as Stripe.CustomerCreateParams),
    ],
    [
      'money that is not there',
      errors.StripeInvalidRequestError,
      { statusCode: 400, code: 'balance_insufficient' },
      () => stripe.transfers.create({ amount: 90_000_000, currency: 'usd', destination: world.seller }),
    ],
    [
      'a key that nobody knows',
      errors.StripeAuthenticationError,
      { statusCode: 401 },
      () => stripe.balance.retrieve({}, { apiKey: 'sk_test_nobody_has_this_key' }),
    ],
    [
      'an account of somebody else',
      errors.StripePermissionError,
      { statusCode: 403, code: 'account_invalid' },
      () => stripe.balance.retrieve({}, { stripeAccount: 'acct_1GoneGoneGoneGone' }),
    ],
    [
      'a code of OAuth that is none',
      errors.StripeInvalidGrantError,
      { statusCode: 400 },
      () => stripe.oauth.token({ grant_type: 'authorization_code', code: 'ac_none' }),
    ],
    [
      'a key used for something else',
      errors.StripeIdempotencyError,
      { statusCode: 400 },
      async () => {
        const options = { idempotencyKey: 'for-one-thing' };
        await stripe.customers.create({ name: 'One' }, options);
        return stripe.customers.create({ name: 'Another' }, options);
      },
    ],
  ];

  test.each(table)('%s', async (_, kind, fields, work) => {
    const error = await work().then(
      () => null,
      (thrown: Stripe.errors.StripeError) => thrown,
    );
    expect(error).toBeInstanceOf(kind);
    expect(error).toMatchObject(fields);
    expect(error?.requestId).toMatch(/^req_/);
  });

  test('nobody there', async () => {
    const nobody = new Stripe('sk_test_x', { protocol: 'http', host: '127.0.0.1', port: 9, maxNetworkRetries: 0 });
    await expect(nobody.balance.retrieve()).rejects.toBeInstanceOf(errors.StripeConnectionError);
  });
});

describe('acting for a connected account', () => {
  test('by stripeAccount and by stripeContext alike', async () => {
    const customer = await stripe.customers.create({ name: 'Theirs' }, { stripeAccount: world.seller });
    expect(customer.lastResponse.stripeAccount).toBe(world.seller);
    for (const options of [{ stripeAccount: world.seller }, { stripeContext: world.seller }]) {
      expect(await stripe.customers.retrieve(customer.id, {}, options)).toMatchObject({ name: 'Theirs' });
      expect((await stripe.accounts.retrieveCurrent({}, options)).id).toBe(world.seller);
    }
    await expect(stripe.customers.retrieve(customer.id)).rejects.toMatchObject({ code: 'resource_missing' });
  });

  test('a client that always acts so', async () => {
    const theirs = new Stripe(world.platform.secret_key, {
      protocol: 'http',
      host: '127.0.0.1',
      port: server.port,
      stripeAccount: world.seller,
    });
    expect((await theirs.accounts.retrieveCurrent()).id).toBe(world.seller);
  });
});

/** Between client and server: breaks connections at the moments that matter. */
class Cutter {
  readonly #server: Server;
  /** What becomes of requests to come, one each; then all go through. */
  readonly plan: ('cut before' | 'cut after' | 'answer 500' | 'through')[] = [];
  seen: { readonly key: string | undefined; readonly method: string }[] = [];

  constructor() {
    this.#server = createServer((request, response) => void this.#pass(request, response));
  }

  async open(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', headers } = request;
    this.seen.push({ key: headers['idempotency-key'] as string | undefined, method });
    const todo = this.plan.shift() ?? 'through';
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (todo === 'cut before') {
      request.socket.resetAndDestroy();
      return;
    }
    if (todo === 'answer 500') {
      response.writeHead(500, { 'content-type': 'application/json' }).end('{"error":{"type":"api_error"}}');
      return;
    }
    const passed = forward({ host: '127.0.0.1', port: server.port, path: request.url, method, headers });
    passed.end(Buffer.concat(chunks));
    const [answer] = (await once(passed, 'response')) as [IncomingMessage];
    const body: Buffer[] = [];
    for await (const chunk of answer) body.push(chunk as Buffer);
    if (todo === 'cut after') {
      request.socket.resetAndDestroy();
      return;
    }
    response.writeHead(answer.statusCode ?? 500, answer.rawHeaders).end(Buffer.concat(body));
  }
}

describe('retries', () => {
  const cutter = new Cutter();
  let hasty: Stripe;

  beforeAll(async () => {
    const port = await cutter.open();
    hasty = new Stripe(world.platform.secret_key, {
      protocol: 'http',
      host: '127.0.0.1',
      port,
      maxNetworkRetries: 2,
    });
  });

  afterAll(() => cutter.close());

  const table = [
    ['a reset before anything happened', ['cut before']],
    ['a reset after it happened, before the answer', ['cut after']],
    ['twice in a row', ['cut after', 'cut before']],
    ['a 500 from something in between', ['answer 500']],
  ] as const;

  test.each(table)('%s: it happens once', async (_, plan) => {
    cutter.seen = [];
    cutter.plan.push(...plan);
    const before = await stripe.balance.retrieve();
    const amount = 1234;
    const transfer = await hasty.transfers.create({ amount, currency: 'usd', destination: world.seller });
    const after = await stripe.balance.retrieve();
    expect((before.available[0]?.amount ?? 0) - (after.available[0]?.amount ?? 0)).toBe(amount);
    expect(await stripe.transfers.retrieve(transfer.id)).toMatchObject({ amount });
    // All tries carried the key that the client drew for the first.
    expect(cutter.seen.length).toBe(plan.length + 1);
    expect(new Set(cutter.seen.map(({ key }) => key)).size).toBe(1);
    const replayed = plan.some((each) => each === 'cut after');
    expect(transfer.lastResponse.headers['idempotent-replayed']).toBe(replayed ? 'true' : undefined);
  });

  test('a refusal is not asked again', async () => {
    cutter.seen = [];
    await expect(
      hasty.charges.create({ amount: 500, currency: 'usd', source: 'tok_chargeDeclined' }),
    ).rejects.toThrow();
    expect(cutter.seen).toHaveLength(1);
  });

  test('reads are asked again as well', async () => {
    cutter.seen = [];
    cutter.plan.push('cut after', 'cut before');
    expect((await hasty.balance.retrieve()).object).toBe('balance');
    expect(cutter.seen).toHaveLength(3);
  });
});

describe('webhooks', () => {
  test('constructEvent takes what is delivered, and nothing else', async () => {
    const receiver = await Receiver.start();
    const endpoint = await stripe.webhookEndpoints.create({
      url: receiver.url('/hook'),
      enabled_events: ['customer.created'],
    });
    const secret = endpoint.secret as string;
    const customer = await stripe.customers.create({ name: 'Told of' });
    await until(() => receiver.at('/hook').length === 1);
    const [heard] = receiver.at('/hook');
    const signature = heard?.headers['stripe-signature'] as string;
    const body = heard?.body as string;
    const event = stripe.webhooks.constructEvent(body, signature, secret);
    expect(event).toMatchObject({ type: 'customer.created', data: { object: { id: customer.id } } });
    expect(await stripe.webhooks.constructEventAsync(body, signature, secret)).toEqual(event);
    const wrong: readonly (readonly [string, string, string])[] = [
      [body.replace('Told of', 'Told off'), signature, secret],
      [body, signature, 'whsec_another'],
      [body, signature.replace(/t=\d+/, 't=1'), secret],
    ];
    for (const [text, sign, key] of wrong) {
      expect(() => stripe.webhooks.constructEvent(text, sign, key)).toThrow(
        Stripe.errors.StripeSignatureVerificationError,
      );
    }
    await stripe.webhookEndpoints.del(endpoint.id);
    await receiver.close();
  });
});

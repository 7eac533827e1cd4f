/** Customers and the ways to pay that are kept for them, through Stripe's own client. */
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stopClean } from '../support/audit.ts';
import { advanceClock, createPlatform, refusalOf, stripeFor, type TestPlatform } from '../support/platform.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let platform: TestPlatform;
let stripe: Stripe;

beforeAll(async () => {
  server = await startServer();
  platform = await createPlatform(server, { payout_interval: 'manual', test_clock: { frozen_time: 1_772_445_600 } });
  stripe = stripeFor(server, platform);
}, 60_000);

afterAll(() => stopClean(server), 60_000);

/** Types of the events that `work` brings, oldest first. */
async function eventsOf(work: () => Promise<unknown>, stripeAccount?: string): Promise<string[]> {
  const options = stripeAccount === undefined ? {} : { stripeAccount };
  const before = new Set((await stripe.events.list({ limit: 100 }, options)).data.map(({ id }) => id));
  await work();
  const { data } = await stripe.events.list({ limit: 100 }, options);
  return data
    .filter(({ id }) => !before.has(id))
    .map(({ type }) => type)
    .reverse();
}

describe('a customer', () => {
  test('is made, changed, found and forgotten', async () => {
    let customer = await stripe.customers.create({
      email: 'jenny@example.com',
      name: 'Jenny',
      metadata: { order: '7' },
      address: { line1: '1 Main St', country: 'US' },
    });
    expect(customer).toMatchObject({ email: 'jenny@example.com', default_source: null, balance: 0 });
    expect(customer.invoice_prefix).toMatch(/^[0-9A-Z]{8}$/);
    const types = await eventsOf(async () => {
      customer = await stripe.customers.update(customer.id, { name: '', phone: '5551234', metadata: { order: '' } });
    });
    expect(types).toEqual(['customer.updated']);
    expect(customer).toMatchObject({ name: null, phone: '5551234', metadata: {}, address: { line1: '1 Main St' } });

    const found = await stripe.customers.list({ email: 'jenny@example.com' });
    expect(found.data.map(({ id }) => id)).toEqual([customer.id]);
    expect((await stripe.customers.list({ email: 'Jenny@example.com' })).data).toEqual([]);
    expect((await stripe.customers.list({ created: { gt: customer.created } })).data).toEqual([]);

    expect(await eventsOf(() => stripe.customers.del(customer.id))).toEqual(['customer.deleted']);
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ id: customer.id, deleted: true });
    expect((await stripe.customers.list({ email: 'jenny@example.com' })).data).toEqual([]);
    expect(await refusalOf(stripe.customers.update(customer.id, { name: 'x' }))).toMatchObject({
      statusCode: 404,
      message: `No such customer: '${customer.id}'`,
      param: 'id',
    });
    const [deleted] = (await stripe.events.list({ type: 'customer.deleted', limit: 1 })).data;
    expect(deleted?.data.object).toMatchObject({ id: customer.id, phone: '5551234' });
  });

  test('with a wrong address is refused', async () => {
    expect(await refusalOf(stripe.customers.create({ email: 'nobody' }))).toMatchObject({
      code: 'email_invalid',
      param: 'email',
    });
  });

  test('comes with ways to pay', async () => {
    let customer: Stripe.Customer | undefined;
    const types = await eventsOf(async () => {
      customer = await stripe.customers.create({
        payment_method: 'pm_card_visa',
        invoice_settings: { default_payment_method: 'pm_card_visa' },
        source: 'tok_mastercard',
        expand: ['default_source', 'sources', 'invoice_settings.default_payment_method', 'subscriptions'],
      });
    });
    expect(types).toEqual(['customer.created', 'payment_method.attached', 'customer.source.created']);
    expect(customer).toMatchObject({
      default_source: { object: 'card', brand: 'MasterCard', customer: customer?.id },
      invoice_settings: { default_payment_method: { object: 'payment_method', customer: customer?.id } },
      sources: { data: [{ object: 'card' }], has_more: false },
      subscriptions: { data: [] },
    });
  });
});

describe('a payment method', () => {
  test('is kept by a customer, and used again and again', async () => {
    const customer = await stripe.customers.create();
    const { id: pm } = await stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_visa' } });
    const types = await eventsOf(() => stripe.paymentMethods.attach(pm, { customer: customer.id }));
    expect(types).toEqual(['payment_method.attached']);
    expect(await refusalOf(stripe.paymentMethods.attach(pm, { customer: customer.id }))).toMatchObject({
      message: 'The payment method you provided has already been attached to a customer.',
    });
    expect((await stripe.customers.listPaymentMethods(customer.id)).data.map(({ id }) => id)).toEqual([pm]);
    expect((await stripe.paymentMethods.list({ customer: customer.id, type: 'card' })).data).toHaveLength(1);
    expect((await stripe.customers.retrievePaymentMethod(customer.id, pm)).id).toBe(pm);

    const pay = (more: Partial<Stripe.PaymentIntentCreateParams>) =>
      stripe.paymentIntents.create({ amount: 2000, currency: 'usd', payment_method: pm, confirm: true, ...more });
    const first = await pay({ customer: customer.id, expand: ['latest_charge', 'customer'] });
    expect(first).toMatchObject({ status: 'succeeded', customer: { id: customer.id }, payment_method: pm });
    expect(first.latest_charge).toMatchObject({ customer: customer.id });
    expect((await pay({ customer: customer.id, off_session: true })).status).toBe('succeeded');
    expect((await stripe.charges.list({ customer: customer.id })).data).toHaveLength(2);

    const other = await stripe.customers.create();
    expect(await refusalOf(pay({ customer: other.id }))).toMatchObject({
      param: 'payment_method',
      message: `The customer does not have a payment method with the ID ${pm}. The payment method must be attached to the customer.`,
    });
    expect(await refusalOf(pay({}))).toMatchObject({ param: 'payment_method' });
    expect(await refusalOf(pay({ customer: 'cus_x' }))).toMatchObject({
      code: 'resource_missing',
      param: 'customer',
      statusCode: 400,
    });

    expect(await eventsOf(() => stripe.paymentMethods.detach(pm))).toEqual(['payment_method.detached']);
    expect((await stripe.paymentMethods.retrieve(pm)).customer).toBeNull();
    expect((await stripe.customers.listPaymentMethods(customer.id)).data).toEqual([]);
    expect(await refusalOf(pay({ customer: customer.id }))).toMatchObject({
      message: expect.stringContaining('was detached from a Customer, and may not be used again'),
    });
    expect(await refusalOf(stripe.paymentMethods.detach(pm))).toMatchObject({
      message: 'The payment method you provided is not attached to a customer so detachment is impossible.',
    });
  });

  test('whose bank declines everything is not kept', async () => {
    const customer = await stripe.customers.create();
    const declined = stripe.paymentMethods.attach('pm_card_chargeDeclined', { customer: customer.id });
    expect(await refusalOf(declined)).toMatchObject({ statusCode: 402, code: 'card_declined' });
  });

  test('may be kept and yet decline', async () => {
    const customer = await stripe.customers.create();
    const { id: payment_method } = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', {
      customer: customer.id,
    });
    const declined = stripe.paymentIntents.create({
      amount: 2000,
      currency: 'usd',
      customer: customer.id,
      payment_method,
      confirm: true,
    });
    expect(await refusalOf(declined)).toMatchObject({ statusCode: 402, code: 'card_declined' });
    expect((await stripe.paymentMethods.retrieve(payment_method)).customer).toBe(customer.id);
  });

  test('is kept by a payment for future use', async () => {
    const customer = await stripe.customers.create();
    let intent: Stripe.PaymentIntent | undefined;
    const types = await eventsOf(async () => {
      intent = await stripe.paymentIntents.create({
        amount: 2000,
        currency: 'usd',
        customer: customer.id,
        payment_method: 'pm_card_visa',
        setup_future_usage: 'off_session',
        confirm: true,
      });
    });
    expect(types).toEqual([
      'payment_intent.created',
      'charge.succeeded',
      'payment_method.attached',
      'payment_intent.succeeded',
    ]);
    const method = await stripe.paymentMethods.retrieve(intent?.payment_method as string);
    expect(method.customer).toBe(customer.id);
  });

  test('is copied to a connected account, which charges the copy', async () => {
    const { id: account } = await stripe.accounts.create({
      type: 'standard',
      settings: { payouts: { schedule: { interval: 'manual' } } },
    });
    const customer = await stripe.customers.create({ payment_method: 'pm_card_visa' });
    const [kept] = (await stripe.customers.listPaymentMethods(customer.id)).data;
    const options = { stripeAccount: account };
    const payment_method = kept?.id ?? '';
    const pay = (id: string) =>
      stripe.paymentIntents.create({ amount: 2000, currency: 'usd', payment_method: id, confirm: true }, options);
    expect((await refusalOf(pay(payment_method))).message).toContain('platform-owned payment method ID');
    const copy = await stripe.paymentMethods.create({ customer: customer.id, payment_method }, options);
    expect(copy).toMatchObject({ customer: null, card: { last4: '4242' } });
    expect((await pay(copy.id)).status).toBe('succeeded');
  });

  test('is forgotten with its customer', async () => {
    const customer = await stripe.customers.create({ payment_method: 'pm_card_visa' });
    const [method] = (await stripe.customers.listPaymentMethods(customer.id)).data;
    await stripe.customers.del(customer.id);
    expect((await stripe.paymentMethods.retrieve(method?.id ?? '')).customer).toBeNull();
  });
});

describe('a source', () => {
  test('is charged by default, or by its name', async () => {
    const customer = await stripe.customers.create();
    const charge = (source?: string) =>
      stripe.charges.create({ amount: 1000, currency: 'usd', customer: customer.id, ...(source && { source }) });
    expect(await refusalOf(charge())).toMatchObject({ statusCode: 402, code: 'missing' });

    const { id: token } = await stripe.tokens.create({
      card: { number: '4242424242424242', exp_month: '12', exp_year: '2030', cvc: '123' },
    });
    const card = (await stripe.customers.createSource(customer.id, { source: token })) as Stripe.Card;
    expect(card).toMatchObject({ object: 'card', customer: customer.id, last4: '4242' });
    expect(await charge()).toMatchObject({ customer: customer.id, source: { id: card.id, object: 'card' } });
    expect((await charge(card.id)).payment_method).toBe(card.id);
    expect(await refusalOf(charge('tok_visa'))).toMatchObject({
      message: `Customer ${customer.id} does not have a linked source with ID tok_visa.`,
    });

    const updated = await stripe.customers.updateSource(customer.id, card.id, { name: 'Jenny', exp_year: '2031' });
    expect(updated).toMatchObject({ name: 'Jenny', exp_year: 2031 });
    const second = await stripe.customers.createSource(customer.id, { source: 'tok_mastercard' });
    const sources = await stripe.customers.listSources(customer.id, { object: 'card' });
    expect(sources.data.map(({ id }) => id)).toEqual([second.id, card.id]);
    const types = await eventsOf(async () => {
      expect(await stripe.customers.deleteSource(customer.id, card.id)).toEqual(
        expect.objectContaining({ id: card.id, object: 'card', deleted: true }),
      );
    });
    expect(types).toEqual(['customer.source.deleted', 'customer.updated']);
    expect(((await stripe.customers.retrieve(customer.id)) as Stripe.Customer).default_source).toBe(second.id);
  });

  test('may be a bank account, which is verified by two amounts', async () => {
    const customer = await stripe.customers.create();
    const { id: source } = await stripe.tokens.create({
      bank_account: { country: 'US', currency: 'usd', account_number: '000123456789', routing_number: '110000000' },
    });
    const bank = await stripe.customers.createSource(customer.id, { source });
    expect(bank).toMatchObject({ object: 'bank_account', status: 'new', customer: customer.id });
    const verify = (amounts: number[]) => stripe.customers.verifySource(customer.id, bank.id, { amounts });
    expect(await refusalOf(verify([1, 2]))).toMatchObject({
      message: 'The amounts provided do not match the amounts that were sent to the bank account.',
    });
    expect((await verify([32, 45])).status).toBe('verified');
    expect(await stripe.customers.retrieveSource(customer.id, bank.id)).toMatchObject({ status: 'verified' });
    expect(await stripe.customers.deleteSource(customer.id, bank.id)).toMatchObject({ deleted: true, currency: 'usd' });
  });
});

describe('a setup intent', () => {
  test('keeps a method without a payment', async () => {
    const customer = await stripe.customers.create();
    let intent: Stripe.SetupIntent | undefined;
    const types = await eventsOf(async () => {
      intent = await stripe.setupIntents.create({
        customer: customer.id,
        payment_method: 'pm_card_visa',
        confirm: true,
        expand: ['payment_method'],
      });
    });
    expect(types).toEqual(['setup_intent.created', 'payment_method.attached', 'setup_intent.succeeded']);
    expect(intent).toMatchObject({ status: 'succeeded', payment_method: { customer: customer.id } });
    expect((await stripe.setupIntents.list({ customer: customer.id })).data).toHaveLength(1);
    expect(await refusalOf(stripe.setupIntents.cancel(intent?.id ?? ''))).toMatchObject({
      code: 'setup_intent_unexpected_state',
      message:
        'You cannot cancel this SetupIntent because it has a status of succeeded. Only a SetupIntent with one of the following statuses may be canceled: requires_payment_method, requires_confirmation, requires_action.',
    });
  });

  test('of nothing at all', async () => {
    const intent = await stripe.setupIntents.create();
    expect(intent).toMatchObject({ status: 'requires_payment_method', usage: 'off_session' });
    const updated = await stripe.setupIntents.update(intent.id, { payment_method: 'pm_card_visa' });
    expect(updated.status).toBe('requires_confirmation');
    expect((await stripe.setupIntents.confirm(intent.id)).status).toBe('succeeded');
    const other = await stripe.setupIntents.create();
    const canceled = await stripe.setupIntents.cancel(other.id, { cancellation_reason: 'abandoned' });
    expect(canceled).toMatchObject({ status: 'canceled', cancellation_reason: 'abandoned' });
  });

  test('of a card that is declined', async () => {
    const declined = stripe.setupIntents.create({ payment_method: 'pm_card_chargeDeclined', confirm: true });
    const { statusCode, raw } = await refusalOf(declined);
    expect(statusCode).toBe(402);
    expect(raw).toMatchObject({
      setup_intent: { status: 'requires_payment_method', last_setup_error: { code: 'card_declined' } },
    });
  });

  test('spares the customer a second confirmation', async () => {
    const customer = await stripe.customers.create();
    const intent = await stripe.setupIntents.create({
      customer: customer.id,
      payment_method: 'pm_card_authenticationRequiredOnSetup',
      confirm: true,
      return_url: 'https://shop.example/kept',
    });
    expect(intent.status).toBe('requires_action');
    const page = await fetch(intent.next_action?.redirect_to_url?.url ?? '', { redirect: 'manual' });
    expect(page.status).toBe(303);
    expect(page.headers.get('location')).toBe(
      `https://shop.example/kept?setup_intent=${intent.id}&setup_intent_client_secret=${intent.client_secret}&redirect_status=succeeded`,
    );
    const done = await stripe.setupIntents.retrieve(intent.id);
    expect(done.status).toBe('succeeded');
    const paid = await stripe.paymentIntents.create({
      amount: 2000,
      currency: 'usd',
      customer: customer.id,
      payment_method: done.payment_method as string,
      off_session: true,
      confirm: true,
    });
    expect(paid.status).toBe('succeeded');
  });
});

describe('a payment that waits for the customer', () => {
  const waiting = (return_url?: string) =>
    stripe.paymentIntents.create({
      amount: 2000,
      currency: 'usd',
      payment_method: 'pm_card_threeDSecure2Required',
      confirm: true,
      ...(return_url !== undefined && { return_url }),
    });

  test("goes on when the bank's page was opened", async () => {
    const intent = await waiting('https://shop.example/done?order=7');
    const url = intent.next_action?.redirect_to_url?.url ?? '';
    expect(url).toMatch(`${server.url}/authenticate/`);
    let page: Response | undefined;
    const types = await eventsOf(async () => {
      page = await fetch(url, { redirect: 'manual' });
    });
    expect(types).toEqual(['charge.succeeded', 'payment_intent.succeeded']);
    expect(page?.headers.get('location')).toBe(
      `https://shop.example/done?order=7&payment_intent=${intent.id}&payment_intent_client_secret=${intent.client_secret}&redirect_status=succeeded`,
    );
    const done = await stripe.paymentIntents.retrieve(intent.id);
    expect(done).toMatchObject({ status: 'succeeded', next_action: null, amount_received: 2000 });
    // Coming back changes nothing.
    expect((await fetch(url)).status).toBe(200);
    expect((await stripe.charges.list({ payment_intent: intent.id })).data).toHaveLength(1);
  });

  test('ends when the customer says no', async () => {
    const intent = await waiting();
    const url = intent.next_action?.use_stripe_sdk?.stripe_js;
    expect((await fetch(`${url}&outcome=fail`)).headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await stripe.paymentIntents.retrieve(intent.id)).toMatchObject({
      status: 'requires_payment_method',
      payment_method: null,
      last_payment_error: { code: 'payment_intent_authentication_failure' },
    });
  });

  test('is nothing to who does not know its secret', async () => {
    const intent = await waiting();
    const page = await fetch(`${server.url}/authenticate/payment_intents/${intent.id}?client_secret=x`);
    expect(page.status).toBe(404);
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe('requires_action');
  });
});

test('a card that is about to expire is told of at the beginning of its last month', async () => {
  const clocked = await createPlatform(server, { test_clock: { frozen_time: 1_772_445_600 } });
  const own = stripeFor(server, clocked);
  const card = (exp_month: number, exp_year: number) =>
    ({ object: 'card', number: '4242424242424242', exp_month, exp_year, cvc: '123' }) as unknown as string;
  const { id: first } = await own.customers.create({ source: card(5, 2026) });
  const { id } = await own.customers.create();
  const kept = await own.customers.createSource(id, { source: card(5, 2026) });
  const gone = await own.customers.createSource(id, { source: card(5, 2026) });
  const renewed = await own.customers.createSource(id, { source: card(5, 2026) });
  const earlier = await own.customers.createSource(id, { source: card(8, 2026) });
  await own.customers.createSource(id, { source: card(3, 2026) });
  await own.customers.createSource(id, { source: 'btok_us' });
  await own.customers.deleteSource(id, gone.id);
  await own.customers.updateSource(id, renewed.id, { exp_month: '6', exp_year: '2027' });
  await own.customers.updateSource(id, earlier.id, { exp_month: '4' });
  const told = async () =>
    (await own.events.list({ type: 'customer.source.expiring' })).data
      .map(({ created, data }) => [created, (data.object as Stripe.Card).id, (data.object as Stripe.Card).object])
      .reverse();
  const [april, may] = [Date.UTC(2026, 3, 1) / 1000, Date.UTC(2026, 4, 1) / 1000];
  await advanceClock(own, clocked.test_clock as string, may - 1);
  expect(await told()).toEqual([[april, earlier.id, 'card']]);
  await advanceClock(own, clocked.test_clock as string, may + 20 * 86_400);
  const { default_source } = (await own.customers.retrieve(first)) as Stripe.Customer;
  expect(await told()).toEqual([
    [may, default_source, 'card'],
    [may, kept.id, 'card'],
  ]);
  await own.customers.updateSource(id, kept.id, { exp_year: '99999999' });
});

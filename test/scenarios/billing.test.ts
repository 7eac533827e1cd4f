/** A platform bills its accounts, and anyone else, as customers: products, subscriptions, invoices, through Stripe's own client. */
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stopClean } from '../support/audit.ts';
import { admin, advanceClock, createPlatform, refusalOf, stripeFor, type TestPlatform } from '../support/platform.ts';
import { startServer, type TestServer } from '../support/server.ts';

const at = (iso: string): number => Date.parse(iso) / 1000;
const day = 86_400;

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
}, 60_000);
afterAll(() => stopClean(server), 60_000);

/** A platform of its own on a clock, with a monthly price. */
async function seller(start = at('2026-01-31T10:00:00Z')) {
  const platform: TestPlatform = await createPlatform(server, {
    payout_interval: 'manual',
    test_clock: { frozen_time: start },
  });
  // With retries the client sends a key with every request, so that answers have to be found again.
  const stripe = stripeFor(server, platform, { maxNetworkRetries: 1 });
  const product = await stripe.products.create({
    name: 'Shop',
    default_price_data: { currency: 'usd', unit_amount: 2000, recurring: { interval: 'month' } },
  });
  const customerWith = (payment_method: string) =>
    stripe.customers.create({
      email: 'owner@example.com',
      payment_method,
      invoice_settings: { default_payment_method: payment_method },
    });
  const to = (time: number) => advanceClock(stripe, platform.test_clock ?? '', time);
  return { platform, stripe, price: product.default_price as string, product: product.id, customerWith, start, to };
}

/** Types of the events that `work` brings, oldest first. */
async function eventsOf(stripe: Stripe, work: () => Promise<unknown>): Promise<string[]> {
  const list = async () => (await stripe.events.list({ limit: 100 })).data;
  const before = new Set((await list()).map(({ id }) => id));
  await work();
  return (await list())
    .filter(({ id, type }) => !before.has(id) && !/^(test_helpers|balance)/.test(type))
    .map(({ type }) => type)
    .reverse();
}

describe('R72 the owner of a standard account is a customer of the platform', () => {
  test('who pays every month for half a year', async () => {
    const { stripe, price, start, to } = await seller();
    const account = await stripe.accounts.create({ type: 'standard', country: 'US', email: 'owner@example.com' });
    const refused = refusalOf(stripe.charges.create({ amount: 2000, currency: 'usd', source: account.id }));
    expect(await refused).toMatchObject({ statusCode: 400 });

    const customer = await stripe.customers.create({
      email: 'owner@example.com',
      metadata: { account: account.id },
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
    });
    let subscription: Stripe.Subscription | undefined;
    const types = await eventsOf(stripe, async () => {
      subscription = await stripe.subscriptions.create({
        customer: customer.id,
        items: [{ price }],
        expand: ['latest_invoice.payments', 'customer', 'items.data.price.product'],
      });
    });
    expect(types).toEqual([
      'customer.subscription.created',
      'invoice.created',
      'invoice.finalized',
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'invoice_payment.paid',
      'invoice.paid',
      'invoice.payment_succeeded',
    ]);
    const id = subscription?.id ?? '';
    expect(subscription).toMatchObject({
      status: 'active',
      customer: { id: customer.id, currency: 'usd', next_invoice_sequence: 2 },
      billing_cycle_anchor: start,
      items: {
        data: [
          {
            quantity: 1,
            price: { unit_amount: 2000, product: { name: 'Shop' } },
            current_period_start: start,
            current_period_end: at('2026-02-28T10:00:00Z'),
          },
        ],
      },
      latest_invoice: {
        status: 'paid',
        number: `${customer.invoice_prefix}-0001`,
        billing_reason: 'subscription_create',
        amount_paid: 2000,
        lines: { data: [{ amount: 2000, description: '1 × Shop (at $20.00 / month)' }] },
        payments: { data: [{ status: 'paid', amount_paid: 2000 }] },
      },
    });

    const renewal = await eventsOf(stripe, () => to(at('2026-02-28T10:00:00Z')));
    expect(renewal).toEqual(['customer.subscription.updated', 'invoice.created']);
    const [draft] = (await stripe.invoices.list({ subscription: id, status: 'draft' })).data;
    expect(draft).toMatchObject({ billing_reason: 'subscription_cycle', auto_advance: true, amount_due: 2000 });
    const paid = await eventsOf(stripe, () => to(at('2026-02-28T11:00:00Z')));
    expect(paid).toEqual([
      'invoice.finalized',
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'invoice_payment.paid',
      'invoice.paid',
      'invoice.payment_succeeded',
    ]);
    await to(at('2026-07-31T12:00:00Z'));
    const invoices = await stripe.invoices.list({ customer: customer.id, limit: 100 });
    expect(invoices.data.map(({ status }) => status)).toEqual(Array(7).fill('paid'));
    // Whatever began on the 31st ends on the last day of short months, and on the 31st of long ones.
    expect(
      invoices.data.map(({ lines }) => new Date((lines.data[0]?.period.start ?? 0) * 1000).toISOString().slice(0, 10)),
    ).toEqual(['2026-07-31', '2026-06-30', '2026-05-31', '2026-04-30', '2026-03-31', '2026-02-28', '2026-01-31']);
    expect(invoices.data[0]?.number).toBe(`${customer.invoice_prefix}-0007`);
    const rows = await stripe.balanceTransactions.list({ type: 'charge', limit: 100 });
    expect(rows.data.map(({ amount, fee, description }) => [amount, fee, description])).toEqual([
      ...Array(6).fill([2000, 88, 'Subscription update']),
      [2000, 88, 'Subscription creation'],
    ]);
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('active');
    expect(
      (await stripe.customers.retrieve(customer.id, { expand: ['subscriptions'] })) as Stripe.Customer,
    ).toMatchObject({
      subscriptions: { data: [{ id }] },
    });

    expect(await eventsOf(stripe, () => stripe.subscriptions.cancel(id))).toEqual(['customer.subscription.deleted']);
    expect((await stripe.subscriptions.list()).data).toEqual([]);
    expect((await stripe.subscriptions.list({ status: 'canceled' })).data).toHaveLength(1);
    await to(at('2026-09-30T12:00:00Z'));
    expect((await stripe.invoices.list({ limit: 100 })).data).toHaveLength(7);
    expect(await refusalOf(stripe.subscriptions.cancel(id))).toMatchObject({ statusCode: 404, param: 'id' });
  }, 120_000);

  test('whose card declines is asked again, and recovers', async () => {
    const { stripe, price, customerWith, to } = await seller(at('2026-03-02T10:00:00Z'));
    const customer = await customerWith('pm_card_visa');
    const { id } = await stripe.subscriptions.create({ customer: customer.id, items: [{ price }] });
    const bad = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer: customer.id });
    await stripe.subscriptions.update(id, { default_payment_method: bad.id });

    const declined = at('2026-04-02T11:00:00Z');
    expect(await eventsOf(stripe, () => to(declined))).toEqual([
      'customer.subscription.updated',
      'invoice.created',
      'invoice.finalized',
      'payment_intent.created',
      'charge.failed',
      'payment_intent.payment_failed',
      'invoice.payment_failed',
      'customer.subscription.updated',
    ]);
    const subscription = await stripe.subscriptions.retrieve(id, { expand: ['latest_invoice'] });
    expect(subscription).toMatchObject({
      status: 'past_due',
      latest_invoice: { status: 'open', attempt_count: 1, next_payment_attempt: declined + 3 * day },
    });
    await to(declined + 3 * day);
    expect((await stripe.subscriptions.retrieve(id, { expand: ['latest_invoice'] })).latest_invoice).toMatchObject({
      attempt_count: 2,
      next_payment_attempt: declined + 8 * day,
    });
    const good = await stripe.paymentMethods.attach('pm_card_mastercard', { customer: customer.id });
    await stripe.subscriptions.update(id, { default_payment_method: good.id });
    expect(await eventsOf(stripe, () => to(declined + 8 * day))).toEqual([
      'charge.succeeded',
      'payment_intent.succeeded',
      'invoice_payment.paid',
      'invoice.paid',
      'invoice.payment_succeeded',
      'customer.subscription.updated',
    ]);
    const recovered = await stripe.subscriptions.retrieve(id, { expand: ['latest_invoice'] });
    expect(recovered).toMatchObject({
      status: 'active',
      latest_invoice: { status: 'paid', attempt_count: 3, next_payment_attempt: null },
    });
  }, 120_000);

  test.each([
    ['cancel', 'canceled', 'customer.subscription.deleted'],
    ['unpaid', 'unpaid', 'customer.subscription.updated'],
    ['past_due', 'past_due', null],
  ] as const)(
    'after the last retry: %s',
    async (setting, status, type) => {
      const { platform, stripe, price, customerWith, to } = await seller(at('2026-03-02T10:00:00Z'));
      await admin(server, platform.secret_key, 'POST', '/evenkeel/v1/billing_settings', {
        subscription_retries_end: setting,
      });
      const customer = await customerWith('pm_card_visa');
      const { id } = await stripe.subscriptions.create({ customer: customer.id, items: [{ price }] });
      const bad = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer: customer.id });
      await stripe.subscriptions.update(id, { default_payment_method: bad.id });
      const declined = at('2026-04-02T11:00:00Z');
      await to(declined + 15 * day - 1);
      expect((await stripe.subscriptions.retrieve(id)).status).toBe('past_due');
      const types = await eventsOf(stripe, () => to(declined + 15 * day));
      expect(types).toEqual([
        'charge.failed',
        'payment_intent.payment_failed',
        'invoice.payment_failed',
        ...(type ? [type] : []),
      ]);
      const after = await stripe.subscriptions.retrieve(id, { expand: ['latest_invoice'] });
      expect(after).toMatchObject({
        status,
        latest_invoice: { status: 'open', attempt_count: 4, auto_advance: false },
      });
      await to(at('2026-05-02T12:00:00Z'));
      const [latest] = (await stripe.invoices.list()).data;
      if (setting === 'cancel') expect(latest?.id).toBe((after.latest_invoice as Stripe.Invoice).id);
      if (setting === 'unpaid') expect(latest).toMatchObject({ status: 'draft', auto_advance: false });
      if (setting === 'past_due') expect(latest).toMatchObject({ status: 'open', attempt_count: 1 });
    },
    120_000,
  );
});

describe('the first invoice', () => {
  test('that is declined leaves the subscription incomplete, until it is paid or given up', async () => {
    const { stripe, price, customerWith, to, start } = await seller();
    const customer = await customerWith('pm_card_chargeCustomerFail');
    const make = (payment_behavior?: Stripe.SubscriptionCreateParams.PaymentBehavior) =>
      stripe.subscriptions.create({
        customer: customer.id,
        items: [{ price }],
        expand: ['latest_invoice'],
        ...(payment_behavior && { payment_behavior }),
      });
    expect(await refusalOf(make('error_if_incomplete'))).toMatchObject({ statusCode: 402, code: 'card_declined' });
    expect((await stripe.subscriptions.list({ status: 'all' })).data).toEqual([]);

    const first = await make();
    expect(first).toMatchObject({ status: 'incomplete', latest_invoice: { status: 'open', attempt_count: 1 } });
    const second = await make();
    const good = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
    const invoice = (first.latest_invoice as Stripe.Invoice).id ?? '';
    expect(await refusalOf(stripe.invoices.pay(invoice))).toMatchObject({ statusCode: 402, code: 'card_declined' });
    const types = await eventsOf(stripe, () => stripe.invoices.pay(invoice, { payment_method: good.id }));
    expect(types.slice(-2)).toEqual(['invoice.payment_succeeded', 'customer.subscription.updated']);
    expect((await stripe.subscriptions.retrieve(first.id)).status).toBe('active');
    expect(await refusalOf(stripe.invoices.pay(invoice))).toMatchObject({ message: 'Invoice is already paid' });

    const expiry = await eventsOf(stripe, () => to(start + 23 * 3600));
    expect(expiry).toEqual(['customer.subscription.updated', 'invoice.voided', 'payment_intent.canceled']);
    const expired = await stripe.subscriptions.retrieve(second.id, { expand: ['latest_invoice'] });
    expect(expired).toMatchObject({ status: 'incomplete_expired', latest_invoice: { status: 'void' } });
  });

  test('is paid by the customer, whose card the subscription then keeps', async () => {
    const { stripe, price } = await seller();
    const customer = await stripe.customers.create();
    expect(await refusalOf(stripe.subscriptions.create({ customer: customer.id, items: [{ price }] }))).toMatchObject({
      code: 'resource_missing',
      message: expect.stringContaining('no attached payment source'),
    });
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price }],
      payment_behavior: 'default_incomplete',
      payment_settings: { save_default_payment_method: 'on_subscription' },
      expand: ['latest_invoice.confirmation_secret', 'latest_invoice.payments'],
    });
    const invoice = subscription.latest_invoice as Stripe.Invoice;
    expect(subscription.status).toBe('incomplete');
    const secret = invoice.confirmation_secret?.client_secret ?? '';
    expect(secret).toMatch(/^pi_.+_secret_/);
    const intent = secret.split('_secret_')[0] ?? '';
    expect(invoice.payments?.data[0]?.payment.payment_intent).toBe(intent);
    expect(await refusalOf(stripe.paymentIntents.cancel(intent))).toMatchObject({ statusCode: 400 });
    expect(await refusalOf(stripe.paymentIntents.update(intent, { amount: 100 }))).toMatchObject({ param: 'amount' });
    const types = await eventsOf(stripe, () =>
      stripe.paymentIntents.confirm(intent, { payment_method: 'pm_card_visa' }),
    );
    expect(types).toEqual([
      'charge.succeeded',
      'payment_method.attached',
      'payment_intent.succeeded',
      'invoice_payment.paid',
      'invoice.paid',
      'invoice.payment_succeeded',
      'customer.subscription.updated',
    ]);
    const [kept] = (await stripe.customers.listPaymentMethods(customer.id)).data;
    expect(await stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] })).toMatchObject({
      status: 'active',
      default_payment_method: kept?.id,
      latest_invoice: { status: 'paid' },
    });
  });

  test('comes after the trial, which is announced', async () => {
    const { stripe, price, customerWith, start, to } = await seller();
    const customer = await customerWith('pm_card_visa');
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price, quantity: 3 }],
      trial_period_days: 14,
      expand: ['latest_invoice'],
    });
    expect(subscription).toMatchObject({
      status: 'trialing',
      trial_end: start + 14 * day,
      billing_cycle_anchor: start + 14 * day,
      latest_invoice: { status: 'paid', amount_due: 0, lines: { data: [{ amount: 0 }] } },
    });
    expect(await eventsOf(stripe, () => to(start + 11 * day))).toEqual(['customer.subscription.trial_will_end']);
    await to(start + 14 * day + 3600);
    const begun = await stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] });
    expect(begun).toMatchObject({ status: 'active', latest_invoice: { status: 'paid', amount_paid: 6000 } });

    const other = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price }],
      trial_period_days: 30,
    });
    const now = await stripe.subscriptions.update(other.id, { trial_end: 'now', expand: ['latest_invoice'] });
    expect(now).toMatchObject({ status: 'active', latest_invoice: { status: 'paid', amount_paid: 2000 } });
    const poor = await stripe.customers.create();
    const none = await stripe.subscriptions.create({
      customer: poor.id,
      items: [{ price }],
      trial_period_days: 1,
      trial_settings: { end_behavior: { missing_payment_method: 'cancel' } },
    });
    await to(start + 16 * day);
    expect((await stripe.subscriptions.retrieve(none.id)).status).toBe('canceled');
  });
});

describe('a subscription', () => {
  test('gives the platform its part of what a connected account earns', async () => {
    const { stripe, price, product, customerWith, to, start } = await seller();
    const express = await stripe.accounts.create({
      type: 'express',
      country: 'US',
      capabilities: { transfers: { requested: true }, card_payments: { requested: true } },
    });
    const customer = await customerWith('pm_card_visa');
    const make = (more: Partial<Stripe.SubscriptionCreateParams>) =>
      stripe.subscriptions.create({ customer: customer.id, items: [{ price }], ...more });
    expect(await refusalOf(make({ application_fee_percent: 10 }))).toMatchObject({ statusCode: 400 });
    await make({ application_fee_percent: 12.5, transfer_data: { destination: express.id }, on_behalf_of: express.id });
    await make({ transfer_data: { destination: express.id, amount_percent: 30 } });
    const fees = await stripe.applicationFees.list();
    expect(fees.data.map(({ amount }) => amount)).toEqual([250]);
    const transfers = await stripe.transfers.list();
    expect(transfers.data.map(({ amount }) => amount)).toEqual([600, 2000]);

    // A seller's own subscriptions, on its own account.
    const own = await stripe.accounts.create({ type: 'standard', country: 'US', email: 'x@example.com' });
    const as = { stripeAccount: own.id };
    const buyer = await stripe.customers.create(
      { payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' } },
      as,
    );
    expect(await refusalOf(stripe.subscriptions.create({ customer: buyer.id, items: [{ price }] }, as))).toMatchObject({
      message: `No such price: '${price}'`,
      param: 'items[0][price]',
    });
    const made = await stripe.prices.create(
      { currency: 'usd', unit_amount: 1000, recurring: { interval: 'week' }, product_data: { name: 'Box' } },
      as,
    );
    const direct = await stripe.subscriptions.create(
      { customer: buyer.id, items: [{ price: made.id }], application_fee_percent: 10 },
      as,
    );
    expect(direct.status).toBe('active');
    expect(direct.application).toMatch(/^ca_/);
    await to(start + 7 * day + 3600);
    const invoices = await stripe.invoices.list({ subscription: direct.id }, as);
    expect(invoices.data.map(({ status, amount_paid }) => [status, amount_paid])).toEqual([
      ['paid', 1000],
      ['paid', 1000],
    ]);
    expect((await stripe.applicationFees.list()).data.map(({ amount }) => amount)).toEqual([100, 100, 250]);
    expect(product).toMatch(/^prod_/);
  });

  test('and an invoice name only accounts that a payment may name', async () => {
    const { stripe, price, product, customerWith } = await seller();
    const capabilities = { transfers: { requested: true }, card_payments: { requested: true } };
    const express = await stripe.accounts.create({ type: 'express', country: 'US', capabilities });
    const bare = await stripe.accounts.create({ type: 'express', country: 'US' });
    const free = await stripe.prices.create({
      currency: 'usd',
      unit_amount: 0,
      recurring: { interval: 'month' },
      product,
    });
    const { id: customer } = await customerWith('pm_card_visa');
    const draft = await stripe.invoices.create({ customer, on_behalf_of: express.id });
    const agreed = await stripe.subscriptions.create({ customer, items: [{ price: free.id }] });
    const counted = async () => [
      (await stripe.invoices.list({ customer })).data.length,
      (await stripe.subscriptions.list({ customer })).data.length,
      (await stripe.events.list({ limit: 100 })).data.length,
    ];
    const before = await counted();
    type Named = { on_behalf_of?: string; transfer_data?: { destination: string } };
    const askers: readonly ((named: Named) => Promise<unknown>)[] = [
      (named) => stripe.paymentIntents.create({ amount: 1000, currency: 'usd', ...named }),
      (named) => stripe.invoices.create({ customer, ...named }),
      (named) => stripe.invoices.update(draft.id as string, named),
      (named) => stripe.subscriptions.create({ customer, items: [{ price }], ...named }),
      (named) => stripe.subscriptions.create({ customer, items: [{ price: free.id }], ...named }),
      (named) => stripe.subscriptions.update(agreed.id, named),
    ];
    const wrong: readonly Named[] = [
      { on_behalf_of: 'acct_none' },
      { on_behalf_of: bare.id },
      { transfer_data: { destination: 'acct_none' } },
      { transfer_data: { destination: bare.id } },
    ];
    for (const named of wrong) {
      const refusals = await Promise.all(askers.map((ask) => refusalOf(ask(named))));
      const told = refusals.map(({ statusCode, message, param }) => ({ statusCode, message, param }));
      expect(told[0]).toMatchObject({
        statusCode: 400,
        message: expect.stringMatching(/account|capabilit|destination/),
      });
      expect(told).toEqual(askers.map(() => told[0]));
    }
    expect(await counted()).toEqual(before);
    const changed = await stripe.invoices.update(draft.id as string, { on_behalf_of: '' });
    expect([draft.on_behalf_of, changed.on_behalf_of]).toEqual([express.id, null]);
  });

  test('changes from the next period on, and ends with its period', async () => {
    const { stripe, price, product, customerWith, to } = await seller(at('2026-03-02T10:00:00Z'));
    const customer = await customerWith('pm_card_visa');
    const { id, items } = await stripe.subscriptions.create({ customer: customer.id, items: [{ price }] });
    const item = items.data[0]?.id ?? '';
    expect(await refusalOf(stripe.subscriptions.update(id, { items: [{ id: item, quantity: 2 }] }))).toMatchObject({
      param: 'proration_behavior',
    });
    await stripe.subscriptions.update(id, { items: [{ id: item, quantity: 2 }], proration_behavior: 'none' });
    const added = await stripe.subscriptionItems.create({
      subscription: id,
      price_data: { currency: 'usd', product, unit_amount: 500, recurring: { interval: 'month' } },
      proration_behavior: 'none',
    });
    await stripe.subscriptionItems.update(added.id, { quantity: 4, proration_behavior: 'none', metadata: { a: 'b' } });
    expect(await stripe.subscriptionItems.retrieve(added.id)).toMatchObject({ quantity: 4, metadata: { a: 'b' } });
    expect((await stripe.subscriptionItems.list({ subscription: id })).data.map((each) => each.id)).toEqual([
      added.id,
      item,
    ]);
    const eur = await stripe.prices.create({
      currency: 'eur',
      unit_amount: 1,
      product,
      recurring: { interval: 'month' },
    });
    expect(
      await refusalOf(stripe.subscriptionItems.create({ subscription: id, price: eur.id, proration_behavior: 'none' })),
    ).toMatchObject({ param: 'price' });
    await to(at('2026-04-02T11:00:00Z'));
    const [invoice] = (await stripe.invoices.list()).data;
    expect(invoice).toMatchObject({ status: 'paid', amount_paid: 6000 });
    await stripe.subscriptionItems.del(added.id, { proration_behavior: 'none' });
    const ending = await stripe.subscriptions.update(id, { cancel_at_period_end: true, metadata: { why: 'enough' } });
    expect(ending).toMatchObject({ status: 'active', cancel_at: at('2026-05-02T10:00:00Z') });
    expect(await eventsOf(stripe, () => to(at('2026-05-02T10:00:00Z')))).toEqual(['customer.subscription.deleted']);
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('canceled');
    expect(await refusalOf(stripe.subscriptions.update(id, { description: 'x' }))).toMatchObject({ statusCode: 400 });
    expect((await stripe.invoices.list()).data).toHaveLength(2);
  });

  test('is sent as an invoice, and late when that is', async () => {
    const { stripe, price, to, start } = await seller(at('2026-03-02T10:00:00Z'));
    const customer = await stripe.customers.create({ email: 'a@example.com' });
    const { id } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price }],
      collection_method: 'send_invoice',
      days_until_due: 10,
    });
    expect(await eventsOf(stripe, () => to(start + 3600))).toEqual([
      'invoice.finalized',
      'payment_intent.created',
      'invoice.sent',
    ]);
    await to(start + 3600 + 10 * day);
    const late = await stripe.subscriptions.retrieve(id, { expand: ['latest_invoice'] });
    expect(late).toMatchObject({ status: 'past_due', latest_invoice: { due_date: start + 3600 + 10 * day } });
    const invoice = (late.latest_invoice as Stripe.Invoice).id ?? '';
    const paid = await stripe.invoices.pay(invoice, { paid_out_of_band: true });
    expect(paid).toMatchObject({ status: 'paid', amount_paid_off_stripe: 2000 });
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('active');
    await stripe.customers.del(customer.id);
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('canceled');
  });
});

describe('an invoice', () => {
  test('is drafted, added to, finalized, paid, voided, given up', async () => {
    const { stripe, product, customerWith, to, start } = await seller();
    const customer = await customerWith('pm_card_visa');
    const price = await stripe.prices.create({ currency: 'usd', unit_amount: 700, product });
    await stripe.invoiceItems.create({ customer: customer.id, amount: 1500, currency: 'usd', description: 'Help' });
    let invoice = await stripe.invoices.create({ customer: customer.id, pending_invoice_items_behavior: 'include' });
    expect(invoice).toMatchObject({ status: 'draft', amount_due: 1500, number: null, auto_advance: false });
    const item = await stripe.invoiceItems.create({
      customer: customer.id,
      invoice: invoice.id ?? '',
      pricing: { price: price.id },
      quantity: 2,
    });
    await stripe.invoiceItems.update(item.id, { quantity: 3 });
    const lines = await stripe.invoices.listLineItems(invoice.id ?? '');
    expect(lines.data.map(({ amount, description }) => [amount, description])).toEqual([
      [1500, 'Help'],
      [2100, 'Shop'],
    ]);
    await stripe.invoiceItems.del(item.id);
    invoice = await stripe.invoices.update(invoice.id ?? '', { description: 'January', metadata: { a: 'b' } });
    expect(await eventsOf(stripe, () => stripe.invoices.finalizeInvoice(invoice.id ?? ''))).toEqual([
      'invoice.finalized',
      'payment_intent.created',
    ]);
    expect(await refusalOf(stripe.invoices.finalizeInvoice(invoice.id ?? ''))).toMatchObject({ statusCode: 400 });
    expect(await refusalOf(stripe.invoices.update(invoice.id ?? '', { description: 'x' }))).toMatchObject({
      code: 'invoice_not_editable',
    });
    expect(await stripe.invoices.pay(invoice.id ?? '')).toMatchObject({ status: 'paid', amount_paid: 1500 });
    const [payment] = (await stripe.invoicePayments.list({ invoice: invoice.id ?? '' })).data;
    expect(await stripe.invoicePayments.retrieve(payment?.id ?? '')).toMatchObject({ status: 'paid' });

    const billed = async (amount: number) => {
      const draft = await stripe.invoices.create({ customer: customer.id });
      await stripe.invoiceItems.create({ invoice: draft.id ?? '', customer: customer.id, amount, currency: 'usd' });
      return draft.id ?? '';
    };
    const small = await billed(20);
    expect(await refusalOf(stripe.invoices.finalizeInvoice(small))).toMatchObject({ code: 'amount_too_small' });
    await stripe.invoices.update(small, { auto_advance: true });
    expect(await eventsOf(stripe, () => to(start + 3600))).toEqual(['invoice.finalization_failed']);
    expect((await stripe.invoices.del(small)).deleted).toBe(true);
    expect((await stripe.invoiceItems.list({ customer: customer.id, pending: true })).data).toHaveLength(1);

    const wrong = await billed(900);
    await stripe.invoices.finalizeInvoice(wrong);
    expect(await stripe.invoices.markUncollectible(wrong)).toMatchObject({ status: 'uncollectible' });
    expect(await eventsOf(stripe, () => stripe.invoices.voidInvoice(wrong))).toEqual([
      'invoice.voided',
      'payment_intent.canceled',
    ]);
    expect(await refusalOf(stripe.invoices.pay(wrong))).toMatchObject({ statusCode: 400 });
    expect(await refusalOf(stripe.invoices.del(wrong))).toMatchObject({
      message: 'You can only delete draft invoices.',
    });

    expect(await refusalOf(stripe.invoices.sendInvoice(await billed(1000)))).toMatchObject({ statusCode: 400 });
    const sent = await stripe.invoices.create({
      customer: customer.id,
      collection_method: 'send_invoice',
      days_until_due: 30,
      pending_invoice_items_behavior: 'include',
    });
    await stripe.invoiceItems.create({ customer: customer.id, invoice: sent.id ?? '', amount: 5000, currency: 'usd' });
    const types = await eventsOf(stripe, () => stripe.invoices.sendInvoice(sent.id ?? ''));
    expect(types).toEqual(['invoice.finalized', 'payment_intent.created', 'invoice.sent']);
    expect(await stripe.invoices.pay(sent.id ?? '')).toMatchObject({ status: 'paid', amount_paid: 5020 });
  });

  test('that needs the customer is paid when the customer has confirmed', async () => {
    const { stripe, customerWith } = await seller();
    const customer = await customerWith('pm_card_authenticationRequired');
    const draft = await stripe.invoices.create({ customer: customer.id });
    await stripe.invoiceItems.create({ customer: customer.id, invoice: draft.id ?? '', amount: 3000, currency: 'usd' });
    const types = await eventsOf(stripe, async () =>
      expect(await refusalOf(stripe.invoices.pay(draft.id ?? ''))).toMatchObject({
        code: 'invoice_payment_intent_requires_action',
      }),
    );
    expect(types.slice(-2)).toEqual(['payment_intent.requires_action', 'invoice.payment_action_required']);
    const [intent] = (await stripe.paymentIntents.list({ customer: customer.id })).data;
    const url = intent?.next_action?.use_stripe_sdk?.stripe_js as string;
    const paid = await eventsOf(stripe, () => fetch(url));
    expect(paid).toContain('invoice.payment_succeeded');
    expect((await stripe.invoices.retrieve(draft.id ?? '')).status).toBe('paid');
  });
});

test('products and prices', async () => {
  const { stripe, product, price } = await seller();
  expect(await refusalOf(stripe.products.create({ id: 'mine', name: 'x' }))).toMatchObject({ param: 'id' });
  expect(await refusalOf(stripe.products.del(product))).toMatchObject({ statusCode: 400 });
  const other = await stripe.products.create({ name: 'Other', metadata: { a: 'b' } });
  expect((await stripe.products.update(other.id, { name: 'New', description: 'd' })).name).toBe('New');
  expect((await stripe.products.del(other.id)).deleted).toBe(true);
  expect((await stripe.products.list({ active: true })).data.map(({ id }) => id)).toEqual([product]);
  await stripe.prices.update(price, { nickname: 'monthly', active: false });
  expect((await stripe.prices.list({ product, active: false })).data.map(({ id }) => id)).toEqual([price]);
  expect((await stripe.prices.retrieve(price, { expand: ['product'] })).product).toMatchObject({ name: 'Shop' });
  expect(await refusalOf(stripe.prices.create({ currency: 'usd', unit_amount: 1, product: 'prod_x' }))).toMatchObject({
    code: 'resource_missing',
    param: 'product',
  });
  expect(
    await refusalOf(stripe.prices.create({ currency: 'usd', unit_amount: 1, product, lookup_key: 'k' })),
  ).toMatchObject({ param: 'lookup_key' });
});

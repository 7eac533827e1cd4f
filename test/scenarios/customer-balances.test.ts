/** What a customer owes or has to its credit is settled by its next invoice. */
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stopClean } from '../support/audit.ts';
import { createPlatform, refusalOf, stripeFor } from '../support/platform.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let stripe: Stripe;

beforeAll(async () => {
  server = await startServer();
  stripe = stripeFor(server, await createPlatform(server, { test_clock: { frozen_time: 1_772_445_600 } }));
}, 60_000);
afterAll(() => stopClean(server), 60_000);

async function customerOwing(amount: number): Promise<string> {
  const { id } = await stripe.customers.create({
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  });
  if (amount !== 0) await stripe.customers.createBalanceTransaction(id, { amount, currency: 'usd' });
  return id;
}

/** A draft over an amount. */
async function draftFor(customer: string, amount: number): Promise<string> {
  const { id } = await stripe.invoices.create({ customer });
  await stripe.invoiceItems.create({ customer, invoice: id, amount, currency: 'usd' });
  return id as string;
}

const balanceOf = async (id: string) => ((await stripe.customers.retrieve(id)) as Stripe.Customer).balance;
const changesOf = async (id: string) =>
  (await stripe.customers.listBalanceTransactions(id)).data
    .map(({ type, amount, ending_balance, invoice }) => [type, amount, ending_balance, invoice])
    .reverse();

describe('a customer balance', () => {
  test('is changed by hand, each change on record', async () => {
    const customer = await customerOwing(0);
    const first = await stripe.customers.createBalanceTransaction(customer, {
      amount: -500,
      currency: 'usd',
      description: 'For the delay',
      metadata: { case: '7' },
    });
    expect(first).toMatchObject({ type: 'adjustment', amount: -500, ending_balance: -500, customer, invoice: null });
    const second = await stripe.customers.createBalanceTransaction(customer, { amount: 200, currency: 'usd' });
    expect(second.ending_balance).toBe(-300);
    expect(await stripe.customers.retrieve(customer)).toMatchObject({ balance: -300, currency: 'usd' });
    const [told] = (await stripe.events.list({ type: 'customer.updated', limit: 1 })).data;
    expect(told?.data).toMatchObject({ object: { balance: -300 }, previous_attributes: { balance: -500 } });
    const changed = await stripe.customers.updateBalanceTransaction(customer, first.id, {
      description: 'Sorry',
      metadata: { case: '', by: 'Anna' },
    });
    expect(changed).toMatchObject({ description: 'Sorry', metadata: { by: 'Anna' }, amount: -500 });
    expect(await stripe.customers.retrieveBalanceTransaction(customer, first.id)).toEqual(changed);
    const page = await stripe.customers.listBalanceTransactions(customer, { limit: 1 });
    expect(page).toMatchObject({ data: [{ id: second.id }], has_more: true });

    const before = await changesOf(customer);
    const other = await customerOwing(0);
    const refused = (change: object) => refusalOf(stripe.customers.createBalanceTransaction(customer, change as never));
    expect(await refused({ amount: 5, currency: 'eur' })).toMatchObject({
      param: 'currency',
      message: expect.stringContaining('with currency usd'),
    });
    expect(await refused({ amount: 0, currency: 'usd' })).toMatchObject({ statusCode: 400, param: 'amount' });
    expect(await refused({ amount: -99_999_999, currency: 'usd' })).toMatchObject({ code: 'amount_too_large' });
    expect(await refused({ amount: 5 })).toMatchObject({ param: 'currency' });
    expect(await refusalOf(stripe.customers.retrieveBalanceTransaction(other, first.id))).toMatchObject({
      statusCode: 404,
    });
    expect(await refusalOf(stripe.customers.updateBalanceTransaction(other, first.id, {}))).toMatchObject({
      statusCode: 404,
    });
    expect(await refusalOf(stripe.customers.listBalanceTransactions('cus_none'))).toMatchObject({ statusCode: 404 });
    expect(await changesOf(customer)).toEqual(before);
  });

  // total, balance before → what is charged, balance after, what is on record of the invoice
  const table: readonly (readonly [string, number, number, number, number, readonly (readonly [string, number])[]])[] =
    [
      ['takes off what it has', 1000, -300, 700, 0, [['applied_to_invoice', 300]]],
      ['pays it all', 1000, -1500, 0, -500, [['applied_to_invoice', 1000]]],
      ['pays exactly', 1000, -1000, 0, 0, [['applied_to_invoice', 1000]]],
      ['adds what is owed', 1000, 200, 1200, 0, [['applied_to_invoice', -200]]],
      [
        'leaves less than can be charged for the next one',
        1000,
        -990,
        0,
        10,
        [
          ['applied_to_invoice', 990],
          ['invoice_too_small', 10],
        ],
      ],
      ['of nothing changes nothing', 1000, 0, 1000, 0, []],
    ];
  test.each(table)('%s', async (_, total, before, due, after, changes) => {
    const customer = await customerOwing(before);
    const made = (await changesOf(customer)).length;
    const id = await draftFor(customer, total);
    const paid = await stripe.invoices.pay(id, { expand: ['payments'] });
    expect(paid).toMatchObject({
      status: 'paid',
      total,
      subtotal: total,
      amount_due: due,
      amount_paid: due,
      amount_remaining: 0,
      starting_balance: before,
      ending_balance: after,
    });
    expect(paid.payments?.data.map(({ amount_paid }) => amount_paid)).toEqual(due === 0 ? [] : [due]);
    const charged = (await stripe.charges.list({ customer })).data.map(({ amount }) => amount);
    expect(charged).toEqual(due === 0 ? [] : [due]);
    expect(await balanceOf(customer)).toBe(after);
    const recorded = (await changesOf(customer)).slice(made);
    expect(recorded.map(([type, amount]) => [type, amount])).toEqual(changes);
    expect(recorded.map(([, , , invoice]) => invoice)).toEqual(changes.map(() => id));
    const listed = await stripe.customers.listBalanceTransactions(customer, { invoice: id });
    expect(listed.data).toHaveLength(changes.length);
  });

  test('pays where there is no other way to pay', async () => {
    const { id: customer } = await stripe.customers.create();
    const id = await draftFor(customer, 1000);
    expect(await refusalOf(stripe.invoices.pay(id))).toMatchObject({ statusCode: 400 });
    await stripe.customers.createBalanceTransaction(customer, { amount: -1000, currency: 'usd' });
    expect(await stripe.invoices.pay(id)).toMatchObject({ status: 'paid', amount_paid: 0 });
  });

  test('comes back from an invoice that is void', async () => {
    const customer = await customerOwing(-300);
    const id = await draftFor(customer, 1000);
    const open = await stripe.invoices.finalizeInvoice(id, { auto_advance: false });
    expect(open).toMatchObject({ status: 'open', amount_due: 700, amount_remaining: 700 });
    expect(await balanceOf(customer)).toBe(0);
    await stripe.invoices.voidInvoice(id);
    expect(await balanceOf(customer)).toBe(-300);
    expect((await changesOf(customer)).map(([type, amount]) => [type, amount])).toEqual([
      ['adjustment', -300],
      ['applied_to_invoice', 300],
      ['unapplied_from_invoice', -300],
    ]);
  });

  test("pays a subscription's first invoice, of which the platform then has its part", async () => {
    const seller = await stripe.accounts.create({
      type: 'express',
      country: 'US',
      capabilities: { transfers: { requested: true }, card_payments: { requested: true } },
    });
    const { default_price: price } = await stripe.products.create({
      name: 'Shop',
      default_price_data: { currency: 'usd', unit_amount: 2000, recurring: { interval: 'month' } },
    });
    const customer = await customerOwing(-500);
    const subscription = await stripe.subscriptions.create({
      customer,
      items: [{ price: price as string }],
      application_fee_percent: 10,
      transfer_data: { destination: seller.id },
      expand: ['latest_invoice'],
    });
    expect(subscription).toMatchObject({ status: 'active', latest_invoice: { amount_due: 1500, amount_paid: 1500 } });
    expect((await stripe.applicationFees.list({ limit: 1 })).data).toMatchObject([{ amount: 150 }]);

    const rich = await customerOwing(-5000);
    const free = await stripe.subscriptions.create({
      customer: rich,
      items: [{ price: price as string }],
      expand: ['latest_invoice'],
    });
    expect(free).toMatchObject({ status: 'active', latest_invoice: { amount_due: 0, status: 'paid' } });
    expect(await balanceOf(rich)).toBe(-3000);
  });
});

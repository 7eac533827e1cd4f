/** Lists of one type: rows and events of frequent and of rare types are found in different indexes, and none may be missed. */
import type Stripe from 'stripe';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { admin, createPlatform, stripeFor } from '../support/platform.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let stripe: Stripe;
let seller: string;

beforeAll(async () => {
  server = await startServer();
  const platform = await createPlatform(server);
  stripe = stripeFor(server, platform);
  const account = await stripe.accounts.create({
    type: 'express',
    capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
  });
  seller = account.id;
  await admin(server, platform.secret_key, 'POST', '/evenkeel/v1/adjustments', {
    account: platform.id,
    amount: 50_000,
    currency: 'usd',
  });
  for (let i = 0; i < 3; i++) {
    const charge = await stripe.charges.create({
      amount: 10_000,
      currency: 'usd',
      source: 'tok_visa',
      application_fee_amount: 1230,
      transfer_data: { destination: seller },
    });
    await stripe.refunds.create({ charge: charge.id, amount: 1000, reverse_transfer: true });
    await stripe.charges.create(
      { amount: 2000, currency: 'usd', source: 'tok_visa', application_fee_amount: 100 },
      { stripeAccount: seller },
    );
  }
  await stripe.payouts.create({ amount: 1000, currency: 'usd' });
}, 60_000);

afterAll(() => server.stop());

test.each(['platform', 'seller'])('a list of a type is the part of the whole list that has it: %s', async (whose) => {
  const options = whose === 'seller' ? { stripeAccount: seller } : {};
  const rows = (await stripe.balanceTransactions.list({ limit: 100 }, options)).data;
  const kinds = new Set(rows.map(({ type }) => type));
  expect([...kinds].sort()).toEqual(
    whose === 'seller'
      ? ['charge', 'payment', 'payment_refund']
      : ['adjustment', 'application_fee', 'charge', 'payout', 'refund', 'transfer', 'transfer_refund'],
  );
  for (const type of [...kinds, 'topup']) {
    const { data } = await stripe.balanceTransactions.list({ limit: 100, type }, options);
    expect(data).toEqual(rows.filter((row) => row.type === type));
  }

  const events = (await stripe.events.list({ limit: 100 }, options)).data;
  const types = [...new Set(events.map(({ type }) => type))];
  expect(types.length).toBeGreaterThan(3);
  for (const type of [...types, 'payout.failed']) {
    const { data } = await stripe.events.list({ limit: 100, type }, options);
    expect(data).toEqual(events.filter((event) => event.type === type));
  }
  const two = types.slice(0, 2);
  const { data } = await stripe.events.list({ limit: 100, types: two }, options);
  expect(data).toEqual(events.filter(({ type }) => two.includes(type)));
});

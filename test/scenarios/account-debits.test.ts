/** Account debits and the reserve as a platform meets them through the API: what one is for, and what nobody can ask for. */
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stopClean } from '../support/audit.ts';
import { AdminError, admin, createPlatform, stripeFor, type TestPlatform } from '../support/platform.ts';
import { startServer, type TestServer } from '../support/server.ts';

const monday = 1_772_445_600;

let server: TestServer;
let platform: TestPlatform;
let stripe: Stripe;
let seller: string;

const give = (account: string, amount: number, currency = 'usd') =>
  admin(server, platform.secret_key, 'POST', '/evenkeel/v1/adjustments', { account, amount, currency });

const availableOf = async (account?: string): Promise<Record<string, number>> => {
  const { available } = await stripe.balance.retrieve({}, account ? { stripeAccount: account } : {});
  return Object.fromEntries(available.map(({ currency, amount }) => [currency, amount]));
};

/** Ids of everything that a debit could leave behind, on both sides. */
async function traces(): Promise<string[]> {
  const ids: string[] = [];
  for (const options of [{}, { stripeAccount: seller }]) {
    const lists = await Promise.all([
      stripe.balanceTransactions.list({ limit: 100 }, options),
      stripe.charges.list({ limit: 100 }, options),
      stripe.transfers.list({ limit: 100 }, options),
      stripe.events.list({ limit: 100, types: ['transfer.created', 'charge.succeeded'] }, options),
    ]);
    ids.push(...lists.flatMap(({ data }) => data.map(({ id }) => id)));
  }
  return ids;
}

beforeAll(async () => {
  server = await startServer();
  platform = await createPlatform(server, { test_clock: { frozen_time: monday } });
  stripe = stripeFor(server, platform);
  const account = await stripe.accounts.create({
    type: 'express',
    capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
    external_account: {
      object: 'bank_account',
      country: 'US',
      currency: 'usd',
      routing_number: '110000000',
      account_number: '000123456789',
    },
    settings: { payouts: { schedule: { interval: 'manual' } } },
  });
  seller = account.id;
  await admin(server, platform.secret_key, 'POST', '/evenkeel/v1/consents', { account: seller, date: monday });
  await give(seller, 20_000);
  await give(platform.id, 20_000);
}, 60_000);

afterAll(() => stopClean(server), 60_000);

describe('an account debit', () => {
  test('R70, R73, R86 states what it is for, and nothing depends on that', async () => {
    const before = await availableOf();
    for (const description of ['Monthly service', 'Recovery of a refund', 'Correction']) {
      const payment = await stripe.charges.create({
        amount: 1000,
        currency: 'usd',
        source: seller,
        description,
        metadata: { why: description },
      });
      expect(payment).toMatchObject({ amount: 1000, description, metadata: { why: description }, status: 'succeeded' });
    }
    expect(await availableOf()).toEqual({ usd: (before.usd ?? 0) + 3 * (1000 - 15) });
  });

  test('R93 the transfer and the payment name each other', async () => {
    const transfer = await stripe.transfers.create(
      { amount: 500, currency: 'usd', destination: platform.id },
      { stripeAccount: seller },
    );
    const payment = await stripe.charges.retrieve(transfer.destination_payment as string);
    expect(payment).toMatchObject({ object: 'charge', amount: 500, source_transfer: transfer.id });
  });

  test('R75 that is refused leaves no row, no object and no event', async () => {
    const before = await traces();
    const asSeller = { stripeAccount: seller };
    const { id: other } = await stripe.accounts.create({ type: 'express' });
    const refused: [() => Promise<unknown>, string][] = [
      [() => stripe.charges.create({ amount: 1000, currency: 'eur', source: seller }), 'currency'],
      [() => stripe.charges.create({ amount: 10_000_001, currency: 'usd', source: seller }), 'amount'],
      // R88: only the platform that owns the account
      [() => stripe.transfers.create({ amount: 100, currency: 'usd', destination: other }, asSeller), 'destination'],
    ];
    for (const [ask, param] of refused) await expect(ask()).rejects.toMatchObject({ param, statusCode: 400 });
    expect(await traces()).toEqual(before);
  });

  test('R167 passes on the fee of a dispute by transfer, for the fee of a debit', async () => {
    const intent = await stripe.paymentIntents.create({
      amount: 10_000,
      currency: 'usd',
      payment_method: 'pm_card_bypassPending',
      confirm: true,
      transfer_data: { destination: seller },
    });
    await admin(server, platform.secret_key, 'POST', '/evenkeel/v1/disputes', { charge: intent.latest_charge });
    const before = await availableOf();
    await stripe.transfers.create(
      { amount: 1500, currency: 'usd', destination: platform.id, description: 'Dispute fee' },
      { stripeAccount: seller },
    );
    expect(await availableOf()).toEqual({ usd: (before.usd ?? 0) + 1500 - 23 });
  });
});

test('R17 the singular spelling of debit_negative_balances is unknown', async () => {
  const settings = { payouts: { debit_negative_balance: true } } as Stripe.AccountUpdateParams.Settings;
  await expect(stripe.accounts.update(seller, { settings })).rejects.toMatchObject({
    code: 'parameter_unknown',
    param: 'settings[payouts][debit_negative_balance]',
  });
});

describe('balances', () => {
  test('R1, R14 are each account’s own, and no currency covers for another', async () => {
    const { id } = await stripe.accounts.create({ type: 'express' });
    const before = await availableOf();
    await give(id, -700);
    await give(id, 900, 'eur');
    expect(await availableOf(id)).toEqual({ usd: -700, eur: 900 });
    // What is held for it is in the currency that is missing.
    expect(await availableOf()).toEqual({ usd: (before.usd ?? 0) - 700 });
    await give(id, 700);
    expect(await availableOf()).toEqual(before);
  });

  test('R137 what is held is let go by nothing that a platform can ask for', async () => {
    const { id } = await stripe.accounts.create({ type: 'express' });
    await give(id, -800);
    const { connect_reserved, available } = await stripe.balance.retrieve();
    expect(connect_reserved).toMatchObject([{ amount: 800, currency: 'usd' }]);
    const reserves = ['/v1/reserve_transactions', '/evenkeel/v1/reserves'] as const;
    for (const path of reserves) {
      await expect(admin(server, platform.secret_key, 'POST', path, { account: id, amount: 800 })).rejects.toThrow(
        AdminError,
      );
    }
    await expect(
      stripe.payouts.create({ amount: (available[0]?.amount ?? 0) + 1, currency: 'usd' }),
    ).rejects.toMatchObject({ code: 'balance_insufficient' });
    expect((await stripe.balance.retrieve()).connect_reserved).toEqual(connect_reserved);
  });
});

/** Payments in currencies that an account cannot hold, through Stripe's own client (M45). */
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stopClean } from '../support/audit.ts';
import { admin, advanceClock, createPlatform, stripeFor, type TestPlatform } from '../support/platform.ts';
import { startServer, type TestServer } from '../support/server.ts';

const monday = 1_772_445_600;
const days = 86_400;

interface FxRates {
  readonly own: boolean;
  readonly rates: Readonly<Record<string, { readonly units: number; readonly usd: number }>>;
}

let server: TestServer;
let platform: TestPlatform;
let stripe: Stripe;
/** In GB, with pounds and euros; in the US, with dollars alone. */
let british: string;
let american: string;

const bank = (country: string, currency: string, account_number: string) => ({
  object: 'bank_account' as const,
  country,
  currency,
  account_number,
  ...(country === 'GB' && currency === 'gbp' && { routing_number: '108800' }),
});

beforeAll(async () => {
  server = await startServer();
  platform = await createPlatform(server, { payout_interval: 'manual', test_clock: { frozen_time: monday } });
  stripe = stripeFor(server, platform);
  const seller = async (country: string) => {
    const account = await stripe.accounts.create({
      type: 'custom',
      country,
      capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
      settings: { payouts: { schedule: { interval: 'manual' } } },
      tos_acceptance: { date: monday, ip: '192.0.2.1' },
    });
    return account.id;
  };
  british = await seller('GB');
  american = await seller('US');
  await stripe.accounts.createExternalAccount(british, {
    external_account: bank('DE', 'eur', 'DE89370400440532013000'),
  });
}, 60_000);

afterAll(() => stopClean(server), 60_000);

const as = (stripeAccount: string | undefined) => (stripeAccount === undefined ? {} : { stripeAccount });

/** `charge usd 11000-349 @1.1`: the newest rows of an account, the oldest of them first. */
async function newest(count: number, account?: string): Promise<string[]> {
  const { data } = await stripe.balanceTransactions.list({ limit: count }, as(account));
  return data
    .map(
      ({ type, currency, amount, fee, exchange_rate }) =>
        `${type} ${currency} ${amount}${fee > 0 ? `-${fee}` : ''}${exchange_rate === null ? '' : ` @${exchange_rate}`}`,
    )
    .reverse();
}

async function pendingOf(currency: string, account?: string): Promise<number> {
  const balance = await stripe.balance.retrieve({}, as(account));
  return balance.pending.find((money) => money.currency === currency)?.amount ?? 0;
}

const set = (rates: object) => admin<FxRates>(server, platform.secret_key, 'POST', '/evenkeel/v1/fx_rates', { rates });

describe('a direct charge', () => {
  test('M1, M45: arrives in what the account can hold, and so does the fee', async () => {
    const charge = await stripe.charges.create(
      {
        amount: 10_000,
        currency: 'eur',
        source: 'tok_visa',
        application_fee_amount: 1000,
        expand: ['balance_transaction'],
      },
      as(american),
    );
    expect(charge).toMatchObject({ amount: 10_000, currency: 'eur', application_fee_amount: 1000 });
    expect(charge.balance_transaction).toMatchObject({
      amount: 11_000,
      currency: 'usd',
      exchange_rate: 1.1,
      fee: 1449,
      net: 9551,
      fee_details: [
        { amount: 1100, currency: 'usd', type: 'application_fee' },
        { amount: 349, currency: 'usd', type: 'stripe_fee' },
      ],
    });
    expect(await newest(1)).toEqual(['application_fee usd 1100']);
    expect(await pendingOf('usd', american)).toBe(9551);
    expect(await pendingOf('eur', american)).toBe(0);
  });

  test('M45: the fee is converted once more where the platform cannot hold it', async () => {
    await stripe.charges.create(
      { amount: 10_000, currency: 'eur', source: 'tok_visa', application_fee_amount: 1000 },
      as(british),
    );
    expect(await newest(1, british)).toEqual(['charge eur 10000-1174']);
    expect(await newest(1)).toEqual(['application_fee usd 1100 @1.1']);
    const { data } = await stripe.applicationFees.list({ limit: 1 });
    expect(data[0]).toMatchObject({ amount: 1000, currency: 'eur', account: british });
    expect(await pendingOf('eur', british)).toBe(8826);
  });

  test('M45: yen have no cents', async () => {
    await stripe.charges.create({ amount: 12_345, currency: 'jpy', source: 'tok_visa' }, as(american));
    expect(await newest(1, american)).toEqual(['charge usd 8230-269 @0.666667']);
  });
});

describe('a destination charge', () => {
  test('M3, M45: charge, transfer, payment and fee each in its currency', async () => {
    const intent = await stripe.paymentIntents.create({
      amount: 10_000,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      confirm: true,
      application_fee_amount: 1230,
      transfer_data: { destination: british },
      expand: ['latest_charge.transfer', 'latest_charge.application_fee'],
    });
    const charge = intent.latest_charge as Stripe.Charge;
    expect(charge.transfer).toMatchObject({ amount: 10_000, currency: 'usd' });
    expect(charge.application_fee).toMatchObject({ amount: 946, currency: 'gbp' });
    expect(await newest(3)).toEqual(['charge usd 10000-320', 'transfer usd -10000', 'application_fee usd 1230 @1.3']);
    expect(await newest(1, british)).toEqual(['payment gbp 7692-946 @0.769231']);
    const { destination_payment } = charge.transfer as Stripe.Transfer;
    const payment = await stripe.charges.retrieve(destination_payment as string, {}, as(british));
    expect(payment).toMatchObject({ amount: 10_000, currency: 'usd', application_fee_amount: 1230 });
  });

  test('M45: what the bank disputes at once is converted, too', async () => {
    await stripe.charges.create({ amount: 10_000, currency: 'eur', source: 'tok_createDispute' });
    expect(await newest(2)).toEqual(['charge usd 11000-349 @1.1', 'adjustment usd -11000-1500 @1.1']);
  });
});

test('M8, R26: a transfer out of a converted charge has the currency it was credited in', async () => {
  const { id } = await stripe.charges.create({ amount: 10_000, currency: 'gbp', source: 'tok_visa' });
  const transfer = (currency: string, amount: number) =>
    stripe.transfers.create({ amount, currency, destination: british, source_transaction: id });
  await expect(transfer('gbp', 10_000)).rejects.toMatchObject({ param: 'source_transaction' });
  await expect(transfer('usd', 13_001)).rejects.toMatchObject({ param: 'source_transaction' });
  await transfer('usd', 13_000);
  expect(await newest(1)).toEqual(['transfer usd -13000']);
  expect(await newest(1, british)).toEqual(['payment gbp 10000 @0.769231']);
});

describe("the platform's own rates", () => {
  test('M45: are the default ones until some are set, and then those', async () => {
    const before = await admin<FxRates>(server, platform.secret_key, 'GET', '/evenkeel/v1/fx_rates');
    expect(before).toMatchObject({ own: false, rates: { eur: { units: 100, usd: 110 } } });
    const after = await set({ eur: { units: 100, usd: 125 }, kwd: { units: 3, usd: 10 } });
    expect(after).toMatchObject({ own: true, rates: { eur: { units: 100, usd: 125 }, jpy: { units: 150, usd: 1 } } });
    expect(await admin(server, platform.secret_key, 'GET', '/evenkeel/v1/fx_rates')).toEqual(after);
    await stripe.charges.create({ amount: 10_010, currency: 'kwd', source: 'tok_visa' });
    await stripe.charges.create({ amount: 10_000, currency: 'eur', source: 'tok_visa' });
    expect(await newest(2)).toEqual(['charge usd 3337-127 @0.333333', 'charge usd 12500-393 @1.25']);
  });

  test('M9, M45: a capture is converted at the rate of its time', async () => {
    const { id } = await stripe.charges.create({
      amount: 10_000,
      currency: 'eur',
      source: 'tok_visa',
      capture: false,
    });
    await set({ eur: { units: 100, usd: 130 } });
    await stripe.charges.capture(id, { amount: 5000 });
    expect(await newest(1)).toEqual(['charge usd 6500-219 @1.3']);
  });

  test('a wrong row changes nothing', async () => {
    await expect(set({ jpy: { units: 1, usd: 1 }, usd: { units: 2, usd: 1 } })).rejects.toMatchObject({ status: 400 });
    await expect(set({ xyz: { units: 1, usd: 1 } })).rejects.toMatchObject({
      body: { error: { param: 'rates[xyz]' } },
    });
    const { rates } = await admin<FxRates>(server, platform.secret_key, 'GET', '/evenkeel/v1/fx_rates');
    expect(rates.jpy).toEqual({ units: 150, usd: 1 });
  });

  test('M45: a currency without a rate is refused, and leaves nothing', async () => {
    const [before] = await newest(1);
    const payment = stripe.charges.create({ amount: 10_000, currency: 'afn', source: 'tok_visa' });
    await expect(payment).rejects.toMatchObject({
      statusCode: 400,
      param: 'currency',
      message: 'Amounts in afn cannot be converted to usd, because there is no exchange rate between them.',
    });
    expect(await newest(1)).toEqual([before]);
  });
});

test('M7, M45: a transfer of available money is converted on arrival', async () => {
  await stripe.charges.create({ amount: 50_000, currency: 'usd', source: 'tok_bypassPending' });
  await stripe.transfers.create({ amount: 26_000, currency: 'usd', destination: british });
  expect(await newest(1, british)).toEqual(['payment gbp 20000 @0.769231']);
  expect(await newest(1)).toEqual(['transfer usd -26000']);
});

test('M33, M45: an account debit is converted on arrival, and its fee is of what arrives', async () => {
  const german = await createPlatform(server, { country: 'DE', payout_interval: 'manual' });
  const client = stripeFor(server, german);
  const { id: stripeAccount } = await client.accounts.create({
    type: 'custom',
    country: 'GB',
    capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
    tos_acceptance: { date: monday, ip: '192.0.2.1' },
  });
  await client.charges.create({ amount: 20_000, currency: 'gbp', source: 'tok_bypassPending' }, { stripeAccount });
  const debit = await client.transfers.create(
    { amount: 10_000, currency: 'gbp', destination: german.id },
    { stripeAccount },
  );
  expect(debit).toMatchObject({ amount: 10_000, currency: 'gbp' });
  const { data } = await client.balanceTransactions.list({ limit: 2 });
  expect(data).toMatchObject([
    { type: 'stripe_fee', currency: 'eur', amount: -177 },
    { type: 'payment', currency: 'eur', amount: 11_818, exchange_rate: 1.18182 },
  ]);
  const { available } = await client.balance.retrieve();
  expect(available).toMatchObject([{ currency: 'eur', amount: 11_641 }]);
});

test('M46: what was converted settles in its currency', async () => {
  const net = await pendingOf('usd', american);
  expect(net).toBeGreaterThan(0);
  await advanceClock(stripe, platform.test_clock as string, monday + 14 * days);
  const { available, pending } = await stripe.balance.retrieve({}, as(american));
  expect(available.find(({ currency }) => currency === 'usd')?.amount).toBe(net);
  expect(pending.every(({ amount }) => amount === 0)).toBe(true);
});

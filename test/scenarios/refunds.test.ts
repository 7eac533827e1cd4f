/** Money back, through Stripe's own client: refunds, reversals of transfers, application fees given back. */
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stopClean } from '../support/audit.ts';
import { advanceClock, createPlatform, stripeFor, type TestPlatform } from '../support/platform.ts';
import { startServer, type TestServer } from '../support/server.ts';

const monday = 1_772_445_600;
const midnight = 1_772_496_000; // the first start of day after it
const days = 86_400;

let server: TestServer;
let platform: TestPlatform;
let stripe: Stripe;
let seller: string;

beforeAll(async () => {
  server = await startServer();
  platform = await createPlatform(server, { payout_interval: 'manual', test_clock: { frozen_time: monday } });
  stripe = stripeFor(server, platform);
  const account = await stripe.accounts.create({
    type: 'express',
    capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
    settings: { payouts: { schedule: { interval: 'manual' } } },
  });
  seller = account.id;
}, 60_000);

afterAll(() => stopClean(server), 60_000);

async function pay(given: Partial<Stripe.PaymentIntentCreateParams> = {}, account?: string): Promise<Stripe.Charge> {
  const intent = await stripe.paymentIntents.create(
    {
      amount: 10_000,
      currency: 'usd',
      payment_method: 'pm_card_bypassPending',
      confirm: true,
      expand: ['latest_charge'],
      ...given,
    },
    account === undefined ? {} : { stripeAccount: account },
  );
  return intent.latest_charge as Stripe.Charge;
}

const toSeller = () => pay({ application_fee_amount: 1230, transfer_data: { destination: seller } });

/** What a raw request answers; for addresses that Stripe's client has no method for. */
async function raw<T>(method: 'GET' | 'POST', path: string, body = ''): Promise<T> {
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${platform.secret_key}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    ...(method === 'POST' && { body }),
  });
  return (await response.json()) as T;
}

/** The newest event of a type. */
const newest = async (type: string, account?: string): Promise<Stripe.Event> =>
  (await stripe.events.list({ type, limit: 1 }, account === undefined ? {} : { stripeAccount: account })).data[0]!;

describe('a refund that takes the transfer back', () => {
  test('E9 is all there in one answer, and in the lists', async () => {
    const charge = await toSeller();
    const refund = await stripe.refunds.create({
      charge: charge.id,
      amount: 3333,
      reverse_transfer: true,
      refund_application_fee: true,
      expand: ['balance_transaction', 'charge.refunds', 'transfer_reversal.destination_payment_refund'],
    });
    expect(refund.balance_transaction).toMatchObject({ amount: -3333, type: 'refund', source: refund.id });
    expect(refund.charge).toMatchObject({
      amount_refunded: 3333,
      refunded: false,
      destination: seller,
      refunds: { total_count: 1, data: [{ id: refund.id }] },
    });
    const reversal = refund.transfer_reversal as Stripe.TransferReversal;
    expect(reversal).toMatchObject({ amount: 3333, source_refund: refund.id, transfer: charge.transfer });
    expect(reversal.destination_payment_refund).toMatchObject({ object: 'refund', amount: 3333 });

    await stripe.refunds.create({ charge: charge.id, reverse_transfer: true, refund_application_fee: true });
    const transfer = await stripe.transfers.retrieve(charge.transfer as string);
    expect(transfer).toMatchObject({ amount_reversed: 10_000, reversed: true, reversals: { total_count: 2 } });
    expect(transfer.reversals.data[1]).toMatchObject({ id: reversal.id });
    const { data: reversals } = await stripe.transfers.listReversals(transfer.id);
    expect(reversals.map(({ amount }) => amount)).toEqual([6667, 3333]);
    expect(await stripe.transfers.retrieveReversal(transfer.id, reversal.id)).toEqual(transfer.reversals.data[1]);

    const fee = await stripe.applicationFees.retrieve(charge.application_fee as string);
    expect(fee).toMatchObject({ amount_refunded: 1230, refunded: true, refunds: { total_count: 2 } });
    const { data: given } = await stripe.applicationFees.listRefunds(fee.id);
    expect(given.map(({ amount }) => amount)).toEqual([820, 410]);
    expect(await stripe.applicationFees.retrieveRefund(fee.id, given[1]!.id)).toEqual(fee.refunds.data[1]);
    expect((await stripe.refunds.list({ charge: charge.id })).data).toHaveLength(2);
  });

  test('R58 tells the platform, and the seller of its payment', async () => {
    const charge = await toSeller();
    await stripe.refunds.create({ charge: charge.id, reverse_transfer: true });
    const refunded = await newest('charge.refunded');
    expect(refunded.data.object).toMatchObject({ id: charge.id, destination: seller, refunded: true });
    expect(refunded.data.previous_attributes).toEqual({ amount_refunded: 0, refunded: false });
    const reversed = await newest('transfer.reversed');
    expect(reversed.data.object).toMatchObject({ id: charge.transfer, reversed: true });
    expect(reversed.data.previous_attributes).toMatchObject({ amount_reversed: 0, reversed: false });
    const ofPayment = await newest('charge.refunded', seller);
    expect(ofPayment.data.object).toMatchObject({ source_transfer: charge.transfer, refunded: true });
  });
});

describe('old addresses', () => {
  test('of refunds', async () => {
    const { id } = await pay();
    const charge = await raw<Stripe.Charge>('POST', `/v1/charges/${id}/refund`, 'amount=100');
    expect(charge).toMatchObject({ id, object: 'charge', amount_refunded: 100 });
    const refund = await raw<Stripe.Refund>('POST', `/v1/charges/${id}/refunds`, 'amount=200&metadata[a]=b');
    expect(refund).toMatchObject({ object: 'refund', amount: 200 });
    const { data } = await raw<Stripe.ApiList<Stripe.Refund>>('GET', `/v1/charges/${id}/refunds`);
    expect(data.map(({ amount }) => amount)).toEqual([200, 100]);
    expect(await raw('GET', `/v1/charges/${id}/refunds/${refund.id}`)).toEqual(refund);
    expect(await raw('POST', `/v1/charges/${id}/refunds/${refund.id}`, 'metadata[a]=c')).toMatchObject({
      metadata: { a: 'c' },
    });
    expect(await raw('GET', `/v1/charges/ch_none/refunds/${refund.id}`)).toMatchObject({
      error: { code: 'resource_missing', message: `No such refund: '${refund.id}'` },
    });
    expect(await raw('GET', '/v1/charges/ch_none/refunds')).toMatchObject({ error: { param: 'id' } });
  });

  test('of application fees', async () => {
    const { application_fee } = await toSeller();
    expect(await raw('POST', `/v1/application_fees/${application_fee}/refund`, 'amount=30')).toMatchObject({
      object: 'application_fee',
      amount_refunded: 30,
      refunds: { data: [{ amount: 30 }] },
    });
  });
});

test('labels change, and nothing is canceled', async () => {
  const charge = await toSeller();
  const refund = await stripe.refunds.create({ charge: charge.id, amount: 100, reverse_transfer: true });
  expect(await stripe.refunds.update(refund.id, { metadata: { order: '1' } })).toMatchObject({
    metadata: { order: '1' },
  });
  const reversal = await stripe.transfers.updateReversal(
    charge.transfer as string,
    refund.transfer_reversal as string,
    {
      metadata: { order: '1' },
    },
  );
  expect((await stripe.transfers.retrieve(charge.transfer as string)).reversals.data).toEqual([reversal]);
  const given = await stripe.applicationFees.createRefund(charge.application_fee as string, { amount: 1 });
  await stripe.applicationFees.updateRefund(charge.application_fee as string, given.id, { metadata: { order: '1' } });
  expect((await newest('application_fee.refund.updated')).data.object).toMatchObject({ metadata: { order: '1' } });
  await expect(stripe.refunds.cancel(refund.id)).rejects.toMatchObject({
    statusCode: 400,
    message: 'Canceling this refund is unsupported.',
  });
});

test('a refund asked for twice with one key happens once', async () => {
  const { id } = await pay();
  const ask = () => stripe.refunds.create({ charge: id, amount: 4000 }, { idempotencyKey: 'refund-once' });
  expect((await ask()).id).toBe((await ask()).id);
  expect(await stripe.charges.retrieve(id)).toMatchObject({ amount_refunded: 4000 });
});

describe('what is refused', () => {
  test.each([
    ['no charge at all', {}, 400, 'parameter_missing', undefined],
    ['X6 an unknown charge', { charge: 'ch_none' }, 404, 'resource_missing', 'id'],
    ['an unknown intent', { payment_intent: 'pi_none' }, 400, 'resource_missing', 'payment_intent'],
  ])('%s', async (_, params, statusCode, code, param) => {
    const refusal = stripe.refunds.create(params);
    await expect(refusal).rejects.toMatchObject({ statusCode, code });
    await expect(refusal).rejects.toHaveProperty('param', param);
  });

  test('a reason that is none, and R61 a parameter of another route', async () => {
    const charge = await toSeller();
    await expect(stripe.refunds.create({ charge: charge.id, reason: 'because' as never })).rejects.toMatchObject({
      param: 'reason',
      message: 'Invalid reason: must be one of duplicate, fraudulent, or requested_by_customer',
    });
    const reversal = stripe.transfers.createReversal(charge.transfer as string, { reverse_transfer: true } as never);
    await expect(reversal).rejects.toMatchObject({ code: 'parameter_unknown', param: 'reverse_transfer' });
  });
});

// These move the clock for all, so they come last.
describe('the bank answers at the next start of day', () => {
  test('M14, R67 refunds that fail, and refunds that take their time', async () => {
    const failing = await pay({ payment_method: 'pm_card_refundFail' });
    const slow = await pay({ payment_method: 'pm_card_pendingRefund' });
    const failed = await stripe.refunds.create({ payment_intent: failing.payment_intent as string });
    const taken = await stripe.refunds.create({ payment_intent: slow.payment_intent as string });
    expect([failed.status, taken.status, taken.pending_reason]).toEqual(['succeeded', 'pending', 'processing']);

    await advanceClock(stripe, platform.test_clock!, midnight);
    const after = await stripe.refunds.retrieve(failed.id, { expand: ['failure_balance_transaction'] });
    expect(after).toMatchObject({
      status: 'failed',
      failure_reason: 'expired_or_canceled_card',
      failure_balance_transaction: { type: 'refund_failure', amount: 10_000, source: failed.id },
    });
    expect(await stripe.charges.retrieve(failing.id)).toMatchObject({ amount_refunded: 0, refunded: false });
    expect((await newest('refund.failed')).data.object).toMatchObject({ id: failed.id });
    const succeeded = await stripe.refunds.retrieve(taken.id);
    expect(succeeded.status).toBe('succeeded');
    expect(succeeded).not.toHaveProperty('pending_reason');
  });

  test('R66 refunds wait for funds, day after day, the oldest first', async () => {
    const { id } = await stripe.accounts.create({
      type: 'express',
      capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
      settings: { payouts: { schedule: { interval: 'manual' } } },
    });
    const as = { stripeAccount: id };
    const charge = await pay({ application_fee_amount: 5000 }, id);
    // Of the 100.00 it got 46.80: it is below zero, and has no bank account that could be debited.
    await stripe.refunds.create({ charge: charge.id, amount: 5000 }, as);

    const big = await stripe.refunds.create({ charge: charge.id, amount: 3000 }, as);
    const small = await stripe.refunds.create({ charge: charge.id, amount: 500 }, as);
    expect([big.status, small.status]).toEqual(['pending', 'pending']);
    expect(big).toMatchObject({ pending_reason: 'insufficient_funds', balance_transaction: null });
    expect((await stripe.balance.retrieve({}, as)).available[0]!.amount).toBe(-320);
    await pay();
    await stripe.transfers.create({ amount: 920, currency: 'usd', destination: id });

    await advanceClock(stripe, platform.test_clock!, midnight + days);
    expect((await stripe.refunds.retrieve(small.id, {}, as)).status).toBe('succeeded');
    expect((await stripe.refunds.retrieve(big.id, {}, as)).status).toBe('pending');
    await stripe.transfers.create({ amount: 2900, currency: 'usd', destination: id });
    await advanceClock(stripe, platform.test_clock!, midnight + 2 * days);
    const paid = await stripe.refunds.retrieve(big.id, { expand: ['balance_transaction'] }, as);
    expect(paid).toMatchObject({
      status: 'succeeded',
      balance_transaction: { amount: -3000, available_on: midnight + 2 * days, created: midnight + 2 * days },
    });
    expect((await stripe.balance.retrieve({}, as)).available[0]!.amount).toBe(0);
  });
});

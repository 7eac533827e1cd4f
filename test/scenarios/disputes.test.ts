/** Disputes through Stripe's own client: by hand, by card, with evidence, and by the clock. */
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stopClean } from '../support/audit.ts';
import { admin, advanceClock, createPlatform, stripeFor, type TestPlatform } from '../support/platform.ts';
import { startServer, type TestServer } from '../support/server.ts';

const monday = 1_772_445_600;
const days = 86_400;

let server: TestServer;
let platform: TestPlatform;
let stripe: Stripe;
let seller: string;

beforeAll(async () => {
  server = await startServer();
  platform = await createPlatform(server, { test_clock: { frozen_time: monday } });
  stripe = stripeFor(server, platform);
  const account = await stripe.accounts.create({
    type: 'express',
    capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
  });
  seller = account.id;
}, 60_000);

afterAll(() => stopClean(server), 60_000);

async function pay(
  payment_method: string,
  params: Partial<Stripe.PaymentIntentCreateParams> = {},
  options: Stripe.RequestOptions = {},
): Promise<Stripe.Charge> {
  const intent = await stripe.paymentIntents.create(
    { amount: 10_000, currency: 'usd', payment_method, confirm: true, expand: ['latest_charge'], ...params },
    options,
  );
  return intent.latest_charge as Stripe.Charge;
}

const dispute = (body: object, key = platform.secret_key) =>
  admin<Stripe.Dispute>(server, key, 'POST', '/evenkeel/v1/disputes', body);

/** Types of events since `after`, oldest first. */
async function eventsSince(after: string | undefined, options: Stripe.RequestOptions = {}): Promise<string[]> {
  const { data } = await stripe.events.list({ limit: 100, ...(after && { ending_before: after }) }, options);
  return data.map(({ type }) => type).reverse();
}
const lastEvent = async (options: Stripe.RequestOptions = {}) =>
  (await stripe.events.list({ limit: 1 }, options)).data[0]?.id;

describe('a chargeback by hand', () => {
  test('R166, R201, R203 tells what a platform needs to recover it', async () => {
    const charge = await pay('pm_card_bypassPending', {
      application_fee_amount: 1230,
      transfer_data: { destination: seller },
    });
    const before = await lastEvent();
    const opened = await dispute({ charge: charge.id, reason: 'product_not_received' });
    expect(await eventsSince(before)).toEqual([
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'charge.updated',
    ]);
    expect(opened).toMatchObject({ amount: 10_000, reason: 'product_not_received', status: 'needs_response' });
    const [row] = opened.balance_transactions;
    expect(row).toMatchObject({ amount: -10_000, fee: 1500, net: -11_500, type: 'adjustment', source: opened.id });
    expect({ ...(await stripe.balanceTransactions.retrieve(row?.id ?? '')) }).toEqual(row);
    expect(await stripe.charges.retrieve(charge.id)).toMatchObject({ destination: seller, disputed: true });

    const listed = await stripe.disputes.list({ charge: charge.id });
    expect(listed.data.map(({ id }) => id)).toEqual([opened.id]);
    await expect(stripe.disputes.list({ charge: 'ch_unknown' })).rejects.toMatchObject({
      statusCode: 400,
      code: 'resource_missing',
      param: 'charge',
    });
    const expanded = await stripe.disputes.retrieve(opened.id, { expand: ['charge', 'payment_intent'] });
    expect(expanded.charge).toMatchObject({ id: charge.id, disputed: true });
    expect(expanded.payment_intent).toMatchObject({ object: 'payment_intent' });
  });

  test('of a direct charge is the seller’s, and is found by the header or without it', async () => {
    const options = { stripeAccount: seller };
    const charge = await pay('pm_card_bypassPending', {}, options);
    await expect(dispute({ charge: charge.id, account: platform.id })).rejects.toMatchObject({ status: 400 });
    const opened = await dispute({ charge: charge.id, account: seller, amount: 4000 });
    expect(opened.balance_transactions[0]).toMatchObject({ amount: -4000, net: -5500 });
    await expect(stripe.disputes.retrieve(opened.id)).rejects.toMatchObject({ statusCode: 404, param: 'dispute' });
    expect(await stripe.disputes.retrieve(opened.id, {}, options)).toMatchObject({ id: opened.id });
    const closed = await stripe.disputes.close(opened.id, {}, options);
    expect(closed).toMatchObject({ status: 'lost', evidence_details: { due_by: null } });
    await expect(stripe.disputes.close(opened.id, {}, options)).rejects.toMatchObject({
      message: 'This dispute is already closed',
    });
  });
});

describe('evidence', () => {
  test('R173 that wins brings the money back at once', async () => {
    const charge = await pay('pm_card_bypassPending');
    const { id } = await dispute({ charge: charge.id });
    const before = await lastEvent();
    const staged = await stripe.disputes.update(id, { evidence: { customer_name: 'Jenny' }, submit: false });
    expect(staged).toMatchObject({ status: 'needs_response', evidence: { customer_name: 'Jenny', receipt: null } });
    const won = await stripe.disputes.update(id, { evidence: { uncategorized_text: 'winning_evidence' } });
    expect(won).toMatchObject({ status: 'won', evidence_details: { submission_count: 1 } });
    expect(won.balance_transactions.map(({ net }) => net)).toEqual([-11_500, 10_000]);
    expect(await eventsSince(before)).toEqual([
      'charge.dispute.updated',
      'charge.dispute.updated',
      'charge.dispute.funds_reinstated',
      'charge.dispute.closed',
    ]);
  });

  test('X4, X7 is refused when it is unknown, or a file that is not there', async () => {
    const charge = await pay('pm_card_bypassPending');
    const { id } = await dispute({ charge: charge.id });
    const unknown = { evidence: { magic: 'x' } } as unknown as Stripe.DisputeUpdateParams;
    await expect(stripe.disputes.update(id, unknown)).rejects.toMatchObject({
      code: 'parameter_unknown',
      param: 'evidence[magic]',
    });
    await expect(stripe.disputes.update(id, { evidence: { receipt: 'file_1' } })).rejects.toMatchObject({
      statusCode: 400,
      code: 'resource_missing',
      param: 'evidence[receipt]',
    });
  });

  test('old clients go by the charge', async () => {
    const charge = await pay('pm_card_bypassPending');
    const path = `/v1/charges/${charge.id}/dispute`;
    await expect(stripe.rawRequest('GET', path)).rejects.toMatchObject({ statusCode: 404 });
    const { id } = await dispute({ charge: charge.id });
    expect(await stripe.rawRequest('GET', path)).toMatchObject({ id, status: 'needs_response' });
    expect(await stripe.rawRequest('POST', path, { evidence: { service_date: 'May' } })).toMatchObject({
      id,
      status: 'under_review',
    });
    expect(await stripe.rawRequest('POST', `${path}/close`)).toMatchObject({ id, status: 'lost' });
  });
});

test('R168 what the bank decides can be told by hand', async () => {
  const charge = await pay('pm_card_bypassPending');
  const { id } = await dispute({ charge: charge.id, inquiry: true });
  const decide = (outcome: string) =>
    admin<Stripe.Dispute>(server, platform.secret_key, 'POST', `/evenkeel/v1/disputes/${id}/decide`, { outcome });
  expect(await decide('escalated')).toMatchObject({
    status: 'needs_response',
    balance_transactions: [{ net: -11_500 }],
  });
  expect(await decide('won')).toMatchObject({ status: 'won', balance_transactions: [{}, { net: 10_000 }] });
  await expect(decide('lost')).rejects.toMatchObject({ status: 400 });
});

describe('cards whose bank disputes', () => {
  test('do it within the confirmation', async () => {
    const before = await lastEvent();
    const charge = await pay('pm_card_createDispute');
    expect(charge.disputed).toBe(true);
    expect(await eventsSince(before)).toEqual([
      'payment_intent.created',
      'charge.succeeded',
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'payment_intent.succeeded',
    ]);
    const { data } = await stripe.disputes.list({ payment_intent: charge.payment_intent as string });
    expect(data).toMatchObject([{ charge: charge.id, reason: 'fraudulent' }]);
  });

  test('R175 may do it twice, and when an authorisation is captured', async () => {
    const twice = await pay('pm_card_createMultipleDisputes');
    const { data } = await stripe.disputes.list({ charge: twice.id });
    expect(data.map(({ amount }) => amount)).toEqual([5000, 5000]);
    const held = await pay('pm_card_createDisputeInquiry', { capture_method: 'manual' });
    expect((await stripe.disputes.list({ charge: held.id })).data).toEqual([]);
    await stripe.paymentIntents.capture(held.payment_intent as string);
    expect((await stripe.disputes.list({ charge: held.id })).data).toMatchObject([
      { status: 'warning_needs_response', is_charge_refundable: true, balance_transactions: [] },
    ]);
  });
});

test('R174, R176, M20 the clock: pending rows settle, the unanswered is lost, the inquiry ends', async () => {
  const own = await createPlatform(server, { test_clock: { frozen_time: monday } });
  const client = stripeFor(server, own);
  const clock = own.test_clock as string;
  const charge = await client.charges.create({ amount: 10_000, currency: 'usd', source: 'tok_visa' });
  const pending = await dispute({ charge: charge.id }, own.secret_key);
  const inquiry = await dispute({ charge: charge.id, inquiry: true }, own.secret_key);
  expect(pending.balance_transactions).toMatchObject([{ status: 'pending', available_on: monday - 36_000 + 2 * days }]);
  await advanceClock(client, clock, monday + 2 * days);

  expect((await client.disputes.retrieve(pending.id)).balance_transactions).toMatchObject([{ status: 'available' }]);
  expect((await client.disputes.list()).data[1]?.balance_transactions).toMatchObject([{ status: 'available' }]);
  const { data: rows } = await client.balanceTransactions.list({ type: 'adjustment', expand: ['data.source'] });
  expect(rows[0]?.source).toMatchObject({ id: pending.id, balance_transactions: [{ status: 'available' }] });
  const { data: told } = await client.events.list({ type: 'charge.dispute.funds_withdrawn' });
  // An event tells what was so then.
  expect(told[0]?.data.object).toMatchObject({ balance_transactions: [{ status: 'pending' }] });

  await advanceClock(client, clock, (pending.evidence_details.due_by as number) - 1);
  expect(await client.disputes.retrieve(pending.id)).toMatchObject({ status: 'needs_response' });
  await advanceClock(client, clock, monday + 30 * days);
  expect(await client.disputes.retrieve(pending.id)).toMatchObject({ status: 'lost' });
  const lastClosed = async () => (await client.events.list({ type: 'charge.dispute.closed', limit: 1 })).data[0];
  expect(await lastClosed()).toMatchObject({ created: pending.evidence_details.due_by });
  await advanceClock(client, clock, monday + 120 * days);
  expect(await client.disputes.retrieve(inquiry.id)).toMatchObject({ status: 'warning_closed' });
  expect(await lastClosed()).toMatchObject({ created: monday + 120 * days });
});

test('asked twice under one key, it happens once', async () => {
  const charge = await pay('pm_card_bypassPending');
  const request = () =>
    fetch(`${server.url}/evenkeel/v1/disputes`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${platform.secret_key}`,
        'content-type': 'application/json',
        'idempotency-key': 'dispute-once',
      },
      body: JSON.stringify({ charge: charge.id }),
    }).then((response) => response.text());
  expect(await request()).toBe(await request());
  expect((await stripe.disputes.list({ charge: charge.id })).data).toHaveLength(1);
});

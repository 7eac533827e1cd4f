/** Card payments through Stripe's own client: what is born with them, and how authorisations end. */
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stopClean } from '../support/audit.ts';
import { advanceClock, createPlatform, stripeFor, type TestPlatform } from '../support/platform.ts';
import { startServer, type TestServer } from '../support/server.ts';

const monday = 1_772_445_600;
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

/** Types of the events since `before`, oldest first. */
async function eventsSince(before: readonly Stripe.Event[], account?: string): Promise<string[]> {
  const { data } = await stripe.events.list({ limit: 100 }, account === undefined ? {} : { stripeAccount: account });
  const known = new Set(before.map(({ id }) => id));
  return data
    .filter(({ id }) => !known.has(id))
    .map(({ type }) => type)
    .reverse();
}
const eventsNow = async () => (await stripe.events.list({ limit: 100 })).data;

describe('a destination charge', () => {
  test('is all there in one answer', async () => {
    const before = await eventsNow();
    const intent = await stripe.paymentIntents.create({
      amount: 10_000,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      confirm: true,
      application_fee_amount: 1230,
      transfer_data: { destination: seller },
      expand: [
        'latest_charge.balance_transaction',
        'latest_charge.transfer',
        'latest_charge.application_fee',
        'payment_method',
      ],
    });
    const charge = intent.latest_charge as Stripe.Charge;
    expect(charge.balance_transaction).toMatchObject({ amount: 10_000, fee: 320, net: 9680, source: charge.id });
    expect(charge.transfer).toMatchObject({ amount: 10_000, source_transaction: charge.id });
    expect(charge.application_fee).toMatchObject({ amount: 1230, account: seller, originating_transaction: charge.id });
    expect(intent.payment_method).toMatchObject({ object: 'payment_method', type: 'card' });
    expect(await eventsSince(before)).toEqual([
      'payment_intent.created',
      'charge.succeeded',
      'transfer.created',
      'application_fee.created',
      'payment_intent.succeeded',
    ]);

    const { data: fees } = await stripe.applicationFees.list({ limit: 1 });
    const [fee] = fees;
    expect(fee).toMatchObject({ amount: 1230, account: seller });
    const payment = await stripe.charges.retrieve(fee?.charge as string, {}, { stripeAccount: seller });
    expect(payment).toMatchObject({ amount: 10_000, application_fee: fee?.id, source: { object: 'account' } });
    const group = await stripe.charges.list({ transfer_group: charge.transfer_group as string });
    expect(group.data.map(({ id }) => id)).toEqual([charge.id]);
    const byIntent = await stripe.charges.list({ payment_intent: intent.id });
    expect(byIntent.data.map(({ id }) => id)).toEqual([charge.id]);
  });

  test('may be asked for in the spelling of old guides', async () => {
    const params = { amount: 2000, currency: 'usd', source: 'tok_visa', destination: { account: seller, amount: 500 } };
    const charge = await stripe.charges.create(params as unknown as Stripe.ChargeCreateParams);
    expect(charge.transfer_data).toEqual({ amount: 500, destination: seller });
    const plain = { amount: 2000, currency: 'usd', source: 'tok_visa', destination: seller };
    const whole = await stripe.charges.create(plain as unknown as Stripe.ChargeCreateParams);
    expect(whole).toMatchObject({ transfer_data: { amount: null, destination: seller }, destination: seller });
  });
});

describe('a charge', () => {
  test('of a token made from a card, once', async () => {
    const token = await stripe.tokens.create({
      card: { number: '4242424242424242', exp_month: '12', exp_year: '2030', cvc: '123' },
    });
    const charge = await stripe.charges.create({ amount: 1000, currency: 'usd', source: token.id });
    expect(charge.source).toMatchObject({ id: token.card?.id, object: 'card' });
    await expect(stripe.charges.create({ amount: 1000, currency: 'usd', source: token.id })).rejects.toMatchObject({
      code: 'token_already_used',
    });
    const changed = await stripe.charges.update(charge.id, { metadata: { order: '7' }, description: 'Order 7' });
    expect(changed).toMatchObject({ metadata: { order: '7' }, description: 'Order 7' });
  });

  test('that is declined is kept', async () => {
    const error = await stripe.charges
      .create({ amount: 1000, currency: 'usd', source: 'tok_chargeDeclined' })
      .then(() => null)
      .catch((thrown: Stripe.errors.StripeCardError) => thrown);
    expect(error).toMatchObject({ type: 'StripeCardError', code: 'card_declined' });
    const failed = await stripe.charges.retrieve(error?.charge as string);
    expect(failed).toMatchObject({ status: 'failed', paid: false, balance_transaction: null });
  });
});

describe('a payment intent', () => {
  test('goes from creation over a decline to success', async () => {
    const { id } = await stripe.paymentIntents.create({ amount: 1000, currency: 'usd' });
    const declined = await stripe.paymentIntents
      .confirm(id, { payment_method: 'pm_card_chargeDeclined' })
      .catch((thrown: Stripe.errors.StripeCardError) => thrown as unknown as { payment_intent: Stripe.PaymentIntent });
    expect((declined as { payment_intent: Stripe.PaymentIntent }).payment_intent).toMatchObject({
      id,
      status: 'requires_payment_method',
      last_payment_error: { code: 'card_declined', payment_method: { object: 'payment_method' } },
    });
    const method = await stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_mastercard' } });
    const updated = await stripe.paymentIntents.update(id, { payment_method: method.id, amount: 2000 });
    expect(updated).toMatchObject({ status: 'requires_confirmation', amount: 2000 });
    const paid = await stripe.paymentIntents.confirm(id);
    expect(paid).toMatchObject({ status: 'succeeded', amount_received: 2000, last_payment_error: null });
    await expect(stripe.paymentIntents.cancel(id)).rejects.toMatchObject({
      code: 'payment_intent_unexpected_state',
      payment_intent: { id, status: 'succeeded' },
    });
  });

  test('waits for a customer whose bank asks for one', async () => {
    const asking = { amount: 1000, currency: 'usd', payment_method: 'pm_card_threeDSecure2Required', confirm: true };
    const intent = await stripe.paymentIntents.create(asking);
    expect(intent).toMatchObject({ status: 'requires_action', latest_charge: null });
    await expect(stripe.paymentIntents.create({ ...asking, off_session: true })).rejects.toMatchObject({
      code: 'authentication_required',
    });
  });
});

describe('an authorisation', () => {
  const authorise = (more: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
    stripe.paymentIntents.create({
      amount: 10_000,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      capture_method: 'manual',
      confirm: true,
      ...more,
    });
  const chargeOf = (intent: Stripe.PaymentIntent) =>
    stripe.charges.retrieve(intent.latest_charge as string, { expand: ['refunds'] });

  test('is captured in part, and the rest is released', async () => {
    const intent = await authorise();
    expect(intent).toMatchObject({ status: 'requires_capture', amount_capturable: 10_000 });
    const captured = await stripe.paymentIntents.capture(intent.id, { amount_to_capture: 4000 });
    expect(captured).toMatchObject({ status: 'succeeded', amount_received: 4000, amount_capturable: 0 });
    const charge = await chargeOf(captured);
    expect(charge).toMatchObject({ amount: 10_000, amount_captured: 4000, amount_refunded: 6000, refunded: false });
    expect(charge.refunds?.data).toMatchObject([{ amount: 6000, balance_transaction: null, status: 'succeeded' }]);
    const { data } = await stripe.refunds.list({ charge: charge.id });
    expect(data.map(({ id }) => id)).toEqual(charge.refunds?.data.map(({ id }) => id));
  });

  test('is canceled, and all of it is released', async () => {
    const intent = await authorise();
    const canceled = await stripe.paymentIntents.cancel(intent.id, { cancellation_reason: 'abandoned' });
    expect(canceled).toMatchObject({ status: 'canceled', cancellation_reason: 'abandoned' });
    expect(await chargeOf(intent)).toMatchObject({ refunded: true, amount_refunded: 10_000, captured: false });
  });

  test('made as a charge is captured as a charge', async () => {
    const { id } = await stripe.charges.create({ amount: 1000, currency: 'usd', source: 'tok_visa', capture: false });
    const captured = await stripe.charges.capture(id);
    expect(captured).toMatchObject({ captured: true, amount_captured: 1000 });
    await expect(stripe.charges.capture(id)).rejects.toMatchObject({ code: 'charge_already_captured' });
  });

  test('runs out after seven days', async () => {
    const intent = await authorise();
    const alone = await stripe.charges.create({ amount: 1000, currency: 'usd', source: 'tok_visa', capture: false });
    const { created } = intent;
    await advanceClock(stripe, platform.test_clock as string, created + 7 * days - 1);
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe('requires_capture');
    const before = await eventsNow();
    await advanceClock(stripe, platform.test_clock as string, created + 7 * days + 1);
    expect(await stripe.paymentIntents.retrieve(intent.id)).toMatchObject({
      status: 'canceled',
      cancellation_reason: 'automatic',
      canceled_at: created + 7 * days,
    });
    expect(await chargeOf(intent)).toMatchObject({
      refunded: true,
      refunds: { data: [{ reason: 'expired_uncaptured_charge' }] },
    });
    await expect(stripe.charges.capture(alone.id)).rejects.toMatchObject({ code: 'charge_expired_for_capture' });
    const events = await eventsSince(before);
    expect(events.filter((type) => !type.startsWith('test_helpers'))).toEqual([
      'charge.expired',
      'payment_intent.canceled',
      'charge.expired',
    ]);
  });
});

test('a direct charge has its fee on the platform', async () => {
  const charge = await stripe.charges.create(
    {
      amount: 10_000,
      currency: 'usd',
      source: 'tok_visa',
      application_fee_amount: 1230,
      expand: ['balance_transaction'],
    },
    { stripeAccount: seller },
  );
  expect(charge.application).toMatch(/^ca_/);
  const row = charge.balance_transaction as Stripe.BalanceTransaction;
  expect(row.fee_details.map(({ amount, type }) => [type, amount])).toEqual([
    ['application_fee', 1230],
    ['stripe_fee', 320],
  ]);
  const fee = await stripe.applicationFees.retrieve(charge.application_fee as string);
  expect(fee).toMatchObject({ account: seller, amount: 1230, charge: charge.id, originating_transaction: null });
});

/** What owners of accounts are told by e-mail, through a real SMTP server, with the server's parts put together in this process. */
import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { buildServer } from '../../src/api/server.ts';
import { Engine } from '../../src/engine/engine.ts';
import { accounts } from '../../src/features/accounts/object.ts';
import { lineView } from '../../src/features/balance-transactions/view.ts';
import { composerWith } from '../../src/features/notifications/compose.ts';
import { type Founded, foundPlatform } from '../../src/features/platforms/found.ts';
import { secretsOf } from '../../src/features/platforms/secrets.ts';
import { followThrough } from '../../src/features/standing/follow.ts';
import { birthClockId } from '../../src/features/test-clocks/object.ts';
import { type MailResult, smtpMailer } from '../../src/notifications/mailer.ts';
import { type NotificationOptions, type Notifications, startNotifications } from '../../src/notifications/worker.ts';
import { featuresWith, jobsOf, kindsOf } from '../../src/registry.ts';
import { PostgresContents } from '../../src/store/postgres/contents.ts';
import { PostgresDeliveries } from '../../src/store/postgres/deliveries.ts';
import { PostgresOutbox } from '../../src/store/postgres/outbox.ts';
import { PostgresStore } from '../../src/store/postgres/postgres.ts';
import { createDatabase, databaseUrl, dropDatabase } from '../support/database.ts';
import { until } from '../webhooks/receiver.ts';
import { PostOffice } from './post-office.ts';

const monday = 1_772_445_600;
const days = 86_400;
const from = 'Evenkeel <no-reply@platform.example>';
const postgres = inject('postgres');
const database = `notifications_${process.pid}`;
const url = databaseUrl(postgres, database);
const secrets = secretsOf({ adminKey: 'admin', deterministicSeed: 1 });
let store: PostgresStore;
let deliveries: PostgresDeliveries;
let outbox: PostgresOutbox;
let engine: Engine;
let app: ReturnType<typeof buildServer>;
let port: number;
let office: PostOffice;
let platform: Founded;
let clock: string;
let stripe: Stripe;
let seller: string;
const workers: Notifications[] = [];

beforeAll(async () => {
  await createDatabase(postgres, database);
  store = new PostgresStore({ url });
  deliveries = new PostgresDeliveries({ url });
  outbox = new PostgresOutbox(store.pool);
  const contents = new PostgresContents(store.pool);
  const features = featuresWith(secrets, deliveries, {
    contents,
    fileBytesMax: 1_000_000,
    outbox,
    webhooksPrivate: true,
  });
  engine = new Engine({ store, kinds: kindsOf(features), jobs: jobsOf(features), complete: followThrough });
  app = buildServer({
    engine,
    store: store.reader,
    keys: store,
    books: store,
    features,
    accountsKind: accounts,
    accountAccess: () => true,
    lineView,
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  port = (app.server.address() as AddressInfo).port;
});
afterAll(async () => {
  await app.close();
  await engine.stop();
  await deliveries.close();
  await store.close();
  await dropDatabase(postgres, database);
});

beforeEach(async () => {
  office = await PostOffice.open();
  const asked = { test_clock: { frozen_time: monday }, application_name: 'Jenny’s Market' };
  platform = await foundPlatform({ engine, books: store, keys: store, secrets }, asked, {
    id: null,
    idempotency: null,
  });
  clock = birthClockId((await store.findKey(hashOf(platform.secret)))?.book ?? 0);
  stripe = new Stripe(platform.secret, { protocol: 'http', host: '127.0.0.1', port, maxNetworkRetries: 0 });
  seller = (await account('rosen@example.com')).id;
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
  await office.close();
});

const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex');

const banks = {
  US: { country: 'US', currency: 'usd', routing_number: '110000000' },
  CA: { country: 'CA', currency: 'cad', routing_number: '11000-000' },
};

const account = (email?: string, country: keyof typeof banks = 'US', hasBank = true) =>
  stripe.accounts.create({
    type: 'custom',
    country,
    ...(email !== undefined && { email }),
    business_profile: { name: 'Rosen' },
    capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
    tos_acceptance: { date: monday, ip: '127.0.0.1' },
    settings: { payouts: { schedule: { interval: 'manual' }, debit_negative_balances: true } },
    ...(hasBank && {
      external_account: {
        object: 'bank_account',
        ...banks[country],
        account_number: '000123456789',
      } as unknown as string,
    }),
  });

function work(options: Partial<NotificationOptions> = {}): Notifications {
  const worker = startNotifications({
    outbox,
    journal: deliveries,
    composer: composerWith(store.reader),
    mailer: smtpMailer({ url: office.url, from }),
    pollMs: 30,
    pausesMs: [30, 30, 30],
    onError: (error) => console.error(error),
    ...options,
  });
  workers.push(worker);
  return worker;
}

const ask = async (method: string, path: string, body?: object) => {
  const response = await fetch(`http://127.0.0.1:${port}/evenkeel/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${platform.secret}` },
    ...(body && { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: an answer of any form
  return (await response.json()) as any;
};
const enable = (enabled = true) => ask('POST', 'notifications', { enabled });
const listed = async (query = '') =>
  (await ask('GET', `outbox${query}`)).data as readonly { [name: string]: unknown }[];
const letters = async (count: number) => {
  await until(() => office.letters.length >= count);
  return office.letters;
};

const pay = (params: Partial<Stripe.ChargeCreateParams> = {}, options: Stripe.RequestOptions = {}) =>
  stripe.charges.create({ amount: 10_000, currency: 'usd', source: 'tok_bypassPending', ...params }, options);
const sale = () => pay({ application_fee_amount: 1230, transfer_data: { destination: seller } });

async function advance(to: number) {
  await stripe.testHelpers.testClocks.advance(clock, { frozen_time: to });
  await until(async () => (await stripe.testHelpers.testClocks.retrieve(clock)).status === 'ready');
}

describe('the setting', () => {
  test('R200 is off until somebody sets it', async () => {
    expect(await ask('GET', 'notifications')).toEqual({ object: 'notification_settings', enabled: false });
    expect(await enable()).toEqual({ object: 'notification_settings', enabled: true });
    expect(await ask('GET', 'notifications')).toMatchObject({ enabled: true });
    expect(await enable(false)).toMatchObject({ enabled: false });
    expect(await enable()).toMatchObject({ enabled: true });
  });

  test('what happens while it is off is told nobody, later neither', async () => {
    const refund = async () =>
      stripe.refunds.create({ charge: (await sale()).id, reverse_transfer: true, amount: 100 });
    await refund();
    await enable();
    const told = await refund();
    await enable(false);
    await refund();
    await enable();
    work();
    const last = await refund();
    await letters(1);
    await new Promise((resolve) => setTimeout(resolve, 200));
    // Whatever was not looked at when it was switched off is passed over.
    expect(office.letters.map(({ text }) => text.match(/ch_\w+/)?.[0])).toEqual([last.charge]);
    expect(told.charge).not.toBe(last.charge);
  });
});

describe('the owner of an account is told of', () => {
  beforeEach(async () => {
    await enable();
    work();
  });

  test('R200 a refund that was taken from the account', async () => {
    const charge = await sale();
    await stripe.refunds.create({
      charge: charge.id,
      amount: 5000,
      reverse_transfer: true,
      reason: 'requested_by_customer',
    });
    const [letter] = await letters(1);
    expect(letter).toMatchObject({
      from: 'no-reply@platform.example',
      to: ['rosen@example.com'],
      subject: '$50.00 (USD) was returned for a refund',
    });
    expect(letter?.text).toBe(`Hello Rosen,

Jenny’s Market refunded a customer. Your share of the payment, $50.00 (USD), was taken from your balance.

Reason: the customer asked for it.

Payment: ${charge.id}

Account: ${seller}
This message was sent for Jenny’s Market.
`);
    await until(async () => (await listed('?status=sent')).length === 1);
    expect(await listed()).toMatchObject([
      {
        object: 'message',
        account: seller,
        attempts: 1,
        error: null,
        event_type: 'refund.created',
        next_attempt: null,
        status: 'sent',
        to: 'rosen@example.com',
      },
    ]);
  });

  test('a refund that the platform bears is no affair of theirs', async () => {
    await stripe.refunds.create({ charge: (await sale()).id });
    await stripe.refunds.create({ charge: (await sale()).id, reverse_transfer: true });
    expect(await letters(1)).toHaveLength(1);
  });

  test('R200, R202 a dispute, with its fee; an inquiry, which moves nothing', async () => {
    const ours = await sale();
    await ask('POST', 'disputes', { charge: ours.id, reason: 'product_not_received' });
    const [first] = await letters(1);
    expect(first?.subject).toBe('A payment of $100.00 (USD) is disputed');
    expect(first?.text).toContain('The amount was taken from Jenny’s Market, which may take it back from you.');
    expect(first?.text).toContain('Dispute fee: $15.00 (USD), paid by Jenny’s Market.');
    expect(first?.text).toContain('Reason: product not received.');
    expect(first?.text).toContain(`Payment: ${ours.id}`);

    const theirs = await pay({}, { stripeAccount: seller });
    await ask('POST', 'disputes', { charge: theirs.id });
    const [, second] = await letters(2);
    expect(second?.text).toContain('The amount was taken from your balance until the bank decides.');

    await ask('POST', 'disputes', { charge: (await sale()).id, inquiry: true });
    const [, , third] = await letters(3);
    expect(third?.subject).toBe('A bank asks about a payment of $100.00 (USD)');
    expect(third?.text).toContain('No money has moved.');
    expect(third?.text).not.toContain('fee');
  });

  test('R200 an account debit, in either form', async () => {
    await pay({}, { stripeAccount: seller });
    const self = (await stripe.accounts.retrieveCurrent()).id;
    await stripe.transfers.create(
      { amount: 1500, currency: 'usd', destination: self, description: 'Chargeback fee' },
      { stripeAccount: seller },
    );
    await stripe.charges.create({ amount: 700, currency: 'usd', source: seller });
    const [transfer, charge] = await letters(2);
    expect(transfer?.subject).toBe('Jenny’s Market debited $15.00 (USD)');
    expect(transfer?.text).toContain('took $15.00 (USD) from your balance.');
    expect(transfer?.text).toContain('Description: Chargeback fee');
    expect(charge?.text).toContain('took $7.00 (USD) from your balance.');
    expect(charge?.text).toContain('Description: none was given');
  });

  test('R192 money that waits too long: its owner and the platform, seven days before, and once', async () => {
    const { id: platformId } = await stripe.accounts.retrieveCurrent();
    const { id: canadian } = await account('tremblay@example.com', 'CA');
    const give = (amount: number) =>
      ask('POST', 'adjustments', { account: canadian, amount, currency: 'cad', description: 'Sale' });
    await give(10_000);
    await advance(monday + 20 * days);
    await give(5000);
    await advance(monday + 70 * days);
    await stripe.payouts.create({ amount: 3000, currency: 'cad' }, { stripeAccount: canadian });
    await advance(monday + 84 * days);
    // Whatever is changed about the account, it is told of once.
    await stripe.accounts.update(canadian, { metadata: { seen: 'yes' } });
    await advance(monday + 89 * days);
    await until(async () => (await listed('?status=unaddressed')).length === 1);
    const [letter] = await letters(1);
    expect(letter).toMatchObject({
      to: ['tremblay@example.com'],
      subject: '$70.00 (CAD) must be paid out by 2026-05-31',
    });
    expect(letter?.text).toContain(
      'On 2026-05-31 $70.00 (CAD) in your balance will have waited for a payout for as long as it may.',
    );
    expect(letter?.text).toContain('What is still there on that day is paid out by itself.');
    const toPlatform = { account: platformId, event_type: 'evenkeel.holding_limit.approaching', to: null };
    const [message] = await listed('?status=unaddressed');
    expect(message).toMatchObject(toPlatform);
    expect(message?.text).toContain(`in the balance of ${canadian} will have waited`);

    await ask('POST', 'payout_settings', { holding_limit_action: 'notice' });
    await advance(monday + 104 * days);
    // The rest comes within its week, and what was told of before has waited too long.
    const [, second, third] = await letters(3);
    expect(second?.subject).toBe('$70.00 (CAD) has waited too long for a payout');
    expect(second?.text).toContain('It stays where it is until it is paid out by hand.');
    expect(third?.subject).toBe('$50.00 (CAD) must be paid out by 2026-06-20');
    expect(office.letters).toHaveLength(3);
  });

  test('R192 money that has waited too long and has nowhere to go: both, once', async () => {
    const { id: platformId } = await stripe.accounts.retrieveCurrent();
    await stripe.accounts.update(platformId, { email: 'money@market.example' });
    const { id: bankless } = await account('nobank@example.com', 'CA', false);
    await ask('POST', 'adjustments', { account: bankless, amount: 10_000, currency: 'cad', description: 'Sale' });
    await advance(monday + 95 * days);
    const all = await letters(4);
    const addresses = ['money@market.example', 'nobank@example.com'];
    expect(all.map(({ to }) => to[0]).sort()).toEqual([...addresses, ...addresses].sort());
    const reached = all.filter(({ subject }) => subject === '$100.00 (CAD) has waited too long for a payout');
    expect(reached.map(({ to }) => to[0]).sort()).toEqual(addresses);
    for (const { text } of reached) expect(text).toContain('the bank account for CAD is missing or paused');
    // Each at the start of its day, by the clock of the book.
    const seen = (await listed(`?account=${bankless}`)).map(({ event_type, occurred }) => [event_type, occurred]);
    const midnight = monday - (monday % days);
    expect(seen).toEqual([
      ['evenkeel.holding_limit.reached', midnight + 90 * days],
      ['evenkeel.holding_limit.approaching', midnight + 83 * days],
    ]);
    await advance(monday + 100 * days);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(office.letters).toHaveLength(4);
  });

  test('R192 of the money of the platform itself: before two years are over, and once when they are', async () => {
    const { id: platformId } = await stripe.accounts.retrieveCurrent();
    await stripe.accounts.update(platformId, { email: 'money@market.example' });
    // 96.80 stay after the fee; 60.00 more come a hundred days later.
    await pay();
    await advance(monday + 100 * days);
    await ask('POST', 'adjustments', { account: platformId, amount: 6000, currency: 'usd', description: 'Promotion' });
    // The oldest goes out first, so 16.80 of the sale is left.
    await stripe.payouts.create({ amount: 8000, currency: 'usd' });
    await advance(monday + 731 * days);
    const told = await letters(2);
    expect(told.map(({ to, subject }) => [to, subject])).toEqual([
      [['money@market.example'], '$16.80 (USD) must be paid out by 2028-03-01'],
      [['money@market.example'], '$16.80 (USD) has waited too long for a payout'],
    ]);
    expect(told[0]?.text).toContain('in your balance will have waited for a payout for as long as it may.');
    for (const { text } of told) expect(text).toContain('It stays where it is until it is paid out by hand.');
    expect((await stripe.balance.retrieve()).available).toMatchObject([{ amount: 7680, currency: 'usd' }]);
    // Whatever else is changed about the platform, only what comes after is told of.
    await stripe.accounts.update(platformId, { metadata: { seen: 'yes' } });
    await advance(monday + 820 * days);
    await advance(monday + 860 * days);
    const all = await letters(4);
    expect(all.slice(2).map(({ subject }) => subject)).toEqual([
      '$60.00 (USD) must be paid out by 2028-06-09',
      '$76.80 (USD) has waited too long for a payout',
    ]);
    const midnight = monday - (monday % days);
    const moments = (await listed(`?account=${platformId}`)).map(
      ({ occurred }) => (Number(occurred) - midnight) / days,
    );
    expect(moments).toEqual([830, 823, 730, 723]);
  });

  test('R110 the debit of a negative balance, when it is posted; R103 paused payouts', async () => {
    const bad = await stripe.accounts.create({
      type: 'custom',
      email: 'poor@example.com',
      capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
      tos_acceptance: { date: monday, ip: '127.0.0.1' },
      settings: { payouts: { schedule: { interval: 'manual' }, debit_negative_balances: true } },
      external_account: {
        object: 'bank_account',
        country: 'US',
        currency: 'usd',
        routing_number: '110000000',
        account_number: '000111111116',
      } as unknown as string,
    });
    await pay({}, { stripeAccount: bad.id });
    await stripe.payouts.create({ amount: 5000, currency: 'usd' }, { stripeAccount: bad.id });
    await advance(monday + 3 * days);
    const [pause] = await letters(1);
    expect(pause?.to).toEqual(['poor@example.com']);
    expect(pause?.subject).toBe('Payouts to your bank account ending in 1116 are paused');

    await pay({ amount: 1000 }, { stripeAccount: seller }).then(({ id }) => ask('POST', 'disputes', { charge: id }));
    await letters(2);
    await advance(monday + 4 * days);
    const mail = (await letters(3)).find(({ subject }) => subject.includes('negative'));
    expect(mail?.to).toEqual(['rosen@example.com']);
    expect(mail?.subject).toBe('Your balance is negative: $15.59 (USD) will be debited');
    expect(mail?.text).toContain('debited from your bank account ending in 6789.');
  });
});

describe('sending', () => {
  beforeEach(() => enable());
  const debit = async () => {
    await pay({}, { stripeAccount: seller });
    await stripe.charges.create({ amount: 700, currency: 'usd', source: seller });
  };

  test('is tried again when the server will not have it now, under the same Message-ID', async () => {
    office.refuseWith = 451;
    work();
    await debit();
    await until(() => office.refused >= 2);
    expect(await listed()).toMatchObject([{ status: 'waiting', error: expect.stringContaining('not today') }]);
    office.refuseWith = null;
    const [letter] = await letters(1);
    await until(async () => (await listed('?status=sent')).length === 1);
    const [message] = await listed();
    expect(letter?.messageId).toBe(`<${message?.event}@evenkeel>`);
    expect(message).toMatchObject({ error: null, status: 'sent' });
  });

  test('is given up when the server will never have it, or after the last try', async () => {
    office.refuseWith = 550;
    work();
    await debit();
    await until(async () => (await listed('?status=failed')).length === 1);
    expect(office.refused).toBe(1);
    office.refuseWith = 451;
    await debit();
    await until(async () => (await listed('?status=failed')).length === 2);
    expect(office.refused).toBe(5);
  });

  test('goes on where another process ended in the middle of it', async () => {
    await debit();
    // One that claims a message, and is not heard of for long.
    let goOn = (_: MailResult) => {};
    const send = () =>
      new Promise<MailResult>((resolve) => {
        goOn = resolve;
      });
    work({ mailer: { send, close: () => {} }, leaseMs: 300 });
    await until(async () => (await listed('?status=waiting')).length === 1);
    work({ leaseMs: 300 });
    expect(await letters(1)).toHaveLength(1);
    await until(async () => (await listed('?status=sent')).length === 1);
    goOn({ sent: false, error: 'too late', isFinal: true });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await listed()).toMatchObject([{ status: 'sent', error: null }]);
  });

  test('happens once, however many processes there are', async () => {
    for (let i = 0; i < 3; i++) work();
    for (let i = 0; i < 5; i++) await debit();
    await letters(5);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(office.letters).toHaveLength(5);
    expect(await listed()).toHaveLength(5);
  });

  test('without a mail server messages are kept to be read; without an address, too', async () => {
    work({ mailer: null });
    await debit();
    seller = (await account()).id;
    await debit();
    await until(async () => (await listed()).length === 2);
    const [newest, oldest] = await listed();
    expect(newest).toMatchObject({ status: 'unaddressed', to: null, account: seller });
    expect(oldest).toMatchObject({ status: 'kept', to: 'rosen@example.com', text: expect.stringContaining('$7.00') });
    expect(await listed(`?starting_after=${newest?.id}`)).toEqual([oldest]);
    expect(await listed(`?ending_before=${oldest?.id}`)).toEqual([newest]);
    expect(await listed(`?account=${seller}`)).toEqual([newest]);
    expect((await ask('GET', 'outbox?account=acct_1')).error).toMatchObject({
      code: 'resource_missing',
      param: 'account',
    });
  });
});

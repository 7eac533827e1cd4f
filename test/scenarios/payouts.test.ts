/** Money out to banks and in from them, through Stripe's own client on a test clock. */
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stopClean } from '../support/audit.ts';
import { admin, advanceClock, createPlatform, stripeFor, type TestPlatform } from '../support/platform.ts';
import { startServer, type TestServer } from '../support/server.ts';

const monday = 1_772_445_600; // 2026-03-02 10:00
const midnight = (days: number) => 1_772_409_600 + days * 86_400;
const morning = (days: number) => monday + days * 86_400;

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
}, 60_000);

afterAll(() => stopClean(server), 60_000);

interface Shop {
  readonly platform: TestPlatform;
  readonly stripe: Stripe;
  readonly seller: string;
  readonly as: { readonly stripeAccount: string };
  advance(to: number): Promise<unknown>;
  credit(amount: number): Promise<unknown>;
  /** Types of the seller's events, oldest first. */
  events(): Promise<string[]>;
}

async function openShop(schedule: Stripe.AccountCreateParams.Settings.Payouts.Schedule): Promise<Shop> {
  const platform = await createPlatform(server, { test_clock: { frozen_time: monday } });
  const stripe = stripeFor(server, platform);
  const { id: seller } = await stripe.accounts.create({
    type: 'express',
    capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
    external_account: 'btok_us_verified',
    settings: { payouts: { schedule } },
  });
  const as = { stripeAccount: seller };
  const body = (amount: number) => ({ account: seller, amount, currency: 'usd', description: 'Opening balance' });
  return {
    platform,
    stripe,
    seller,
    as,
    advance: (to) => advanceClock(stripe, platform.test_clock as string, to),
    credit: (amount) => admin(server, platform.secret_key, 'POST', '/evenkeel/v1/adjustments', body(amount)),
    events: async () => (await stripe.events.list({ limit: 100 }, as)).data.map(({ type }) => type).reverse(),
  };
}

describe('R181 automatic payouts', () => {
  let shop: Shop;
  const charge = (amount: number) =>
    shop.stripe.paymentIntents.create(
      { amount, currency: 'usd', payment_method: 'pm_card_visa', confirm: true },
      shop.as,
    );
  const rowsOf = async (payout: string) =>
    (await shop.stripe.balanceTransactions.list({ payout, limit: 100 }, shop.as)).data;

  beforeAll(async () => {
    shop = await openShop({ interval: 'daily' });
  });

  test('take the whole balance of the day, arrive a day later, and say which rows they took (R16)', async () => {
    await charge(10_000); // 9680 on Wednesday
    await shop.credit(300);
    await shop.advance(morning(1));
    await charge(5000); // 4825 on Thursday
    await shop.credit(700);
    await shop.advance(morning(3));

    const { data: payouts } = await shop.stripe.payouts.list({}, shop.as);
    expect(
      payouts.map(({ amount, created, arrival_date, status, reconciliation_status }) => [
        amount,
        created,
        arrival_date,
        status,
        reconciliation_status,
      ]),
    ).toEqual([
      [4825, midnight(3), midnight(4), 'pending', 'in_progress'],
      [10_380, midnight(2), midnight(3), 'paid', 'completed'],
      [300, midnight(1), midnight(2), 'paid', 'completed'],
    ]);

    for (const { id, amount, balance_transaction } of payouts) {
      const rows = await rowsOf(id);
      expect(rows[0]?.id).toBe(balance_transaction);
      expect(rows.reduce((sum, { net }) => sum + net, 0)).toBe(0);
      expect(rows.slice(1).reduce((sum, { net }) => sum + net, 0)).toBe(amount);
    }
    const second = await rowsOf(payouts[1]?.id as string);
    expect(second.map(({ type, net }) => [type, net])).toEqual([
      ['payout', -10_380],
      ['adjustment', 700],
      ['charge', 9680],
    ]);
  });

  test('pages and narrows the rows of a payout', async () => {
    const { data } = await shop.stripe.payouts.list({}, shop.as);
    const payout = data[1]?.id as string;
    const first = await shop.stripe.balanceTransactions.list({ payout, limit: 1 }, shop.as);
    expect(first.has_more).toBe(true);
    const rest = await shop.stripe.balanceTransactions.list(
      { payout, starting_after: first.data[0]?.id as string },
      shop.as,
    );
    expect(rest.data).toHaveLength(2);
    const charges = await shop.stripe.balanceTransactions.list({ payout, type: 'charge' }, shop.as);
    expect(charges.data.map(({ net }) => net)).toEqual([9680]);
    expect((await shop.stripe.balanceTransactions.list({ payout, currency: 'eur' }, shop.as)).data).toEqual([]);
  });

  test('M26: what falls on one moment happens one after the other', async () => {
    const events = await shop.events();
    const payoutEvents = events.filter((type) => type.startsWith('payout.'));
    expect(payoutEvents).toEqual([
      'payout.created',
      ...['payout.updated', 'payout.paid', 'payout.reconciliation_completed', 'payout.created'],
      ...['payout.updated', 'payout.paid', 'payout.reconciliation_completed', 'payout.created'],
    ]);
    const { data } = await shop.stripe.events.list({ type: 'payout.updated' }, shop.as);
    expect(data[0]?.data.object).toMatchObject({ status: 'in_transit' });
    expect(data[0]?.data.previous_attributes).toEqual({ status: 'pending' });
  });

  test('an unknown payout and one by hand are refused', async () => {
    await expect(rowsOf('po_x')).rejects.toMatchObject({ code: 'resource_missing', param: 'payout' });
    await shop.credit(100);
    const { id } = await shop.stripe.payouts.create({ amount: 100, currency: 'usd' }, shop.as);
    await expect(rowsOf(id)).rejects.toMatchObject({ statusCode: 400, param: 'payout' });
  });

  test('M48: what is to be kept stays, also through the settings of the balance', async () => {
    await shop.stripe.balanceSettings.update(
      { payments: { payouts: { minimum_balance_by_currency: { usd: 400 } } } },
      shop.as,
    );
    await shop.credit(1000);
    await shop.advance(morning(4));
    const { available } = await shop.stripe.balance.retrieve({}, shop.as);
    expect(available[0]?.amount).toBe(400);
    await shop.stripe.balanceSettings.update({ payments: { payouts: { minimum_balance_by_currency: '' } } }, shop.as);
    await shop.advance(morning(7));
    expect((await shop.stripe.balance.retrieve({}, shop.as)).available[0]?.amount).toBe(0);
  });
});

test('R103, R181: money waits while there is no bank for it, and goes when there is one', async () => {
  const shop = await openShop({ interval: 'daily' });
  const pay = async () =>
    (await shop.stripe.payouts.list({}, shop.as)).data.map(({ amount, status }) => [amount, status]);
  const { default_currency } = await shop.stripe.accounts.retrieve(shop.seller);
  expect(default_currency).toBe('usd');

  await shop.stripe.accounts.createExternalAccount(shop.seller, {
    external_account: 'btok_us_verified_noAccount',
    default_for_currency: true,
  });
  await shop.credit(5000);
  await shop.advance(morning(7));
  expect(await pay()).toEqual([[5000, 'failed']]);

  await shop.advance(morning(11));
  expect(await pay()).toEqual([[5000, 'failed']]);
  await shop.stripe.accounts.createExternalAccount(shop.seller, {
    external_account: 'btok_us_verified',
    default_for_currency: true,
  });
  await shop.advance(morning(15));
  expect(await pay()).toEqual([
    [5000, 'paid'],
    [5000, 'failed'],
  ]);
});

describe('payouts by hand', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await openShop({ interval: 'manual' });
    await shop.credit(20_000);
  });

  test('the destination can be expanded, also after it was taken away', async () => {
    const made = await shop.stripe.payouts.create(
      { amount: 1000, currency: 'usd', expand: ['destination', 'balance_transaction'] },
      shop.as,
    );
    expect(made.destination).toMatchObject({ object: 'bank_account', last4: '6789', account: shop.seller });
    expect(made.balance_transaction).toMatchObject({ type: 'payout', net: -1000 });
    const first = made.destination as Stripe.BankAccount;
    await shop.stripe.accounts.createExternalAccount(shop.seller, {
      external_account: 'btok_us_verified',
      default_for_currency: true,
    });
    await shop.stripe.accounts.deleteExternalAccount(shop.seller, first.id);
    const page = await shop.stripe.payouts.list({ destination: first.id, expand: ['data.destination'] }, shop.as);
    expect(page.data.map(({ destination }) => destination)).toEqual([
      { id: first.id, object: 'bank_account', currency: 'usd', deleted: true },
    ]);
    const plain = await shop.stripe.payouts.retrieve(made.id, {}, shop.as);
    expect(plain.destination).toBe(first.id);
  });

  test('lists by status and arrival', async () => {
    const count = async (filter: Stripe.PayoutListParams) =>
      (await shop.stripe.payouts.list(filter, shop.as)).data.length;
    expect(await count({ status: 'pending' })).toBe(1);
    expect(await count({ status: 'paid' })).toBe(0);
    expect(await count({ status: 'nonsense' })).toBe(0);
    expect(await count({ arrival_date: midnight(1) })).toBe(1);
    expect(await count({ arrival_date: { gt: midnight(1) } })).toBe(0);
  });

  test('R186: instant_available, and its net when it is asked for', async () => {
    const { available, instant_available } = await shop.stripe.balance.retrieve({}, shop.as);
    // US test banks take instant payouts.
    expect(instant_available).toEqual([{ amount: 19_000, currency: 'usd', source_types: { card: 19_000 } }]);
    expect(available[0]?.amount).toBe(19_000);
    const wide = await shop.stripe.balance.retrieve({ expand: ['instant_available.net_available'] }, shop.as);
    expect(wide.instant_available?.[0]?.net_available).toMatchObject([{ amount: 19_000 }]);
  });

  test('X27: ten instant payouts a day', async () => {
    const instant = () => shop.stripe.payouts.create({ amount: 50, currency: 'usd', method: 'instant' }, shop.as);
    for (let n = 0; n < 10; n++) expect((await instant()).status).toBe('paid');
    await expect(instant()).rejects.toMatchObject({ code: 'payouts_limit_exceeded' });
    const { instant_available } = await shop.stripe.balance.retrieve({}, shop.as);
    expect(instant_available?.[0]?.amount).toBe(0);
    await shop.advance(morning(1));
    expect((await instant()).status).toBe('paid');
  });
});

describe('M31 top-ups', () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await openShop({ interval: 'manual' });
  });

  test('answered as pending, and there at once', async () => {
    const params = { amount: 5000, currency: 'usd', description: 'Top-up' };
    const options = { idempotencyKey: 'topup-1' };
    const made = await shop.stripe.topups.create(params, options);
    expect(made).toMatchObject({ status: 'pending', balance_transaction: null });
    expect((await shop.stripe.balance.retrieve()).available[0]?.amount).toBe(5000);
    const now = await shop.stripe.topups.retrieve(made.id, { expand: ['balance_transaction'] });
    expect(now).toMatchObject({ status: 'succeeded', balance_transaction: { type: 'topup', net: 5000 } });
    expect(await shop.stripe.topups.create(params, options)).toEqual(made);
  });

  test('R187: one that fails does so on the next business day, and is not tried again', async () => {
    const made = await shop.stripe.topups.create({
      amount: 700,
      currency: 'usd',
      source: 'btok_us_verified_accountClosed',
    });
    await shop.advance(morning(1));
    expect(await shop.stripe.topups.retrieve(made.id)).toMatchObject({
      status: 'failed',
      failure_code: 'account_closed',
    });
    const page = await shop.stripe.topups.list({ status: 'failed', amount: { lt: 701 } });
    expect(page.data.map(({ id }) => id)).toEqual([made.id]);
    await expect(shop.stripe.topups.cancel(made.id)).rejects.toMatchObject({ statusCode: 400 });
    expect((await shop.stripe.balance.retrieve()).available[0]?.amount).toBe(5000);
  });

  test('M31d: a bank takes back what it has paid, also when it is spent, and only once', async () => {
    const { id } = await shop.stripe.topups.create({ amount: 3000, currency: 'usd', description: 'Returned' });
    const transfer = { amount: 7000, currency: 'usd', destination: shop.seller };
    await shop.stripe.transfers.create(transfer);
    const reverse = (topup: string) =>
      admin(server, shop.platform.secret_key, 'POST', `/evenkeel/v1/topups/${topup}/reverse`);
    expect(await reverse(id)).toMatchObject({ id, object: 'topup', status: 'reversed' });
    expect((await shop.stripe.balance.retrieve()).available[0]?.amount).toBe(-2000);
    const rows = await shop.stripe.balanceTransactions.list({ source: id });
    expect(rows.data).toMatchObject([
      { type: 'topup_reversal', net: -3000, reporting_category: 'topup_reversal', description: 'Returned' },
      { type: 'topup', net: 3000 },
    ]);
    const events = await shop.stripe.events.list({ type: 'topup.reversed' });
    expect(events.data).toMatchObject([
      { data: { object: { id, status: 'reversed' }, previous_attributes: { status: 'succeeded' } } },
    ]);

    const message = (status: string) => `This top-up cannot be reversed because it is ${status}.`;
    await expect(reverse(id)).rejects.toMatchObject({ status: 400, body: { error: { message: message('reversed') } } });
    const late = await shop.stripe.topups.create({ amount: 1, currency: 'usd', source: 'btok_us_verified_noAccount' });
    await expect(reverse(late.id)).rejects.toMatchObject({ body: { error: { message: message('pending') } } });
    const other = await openShop({ interval: 'manual' });
    const theirs = await other.stripe.topups.create({ amount: 1, currency: 'usd' });
    const code = 'resource_missing';
    await expect(reverse(theirs.id)).rejects.toMatchObject({ status: 404, body: { error: { code, param: 'topup' } } });
  });

  test('R187, X80: for platforms, in their own currency', async () => {
    await expect(shop.stripe.topups.create({ amount: 700, currency: 'usd' }, shop.as)).rejects.toMatchObject({
      statusCode: 400,
    });
    await expect(shop.stripe.topups.create({ amount: 700, currency: 'cad' })).rejects.toMatchObject({
      param: 'currency',
    });
  });
});

describe('R191, R192: how long money may wait for a payout by hand', () => {
  /** A Canadian, whose money may wait for ninety days. */
  async function openCanadian() {
    const { platform, stripe, advance } = await openShop({ interval: 'manual' });
    const { id: seller } = await stripe.accounts.create({
      type: 'express',
      country: 'CA',
      capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
      external_account: {
        object: 'bank_account',
        country: 'CA',
        currency: 'cad',
        routing_number: '11000-000',
        account_number: '000123456789',
      },
      settings: { payouts: { schedule: { interval: 'manual' } } },
    });
    const as = { stripeAccount: seller };
    const ask = <Answer>(method: 'GET' | 'POST', path: string, body?: object) =>
      admin<Answer>(server, platform.secret_key, method, `/evenkeel/v1/${path}`, body);
    return {
      seller,
      stripe,
      advance,
      as,
      ask,
      credit: (amount: number) =>
        ask('POST', 'adjustments', { account: seller, amount, currency: 'cad', description: 'Sale' }),
      automatic: async () =>
        (await stripe.payouts.list({}, as)).data
          .filter((payout) => payout.automatic)
          .map(({ amount, created }) => [amount, created]),
    };
  }

  test('ninety days in Canada, the oldest goes out first, and a payout that comes back is as old as it was', async () => {
    const { stripe, advance, as, credit, automatic } = await openCanadian();
    await credit(100);
    await advance(morning(40));
    await credit(50);
    await advance(morning(50));
    await stripe.payouts.create({ amount: 30, currency: 'cad' }, as);
    const again = await stripe.payouts.create({ amount: 20, currency: 'cad' }, as);
    await stripe.payouts.cancel(again.id, {}, as);
    await advance(morning(89));
    expect(await automatic()).toEqual([]);
    await advance(morning(90));
    expect(await automatic()).toEqual([[70, midnight(90)]]);
    await advance(morning(131));
    expect(await automatic()).toEqual([
      [50, midnight(130)],
      [70, midnight(90)],
    ]);
  });

  test('R192, R193: with `notice` it stays, until the platform wants it paid out after all', async () => {
    const { seller, stripe, advance, as, ask, credit, automatic } = await openCanadian();
    const settings = await ask('POST', 'payout_settings', { holding_limit_action: 'notice' });
    expect(settings).toMatchObject({ holding_limit_action: 'notice', holding_limit_days: 730 });
    expect(await ask('GET', `payout_settings?account=${seller}`)).toMatchObject({
      account: seller,
      considerations: [expect.stringContaining('purpose'), expect.any(String), expect.stringContaining('lawyer')],
      holding_limit_action: 'notice',
      holding_limit_days: 90,
      interval: 'manual',
      object: 'payout_settings',
    });
    await expect(ask('GET', 'payout_settings?account=acct_x')).rejects.toMatchObject({ status: 400 });
    await expect(ask('POST', 'payout_settings', { holding_limit_action: 'x' })).rejects.toMatchObject({ status: 400 });
    await credit(100);
    await advance(morning(110));
    expect(await automatic()).toEqual([]);
    // What tells of it by e-mail is no event of the API.
    const types = (await stripe.events.list({ limit: 100 }, as)).data.map(({ type }) => String(type));
    expect(types.filter((type) => type.startsWith('evenkeel'))).toEqual([]);
    await ask('POST', 'payout_settings', { holding_limit_action: 'payout' });
    await advance(morning(111));
    expect(await automatic()).toEqual([[100, midnight(111)]]);
  });
});

test('the settings of the balance and those of the account are the same', async () => {
  const shop = await openShop({ interval: 'manual' });
  await shop.stripe.accounts.update(shop.seller, {
    settings: { payouts: { schedule: { interval: 'weekly', weekly_anchor: 'tuesday' }, statement_descriptor: 'SHOP' } },
  });
  const seen = await shop.stripe.balanceSettings.retrieve({}, shop.as);
  expect(seen.payments.payouts).toMatchObject({
    schedule: { interval: 'weekly', weekly_payout_days: ['tuesday'] },
    statement_descriptor: 'SHOP',
  });
  const changed = await shop.stripe.balanceSettings.update(
    { payments: { payouts: { schedule: { interval: 'monthly', monthly_payout_days: [10] } } } },
    shop.as,
  );
  expect(changed.payments.payouts?.schedule).toEqual({ interval: 'monthly', monthly_payout_days: [10] });
  const account = await shop.stripe.accounts.retrieve(shop.seller);
  expect(account.settings?.payouts?.schedule).toMatchObject({ interval: 'monthly', monthly_anchor: 10 });
  expect(await shop.events()).toEqual(expect.arrayContaining(['balance_settings.updated', 'account.updated']));
});

/** Reports through Stripe's own client: asked for, made in the background, downloaded, and adding up. */
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stopClean } from '../support/audit.ts';
import { admin, advanceClock, createPlatform, stripeFor, type TestPlatform } from '../support/platform.ts';
import { startServer, type TestServer } from '../support/server.ts';

const monday = 1_772_445_600; // 2026-03-02 10:00 UTC
const days = 86_400;
const midnight = monday - 10 * 3600;

let server: TestServer;
let platform: TestPlatform;
let stripe: Stripe;
let seller: string;
let other: string;

type Row = Readonly<Record<string, string>>;

/** Lines of a CSV in which every value is quoted; whatever else is in it fails. */
function parse(text: string): readonly Row[] {
  expect(text.endsWith('\n')).toBe(true);
  const lines: string[][] = [[]];
  let rest = text;
  while (rest !== '') {
    const value = /^"((?:[^"]|"")*)"([,\n])/.exec(rest);
    if (!value) throw new Error(`not quoted: ${rest.slice(0, 100)}`);
    lines.at(-1)?.push((value[1] ?? '').replaceAll('""', '"'));
    if (value[2] === '\n') lines.push([]);
    rest = rest.slice(value[0].length);
  }
  const [header = [], ...rows] = lines.slice(0, -1);
  return rows.map((row) => {
    expect(row.length).toBe(header.length);
    return Object.fromEntries(header.map((name, i) => [name, row[i] ?? '']));
  });
}

const finished = async (id: string, options: Stripe.RequestOptions = {}): Promise<Stripe.Reporting.ReportRun> => {
  for (const until = Date.now() + 15_000; Date.now() < until; ) {
    const run = await stripe.reporting.reportRuns.retrieve(id, {}, options);
    if (run.status !== 'pending') return run;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${id} is still pending\n${server.logs()}`);
};

async function textOf(
  report_type: string,
  parameters: Stripe.Reporting.ReportRunCreateParams.Parameters,
  options: Stripe.RequestOptions = {},
): Promise<string> {
  const asked = await stripe.reporting.reportRuns.create({ report_type, parameters }, options);
  expect(asked).toMatchObject({
    object: 'reporting.report_run',
    status: 'pending',
    result: null,
    report_type,
    parameters,
  });
  const run = await finished(asked.id, options);
  expect(run.error).toBeNull();
  const headers = {
    authorization: `Bearer ${platform.secret_key}`,
    ...(options.stripeAccount !== undefined && { 'stripe-account': options.stripeAccount }),
  };
  const response = await fetch(run.result?.url ?? '', { headers });
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  const text = await response.text();
  expect(run.result).toMatchObject({
    purpose: 'finance_report_run',
    type: 'csv',
    filename: `${run.id}.csv`,
    size: Buffer.byteLength(text),
    expires_at: (run.succeeded_at ?? 0) + 365 * days,
  });
  return text;
}

const report = async (...asked: Parameters<typeof textOf>): Promise<readonly Row[]> => parse(await textOf(...asked));

const cents = (amount: string | undefined): number => Math.round(Number(amount) * 100);
const sum = (rows: readonly Row[], column: string): number =>
  rows.reduce((total, row) => total + cents(row[column]), 0);

const pay = (params: Partial<Stripe.PaymentIntentCreateParams> = {}, options: Stripe.RequestOptions = {}) =>
  stripe.paymentIntents.create(
    { amount: 10_000, currency: 'usd', payment_method: 'pm_card_visa', confirm: true, ...params },
    options,
  );

/** Everything that an account has, pending and available, as the API says it. */
async function balanceOf(options: Stripe.RequestOptions = {}): Promise<number> {
  const { available, pending } = await stripe.balance.retrieve({}, options);
  return [...available, ...pending]
    .filter(({ currency }) => currency === 'usd')
    .reduce((total, { amount }) => total + amount, 0);
}

beforeAll(async () => {
  server = await startServer();
  platform = await createPlatform(server, { test_clock: { frozen_time: monday }, payout_interval: 'daily' });
  stripe = stripeFor(server, platform);
  const account = (name: string, interval: 'manual' | 'daily') =>
    stripe.accounts.create({
      type: 'express',
      email: `${name}@example.com`,
      business_profile: { name: `${name} & "Sons"` },
      capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
      settings: { payouts: { schedule: { interval } } },
    });
  seller = (await account('jenny', 'manual')).id;
  other = (await account('rosen', 'daily')).id;
  await stripe.accounts.createExternalAccount(other, { external_account: 'btok_us_verified' });

  // Monday: a destination charge, a direct charge that is partly refunded, and money of the platform's own.
  const destination = await pay({
    description: 'Order 1, "urgent"',
    application_fee_amount: 1230,
    transfer_data: { destination: seller },
    metadata: { order: '1' },
  });
  const direct = await pay(
    { amount: 5000, payment_method: 'pm_card_bypassPending', application_fee_amount: 500 },
    { stripeAccount: other },
  );
  await stripe.refunds.create({ payment_intent: direct.id, amount: 2000 }, { stripeAccount: other });
  await stripe.topups.create({ amount: 100_000, currency: 'usd', description: 'Float' });
  await stripe.transfers.create({ amount: 2500, currency: 'usd', destination: seller, metadata: { why: 'bonus' } });
  await advanceClock(stripe, platform.test_clock ?? '', monday + days);

  // Tuesday: the destination charge is refunded with its transfer, and another one is disputed.
  await stripe.refunds.create({ payment_intent: destination.id, amount: 3333, reverse_transfer: true });
  const disputed = await pay({ amount: 2000, transfer_data: { destination: seller } });
  await admin(server, platform.secret_key, 'POST', '/evenkeel/v1/disputes', { charge: disputed.latest_charge });
  await advanceClock(stripe, platform.test_clock ?? '', midnight + 7 * days);
}, 60_000);

afterAll(() => stopClean(server), 60_000);

describe('report types', () => {
  test('are listed with their columns', async () => {
    const { data, has_more } = await stripe.reporting.reportTypes.list();
    expect(has_more).toBe(false);
    expect(data.map(({ id }) => id)).toContain('connected_account_payout_reconciliation.by_id.itemized.5');
    const one = await stripe.reporting.reportTypes.retrieve('balance.summary.1');
    expect(one).toMatchObject({
      data_available_end: midnight + 7 * days,
      default_columns: ['category', 'description', 'net_amount', 'currency'],
      version: 1,
    });
    await expect(stripe.reporting.reportTypes.retrieve('nothing.1')).rejects.toMatchObject({
      statusCode: 404,
      message: "No such report_type: 'nothing.1'",
    });
  });
});

describe('R215 balance.summary.1', () => {
  const lines = async (interval_start: number, interval_end: number) => {
    const rows = await report('balance.summary.1', { interval_start, interval_end });
    return Object.fromEntries(rows.map(({ category, net_amount }) => [category, cents(net_amount)]));
  };

  test('ending = starting + activity + payouts, from one interval to the next, up to what the balance is', async () => {
    let last = 0;
    for (const [from, to] of [
      [midnight, midnight + days],
      [midnight + days, midnight + 2 * days],
      [midnight + 2 * days, midnight + 7 * days],
    ] as const) {
      const {
        starting_balance,
        activity,
        activity_gross,
        activity_fee,
        payouts,
        ending_balance,
        payouts_gross,
        payouts_fee,
      } = await lines(from, to);
      expect(starting_balance).toBe(last);
      expect(activity).toBe((activity_gross ?? 0) + (activity_fee ?? 0));
      expect(payouts).toBe((payouts_gross ?? 0) + (payouts_fee ?? 0));
      expect(ending_balance).toBe((starting_balance ?? 0) + (activity ?? 0) + (payouts ?? 0));
      last = ending_balance ?? 0;
    }
    expect(last).toBe(await balanceOf());
  });

  test('is a file of quoted values, the same of connected accounts', async () => {
    const parameters = { interval_start: midnight, interval_end: midnight + days, currency: 'usd' };
    const text = await textOf('balance.summary.1', parameters);
    expect(text.split('\n').slice(0, 4)).toEqual([
      '"category","description","net_amount","currency"',
      '"starting_balance","Starting balance (2026-03-02)","0.00","usd"',
      '"activity_gross","Account activity before fees","992.30","usd"',
      '"activity_fee","Less fees","-3.20","usd"',
    ]);
    const rows = await report('connected_account_balance.summary.1', { ...parameters, connected_account: other });
    expect(rows.find(({ category }) => category === 'ending_balance')).toMatchObject({ connected_account: other });
  });
});

describe('balance changes', () => {
  const interval = { interval_start: midnight, interval_end: midnight + 7 * days };

  test('R214 itemized and summary agree, and leave payouts out', async () => {
    const items = await report('balance_change_from_activity.itemized.3', interval);
    const summary = await report('balance_change_from_activity.summary.1', interval);
    const total = summary.find(({ reporting_category }) => reporting_category === 'total');
    expect(total).toMatchObject({ count: String(items.length), currency: 'usd' });
    for (const column of ['gross', 'fee', 'net']) expect(sum(items, column)).toBe(cents(total?.[column]));
    for (const { reporting_category = '', count, net } of summary.slice(0, -1)) {
      const own = items.filter((item) => item.reporting_category === reporting_category);
      expect([String(own.length), sum(own, 'net')]).toEqual([count, cents(net)]);
    }
    expect(summary.map(({ reporting_category }) => reporting_category)).not.toContain('payout');
    expect(Object.keys(items[0] ?? {})).toHaveLength(14);
    expect(items.map(({ created_utc }) => created_utc)).toEqual(items.map(({ created_utc }) => created_utc).sort());
  });

  test('R213 reserves are told of under their own heading', async () => {
    const summary = await report('balance_change_from_activity.summary.1', interval);
    const categories = summary.map(({ reporting_category }) => reporting_category);
    expect(categories).toEqual(expect.arrayContaining(['charge', 'dispute', 'platform_earning', 'refund', 'transfer']));
  });

  test('columns are chosen and ordered, with what the row is about', async () => {
    const rows = await report('balance_change_from_activity.itemized.3', {
      ...interval,
      columns: [
        'reporting_category',
        'description',
        'gross',
        'created',
        'customer_facing_amount',
        'card_brand',
        'connected_account_id',
        'connected_account_name',
        'dispute_reason',
        'payment_metadata[order]',
        'transfer_metadata[why]',
      ],
      timezone: 'America/New_York',
    });
    expect(rows[0]).toEqual({
      reporting_category: 'charge',
      description: 'Order 1, "urgent"',
      gross: '100.00',
      created: '2026-03-02 05:00:00',
      customer_facing_amount: '100.00',
      card_brand: 'visa',
      connected_account_id: seller,
      connected_account_name: 'jenny & "Sons"',
      dispute_reason: '',
      'payment_metadata[order]': '1',
      'transfer_metadata[why]': '',
    });
    expect(rows.filter(({ reporting_category }) => reporting_category === 'platform_earning')).toMatchObject([
      { connected_account_id: seller },
      { connected_account_id: other },
    ]);
    expect(rows.find((row) => row['transfer_metadata[why]'] !== '')).toMatchObject({ gross: '-25.00' });
    expect(rows.find(({ dispute_reason }) => dispute_reason !== '')).toMatchObject({
      customer_facing_amount: '-20.00',
    });
  });

  test('older versions have no times of the zone', async () => {
    const [row] = await report('balance_change_from_activity.itemized.1', interval);
    expect(Object.keys(row ?? {})).toEqual(
      expect.arrayContaining(['created_utc', 'automatic_payout_effective_at_utc']),
    );
    expect(row).not.toHaveProperty('created');
  });

  test('one category, one currency, one account, or all accounts', async () => {
    const refunds = await report('balance_change_from_activity.itemized.3', {
      ...interval,
      reporting_category: 'refund',
    });
    expect(refunds.map(({ gross }) => gross)).toEqual(['-33.33']);
    expect(await report('balance_change_from_activity.itemized.3', { ...interval, currency: 'eur' })).toEqual([]);
    const all = await report('connected_account_balance_change_from_activity.itemized.3', interval);
    const own = await report('connected_account_balance_change_from_activity.itemized.3', {
      ...interval,
      connected_account: other,
    });
    expect(new Set(all.map(({ connected_account }) => connected_account))).toEqual(new Set([seller, other]));
    expect(own).toEqual(all.filter(({ connected_account }) => connected_account === other));
    const itself = await report('balance_change_from_activity.itemized.3', interval, { stripeAccount: other });
    expect(itself.map(({ balance_transaction_id: id }) => id)).toEqual(own.map(({ balance_transaction_id: id }) => id));
  });
});

describe('payouts', () => {
  const interval = { interval_start: midnight, interval_end: midnight + 7 * days };

  test('itemized, summed up, and with what each took along', async () => {
    const items = await report('payouts.itemized.3', interval);
    expect(items.length).toBeGreaterThan(0);
    const { data } = await stripe.payouts.list({ limit: 100 });
    expect(items.map(({ payout_id }) => payout_id)).toEqual(data.map(({ id }) => id).reverse());
    expect(items[0]).toMatchObject({
      reporting_category: 'payout',
      description: 'STRIPE PAYOUT',
      payout_type: 'bank_account',
    });
    const [total] = (await report('payouts.summary.1', interval)).slice(-1);
    expect(cents(total?.net)).toBe(sum(items, 'net'));

    const reconciled = await report('payout_reconciliation.itemized.5', interval);
    const automatic = data.filter((payout) => payout.automatic && payout.amount > 0);
    for (const payout of automatic) {
      const own = reconciled.filter(({ automatic_payout_id }) => automatic_payout_id === payout.id);
      expect(sum(own, 'net')).toBe(payout.amount);
      const byId = await report('payout_reconciliation.by_id.itemized.4', { payout: payout.id });
      expect(byId).toEqual(own);
    }
    const [rest] = (await report('payout_reconciliation.summary.1', interval)).slice(-1);
    expect(cents(rest?.net)).toBe(automatic.reduce((all, { amount }) => all + amount, 0));
    const activity = await report('balance_change_from_activity.itemized.3', interval);
    for (const { automatic_payout_id = '', balance_transaction_id } of activity) {
      const itsPayout = reconciled.find((row) => row.balance_transaction_id === balance_transaction_id);
      expect(automatic_payout_id).toBe(itsPayout?.automatic_payout_id ?? '');
    }
  });

  test('what no payout took along makes up the ending balance', async () => {
    const end = { interval_end: midnight + 7 * days };
    const items = await report('ending_balance_reconciliation.itemized.4', end);
    expect(sum(items, 'net')).toBe(await balanceOf());
    const [total] = (await report('ending_balance_reconciliation.summary.1', end)).slice(-1);
    expect(cents(total?.net)).toBe(await balanceOf());
    const sellers = await report('connected_account_ending_balance_reconciliation.itemized.4', {
      ...end,
      connected_account: seller,
    });
    expect(sum(sellers, 'net')).toBe(await balanceOf({ stripeAccount: seller }));
    // In the middle of it, before the platform's first payout.
    const early = await report('ending_balance_reconciliation.itemized.4', { interval_end: midnight + 13 * 3600 });
    const summary = await report('balance.summary.1', { interval_start: midnight, interval_end: midnight + 13 * 3600 });
    expect(sum(early, 'net')).toBe(cents(summary.find(({ category }) => category === 'ending_balance')?.net_amount));
  });

  test('of connected accounts', async () => {
    const payouts = await report('connected_account_payouts.itemized.3', interval);
    expect(payouts.length).toBeGreaterThan(0);
    expect(new Set(payouts.map(({ connected_account }) => connected_account))).toEqual(new Set([other]));
    const [payout] = payouts;
    const rows = await report('connected_account_payout_reconciliation.by_id.itemized.5', {
      payout: payout?.payout_id ?? '',
    });
    expect(sum(rows, 'net')).toBe(-cents(payout?.net));
    expect(rows[0]).toMatchObject({ connected_account: other });
  });
});

describe('R217 the overview', () => {
  test('has a line for every connected account and currency', async () => {
    const rows = await report('connect.negative_balance_refunds_disputes_overview.1', {
      interval_end: midnight + 7 * days,
    });
    expect(rows.map(({ account_id }) => account_id)).toEqual([seller, other]);
    const { available } = await stripe.balance.retrieve({}, { stripeAccount: seller });
    expect(rows[0]).toMatchObject({
      business_name: 'jenny & "Sons"',
      country: 'US',
      currency: 'usd',
      balance: ((available[0]?.amount ?? 0) / 100).toFixed(2),
      pending_debits: '0.00',
    });
    expect(rows[1]).toMatchObject({
      refunded_amount_7d: '20.00',
      refunded_amount_7d_prev: '0.00',
      refund_pct_change: '',
      has_high_refunds: 'true',
      has_high_disputes: 'false',
    });
  });
});

describe('a report run', () => {
  const interval = { interval_start: midnight, interval_end: midnight + days };

  test('is told of when it is done', async () => {
    const run = await finished(
      (await stripe.reporting.reportRuns.create({ report_type: 'balance.summary.1', parameters: interval })).id,
    );
    const { data } = await stripe.events.list({ limit: 2 });
    expect(data.map(({ type }) => type)).toEqual(['reporting.report_run.succeeded', 'file.created']);
    expect(data[0]?.data.object).toMatchObject({ id: run.id, status: 'succeeded', result: { id: run.result?.id } });
    expect((await stripe.reporting.reportRuns.list({ limit: 1 })).data[0]?.id).toBe(run.id);
    const { data: files } = await stripe.files.list({ purpose: 'finance_report_run', limit: 1 });
    expect(files[0]?.id).toBe(run.result?.id);
  });

  test('outlives the end of its server', async () => {
    const asked = await stripe.reporting.reportRuns.create({ report_type: 'balance.summary.1', parameters: interval });
    await server.restart();
    expect((await finished(asked.id)).status).toBe('succeeded');
  });

  const refused: readonly [string, string, Stripe.Reporting.ReportRunCreateParams.Parameters, string][] = [
    ['a report that there is none of', 'nothing.1', interval, 'report_type'],
    ['no interval', 'balance.summary.1', { interval_start: midnight }, 'parameters[interval_end]'],
    ['a parameter of another report', 'balance.summary.1', { ...interval, payout: 'po_1' }, 'parameters[payout]'],
    [
      'an end in the future',
      'balance.summary.1',
      { ...interval, interval_end: midnight + 30 * days },
      'parameters[interval_end]',
    ],
    ['a start before all data', 'balance.summary.1', { ...interval, interval_start: 5 }, 'parameters[interval_start]'],
    [
      'an empty interval',
      'balance.summary.1',
      { interval_start: midnight, interval_end: midnight },
      'parameters[interval_start]',
    ],
    ['an unknown column', 'payouts.itemized.3', { ...interval, columns: ['gross', 'weight'] }, 'parameters[columns]'],
    [
      'an unknown zone',
      'payouts.itemized.3',
      { ...interval, timezone: 'Mars/Olympus' as 'Etc/UTC' },
      'parameters[timezone]',
    ],
    ['an unknown payout', 'payout_reconciliation.by_id.itemized.4', { payout: 'po_1' }, 'parameters[payout]'],
    [
      'an unknown account',
      'connected_account_payouts.itemized.3',
      { ...interval, connected_account: 'acct_1' },
      'parameters[connected_account]',
    ],
  ];
  test.each(refused)('is refused: %s', async (_, report_type, parameters, param) => {
    await expect(stripe.reporting.reportRuns.create({ report_type, parameters })).rejects.toMatchObject({
      statusCode: 400,
      param,
    });
  });
});

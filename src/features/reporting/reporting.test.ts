import { describe, expect, test } from 'vitest';
import { platformOf, sellerOf } from '../../../test/support/parties.ts';
import { validateObject } from '../../../test/support/schema.ts';
import type { ViewEnv } from '../../api/view.ts';
import { balanceTransactionTypeNo } from '../../data/balance-transaction-types.ts';
import { monday, testContext, testPlatform } from '../../engine/testing.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import type { PayoutObject } from '../payouts/object.ts';
import { balanceLines } from './balance-summary.ts';
import { reportTypes } from './catalogue.ts';
import { Tally } from './category-summary.ts';
import { cellOf, itemColumns } from './columns.ts';
import { createRun } from './create.ts';
import { csvLine, major } from './csv.ts';
import { type FinishRun, finishRun } from './finish.ts';
import type { ReportParameters, ReportRunObject } from './object.ts';
import { dataAvailableEnd } from './rules.ts';
import { reportRunView, reportTypeWire } from './view.ts';
import { utc, zoned } from './zone.ts';

describe('values', () => {
  test.each([
    [-1234, 'usd', '-12.34'],
    [5, 'usd', '0.05'],
    [-5, 'usd', '-0.05'],
    [0, 'usd', '0.00'],
    [500, 'jpy', '500'],
    [-1, 'jpy', '-1'],
    [12_340, 'kwd', '12.340'],
  ] as const)('%i of %s is %s', (amount, currency, text) => {
    expect(major(amount, currency)).toBe(text);
  });

  test('every value is quoted', () => {
    expect(csvLine(['a', 'b "c", d', '', 'e\nf'])).toBe('"a","b ""c"", d","","e\nf"\n');
  });
});

describe('times', () => {
  test.each([
    ['Etc/UTC', monday, '2026-03-02 10:00:00'],
    ['America/New_York', monday, '2026-03-02 05:00:00'],
    // Six days later clocks go forward.
    ['America/New_York', monday + 7 * 86_400, '2026-03-09 06:00:00'],
    ['Asia/Kolkata', monday - 10 * 3600, '2026-03-02 05:30:00'],
    ['Pacific/Auckland', monday + 4 * 3600, '2026-03-03 03:00:00'],
    ['America/New_York', monday - 10 * 3600 + 5 * 3600, '2026-03-02 00:00:00'],
  ])('in %s', (zone, time, text) => {
    expect(zoned(zone)?.(time)).toBe(text);
  });

  test.each(['Mars/Olympus', '', '+01:00', 'UTC; drop'])('%s is no zone', (name) => {
    expect(zoned(name)).toBeNull();
  });

  test('in UTC they are counted and not looked up', () => {
    expect(zoned('UTC')).toBe(utc);
    expect(utc(0)).toBe('1970-01-01 00:00:00');
    expect(utc(86_399)).toBe('1970-01-01 23:59:59');
  });
});

describe('the catalogue', () => {
  test('every column of every report can be filled', () => {
    for (const { id, columns, defaultColumns, itemized } of reportTypes.values()) {
      expect(new Set(columns).size, id).toBe(columns.length);
      expect(
        defaultColumns.every((name) => columns.includes(name)),
        id,
      ).toBe(true);
      if (itemized) for (const name of columns) expect(cellOf(name), `${id} ${name}`).toBeDefined();
    }
  });

  test('R214 the columns of a balance history are among them', () => {
    const { all } = itemColumns('activity', false);
    for (const name of ['connected_account_id', 'connected_account_name', 'connected_account_country']) {
      expect(all).toContain(name);
    }
    expect(itemColumns('activity', true).all).toContain('connected_account');
  });

  test('is shown as it should be', () => {
    for (const type of reportTypes.values()) {
      expect(validateObject(reportTypeWire(type, { livemode: false }, monday))).toEqual([]);
    }
    expect(dataAvailableEnd(monday + 3599)).toBe(monday);
  });
});

describe('R215 a summary', () => {
  const total = (type: 'charge' | 'payout' | 'payout_failure' | 'refund', amount: number, fee = 0) => ({
    currency: 'usd' as const,
    type: balanceTransactionTypeNo(type),
    count: 1,
    amount,
    fee,
  });

  test('of the balance: ending = starting + activity + payouts', () => {
    const before = [total('charge', 1000, 59), total('payout', -900)];
    const within = [
      total('charge', 10_000, 320),
      total('refund', -500),
      total('payout', -8000),
      total('payout_failure', 3000),
    ];
    const lines = balanceLines('usd', { before, within }, { start: '2026-03-02', end: '2026-03-08' });
    expect(lines.map(({ category, net_amount }) => [category, net_amount])).toEqual([
      ['starting_balance', 41],
      ['activity_gross', 9500],
      ['activity_fee', -320],
      ['activity', 9180],
      ['payouts_gross', -5000],
      ['payouts_fee', 0],
      ['payouts', -5000],
      ['ending_balance', 4221],
    ]);
    expect(lines[0]?.description).toBe('Starting balance (2026-03-02)');
    expect(
      balanceLines('eur', { before, within }, { start: '', end: '' }).every(({ net_amount }) => net_amount === 0),
    ).toBe(true);
  });

  test('of categories has a total for each currency', () => {
    const tally = new Tally();
    tally.add('refund', 'usd', { amount: -500, fee: 0 });
    tally.add('charge', 'usd', { amount: 1000, fee: 59 });
    tally.add('charge', 'jpy', { count: 2, amount: 500, fee: 18 });
    tally.add('charge', 'usd', { amount: 2000, fee: 88 });
    expect(tally.records('acct_1').map((record) => Object.values(record).slice(0, 6))).toEqual([
      ['charge', 'jpy', '2', '500', '18', '482'],
      ['total', 'jpy', '2', '500', '18', '482'],
      ['charge', 'usd', '2', '30.00', '1.47', '28.53'],
      ['refund', 'usd', '1', '-5.00', '0.00', '-5.00'],
      ['total', 'usd', '3', '25.00', '1.47', '23.53'],
    ]);
  });
});

describe('asking for a report', () => {
  const seller = sellerOf(1);
  const interval = { interval_start: monday - 86_400, interval_end: monday };
  const ask = (
    report_type: string,
    parameters: ReportParameters,
    named: Parameters<typeof createRun.decide>[1] = {},
    ctx = testContext(),
  ) => createRun.decide({ report_type, parameters } as never, named, ctx);
  const payout = { id: 'po_1', account: testPlatform, automatic: false } as unknown as PayoutObject;
  const itemized = 'connected_account_payout_reconciliation.by_id.itemized.5';

  test('leaves a run that waits', () => {
    const answer = ask('balance.summary.1', interval);
    if (isRefusal(answer)) throw new Error(answer.error.message);
    expect(answer.result).toMatchObject({ status: 'pending', parameters: interval });
    expect(answer.emit).toBeUndefined();
    expect(validateObject(reportRunView.render(answer.result, { livemode: false } as ViewEnv))).toEqual([]);
  });

  // Each row breaks the rules after its own as well.
  test.each([
    ['no_such', 'report_type', ask('nothing.1', { payout: 'po_1' })],
    [
      'unknown_parameters',
      'parameters[payout]',
      ask('balance.summary.1', { payout: 'po_1', connected_account: 'acct_1' }),
    ],
    ['missing_parameter', 'parameters[interval_end]', ask('balance.summary.1', { interval_start: 5, columns: ['x'] })],
    [
      'invalid_value',
      'parameters[interval_start]',
      ask('balance.summary.1', { interval_start: 5, interval_end: monday + 3600, columns: ['x'] }),
    ],
    [
      'invalid_value',
      'parameters[interval_end]',
      ask('balance.summary.1', { ...interval, interval_end: monday + 1, columns: ['x'] }),
    ],
    ['invalid_value', 'parameters[interval_end]', ask('ending_balance_reconciliation.summary.1', { interval_end: 5 })],
    [
      'invalid_value',
      'parameters[interval_start]',
      ask('balance.summary.1', { interval_start: monday, interval_end: monday, columns: ['x'] }),
    ],
    ['invalid_value', 'parameters[columns]', ask('balance.summary.1', { ...interval, columns: ['x'], timezone: 'x' })],
    [
      'invalid_value',
      'parameters[columns]',
      ask('balance.summary.1', { ...interval, columns: ['payment_metadata[a]'] }),
    ],
    ['invalid_value', 'parameters[timezone]', ask('balance.summary.1', { ...interval, timezone: 'x' })],
    [
      'connected_header_not_allowed',
      undefined,
      ask(itemized, { payout: 'po_1' }, {}, testContext({ account: seller.id })),
    ],
    [
      'no_such',
      'parameters[connected_account]',
      ask(itemized, { payout: 'po_1', connected_account: testPlatform }, { account: platformOf() }),
    ],
    ['no_such', 'parameters[payout]', ask(itemized, { payout: 'po_1' }, { payout })],
    [
      'no_such',
      'parameters[payout]',
      ask(
        itemized,
        { payout: 'po_1', connected_account: seller.id },
        { account: seller, payout: { ...payout, account: 'acct_2' } },
      ),
    ],
    [
      'payout_rows_of_manual',
      'parameters[payout]',
      ask('payout_reconciliation.by_id.itemized.4', { payout: 'po_1' }, { payout }),
    ],
  ] as const)('is refused: %s %s', (name, param, answer) => {
    expect(answer).toMatchObject({ name, error: { ...(param !== undefined && { param }) } });
  });
});

describe('finishing', () => {
  const run: ReportRunObject = {
    id: 'frr_1',
    account: testPlatform,
    created: monday,
    report_type: 'balance.summary.1',
    parameters: {},
    status: 'pending',
  };
  const made = { content: 'c', sha256: 's', size: 7 };
  const finish = (params: FinishRun, found: ReportRunObject | undefined) => {
    const answer = finishRun.decide(params, { run: found }, testContext());
    if (isRefusal(answer)) throw new Error(answer.error.message);
    return answer;
  };

  test('makes a file, and tells of both', () => {
    const { result, put, emit } = finish({ run: run.id, made }, run);
    expect(result).toMatchObject({
      status: 'succeeded',
      succeeded_at: monday,
      result: { filename: 'frr_1.csv', size: 7 },
    });
    expect(put).toEqual([result?.result, result]);
    expect(emit?.map(({ type }) => type)).toEqual(['file.created', 'reporting.report_run.succeeded']);
    if (result) expect(validateObject(reportRunView.render(result, { livemode: false } as ViewEnv))).toEqual([]);
  });

  test('tells why there is none', () => {
    const { result, emit } = finish({ run: run.id, error: 'Broken.' }, run);
    expect(result).toMatchObject({ status: 'failed', error: 'Broken.' });
    expect(emit?.map(({ type }) => type)).toEqual(['reporting.report_run.failed']);
  });

  test('happens once', () => {
    const done = { ...run, status: 'succeeded' as const };
    expect(finish({ run: run.id, made }, done)).toEqual({ result: null });
    expect(finish({ run: run.id, made }, undefined)).toEqual({ result: null });
  });
});

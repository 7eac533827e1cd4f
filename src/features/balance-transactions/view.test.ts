import { describe, expect, test } from 'vitest';
import { validateObject } from '../../../test/support/schema.ts';
import { monday, testAccount, testContext } from '../../engine/testing.ts';
import { minor } from '../../kernel/money.ts';
import { dayOf, startOfDay } from '../../kernel/time.ts';
import { type Line, line } from '../../ledger/statement.ts';
import { lineView } from './view.ts';

const wednesday = dayOf(monday) + 2;
const row = (more: Partial<Line>): Line =>
  line({
    id: testContext().id('txn'),
    account: testAccount(1),
    currency: 'usd',
    type: 'charge',
    amount: minor(10_000),
    on: wednesday,
    ...more,
  });

describe('rows', () => {
  test('a charge with fees, pending until its day', () => {
    const charge = row({
      source: 'ch_1',
      description: 'Order 1',
      fee_details: [
        { amount: minor(320), description: 'Stripe processing fees', type: 'stripe_fee' },
        { amount: minor(1230), application: 'ca_1', description: 'Shop application fee', type: 'application_fee' },
      ],
    });
    const wire = lineView({ line: charge, created: monday, settled: false });
    expect(validateObject(wire)).toEqual([]);
    expect(wire).toMatchObject({
      amount: 10_000,
      available_on: startOfDay(wednesday),
      created: monday,
      exchange_rate: null,
      fee: 1550,
      net: 8450,
      reporting_category: 'charge',
      source: 'ch_1',
      status: 'pending',
    });
    expect(wire.fee_details).toEqual([
      { amount: 320, application: null, currency: 'usd', description: 'Stripe processing fees', type: 'stripe_fee' },
      {
        amount: 1230,
        application: 'ca_1',
        currency: 'usd',
        description: 'Shop application fee',
        type: 'application_fee',
      },
    ]);
  });

  test('once its day has settled only the status is another', () => {
    const pending = lineView({ line: row({}), created: monday, settled: false });
    expect(lineView({ line: row({}), created: monday, settled: true })).toEqual({ ...pending, status: 'available' });
  });

  test('what is spendable at once is so from its birth', () => {
    const wire = lineView({
      line: row({ type: 'transfer', amount: minor(-5), on: 'now' }),
      created: monday,
      settled: true,
    });
    expect(validateObject(wire)).toEqual([]);
    expect(wire).toMatchObject({ available_on: monday, description: null, net: -5, source: null, status: 'available' });
  });

  test('an adjustment says what it adjusts', () => {
    const wire = lineView({
      line: row({ type: 'adjustment', reporting_category: 'dispute' }),
      created: monday,
      settled: true,
    });
    expect(validateObject(wire)).toEqual([]);
    expect(wire.reporting_category).toBe('dispute');
  });

  test('keys are in order', () => {
    const [id, object, ...rest] = Object.keys(lineView({ line: row({}), created: monday, settled: true }));
    expect([id, object]).toEqual(['id', 'object']);
    expect(rest).toEqual([...rest].sort());
  });
});

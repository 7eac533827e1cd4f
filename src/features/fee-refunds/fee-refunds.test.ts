import { describe, expect, test } from 'vitest';
import { validateObject } from '../../../test/support/schema.ts';
import { newsOf, refusalOf, rowsOf, Story } from '../../../test/support/story.ts';
import type { Decision } from '../../engine/command.ts';
import { monday, testAccount, testPlatform } from '../../engine/testing.ts';
import { minor } from '../../kernel/money.ts';
import { dayOf } from '../../kernel/time.ts';
import { applicationFeeView } from '../application-fees/view.ts';
import { createFeeRefund, refundFee } from './create.ts';
import type { FeeRefundObject } from './object.ts';
import { canGiveBack } from './rules.ts';
import { updateFeeRefund } from './update.ts';
import { feeRefundView } from './view.ts';

const A = testAccount(1);
const env = { livemode: false, book: 7, platform: testPlatform, application: 'ca_1', account: testPlatform };
const wednesday = dayOf(monday) + 2;

const refundOf = (decision: Decision) => decision.result as FeeRefundObject;

const charged = (given: Parameters<Story['charge']>[0] = {}) => {
  const story = new Story();
  const { application_fee } = story.charge({ direct: true, fee: 1230, ...given });
  return { story, fee: application_fee! };
};

describe('M17: an application fee is given back', () => {
  const { story, fee } = charged();
  const decision = story.do(createFeeRefund, { fee, amount: minor(500), metadata: { a: 'b' } });

  test('E11 in part', () => {
    expect(rowsOf(decision)).toEqual(['P application_fee_refund -500', 'A adjustment 500']);
    expect(decision.lines).toMatchObject([
      { source: fee, description: 'REFUND FOR APPLICATION FEE' },
      { source: refundOf(decision).id, description: 'Application fee refund', reporting_category: 'fee' },
    ]);
    expect(story.available).toEqual({ P: 730, A: 8950 });
    expect(newsOf(decision)).toEqual(['P application_fee.refunded fee']);
    const wire = feeRefundView.render(refundOf(decision), env);
    expect(validateObject(wire)).toEqual([]);
    expect(wire).toMatchObject({ amount: 500, fee, metadata: { a: 'b' } });
  });

  test('E11 then all that is left, and not a cent more', () => {
    const rest = story.do(refundFee, { fee });
    const wire = applicationFeeView.render(rest.result as never, env);
    expect(validateObject(wire)).toEqual([]);
    expect(wire).toMatchObject({
      amount_refunded: 1230,
      refunded: true,
      refunds: { total_count: 2, data: [{ amount: 730 }, { amount: 500, metadata: { a: 'b' } }] },
    });
    expect(story.run(createFeeRefund, { fee, amount: minor(1) })).toMatchObject({
      name: 'fee_refund_above_rest',
      error: {
        param: 'amount',
        message: 'Refund amount ($0.01) is greater than unrefunded amount on fee ($0.00)',
      },
    });
    expect(refusalOf(story.run(refundFee, { fee }))).toBe('fee_refund_above_rest');
  });

  test('its metadata can be changed, and the fee shows that', () => {
    const { id } = refundOf(decision);
    const changed = story.do(updateFeeRefund, { fee, refund: id, metadata: { a: '', b: 'c' } });
    expect(newsOf(changed)).toEqual(['P application_fee.refund.updated fr']);
    expect(applicationFeeView.render(story.get({ id: fee }), env)).toMatchObject({
      refunds: { data: [{}, { id, metadata: { b: 'c' } }] },
    });
    expect(refusalOf(story.run(updateFeeRefund, { fee, refund: 'fr_none' }))).toBe('no_such_in_path');
    expect(refusalOf(story.run(updateFeeRefund, { fee: 'fee_none', refund: id }))).toBe('no_such_in_path');
  });
});

test('M17 while the fee is pending, so is its refund', () => {
  const { story, fee } = charged({ testCard: 'pm_card_visa' });
  expect(rowsOf(story.do(createFeeRefund, { fee }))).toEqual([
    `P application_fee_refund -1230 @${wednesday}`,
    `A adjustment 1230 @${wednesday}`,
  ]);
});

describe('R69: the platform has what it gives', () => {
  // cost 1230; platform's available, what the account owes, what is held for it
  const table = [
    [1230, 0, 0, true, 'all of it is there'],
    [1229, 0, 0, false, 'X12 a cent is missing'],
    [-320, 1550, 1550, true, 'E42 all of it comes free in the same moment'],
    [230, 1000, 1000, true, 'what is held comes free, the rest is there'],
    [229, 1000, 1000, false, 'what is held comes free, a cent of the rest is missing'],
    [0, 1550, 0, false, 'the account owes it, but nothing is held'],
    [230, 1000, 5000, true, 'more is held, for a bank debit that may still fail'],
    [229, 1000, 5000, false, 'of which nothing comes free'],
  ] as const;

  test.each(table)('available %d, owed %d, held %d: %s (%s)', (platform, owed, held, allowed) => {
    const payer = { available: minor(-owed), maturing: [], reserved: minor(held) };
    const amount = minor(1230);
    const given = { cost: amount, platform: minor(platform), payer, on: 'now' } as const;
    expect(canGiveBack(amount, { ...given, isConverted: false })).toBe(allowed);
  });

  test('M45 a reserve in another currency does not help, though the figures be the same', () => {
    const payer = { available: minor(-1), maturing: [], reserved: minor(1) };
    const given = { cost: minor(1), isConverted: true, platform: minor(0), payer, on: 'now' } as const;
    expect(canGiveBack(minor(1), given)).toBe(false);
  });

  test('M45 what costs the platform nothing needs nothing', () => {
    const payer = { available: minor(0), maturing: [], reserved: minor(0) };
    const given = { cost: minor(0), isConverted: true, platform: minor(-1), payer, on: 'now' } as const;
    expect(canGiveBack(minor(1), given)).toBe(true);
  });

  test('X12, after X49', () => {
    const { story, fee } = charged();
    story.give(testPlatform, -1);
    expect(refusalOf(story.run(createFeeRefund, { fee, amount: minor(1231) }))).toBe('fee_refund_above_rest');
    expect(story.run(createFeeRefund, { fee })).toMatchObject({
      name: 'refund_balance_insufficient',
      error: { code: 'balance_insufficient' },
    });
    story.do(createFeeRefund, { fee, amount: minor(1229) });
  });

  test('X6 it is the platform’s to give', () => {
    const { story, fee } = charged();
    expect(refusalOf(story.run(createFeeRefund, { fee }, A))).toBe('no_such_in_path');
  });
});

import { describe, expect, test } from 'vitest';
import { validateObject } from '../../../test/support/schema.ts';
import { newsOf, refusalOf, rowsOf, Story } from '../../../test/support/story.ts';
import { controllerPresets } from '../../data/controllers.ts';
import type { Decision } from '../../engine/command.ts';
import { monday, testAccount, testPlatform } from '../../engine/testing.ts';
import { minor } from '../../kernel/money.ts';
import { dayOf } from '../../kernel/time.ts';
import type { ChargeObject } from '../charges/object.ts';
import { createTransfer } from '../transfers/create.ts';
import type { TransferObject } from '../transfers/object.ts';
import { transferView } from '../transfers/view.ts';
import { createTransferReversal } from './create.ts';
import { keep, replaceKept } from './kept.ts';
import type { TransferReversalObject } from './object.ts';
import { updateTransferReversal } from './update.ts';
import { transferReversalView } from './view.ts';

const A = testAccount(1);
const env = { livemode: false, book: 7, platform: testPlatform, application: 'ca_1', account: testPlatform };
const wednesday = dayOf(monday) + 2;
const noReserves = { platform: { application_name: 'Evenkeel', reserves_enabled: false } };

const reversalOf = (decision: Decision) => decision.result as TransferReversalObject;

/** A transfer of 100.00 of available money. */
function transferred(given: ConstructorParameters<typeof Story>[0] = {}) {
  const story = new Story(given);
  story.give(testPlatform, 10_000);
  const transfer = story.do(createTransfer, { amount: minor(10_000), currency: 'usd', destination: A })
    .result as TransferObject;
  return { story, transfer: transfer.id };
}

describe('M16: a transfer is taken back', () => {
  const { story, transfer } = transferred();
  const decision = story.do(createTransferReversal, { transfer, amount: minor(2500), metadata: { a: 'b' } });
  const reversal = reversalOf(decision);

  test('in part', () => {
    expect(rowsOf(decision)).toEqual(['P transfer_refund 2500', 'A payment_refund -2500']);
    expect(decision.lines).toMatchObject([
      { source: transfer, description: 'REFUND FOR TRANSFER' },
      { source: reversal.destination_payment_refund, description: 'REFUND FOR PAYMENT' },
    ]);
    expect(newsOf(decision)).toEqual(['P transfer.reversed tr', 'P transfer.updated tr', 'A charge.refunded py']);
    const wire = transferReversalView.render(reversal, env);
    expect(validateObject(wire)).toEqual([]);
    expect(wire).toMatchObject({ amount: 2500, metadata: { a: 'b' }, source_refund: null, transfer });
    expect(transferView.render(story.get({ id: transfer }), env)).toMatchObject({
      amount_reversed: 2500,
      reversed: false,
      reversals: { total_count: 1, has_more: false, data: [wire] },
    });
  });

  test('and then all that is left', () => {
    const rest = story.do(createTransferReversal, { transfer });
    expect(reversalOf(rest).amount).toBe(7500);
    const wire = transferView.render(story.get({ id: transfer }), env);
    expect(wire).toMatchObject({
      amount_reversed: 10_000,
      reversed: true,
      reversals: { total_count: 2, data: [{ id: reversalOf(rest).id }, { id: reversal.id }] },
    });
    expect(validateObject(wire)).toEqual([]);
    const payment = story.get<ChargeObject>({ id: story.get<TransferObject>({ id: transfer }).destination_payment });
    expect(payment).toMatchObject({ amount_refunded: 10_000, refunded: true });
    expect(payment.refunds).toHaveLength(2);
  });

  test('its metadata can be changed, and the transfer shows that', () => {
    const changed = story.do(updateTransferReversal, { transfer, id: reversal.id, metadata: { b: 'c' } });
    expect(changed.result).toMatchObject({ metadata: { a: 'b', b: 'c' } });
    expect(newsOf(changed)).toEqual(['P transfer.updated tr']);
    expect(story.get<TransferObject>({ id: transfer }).reversals?.newest[1]?.metadata).toEqual({ a: 'b', b: 'c' });
    expect(refusalOf(story.run(updateTransferReversal, { transfer, id: 'trr_none' }))).toBe('no_such_in_path');
    expect(refusalOf(story.run(updateTransferReversal, { transfer: 'tr_none', id: reversal.id }))).toBe(
      'no_such_in_path',
    );
  });
});

test('E10, R60, M16 the fee goes back in the proportion of the transfer', () => {
  const story = new Story();
  const { transfer } = story.charge({ fee: 1230, to: 'all' });
  const flags = { transfer, refund_application_fee: true };
  const first = story.do(createTransferReversal, { ...flags, amount: minor(2500) });
  expect(rowsOf(first)).toEqual([
    'P transfer_refund 2500',
    'A payment_refund -2500',
    'P application_fee_refund -308',
    'A adjustment 308',
  ]);
  expect(newsOf(first)).toEqual([
    'P transfer.reversed tr',
    'P transfer.updated tr',
    'P application_fee.refunded fee',
    'A charge.refunded py',
  ]);
  expect(story.available).toEqual({ P: 3102, A: 6578 });
  // Half so far would be 615; the last part takes what is left.
  expect(story.do(createTransferReversal, { ...flags, amount: minor(2500) }).lines?.[3]?.amount).toBe(307);
  expect(story.do(createTransferReversal, flags).lines?.[3]?.amount).toBe(615);
});

test('M16 while the transfer is pending, so is its reversal, and nobody has to have anything', () => {
  const story = new Story({ platform: noReserves });
  const { transfer } = story.charge({ to: 'all', testCard: 'pm_card_visa' });
  story.give(A, -5000);
  expect(rowsOf(story.do(createTransferReversal, { transfer }))).toEqual([
    `P transfer_refund 10000 @${wednesday}`,
    `A payment_refund -10000 @${wednesday}`,
  ]);
});

describe('R60: what the receiver has', () => {
  const standard = { controller: controllerPresets.standard };
  // receiver's balance before a reversal of 100.00, the parties, what comes of it
  const table = [
    [10_000, { platform: noReserves }, undefined, 'it is all there'],
    [9999, { platform: noReserves }, 'reversal_balance_insufficient', 'E34, X47 reserves are off'],
    [9999, { seller: standard }, 'reversal_balance_insufficient', 'X47 Stripe bears the losses'],
    [9999, {}, undefined, 'E12, R59 recovered afterwards: a reserve stands in'],
    [-1, {}, undefined, 'R64 however negative it is already'],
  ] as const;

  test.each(table)('%d: %j %s: %s', (before, parties, refusal) => {
    const { story, transfer } = transferred(parties);
    story.give(A, before - story.available.A);
    expect(refusalOf(story.run(createTransferReversal, { transfer }))).toBe(refusal);
  });

  test('R62 the fee that comes back with it counts', () => {
    const story = new Story({ platform: noReserves });
    const { transfer } = story.charge({ fee: 1230, to: 'all' });
    expect(story.available.A).toBe(8770);
    expect(refusalOf(story.run(createTransferReversal, { transfer }))).toBe('reversal_balance_insufficient');
    story.do(createTransferReversal, { transfer, refund_application_fee: true });
    expect(story.available.A).toBe(0);
  });
});

describe('refusals, each before the next', () => {
  test('X45 more than is left, or nothing left', () => {
    const { story, transfer } = transferred({ platform: noReserves });
    story.give(A, -10_000);
    const flags = { transfer, refund_application_fee: true };
    expect(story.run(createTransferReversal, { ...flags, amount: minor(10_001) })).toMatchObject({
      error: {
        param: 'amount',
        message: 'Reversal amount ($100.01) is greater than the unreversed amount of the transfer ($100.00)',
      },
    });
    // X44, then X47
    expect(refusalOf(story.run(createTransferReversal, flags))).toBe('refund_without_fee');
    expect(refusalOf(story.run(createTransferReversal, { transfer }))).toBe('reversal_balance_insufficient');
    story.give(A, 10_000);
    story.do(createTransferReversal, { transfer });
    expect(refusalOf(story.run(createTransferReversal, { transfer }))).toBe('reversal_above_rest');
  });

  test('X6 only the sender takes a transfer back', () => {
    const { story, transfer } = transferred();
    expect(story.run(createTransferReversal, { transfer }, A)).toMatchObject({
      status: 404,
      error: { message: `No such transfer: '${transfer}'`, param: 'transfer' },
    });
  });
});

describe('M35: an account debit is undone by its own transfer', () => {
  const debited = () => {
    const story = new Story();
    story.give(A, 5000);
    const { transfer } = story.debit(2000);
    return { story, transfer: transfer.id };
  };

  test('R68 from the platform to the account, also below zero', () => {
    const { story, transfer } = debited();
    const decision = story.do(createTransferReversal, { transfer }, A);
    expect(rowsOf(decision)).toEqual(['A transfer_refund 2000', 'P payment_refund -2000']);
    expect(newsOf(decision)).toEqual(['A transfer.reversed tr', 'A transfer.updated tr', 'P charge.refunded py']);
    expect(story.available).toEqual({ P: -30, A: 5000 });
  });

  test('X12 a platform below zero already has nothing to give', () => {
    const { story, transfer } = debited();
    story.give(testPlatform, -1 - story.available.P);
    expect(refusalOf(story.run(createTransferReversal, { transfer }, A))).toBe('refund_balance_insufficient');
  });
});

test('what an object keeps of its parts is bounded', () => {
  let list: ReturnType<typeof keep<{ id: string }>> | undefined;
  for (let i = 0; i < 12; i++) list = keep(list, { id: String(i) });
  expect(list).toMatchObject({ total: 12 });
  expect(list?.newest.map(({ id }) => id)).toEqual(['11', '10', '9', '8', '7', '6', '5', '4', '3', '2']);
  expect(replaceKept(list!, { id: '0' })).toEqual(list);
});

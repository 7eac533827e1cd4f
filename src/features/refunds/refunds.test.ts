import { describe, expect, test } from 'vitest';
import { validateObject } from '../../../test/support/schema.ts';
import { newsOf, refusalOf, rowsOf, Story } from '../../../test/support/story.ts';
import { controllerPresets } from '../../data/controllers.ts';
import type { Decision } from '../../engine/command.ts';
import { monday, testAccount, testPlatform } from '../../engine/testing.ts';
import { minor } from '../../kernel/money.ts';
import { dayOf, startOfDay } from '../../kernel/time.ts';
import { applicationFeeView } from '../application-fees/view.ts';
import type { ChargeObject } from '../charges/object.ts';
import { chargeView } from '../charges/view.ts';
import { createTransferReversal } from '../transfer-reversals/create.ts';
import type { TransferReversalObject } from '../transfer-reversals/object.ts';
import { transferReversalView } from '../transfer-reversals/view.ts';
import type { TransferObject } from '../transfers/object.ts';
import { transferView } from '../transfers/view.ts';
import { failRefund, succeedRefund } from './answers.ts';
import { createRefund, refundCharge } from './create.ts';
import type { RefundObject } from './object.ts';
import { retryRefund } from './retry.ts';
import { cancelRefund, expireRefund, updateRefund } from './update.ts';
import { refundView } from './view.ts';

const A = testAccount(1);
const env = { livemode: false, book: 7, platform: testPlatform, application: 'ca_1', account: testPlatform };
const tuesday = dayOf(monday) + 1;
const wednesday = tuesday + 1;
const both = { reverse_transfer: true, refund_application_fee: true };
const noReserves = { platform: { application_name: 'Evenkeel', reserves_enabled: false } };

const refundOf = (decision: Decision): RefundObject => decision.result as RefundObject;
const putOf = <T>(decision: Decision, prefix: string): T =>
  decision.put?.find(({ id }) => id.startsWith(`${prefix}_`)) as unknown as T;

describe('M10: a refund of a direct charge', () => {
  const story = new Story();
  const charge = story.charge({ direct: true, description: 'Order 1', payment_intent: 'pi_1' });
  const decision = story.do(createRefund, { charge: charge.id, metadata: { a: 'b' }, reason: 'duplicate' }, A);

  test('R11, R50, R54 is paid by the account that has the charge, and the fee stays spent', () => {
    expect(rowsOf(decision)).toEqual(['A refund -10000']);
    // R54: the processing fee of 320 stays spent.
    expect(story.available).toEqual({ P: 0, A: -320 });
    expect(decision.lines?.[0]).toMatchObject({
      description: 'REFUND FOR CHARGE (Order 1)',
      fee: 0,
      source: refundOf(decision).id,
    });
  });

  test('tells of the refund, then of the charge', () => {
    expect(newsOf(decision)).toEqual(['A refund.created re', 'A charge.refunded ch']);
  });

  test('is written on the charge', () => {
    const after = story.get<ChargeObject>(charge);
    expect(after).toMatchObject({ amount_refunded: 10_000, refunded: true, refunds: [refundOf(decision).id] });
    expect(validateObject(chargeView.render(after, env))).toEqual([]);
  });

  test('shows every documented key', () => {
    const wire = refundView.render(refundOf(decision), env);
    expect(validateObject(wire)).toEqual([]);
    expect(wire).toMatchObject({
      balance_transaction: decision.lines?.[0]?.id,
      charge: charge.id,
      metadata: { a: 'b' },
      payment_intent: 'pi_1',
      reason: 'duplicate',
      source_transfer_reversal: null,
      status: 'succeeded',
      transfer_reversal: null,
    });
    expect(wire).not.toHaveProperty('pending_reason');
    expect(wire).not.toHaveProperty('failure_reason');
  });

  test('without a description the row has none to repeat', () => {
    const { id } = story.charge({ direct: true });
    expect(story.do(createRefund, { charge: id }, A).lines?.[0]?.description).toBe('REFUND FOR CHARGE');
  });

  test('a fraudulent one is reported on the charge', () => {
    const { id } = story.charge({ direct: true });
    story.do(createRefund, { charge: id, amount: minor(1), reason: 'fraudulent' }, A);
    expect(story.get<ChargeObject>({ id }).fraud_report).toBe('fraudulent');
  });
});

describe('M11: a refund of a charge on the platform, without flags', () => {
  test('E6, R50 is paid by the platform alone', () => {
    const story = new Story();
    const { id } = story.charge({ fee: 1230, to: 'all' });
    const decision = story.do(createRefund, { charge: id });
    expect(rowsOf(decision)).toEqual(['P refund -10000']);
    expect(newsOf(decision)).toEqual(['P refund.created re', 'P charge.refunded ch']);
    expect(story.available).toEqual({ P: -9090, A: 8770 });
  });
});

describe('M12: a refund that takes the transfer back', () => {
  const story = new Story();
  const charge = story.charge({ fee: 1230, to: 'all' });
  const decision = story.do(createRefund, { charge: charge.id, ...both });
  const refund = refundOf(decision);
  const reversal = putOf<TransferReversalObject>(decision, 'trr');
  const returned = putOf<RefundObject>(decision, 'pyr');

  test('E8, R51, R53 writes reversal, fee and refund, in this order', () => {
    expect(rowsOf(decision)).toEqual([
      'P transfer_refund 10000',
      'A payment_refund -10000',
      'P application_fee_refund -1230',
      'A adjustment 1230',
      'P refund -10000',
    ]);
    expect(story.available).toEqual({ P: -320, A: 0 });
  });

  test('the rows name what they undo', () => {
    const transfer = story.get<ChargeObject>(charge).transfer;
    expect(decision.lines).toMatchObject([
      { source: transfer, description: 'REFUND FOR TRANSFER' },
      { source: returned.id, description: 'REFUND FOR PAYMENT' },
      { source: story.get<ChargeObject>(charge).application_fee, description: 'REFUND FOR APPLICATION FEE' },
      { description: 'Application fee refund', reporting_category: 'fee' },
      { source: refund.id },
    ]);
    expect(decision.lines?.[3]?.source).toMatch(/^fr_/);
  });

  test('R58 tells the platform of all, then the seller of its payment', () => {
    expect(newsOf(decision)).toEqual([
      'P refund.created re',
      'P charge.refunded ch',
      'P transfer.reversed tr',
      'P application_fee.refunded fee',
      'A charge.refunded py',
    ]);
    expect(chargeView.render(story.get(charge), env)).toMatchObject({ destination: A, refunded: true });
  });

  test('ties refund, reversal and the refund of the payment to each other', () => {
    expect(refund.transfer_reversal).toBe(reversal.id);
    expect(reversal).toMatchObject({
      account: testPlatform,
      source_refund: refund.id,
      destination_payment_refund: returned.id,
    });
    expect(returned).toMatchObject({
      account: A,
      source_transfer_reversal: reversal.id,
      transfer_reversal: reversal.id,
      status: 'succeeded',
    });
    expect(story.get<ChargeObject>({ id: returned.charge })).toMatchObject({ refunded: true, refunds: [returned.id] });
  });

  test('the transfer and the fee say so', () => {
    const transfer = transferView.render(story.get({ id: reversal.transfer }), env);
    expect(validateObject(transfer)).toEqual([]);
    expect(transfer).toMatchObject({
      amount_reversed: 10_000,
      reversed: true,
      reversals: { total_count: 1, data: [transferReversalView.render(reversal, env)] },
    });
    const fee = applicationFeeView.render(putOf(decision, 'fee'), env);
    expect(validateObject(fee)).toEqual([]);
    expect(fee).toMatchObject({ amount_refunded: 1230, refunded: true, refunds: { total_count: 1 } });
    expect(validateObject(transferReversalView.render(reversal, env))).toEqual([]);
    expect(validateObject(refundView.render(returned, env))).toEqual([]);
  });

  test('E9, R52, R57 two parts undo what one does', () => {
    const parts = new Story();
    const { id } = parts.charge({ fee: 1230, to: 'all' });
    const first = parts.do(createRefund, { charge: id, amount: minor(3333), ...both });
    expect(first.lines?.map(({ amount }) => amount)).toEqual([3333, -3333, -410, 410, -3333]);
    const second = parts.do(createRefund, { charge: id, ...both });
    expect(second.lines?.map(({ amount }) => amount)).toEqual([6667, -6667, -820, 820, -6667]);
    expect(parts.available).toEqual({ P: -320, A: 0 });
    expect(parts.get<ChargeObject>({ id }).refunds).toEqual([refundOf(second).id, refundOf(first).id]);
  });

  test('M4, R52 of a part that was transferred a part goes back', () => {
    const part = new Story();
    const { id } = part.charge({ to: 8770 });
    expect(rowsOf(part.do(createRefund, { charge: id, amount: minor(5000), reverse_transfer: true }))).toEqual([
      'P transfer_refund 4385',
      'A payment_refund -4385',
      'P refund -5000',
    ]);
  });

  test('what was reversed by hand is not taken twice', () => {
    const hand = new Story();
    const { id, transfer } = hand.charge({ to: 'all' });
    hand.do(createTransferReversal, { transfer, amount: minor(6000) });
    const half = hand.do(createRefund, { charge: id, amount: minor(5000), reverse_transfer: true });
    expect(rowsOf(half)).toEqual(['P refund -5000']);
    expect(refundOf(half).transfer_reversal).toBeUndefined();
    expect(rowsOf(hand.do(createRefund, { charge: id, reverse_transfer: true }))).toEqual([
      'P transfer_refund 4000',
      'A payment_refund -4000',
      'P refund -5000',
    ]);
  });
});

test('M13 the fee of a direct charge goes back in proportion, before the refund', () => {
  const story = new Story();
  const { id } = story.charge({ direct: true, fee: 1230 });
  const decision = story.do(createRefund, { charge: id, amount: minor(2500), refund_application_fee: true }, A);
  expect(rowsOf(decision)).toEqual(['P application_fee_refund -308', 'A adjustment 308', 'A refund -2500']);
  expect(newsOf(decision)).toEqual(['A refund.created re', 'A charge.refunded ch', 'P application_fee.refunded fee']);
});

test('E33, R55, R65 a refund of a pending charge is pending with it, and does not wait', () => {
  const story = new Story();
  const { id } = story.charge({ direct: true, fee: 1230, testCard: 'pm_card_visa' });
  story.give(A, -50_000);
  const decision = story.do(createRefund, { charge: id, amount: minor(2500), refund_application_fee: true }, A);
  expect(rowsOf(decision)).toEqual([
    `P application_fee_refund -308 @${wednesday}`,
    `A adjustment 308 @${wednesday}`,
    `A refund -2500 @${wednesday}`,
  ]);
  expect(refundOf(decision)).toMatchObject({ status: 'succeeded' });
});

describe('M9: an authorisation', () => {
  test('is released whole, without a row', () => {
    const story = new Story();
    const charge = story.charge({ capture: false });
    const decision = story.do(createRefund, { charge: charge.id, metadata: { a: 'b' } });
    expect(rowsOf(decision)).toEqual([]);
    expect(newsOf(decision)).toEqual(['P refund.created re', 'P charge.refunded ch']);
    expect(refundOf(decision)).toMatchObject({ amount: 10_000, metadata: { a: 'b' }, status: 'succeeded' });
    expect(decision.unschedule).toMatchObject([{ job: 'charges.expire', subject: charge.id }]);
    expect(refusalOf(story.run(createRefund, { charge: charge.id }))).toBe('charge_already_refunded');
  });

  test('is not released in part, nor behind the back of its intent', () => {
    const story = new Story();
    const { id } = story.charge({ capture: false });
    expect(refusalOf(story.run(createRefund, { charge: id, amount: minor(1) }))).toBe('refund_part_of_authorisation');
    const { id: ofIntent } = story.charge({ capture: false, payment_intent: 'pi_1' });
    expect(refusalOf(story.run(createRefund, { charge: ofIntent }))).toBe('refund_of_authorisation');
  });

  test('R52 what was captured of it is the whole that refunds count against', () => {
    const story = new Story();
    const charge = story.charge({ to: 'all', fee: 1230 });
    // Captured in part: the released rest counts as refunded, but took nothing with it.
    story.change(charge, { amount: minor(15_000), amount_refunded: minor(5000) });
    const half = story.do(createRefund, { charge: charge.id, amount: minor(5000), ...both });
    expect(half.lines?.map(({ amount }) => amount)).toEqual([5000, -5000, -615, 615, -5000]);
    expect(refusalOf(story.run(createRefund, { charge: charge.id, amount: minor(5001) }))).toBe('refund_above_rest');
  });
});

describe('refusals', () => {
  const of = (given: Parameters<Story['charge']>[0], change: Partial<ChargeObject> = {}) => {
    const story = new Story();
    const charge = story.charge(given);
    story.change(charge, change);
    return { story, charge: charge.id };
  };

  // Each row breaks every rule after its own as well.
  const all = { amount: minor(10_001), ...both };
  const table = [
    ['X40 charge_already_refunded', { amount_refunded: minor(10_000), refunded: true, refundBlocked: true }, all],
    ['X41 charge_disputed', { refundBlocked: true }, all],
    ['X42 refund_above_charge', {}, all],
    ['X42 refund_above_rest', { amount_refunded: minor(5000) }, { ...all, amount: minor(5001) }],
    ['X43 refund_without_transfer', {}, both],
    ['X44 refund_without_fee', {}, { refund_application_fee: true }],
  ] as const;

  test.each(table)('R56 %s', (name, change, params) => {
    const { story, charge } = of({}, change);
    expect(refusalOf(story.run(createRefund, { charge, ...params }))).toBe(name.split(' ')[1]);
  });

  test('X42 words it differently while nothing was refunded', () => {
    const { story, charge } = of({ amount: 1000 });
    expect(story.run(createRefund, { charge, amount: minor(1100) })).toMatchObject({
      error: { message: 'Refund amount ($11.00) is greater than charge amount ($10.00)', param: 'amount' },
    });
    story.do(createRefund, { charge, amount: minor(500) });
    expect(story.run(createRefund, { charge, amount: minor(600) })).toMatchObject({
      error: { message: 'Refund amount ($6.00) is greater than unrefunded amount on charge ($5.00)' },
    });
  });

  test('R172 an inquiry leaves the charge refundable', () => {
    const { story, charge } = of({}, { disputed: true });
    story.do(createRefund, { charge });
  });

  test('X44, R53 the fee of a destination charge needs its transfer', () => {
    const { story, charge } = of({ fee: 1230, to: 'all' });
    expect(refusalOf(story.run(createRefund, { charge, refund_application_fee: true }))).toBe(
      'refund_fee_without_reversal',
    );
  });

  test('X6 a charge that is not there is a 404, somebody else’s too', () => {
    const { story, charge } = of({});
    expect(story.run(createRefund, { charge: 'ch_none' })).toMatchObject({
      status: 404,
      error: { code: 'resource_missing', param: 'id', message: "No such charge: 'ch_none'" },
    });
    expect(refusalOf(story.run(createRefund, { charge }, A))).toBe('no_such_charge_to_refund');
    expect(refusalOf(story.run(createRefund, {}))).toBe('refund_of_nothing');
  });

  test('a charge that failed has nothing to refund', () => {
    const { story, charge } = of({ testCard: 'pm_card_chargeDeclined' });
    expect(refusalOf(story.run(createRefund, { charge }))).toBe('refund_of_failed_charge');
  });

  test('X47 a seller without reserve behind it is not taken below zero', () => {
    const story = new Story({ platform: noReserves });
    const { id } = story.charge({ to: 'all' });
    story.give(A, -1);
    expect(refusalOf(story.run(createRefund, { charge: id, reverse_transfer: true }))).toBe(
      'reversal_balance_insufficient',
    );
    story.do(createRefund, { charge: id, amount: minor(9999), reverse_transfer: true });
  });
});

describe('by the intent', () => {
  const intent = (story: Story, charge: ChargeObject | undefined, status: string) => {
    const id = 'pi_1';
    story.keep({
      put: [{ id, account: testPlatform, created: 0, status, ...(charge && { latest_charge: charge.id }) } as never],
    });
    return id;
  };

  test('its charge is refunded', () => {
    const story = new Story();
    const charge = story.charge({ payment_intent: 'pi_1' });
    const payment_intent = intent(story, charge, 'succeeded');
    const decision = story.do(createRefund, { payment_intent, amount: minor(1) });
    expect(refundOf(decision)).toMatchObject({ charge: charge.id, payment_intent });
    story.do(createRefund, { payment_intent, charge: charge.id, amount: minor(1) });
  });

  test('is refused where there is none, or another', () => {
    const story = new Story();
    const other = story.charge();
    const payment_intent = intent(story, undefined, 'requires_payment_method');
    expect(refusalOf(story.run(createRefund, { payment_intent }))).toBe('refund_intent_without_charge');
    expect(refusalOf(story.run(createRefund, { payment_intent, charge: other.id }))).toBe('refund_of_other_intent');
    expect(story.run(createRefund, { payment_intent: 'pi_none' })).toMatchObject({
      status: 400,
      error: { param: 'payment_intent' },
    });
  });
});

describe('R62 to R66: whether there is money', () => {
  const stripeLiable = { seller: { controller: controllerPresets.standard, debit_negative_balances: false } };
  const noBank = { seller: { debit_negative_balances: false } };
  // seller's balance before, who stands in, flags, what becomes of a refund of 100.00 of its direct charge
  const table = [
    [10_000, {}, 'succeeded', 'R63 it has all of it'],
    [9_999, {}, 'succeeded', 'R63, E42 it is taken below zero: bank and reserve can cover it'],
    [0, noBank, 'succeeded', 'R63 the reserve alone will do'],
    [0, { ...noBank, platform: noReserves }, 'pending', 'R63 nobody stands in'],
    [0, { platform: noReserves }, 'succeeded', 'R63, R96 the bank alone will do'],
    [9_999, stripeLiable, 'pending', 'R63 Stripe bears the losses and its bank may not be debited'],
    [10_000, stripeLiable, 'succeeded', 'R63 but what is there may go'],
    [-1, {}, 'pending', 'R66, E31 it is below zero already'],
  ] as const;

  test.each(table)('%d available: %j %s (%s)', (before, parties, status) => {
    const story = new Story(parties as ConstructorParameters<typeof Story>[0]);
    const { id } = story.charge({ direct: true });
    story.give(A, before - story.available.A);
    expect(refundOf(story.do(createRefund, { charge: id }, A)).status).toBe(status);
  });

  test('R62 the fee that comes back with it counts', () => {
    const story = new Story();
    const { id } = story.charge({ direct: true, fee: 1230 });
    story.give(A, -1230 - story.available.A);
    const flags = { refund_application_fee: true };
    expect(refundOf(story.do(createRefund, { charge: id, ...flags }, A)).status).toBe('succeeded');
  });

  test('R63 the platform is taken below zero, but waits once it is', () => {
    const story = new Story({ platform: noReserves });
    const { id } = story.charge();
    story.give(testPlatform, -story.available.P);
    const first = story.do(createRefund, { charge: id, amount: minor(100) });
    expect(refundOf(first).status).toBe('succeeded');
    expect(story.available.P).toBe(-100);
    expect(refundOf(story.do(createRefund, { charge: id, amount: minor(100) })).status).toBe('pending');
  });

  test('R62, E39 a platform below zero has what the reversal brings it', () => {
    const story = new Story();
    const { id } = story.charge({ to: 'all' });
    story.give(A, -10_000);
    expect(story.available).toEqual({ P: -320, A: 0 });
    const decision = story.do(createRefund, { charge: id, reverse_transfer: true });
    expect(refundOf(decision).status).toBe('succeeded');
    // What the reserve then takes from it is not decided here.
    expect(story.available).toEqual({ P: -320, A: -10_000 });
  });

  test('R64 a seller below zero already is taken further where a reserve stands in', () => {
    const story = new Story();
    const { id } = story.charge({ to: 'all' });
    story.give(A, -20_000);
    story.do(createRefund, { charge: id, reverse_transfer: true });
    expect(story.available.A).toBe(-20_000);
  });
});

describe('M15: a refund that waits for funds', () => {
  const short = (charge: Parameters<Story['charge']>[0] = {}) => {
    const story = new Story();
    const { id } = story.charge({ direct: true, ...charge });
    story.give(A, -100 - story.available.A);
    return { story, id };
  };

  test('R66 has moved nothing, is counted, and is tried at the next start of day', () => {
    const { story, id } = short();
    const decision = story.do(createRefund, { charge: id, amount: minor(1000) }, A);
    const refund = refundOf(decision);
    expect(rowsOf(decision)).toEqual([]);
    expect(newsOf(decision)).toEqual(['A refund.created re']);
    const wire = refundView.render(refund, env);
    expect(validateObject(wire)).toEqual([]);
    expect(wire).toMatchObject({
      balance_transaction: null,
      pending_reason: 'insufficient_funds',
      status: 'pending',
    });
    expect(story.get<ChargeObject>({ id })).toMatchObject({ amount_refunded: 1000, refundsWaiting: 1000 });
    expect(story.due).toEqual([
      { at: startOfDay(tuesday), order: 5, job: 'refunds.retry', subject: `${refund.id.slice(3)} ${refund.id}` },
    ]);
  });

  test('E31, R66 waits for all of its amount', () => {
    const { story, id } = short();
    const { id: refund } = refundOf(story.do(createRefund, { charge: id, amount: minor(1000) }, A));
    story.give(A, 1099);
    expect(story.next(retryRefund)).toMatchObject({ schedule: [{ at: startOfDay(wednesday) }] });
    story.give(A, 1);
    const decision = story.next(retryRefund);
    expect(rowsOf(decision)).toEqual(['A refund -1000']);
    expect(newsOf(decision)).toEqual(['A charge.refunded ch', 'A refund.updated re', 'A charge.refund.updated re']);
    const after = story.get<RefundObject>({ id: refund });
    expect(after).toMatchObject({ status: 'succeeded', balance_transaction: decision.lines?.[0]?.id });
    expect(after).not.toHaveProperty('pending_reason');
    expect(story.get<ChargeObject>({ id })).not.toHaveProperty('refundsWaiting');
    expect(story.available.A).toBe(0);
    expect(story.due).toEqual([]);
  });

  test('R66 the oldest is tried first, and does not block a smaller one', () => {
    const { story, id } = short();
    const big = refundOf(story.do(createRefund, { charge: id, amount: minor(5000) }, A));
    const small = refundOf(story.do(createRefund, { charge: id, amount: minor(500) }, A));
    const subjects = story.due.map(({ subject }) => subject);
    expect([...subjects].sort()).toEqual(subjects);
    story.give(A, 700);
    expect(rowsOf(story.next(retryRefund))).toEqual([]);
    expect(rowsOf(story.next(retryRefund))).toEqual(['A refund -500']);
    expect([story.get<RefundObject>(big).status, story.get<RefundObject>(small).status]).toEqual([
      'pending',
      'succeeded',
    ]);
  });

  test('R53, R62 gives its part of the fee back when it is paid, in the proportion of what has moved', () => {
    const { story, id } = short({ fee: 1230 });
    story.give(A, -2000);
    const flags = { charge: id, amount: minor(5000), refund_application_fee: true };
    story.do(createRefund, flags, A);
    story.do(createRefund, flags, A);
    story.give(A, 10_870 - story.available.A - 1230 + 360);
    expect(story.available.A).toBe(10_000);
    expect(story.next(retryRefund).lines?.map(({ amount }) => amount)).toEqual([-615, 615, -5000]);
    expect(story.next(retryRefund).lines?.map(({ amount }) => amount)).toEqual([-615, 615, -5000]);
    expect(story.get<ChargeObject>({ id }).refunded).toBe(true);
  });

  test('X41 fails when the charge is charged back meanwhile', () => {
    const { story, id } = short();
    const refund = refundOf(story.do(createRefund, { charge: id }, A));
    story.change(story.get<ChargeObject>({ id }), { refundBlocked: true });
    const decision = story.next(retryRefund);
    expect(newsOf(decision)).toEqual(['A refund.failed re', 'A refund.updated re', 'A charge.refund.updated re']);
    expect(rowsOf(decision)).toEqual([]);
    const failed = story.get<RefundObject>(refund);
    expect(failed).toMatchObject({ status: 'failed', failure_reason: 'charge_for_pending_refund_disputed' });
    expect(validateObject(refundView.render(failed, env))).toEqual([]);
    expect(story.get<ChargeObject>({ id })).toMatchObject({ amount_refunded: 0 });
    expect(story.get<ChargeObject>({ id })).not.toHaveProperty('refundsWaiting');
  });

  test('a try that finds nothing to do does nothing', () => {
    const { story, id } = short();
    story.do(createRefund, { charge: id }, A);
    story.give(A, 20_000);
    const due = story.due[0]!;
    story.next(retryRefund);
    expect(story.do(retryRefund, due)).toEqual({ result: null });
  });
});

describe('M14: what the customer’s bank says later', () => {
  test('R67 a refund that fails comes back to who paid it', () => {
    const story = new Story();
    const charge = story.charge({ to: 'all', testCard: 'pm_card_refundFail', description: 'Order 1' });
    story.settle(testPlatform, wednesday);
    story.settle(A, wednesday);
    story.now = startOfDay(wednesday) + 36_000;
    const refund = refundOf(story.do(createRefund, { charge: charge.id, reverse_transfer: true }));
    expect(refund.status).toBe('succeeded');
    expect(story.due).toEqual([{ at: startOfDay(wednesday + 1), order: 2, job: 'refunds.fail', subject: refund.id }]);
    const before = story.available;
    const decision = story.next(failRefund);
    expect(rowsOf(decision)).toEqual(['P refund_failure 10000']);
    expect(newsOf(decision)).toEqual(['P refund.failed re', 'P refund.updated re', 'P charge.refund.updated re']);
    // The reversal stays done: all of it is the platform's now.
    expect(story.available).toEqual({ P: before.P + 10_000, A: before.A });
    const failed = story.get<RefundObject>(refund);
    expect(failed).toMatchObject({ status: 'failed', failure_balance_transaction: decision.lines?.[0]?.id });
    expect(validateObject(refundView.render(failed, env))).toEqual([]);
    expect(story.get<ChargeObject>(charge)).toMatchObject({ amount_refunded: 0, refunds: [refund.id] });
    expect(story.get<ChargeObject>(charge)).not.toHaveProperty('refunded');
    expect(story.do(failRefund, { subject: refund.id })).toEqual({ result: null });
  });

  test('a refund that is pending for its bank has its row at once', () => {
    const story = new Story();
    const { id } = story.charge({ testCard: 'pm_card_pendingRefund' });
    const decision = story.do(createRefund, { charge: id });
    expect(refundOf(decision)).toMatchObject({ status: 'pending', pending_reason: 'processing' });
    expect(rowsOf(decision)).toEqual([`P refund -10000 @${wednesday}`]);
    const succeeded = story.next(succeedRefund);
    expect(story.now).toBe(startOfDay(tuesday));
    expect(newsOf(succeeded)).toEqual(['P refund.updated re', 'P charge.refund.updated re']);
    const after = story.get<RefundObject>(refundOf(decision));
    expect(after.status).toBe('succeeded');
    expect(after).not.toHaveProperty('pending_reason');
    expect(story.do(succeedRefund, { subject: after.id })).toEqual({ result: null });
  });
});

describe('M35: undoing an account debit', () => {
  test('R68 the platform’s payment is refunded, the seller’s transfer taken back, the fee kept', () => {
    const story = new Story();
    story.give(A, 5000);
    const { payment, transfer } = story.debit(2000);
    expect(story.available).toEqual({ P: 1970, A: 3000 });
    const decision = story.do(createRefund, { charge: payment.id, metadata: { a: 'b' } });
    expect(rowsOf(decision)).toEqual(['A transfer_refund 2000', 'P payment_refund -2000']);
    expect(newsOf(decision)).toEqual(['P refund.created pyr', 'P charge.refunded py', 'A transfer.reversed tr']);
    expect(story.available).toEqual({ P: -30, A: 5000 });
    expect(refundOf(decision)).toMatchObject({
      account: testPlatform,
      charge: payment.id,
      metadata: { a: 'b' },
      status: 'succeeded',
    });
    expect(story.get<TransferObject>(transfer)).toMatchObject({ amount_reversed: 2000, reversed: true });
    expect(story.get<ChargeObject>(payment).refunded).toBe(true);
    expect(validateObject(refundView.render(refundOf(decision), env))).toEqual([]);
  });

  test('X12 cannot wait: a platform below zero already is refused', () => {
    const story = new Story();
    story.give(A, 5000);
    const { payment } = story.debit(2000);
    story.give(testPlatform, -1 - story.available.P);
    expect(story.run(createRefund, { charge: payment.id })).toMatchObject({
      name: 'refund_balance_insufficient',
      error: { code: 'balance_insufficient' },
    });
  });

  test('a seller can send a transfer’s payment back, with its part of the fee', () => {
    const story = new Story();
    const { transfer } = story.charge({ to: 'all', fee: 1230 });
    const payment = story.get<TransferObject>({ id: transfer! }).destination_payment;
    const flags = { amount: minor(2500), refund_application_fee: true };
    expect(rowsOf(story.do(createRefund, { charge: payment, ...flags }, A))).toEqual([
      'P transfer_refund 2500',
      'A payment_refund -2500',
      'P application_fee_refund -308',
      'A adjustment 308',
    ]);
  });
});

describe('M45: a charge that was converted', () => {
  // 1 eur is 1.10 usd; the platform and the seller hold usd.
  const story = new Story();
  const { id } = story.charge({ currency: 'eur', fee: 1000, to: 'all' });
  const decision = story.do(createRefund, { charge: id, amount: minor(5000), ...both });

  test('is refunded in its own currency, out of that of the balances', () => {
    expect(refundOf(decision)).toMatchObject({ amount: 5000, currency: 'eur' });
    expect(decision.lines?.map(({ type, amount, currency }) => [type, amount, currency])).toEqual([
      ['transfer_refund', 5500, 'usd'],
      ['payment_refund', -5500, 'usd'],
      ['application_fee_refund', -550, 'usd'],
      ['adjustment', 550, 'usd'],
      ['refund', -5500, 'usd'],
    ]);
    expect(decision.lines?.at(-1)?.exchange_rate).toBe(1.1);
  });

  test('R66 waits for what it costs there', () => {
    const direct = new Story({ seller: { debit_negative_balances: false }, platform: noReserves });
    const charge = direct.charge({ direct: true, currency: 'eur' });
    direct.give(A, 10_999 - direct.available.A);
    expect(refundOf(direct.do(createRefund, { charge: charge.id }, A)).status).toBe('pending');
    direct.give(A, 1);
    expect(rowsOf(direct.next(retryRefund))).toEqual(['A refund -11000']);
  });

  test('M14 comes back in that currency', () => {
    const failing = new Story();
    const charge = failing.charge({ currency: 'eur', testCard: 'pm_card_refundFail' });
    failing.do(createRefund, { charge: charge.id });
    expect(failing.next(failRefund).lines).toMatchObject([{ amount: 11_000, currency: 'usd', exchange_rate: 1.1 }]);
  });
});

test('R171 with the last of its money an inquiry ends', () => {
  const story = new Story();
  const charge = story.charge();
  const inquiry = {
    id: 'du_1',
    account: testPlatform,
    created: monday,
    charge: charge.id,
    currency: 'usd',
    amount: minor(10_000),
    status: 'warning_needs_response',
    is_charge_refundable: true,
    lines: [],
  };
  story.keep({ put: [inquiry as never] });
  story.change(charge, { disputed: true, disputes: ['du_1'] });
  expect(newsOf(story.do(createRefund, { charge: charge.id, amount: minor(1) }))).toHaveLength(2);
  expect(newsOf(story.do(createRefund, { charge: charge.id })).at(-1)).toBe('P charge.dispute.closed du');
  expect(story.get({ id: 'du_1' })).toMatchObject({ status: 'warning_closed' });
});

describe('labels', () => {
  const story = new Story();
  const { id: charge } = story.charge();
  const { id: refund } = refundOf(story.do(createRefund, { charge, amount: minor(100) }));

  test('metadata can be changed', () => {
    const decision = story.do(updateRefund, { refund, metadata: { b: 'c' } });
    expect(decision.result).toMatchObject({ metadata: { b: 'c' } });
    expect(newsOf(decision)).toEqual(['P refund.updated re', 'P charge.refund.updated re']);
    story.do(updateRefund, { refund, charge, metadata: null });
    expect(refusalOf(story.run(updateRefund, { refund, charge: 'ch_other' }))).toBe('no_such_in_path');
    expect(refusalOf(story.run(updateRefund, { refund: 're_none' }))).toBe('no_such_in_path');
  });

  test('nothing can be canceled', () => {
    expect(refusalOf(story.run(cancelRefund, { refund }))).toBe('refund_not_cancelable');
    expect(refusalOf(story.run(cancelRefund, { refund: 're_none' }))).toBe('no_such_in_path');
    expect(refusalOf(story.run(expireRefund, { refund }))).toBe('refund_not_expirable');
    expect(refusalOf(story.run(expireRefund, { refund: 're_none' }))).toBe('no_such_in_path');
  });

  test('the oldest address answers the charge', () => {
    expect(story.do(refundCharge, { charge }).result).toMatchObject({ id: charge, refunded: true });
    expect(refusalOf(story.run(refundCharge, { charge }))).toBe('charge_already_refunded');
  });
});

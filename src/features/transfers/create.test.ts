import { describe, expect, test } from 'vitest';
import { holding, platformOf, sellerOf } from '../../../test/support/parties.ts';
import { validateObject } from '../../../test/support/schema.ts';
import { controllerPresets } from '../../data/controllers.ts';
import type { Decision } from '../../engine/command.ts';
import { testAccount, testContext, testPlatform } from '../../engine/testing.ts';
import { minor } from '../../kernel/money.ts';
import { isRefusal, type Refusal } from '../../kernel/refusal.ts';
import { pending } from '../../ledger/chart.ts';
import { checkDecision } from '../../ledger/invariants.ts';
import type { AccountObject } from '../accounts/object.ts';
import type { ChargeObject } from '../charges/object.ts';
import { type CreateTransfer, createTransfer } from './create.ts';
import type { TransferObject } from './object.ts';
import { updateTransfer } from './update.ts';
import { transferView } from './view.ts';

type State = Parameters<typeof createTransfer.decide>[1];

const A = testAccount(1);
const env = { livemode: false, book: 7, platform: testPlatform, application: 'ca_1', account: testPlatform };
const wednesday = 20_516;

const state = (given: Partial<State> = {}): State => ({
  platform: platformOf(),
  sender: platformOf(),
  destination: sellerOf(1),
  source: undefined,
  referenceFound: undefined,
  available: minor(10_000),
  arriving: holding(0),
  ...given,
});

const charge = (given: Partial<ChargeObject> = {}): ChargeObject => ({
  id: 'ch_1',
  account: testPlatform,
  created: 0,
  amount: minor(10_000),
  amount_captured: minor(10_000),
  amount_refunded: minor(0),
  currency: 'usd',
  status: 'succeeded',
  captured: true,
  paid: true,
  refunded: false,
  disputed: false,
  settlesOn: wednesday,
  ...given,
});

const params = (given: Partial<CreateTransfer> = {}): CreateTransfer => ({
  amount: minor(5000),
  currency: 'usd',
  destination: A,
  ...given,
});

function done(answer: Decision<TransferObject> | Refusal): Decision<TransferObject> {
  if (isRefusal(answer)) throw new Error(`refused: ${answer.error.message}`);
  checkDecision(answer.post ?? [], answer.lines ?? []);
  expect(validateObject(transferView.render(answer.result, env))).toEqual([]);
  return answer;
}

const putOf = <T>(decision: Decision, prefix: string): T =>
  decision.put?.find(({ id }) => id.startsWith(prefix)) as unknown as T;

describe('M7: a transfer of available money', () => {
  const decision = done(createTransfer.decide(params({ description: 'March' }), state(), testContext()));
  const payment = putOf<ChargeObject>(decision, 'py_');

  test('is a transfer here and a payment there, tied to each other', () => {
    expect(decision.result).toMatchObject({
      account: testPlatform,
      amount: 5000,
      destination: A,
      destination_payment: payment.id,
    });
    expect(payment).toMatchObject({ account: A, amount: 5000, source_transfer: decision.result.id, paid: true });
    expect(payment).toMatchObject({ source_account: testPlatform, settlesOn: 'now' });
    expect(payment.description).toBeUndefined();
    expect(payment.outcome).toBeUndefined();
  });

  test('E5: writes both rows, available at once', () => {
    expect(decision.lines).toMatchObject([
      { account: testPlatform, type: 'transfer', amount: -5000, fee: 0, on: 'now', source: decision.result.id },
      { account: A, type: 'payment', amount: 5000, fee: 0, on: 'now', source: payment.id },
    ]);
    expect(decision.lines?.map(({ id }) => id)).toEqual([
      decision.result.balance_transaction,
      payment.balance_transaction,
    ]);
    expect(decision.lines?.[0]?.description).toBe('March');
    expect(decision.lines?.[1]?.description).toBeUndefined();
  });

  test('tells the sender of the transfer and the receiver of the payment', () => {
    expect(decision.emit).toMatchObject([
      { type: 'transfer.created', account: testPlatform },
      { type: 'payment.created', account: A },
    ]);
  });

  test('shows every documented key', () => {
    const wire = transferView.render(decision.result, env);
    expect(Object.keys(wire)).toEqual([
      'id',
      'object',
      ...Object.keys(wire)
        .filter((key) => key !== 'id' && key !== 'object')
        .sort(),
    ]);
    expect(wire).toMatchObject({
      description: 'March',
      metadata: {},
      reversals: {
        object: 'list',
        data: [],
        has_more: false,
        total_count: 0,
        url: `/v1/transfers/${decision.result.id}/reversals`,
      },
      reversed: false,
      source_transaction: null,
      source_type: 'card',
      transfer_group: null,
    });
    expect(wire).not.toHaveProperty('reference_transaction');
  });
});

test('R25: all that is available may go, not a cent more', () => {
  done(createTransfer.decide(params({ amount: minor(10_000) }), state(), testContext()));
  expect(createTransfer.decide(params({ amount: minor(10_001) }), state(), testContext())).toMatchObject({
    name: 'transfer_balance_insufficient',
  });
});

test('X10 has another text in live mode', () => {
  const answer = createTransfer.decide(params(), state({ available: minor(0) }), testContext({ livemode: true }));
  expect(answer).toMatchObject({ name: 'transfer_balance_insufficient_live', error: { code: 'balance_insufficient' } });
});

describe('M8: a transfer out of a charge that is still pending', () => {
  const asked = params({ amount: minor(7000), source_transaction: 'ch_1' });
  const decide = (given: Partial<CreateTransfer>, source: Partial<ChargeObject> = {}) =>
    done(
      createTransfer.decide(
        { ...asked, ...given },
        state({ available: minor(0), source: charge(source) }),
        testContext(),
      ),
    );

  test('E4: waits with it, whatever the platform has', () => {
    const decision = decide({});
    expect(decision.lines).toMatchObject([
      { account: testPlatform, amount: -7000, on: wednesday },
      { account: A, amount: 7000, on: wednesday },
    ]);
    expect(decision.post?.[0]?.moves).toEqual([
      { amount: 7000, from: pending(testPlatform, 'usd', wednesday), to: pending(A, 'usd', wednesday) },
    ]);
    expect(putOf(decision, 'ch_')).toMatchObject({ transferred: 7000, transfer_group: 'group_ch_1' });
    expect(decision.result).toMatchObject({ transfer_group: 'group_ch_1', settlesOn: wednesday });
  });

  test('counts what was transferred before, and takes the rest when no amount is said', () => {
    const { amount: _, ...rest } = asked;
    const source = charge({ transferred: minor(9000), transfer_group: 'ORDER_1' });
    const decision = done(createTransfer.decide(rest, state({ source }), testContext()));
    expect(decision.result).toMatchObject({ amount: 1000, transfer_group: 'ORDER_1' });
    expect(putOf(decision, 'ch_')).toMatchObject({ transferred: 10_000, transfer_group: 'ORDER_1' });
  });

  test('R27: a label of its own leaves the charge without one', () => {
    const decision = decide({ transfer_group: 'MINE' });
    expect(decision.result.transfer_group).toBe('MINE');
    expect(putOf<ChargeObject>(decision, 'ch_').transfer_group).toBeUndefined();
  });

  test('R27: of a payment intent its id', () => {
    expect(decide({}, { payment_intent: 'pi_1' }).result.transfer_group).toBe('group_pi_1');
  });

  test('2.3: of a charge that has settled it is available at once', () => {
    const later = testContext({ settledThrough: wednesday });
    const decision = done(createTransfer.decide(asked, state({ source: charge() }), later));
    expect(decision.lines?.map(({ on }) => on)).toEqual(['now', 'now']);
  });
});

test('R31: a negative seller is filled like any other', () => {
  const decision = done(createTransfer.decide(params(), state({ arriving: holding(-8000) }), testContext()));
  expect(decision.lines).toHaveLength(2);
});

/** An account that breaks everything a destination can break. */
const hopeless = (given: Partial<AccountObject> = {}) => sellerOf(1, { country: 'BR', capabilities: {}, ...given });
const full = controllerPresets.standard;

/** Each row breaks its own rule and all that come after it. */
const refusedOfPlatform: [string, Partial<CreateTransfer>, Partial<State>, string | undefined][] = [
  ['unknown_parameter', { reference_transaction: { type: 'x' } }, { destination: undefined }, 'reference_transaction'],
  ['no_such_destination', {}, { destination: undefined }, 'destination'],
  ['no_such_destination', {}, { destination: hopeless({ deleted: true }) }, 'destination'],
  ['transfer_to_self', {}, { destination: hopeless({ id: testPlatform }) }, 'destination'],
  ['transfer_region', {}, { destination: hopeless() }, 'destination'],
  ['transfer_capability', {}, { destination: hopeless(), sender: platformOf({ country: 'BR' }) }, undefined],
  [
    'transfer_brazil_source',
    {},
    { destination: sellerOf(1, { country: 'BR' }), sender: platformOf({ country: 'BR' }) },
    'source_transaction',
  ],
  ['transfer_balance_insufficient', {}, {}, undefined],
  ['transfer_balance_insufficient', { source_type: 'fpx' }, { available: minor(99_999) }, undefined],
];

test.each(refusedOfPlatform)('X61, X19, X13, X14, X10: platform: %s', (name, asked, given, param) => {
  const answer = createTransfer.decide(params(asked), state({ available: minor(0), ...given }), testContext());
  expect(answer).toMatchObject({ refused: true, name });
  expect((answer as Refusal).error.param).toBe(param);
});

test('X3: an amount is needed unless there is a source', () => {
  const { amount: _, ...rest } = params();
  const answer = createTransfer.decide(rest, state({ destination: undefined }), testContext());
  expect(answer).toMatchObject({ name: 'missing_parameter', error: { param: 'amount' } });
});

const refusedOfSource: [string, ChargeObject | undefined][] = [
  ['no_such', undefined],
  ['transfer_source_not_paid', charge({ captured: false, currency: 'eur', amount_captured: minor(0) })],
  ['transfer_currency_of_source', charge({ currency: 'eur', amount_captured: minor(0) })],
  ['transfer_above_source', charge({ amount_captured: minor(4999) })],
  ['transfer_above_source_left', charge({ transferred: minor(5001) })],
];

test.each(refusedOfSource)('source: %s', (name, source) => {
  const asked = params({ source_transaction: 'ch_1' });
  const answer = createTransfer.decide(asked, state({ source, available: minor(0) }), testContext());
  expect(answer).toMatchObject({ refused: true, name, error: { param: 'source_transaction' } });
});

const refusedOfSeller: [string, Partial<AccountObject>, AccountObject | undefined][] = [
  ['no_such_destination', { controller: full }, undefined],
  ['standard_account', { controller: full }, hopeless({ id: testAccount(2) })],
  ['no_such_destination', {}, sellerOf(2)],
  ['no_such_destination', {}, sellerOf(1)],
];

test.each(refusedOfSeller)('R88, X61, X29: in the name of a seller: %s', (name, sender, destination) => {
  const answer = createTransfer.decide(
    params({ destination: destination?.id ?? 'acct_x' }),
    state({ sender: sellerOf(1, sender), destination }),
    testContext({ account: A }),
  );
  expect(answer).toMatchObject({ refused: true, name });
});

describe('update', () => {
  const { result: transfer } = done(
    createTransfer.decide(params({ description: 'one', metadata: { a: '1', b: '2' } }), state(), testContext()),
  );
  const update = (change: object) =>
    updateTransfer.decide(
      { transfer: transfer.id, ...change },
      { transfer },
      testContext(),
    ) as Decision<TransferObject>;

  test('changes labels and tells so', () => {
    const decision = update({ description: 'two', metadata: { a: '', c: '3' } });
    expect(decision.result).toMatchObject({ description: 'two', metadata: { b: '2', c: '3' } });
    expect(decision.result.metadata).not.toHaveProperty('a');
    expect(decision.put).toEqual([decision.result]);
    expect(decision.emit).toMatchObject([{ type: 'transfer.updated', account: testPlatform }]);
    expect(decision.lines).toBeUndefined();
  });

  test('what is not sent stays, an empty description goes', () => {
    expect(update({}).result).toMatchObject({ description: 'one', metadata: { a: '1', b: '2' } });
    expect(update({ description: null }).result).not.toHaveProperty('description');
    expect(update({ metadata: null }).result.metadata).toEqual({});
  });

  test('X6: an unknown transfer', () => {
    expect(updateTransfer.decide({ transfer: 'tr_x' }, { transfer: undefined }, testContext())).toMatchObject({
      name: 'no_such_in_path',
      status: 404,
      error: { param: 'transfer', message: "No such transfer: 'tr_x'" },
    });
  });
});

import { describe, expect, test } from 'vitest';
import { holding, platformOf, sellerOf } from '../../../test/support/parties.ts';
import { validateObject } from '../../../test/support/schema.ts';
import { controllerPresets } from '../../data/controllers.ts';
import type { Decision, Reader } from '../../engine/command.ts';
import { testAccount, testContext, testPlatform } from '../../engine/testing.ts';
import { minor } from '../../kernel/money.ts';
import { isRefusal, type Refusal } from '../../kernel/refusal.ts';
import { available, house } from '../../ledger/chart.ts';
import { checkDecision } from '../../ledger/invariants.ts';
import type { AccountObject } from '../accounts/object.ts';
import { type DebitByCharge, debitByCharge } from '../charges/debit.ts';
import type { ChargeObject } from '../charges/object.ts';
import { createTransfer } from '../transfers/create.ts';
import type { TransferObject } from '../transfers/object.ts';
import { transferView } from '../transfers/view.ts';

const A = testAccount(1);
const env = { livemode: false, book: 7, platform: testPlatform, application: 'ca_1', account: A };

function done<T extends Decision>(answer: T | Refusal): T {
  if (isRefusal(answer)) throw new Error(`refused: ${answer.error.message}`);
  checkDecision(answer.post ?? [], answer.lines ?? []);
  return answer;
}

interface Case {
  readonly amount: number;
  readonly has: number;
  readonly seller?: Partial<AccountObject>;
  readonly platform?: Partial<AccountObject>;
}

const byCharge = ({ amount, has, seller, platform }: Case, more: Partial<DebitByCharge> = {}) => {
  const debited = sellerOf(1, seller);
  return debitByCharge.decide(
    { amount: minor(amount), currency: debited.default_currency, source: A, ...more },
    {
      platform: platformOf(platform),
      seller: debited,
      available: minor(has),
      platformBalance: holding(0),
    },
    testContext(),
  );
};

const byTransfer = ({ amount, has, seller, platform }: Case, more: object = {}, referenceFound?: boolean) => {
  const debited = sellerOf(1, seller);
  return createTransfer.decide(
    { amount: minor(amount), currency: debited.default_currency, destination: testPlatform, ...more },
    {
      platform: platformOf(platform),
      sender: debited,
      destination: platformOf(platform),
      source: undefined,
      referenceFound,
      available: minor(has),
      arriving: holding(0),
    },
    testContext({ account: A }),
  );
};

const rowsOf = (decision: Decision) =>
  decision.lines?.map((row) => [row.account === A ? 'A' : 'P', row.type, row.amount, row.on]);

const japan = { country: 'JP' } as const;

// The worked examples, and how each moves the two balances.
const examples = [
  // example   debit                                                        fee  seller  platform
  ['E18', byCharge({ amount: 1500, has: 20_000 }), 'usd', 23, -1500, 1477],
  ['E19', byTransfer({ amount: 1500, has: 18_770 }), 'usd', 23, -1500, 1477],
  ['E20', byCharge({ amount: 2500, has: 1000 }), 'usd', 38, -2500, 2462],
  ['E21, step 6', byCharge({ amount: 10_000_000, has: 20_000_000 }), 'usd', 150_000, -10_000_000, 9_850_000],
  [
    'E22',
    byTransfer(
      { amount: 2500, has: 1000, seller: { controller: controllerPresets.standard } },
      { reference_transaction: { type: 'charge', charge: 'ch_1' } },
      true,
    ),
    'usd',
    38,
    -2500,
    2462,
  ],
  ['E28', byCharge({ amount: 260, has: 1000, seller: japan, platform: japan }), 'jpy', 4, -260, 256],
] as const;

test.each(examples)('%s: rows and postings', (_, answer, currency, fee, ofSeller, ofPlatform) => {
  const decision = done<Decision>(answer);
  const amount = -ofSeller;
  expect(rowsOf(decision)).toEqual([
    ['A', 'transfer', -amount, 'now'],
    ['P', 'payment', amount, 'now'],
    ['P', 'stripe_fee', -fee, 'now'],
  ]);
  expect(amount - fee).toBe(ofPlatform);
  expect(decision.post).toEqual([
    {
      reason: 'account_debit',
      moves: [
        { amount, from: available(A, currency), to: available(testPlatform, currency) },
        { amount: fee, from: available(testPlatform, currency), to: house('fees', currency) },
      ],
    },
  ]);
  const [transfer, payment] = decision.put as unknown as [TransferObject, ChargeObject];
  expect(decision.lines?.map(({ source }) => source)).toEqual([transfer.id, payment.id, payment.id]);
  expect(decision.lines?.[2]?.description).toBe('Account debit fee');
  expect(transfer).toMatchObject({
    account: A,
    destination: testPlatform,
    destination_payment: payment.id,
    balance_transaction: decision.lines?.[0]?.id,
  });
  expect(payment).toMatchObject({
    account: testPlatform,
    amount,
    amount_captured: amount,
    paid: true,
    captured: true,
    source_account: A,
    source_transfer: transfer.id,
    balance_transaction: decision.lines?.[1]?.id,
    application: testContext().application,
  });
  expect(payment).not.toHaveProperty('payment_intent');
  expect(payment).not.toHaveProperty('payment_method');
});

test('both balances that move are loaded', () => {
  const asked: string[] = [];
  const read = {
    find: (_: unknown, id: string) => (id === A ? sellerOf(1) : platformOf()),
    own: () => undefined,
    balance: (account: string, currency: string) => {
      asked.push(`${account} ${currency}`);
      return holding(0);
    },
  } as unknown as Reader;
  const both = [`${A} usd`, `${testPlatform} usd`].sort();
  const money = { amount: minor(1), currency: 'usd' } as const;
  debitByCharge.load(read, { ...money, source: A }, testContext());
  expect(asked.sort()).toEqual(both);
  asked.length = 0;
  createTransfer.load(read, { ...money, destination: testPlatform }, testContext({ account: A }));
  expect(asked.sort()).toEqual(both);
  asked.length = 0;
  createTransfer.load(read, { ...money, destination: A }, testContext());
  expect(asked.sort()).toEqual(both);
});

test('a fee that rounds to nothing has no row', () => {
  const decision = done(byCharge({ amount: 33, has: 33 }));
  expect(rowsOf(decision)).toEqual([
    ['A', 'transfer', -33, 'now'],
    ['P', 'payment', 33, 'now'],
  ]);
  expect(decision.post?.[0]?.moves).toHaveLength(1);
});

describe('M32: by charge', () => {
  const decision = done(
    byCharge(
      { amount: 1500, has: 20_000 },
      { description: 'Dispute fee', metadata: { a: '1', b: '' }, transfer_group: 'G' },
    ),
  );

  test('answers the payment, with an outcome and the labels', () => {
    expect(decision.result).toMatchObject({
      id: expect.stringMatching(/^py_/),
      description: 'Dispute fee',
      metadata: { a: '1' },
      transfer_group: 'G',
      outcome: {
        network_status: 'approved_by_network',
        risk_level: 'not_assessed',
        seller_message: 'Payment complete.',
        type: 'authorized',
      },
    });
    expect(decision.lines?.map(({ description }) => description)).toEqual([
      'Dispute fee',
      'Dispute fee',
      'Account debit fee',
    ]);
  });

  test('tells of transfer, charge and payment', () => {
    expect(decision.emit?.map(({ type, account }) => [account === A ? 'A' : 'P', type])).toEqual([
      ['A', 'transfer.created'],
      ['P', 'charge.succeeded'],
      ['P', 'payment.created'],
    ]);
  });
});

describe('M33: by transfer', () => {
  const decision = done(byTransfer({ amount: 1500, has: 20_000 }, { description: 'Correction' }));

  test('answers the transfer on the seller; the payment has neither outcome nor description', () => {
    expect(decision.result).toMatchObject({ account: A, description: 'Correction', source_type: 'card' });
    expect(decision.put?.[1]).not.toHaveProperty('outcome');
    expect(decision.put?.[1]).not.toHaveProperty('description');
    expect(decision.lines?.map(({ description }) => description)).toEqual([
      'Correction',
      undefined,
      'Account debit fee',
    ]);
    const wire = transferView.render(decision.result, env);
    expect(validateObject(wire)).toEqual([]);
    expect(wire).toMatchObject({ destination: testPlatform, transfer_group: null, source_transaction: null });
  });

  test('tells of transfer and payment', () => {
    expect(decision.emit?.map(({ type }) => type)).toEqual(['transfer.created', 'payment.created']);
  });

  test('M34: carries the reference', () => {
    const reference_transaction = { type: 'charge', charge: 'ch_1' };
    const { result } = done(byTransfer({ amount: 1500, has: 20_000 }, { reference_transaction }, true));
    const wire = transferView.render(result, env);
    expect(wire).toMatchObject({ reference_transaction });
    expect(validateObject(wire)).toEqual([]);
  });

  test('X64: a debit cannot wait for a charge', () => {
    const answer = byTransfer({ amount: 1500, has: 0, seller: { country: 'CA' } }, { source_transaction: 'ch_1' });
    expect(answer).toMatchObject({ name: 'debit_combination', error: { param: 'source_transaction' } });
  });

  test('X3: an amount is needed', () => {
    const answer = byTransfer({ amount: 1, has: 0, seller: { country: 'CA' } }, { amount: undefined });
    expect(answer).toMatchObject({ name: 'missing_parameter', error: { param: 'amount' } });
  });
});

describe('what the charge form refuses before R74 goes on to the account', () => {
  const hopeless = { amount: 1500, has: 0, seller: { country: 'CA', deleted: true } } as const;
  // Each row also breaks all later ones.
  const table: [string, string, Partial<DebitByCharge>][] = [
    ['transfer_data', 'transfer_data', { transfer_data: {}, application_fee_amount: 1 }],
    ['application_fee_amount', 'application_fee_amount', { application_fee_amount: 1, on_behalf_of: A }],
    ['on_behalf_of', 'on_behalf_of', { on_behalf_of: A, capture: false }],
    ['capture=false', 'capture', { capture: false, customer: 'cus_1' }],
    ['customer', 'customer', { customer: 'cus_1' }],
  ];
  test.each(table)('X64: %s', (name, param, more) => {
    expect(byCharge(hopeless, more)).toMatchObject({
      name: 'debit_combination',
      error: { param, message: `Account debits cannot be combined with ${name}.` },
    });
  });

  test('X62: a deleted, unknown or own account, or asked in the name of a seller', () => {
    const refused = { name: 'no_such_source', error: { param: 'source', code: 'resource_missing' } };
    expect(byCharge(hopeless)).toMatchObject(refused);
    expect(byCharge({ amount: 1500, has: 20_000, seller: { id: testPlatform } })).toMatchObject(refused);
    const params = { amount: minor(1), currency: 'usd', source: A } as const;
    const state = { platform: platformOf(), available: minor(20_000), platformBalance: holding(0) };
    expect(debitByCharge.decide(params, { ...state, seller: undefined }, testContext())).toMatchObject(refused);
    const inTheNameOfB = testContext({ account: testAccount(2) });
    expect(debitByCharge.decide(params, { ...state, seller: sellerOf(1) }, inTheNameOfB)).toMatchObject(refused);
  });

  test('X51, then R74 as ever', () => {
    const seller = { country: 'CA', controller: controllerPresets.standard } as const;
    expect(byCharge({ amount: 1500, has: 0, seller })).toMatchObject({ name: 'debit_source_liability' });
    expect(byCharge({ amount: 1500, has: 0, seller: { country: 'CA' } })).toMatchObject({
      name: 'debit_region',
      error: { param: 'source', code: 'transfers_not_allowed' },
    });
  });

  test('capture=true is what a debit is anyway', () => {
    done(byCharge({ amount: 1500, has: 20_000 }, { capture: true }));
  });
});

import { describe, expect, test } from 'vitest';
import { platformOf, sellerOf } from '../../../test/support/parties.ts';
import { controllerPresets } from '../../data/controllers.ts';
import type { Currency } from '../../data/currencies.ts';
import { monday, testAccount, testContext, testPlatform } from '../../engine/testing.ts';
import { minor } from '../../kernel/money.ts';
import { dayOf, isoDay } from '../../kernel/time.ts';
import { checkDecision } from '../../ledger/invariants.ts';
import type { AccountObject } from '../accounts/object.ts';
import type { ApplicationFeeObject } from '../application-fees/object.ts';
import type { CardDetails } from '../payment-methods/object.ts';
import { cardFromAlias } from '../tokens/card.ts';
import type { TransferObject } from '../transfers/object.ts';
import { type Attempt, attemptCharge, type ChargeDraft } from './attempt.ts';
import type { ChargeObject } from './object.ts';

const A = testAccount(1);
const visa = cardFromAlias('pm_card_visa') as CardDetails;

interface Case {
  readonly amount: number;
  readonly on?: 'A';
  readonly currency?: Currency;
  readonly fee?: number;
  readonly to?: { readonly amount?: number };
  readonly onBehalfOf?: true;
  readonly card?: string;
  readonly now?: number;
  readonly seller?: Partial<AccountObject>;
  readonly draft?: Partial<ChargeDraft>;
}

type Captured = Exclude<Attempt, { kind: 'needsAuthentication' }>;

function charge(given: Case): Captured {
  const seller = sellerOf(1, { email: 'shop@example.com', ...given.seller });
  const platform = platformOf();
  const draft: ChargeDraft = {
    amount: minor(given.amount),
    currency: given.currency ?? 'usd',
    card: given.card === undefined ? visa : (cardFromAlias(given.card) as CardDetails),
    payment_method: 'pm_1',
    payment_intent: 'pi_1',
    ...(given.fee !== undefined && { application_fee_amount: minor(given.fee) }),
    ...(given.to && {
      transfer_data: { destination: A, ...(given.to.amount !== undefined && { amount: minor(given.to.amount) }) },
    }),
    ...(given.onBehalfOf && { on_behalf_of: A }),
    ...given.draft,
  };
  const parties = {
    owner: given.on === 'A' ? seller : platform,
    platform,
    destination: given.to ? seller : undefined,
    onBehalfOf: given.onBehalfOf ? seller : undefined,
  };
  const now = given.now ?? monday;
  const ctx = testContext({ now, ...(given.on === 'A' && { account: A }) });
  const attempt = attemptCharge(draft, { capture: true, canAuthenticate: false, parties }, ctx);
  if (attempt.kind === 'needsAuthentication') throw new Error('nobody can authenticate');
  checkDecision(attempt.post, attempt.lines);
  return attempt;
}

const who = (account: string) => (account === A ? 'A' : account === testPlatform ? 'P' : account);

const rowsOf = ({ lines }: Captured) =>
  lines.map(({ account, type, amount, fee, on }) => [
    who(account),
    type,
    amount,
    fee,
    amount - fee,
    on === 'now' ? 'now' : isoDay(on).slice(5),
  ]);

const application: Partial<AccountObject> = {
  controller: { ...controllerPresets.express, fees: { payer: 'application' } },
};

// The worked examples: account, type, amount, fee, net, available on.
const examples: readonly [string, Case, readonly (readonly unknown[])[]][] = [
  [
    'E1, M1: direct, with an application fee',
    { amount: 10_000, on: 'A', fee: 1230 },
    [
      ['A', 'charge', 10_000, 1550, 8450, '03-04'],
      ['P', 'application_fee', 1230, 0, 1230, '03-04'],
    ],
  ],
  ['M1: direct, without', { amount: 4215, on: 'A' }, [['A', 'charge', 4215, 152, 4063, '03-04']]],
  [
    'R23: a fee above the charge is capped',
    { amount: 1000, on: 'A', fee: 5000 },
    [
      ['A', 'charge', 1000, 1059, -59, '03-04'],
      ['P', 'application_fee', 1000, 0, 1000, '03-04'],
    ],
  ],
  [
    'E36, M2: the platform pays the processing fee',
    { amount: 10_000, on: 'A', fee: 1230, seller: application },
    [
      ['A', 'charge', 10_000, 1230, 8770, '03-04'],
      ['P', 'stripe_fee', -320, 0, -320, '03-04'],
      ['P', 'application_fee', 1230, 0, 1230, '03-04'],
    ],
  ],
  [
    'M2: without an application fee',
    { amount: 10_000, on: 'A', seller: application },
    [
      ['A', 'charge', 10_000, 0, 10_000, '03-04'],
      ['P', 'stripe_fee', -320, 0, -320, '03-04'],
    ],
  ],
  [
    'E2, M3: destination, with an application fee',
    { amount: 10_000, fee: 1230, to: {} },
    [
      ['P', 'charge', 10_000, 320, 9680, '03-04'],
      ['P', 'transfer', -10_000, 0, -10_000, '03-04'],
      ['A', 'payment', 10_000, 1230, 8770, '03-04'],
      ['P', 'application_fee', 1230, 0, 1230, '03-04'],
    ],
  ],
  [
    'M3: destination, without',
    { amount: 10_000, to: {} },
    [
      ['P', 'charge', 10_000, 320, 9680, '03-04'],
      ['P', 'transfer', -10_000, 0, -10_000, '03-04'],
      ['A', 'payment', 10_000, 0, 10_000, '03-04'],
    ],
  ],
  [
    'M3: the platform pays S, whoever pays for direct charges',
    { amount: 10_000, to: {}, seller: application },
    [
      ['P', 'charge', 10_000, 320, 9680, '03-04'],
      ['P', 'transfer', -10_000, 0, -10_000, '03-04'],
      ['A', 'payment', 10_000, 0, 10_000, '03-04'],
    ],
  ],
  [
    'E3, M4: a part is transferred',
    { amount: 10_000, to: { amount: 8770 } },
    [
      ['P', 'charge', 10_000, 320, 9680, '03-04'],
      ['P', 'transfer', -8770, 0, -8770, '03-04'],
      ['A', 'payment', 8770, 0, 8770, '03-04'],
    ],
  ],
  ['E4, M6: separate', { amount: 10_000 }, [['P', 'charge', 10_000, 320, 9680, '03-04']]],
  [
    'M5: fee, delay and currency are those of on_behalf_of',
    { amount: 10_000, currency: 'gbp', to: {}, onBehalfOf: true, seller: { country: 'GB' } },
    [
      ['P', 'charge', 10_000, 170, 9830, '03-09'],
      ['P', 'transfer', -10_000, 0, -10_000, '03-09'],
      ['A', 'payment', 10_000, 0, 10_000, '03-09'],
    ],
  ],
  [
    'M5 with M6: only S, the delay and the currency change',
    { amount: 10_000, currency: 'gbp', onBehalfOf: true, seller: { country: 'GB' } },
    [['P', 'charge', 10_000, 170, 9830, '03-09']],
  ],
  ['E32: Saturday, US', { amount: 1000, on: 'A', now: monday + 5 * 86_400 }, [['A', 'charge', 1000, 59, 941, '03-11']]],
  [
    'E32: Saturday, CA',
    { amount: 1000, on: 'A', currency: 'cad', now: monday + 5 * 86_400, seller: { country: 'CA' } },
    [['A', 'charge', 1000, 59, 941, '03-14']],
  ],
  [
    'a card that skips pending',
    { amount: 10_000, fee: 1230, to: {}, card: 'pm_card_bypassPending' },
    [
      ['P', 'charge', 10_000, 320, 9680, 'now'],
      ['P', 'transfer', -10_000, 0, -10_000, 'now'],
      ['A', 'payment', 10_000, 1230, 8770, 'now'],
      ['P', 'application_fee', 1230, 0, 1230, 'now'],
    ],
  ],
  [
    'half a cent rounds away from zero',
    { amount: 500, on: 'A', fee: 1 },
    [
      ['A', 'charge', 500, 46, 454, '03-04'],
      ['P', 'application_fee', 1, 0, 1, '03-04'],
    ],
  ],
];

test.each(examples)('R5: %s', (_, given, rows) => {
  expect(rowsOf(charge(given))).toEqual(rows);
});

const events = ({ emit }: Captured) => emit.map(({ account, type }) => `${who(account)} ${type}`);

describe('what comes with a direct charge', () => {
  const attempt = charge({ amount: 10_000, on: 'A', fee: 1230, draft: { description: 'Order 7' } });
  const [made, fee] = attempt.put as [ChargeObject, ApplicationFeeObject];

  test('objects', () => {
    expect(made).toMatchObject({
      account: A,
      application: testContext().application,
      application_fee: fee.id,
      application_fee_amount: 1230,
      amount_captured: 10_000,
      balance_transaction: attempt.lines[0]?.id,
      captured: true,
      settlesOn: dayOf(monday) + 2,
    });
    expect(made).not.toHaveProperty('transfer_group');
    expect(fee).toMatchObject({
      account: testPlatform,
      payer: A,
      amount: 1230,
      charge: made.id,
      balance_transaction: attempt.lines[1]?.id,
    });
    expect(fee).not.toHaveProperty('originating_transaction');
  });

  test('how its rows are described', () => {
    const [row, earned] = attempt.lines;
    expect(row).toMatchObject({ source: made.id, description: 'Order 7' });
    expect(row?.fee_details).toEqual([
      {
        amount: 1230,
        application: testContext().application,
        description: 'Evenkeel application fee',
        type: 'application_fee',
      },
      { amount: 320, description: 'Stripe processing fees', type: 'stripe_fee' },
    ]);
    expect(earned).toMatchObject({
      source: fee.id,
      description: `Application fee from application Evenkeel for shop@example.com (${A})`,
    });
  });

  test('events', () => {
    expect(events(attempt)).toEqual(['A charge.succeeded', 'P application_fee.created']);
  });

  test('M2: the row of the fee that the platform pays', () => {
    const { lines, charge: other } = charge({ amount: 10_000, on: 'A', seller: application });
    expect(lines[1]).toMatchObject({ source: other.id, description: `Stripe processing fees (${A})` });
    expect(lines[0]).not.toHaveProperty('fee_details');
  });

  test('how the account is called', () => {
    const name = (seller: Partial<AccountObject>) =>
      charge({ amount: 1000, on: 'A', fee: 1, seller }).lines[1]?.description?.split(' for ')[1];
    const settings = { dashboard: { display_name: 'Shop' } };
    const business_profile = { name: 'Shop Ltd' };
    expect(name({ settings, business_profile })).toBe(`Shop (${A})`);
    expect(name({ business_profile })).toBe(`Shop Ltd (${A})`);
    expect(name({})).toBe(`shop@example.com (${A})`);
  });
});

describe('what comes with a destination charge', () => {
  const attempt = charge({ amount: 10_000, fee: 1230, to: {} });
  const [made, transfer, payment, fee] = attempt.put as unknown as [
    ChargeObject,
    TransferObject,
    ChargeObject,
    ApplicationFeeObject,
  ];

  test('objects name each other', () => {
    expect(made).toMatchObject({
      account: testPlatform,
      transfer: transfer.id,
      application_fee: fee.id,
      transfer_group: 'group_pi_1',
      transferred: 10_000,
    });
    expect(transfer).toMatchObject({
      account: testPlatform,
      amount: 10_000,
      destination: A,
      destination_payment: payment.id,
      source_transaction: made.id,
      transfer_group: 'group_pi_1',
    });
    expect(payment).toMatchObject({
      account: A,
      amount: 10_000,
      application: testContext().application,
      application_fee: fee.id,
      application_fee_amount: 1230,
      source_account: testPlatform,
      source_transfer: transfer.id,
    });
    expect(payment).not.toHaveProperty('transfer_group');
    expect(fee).toMatchObject({
      account: testPlatform,
      payer: A,
      charge: payment.id,
      originating_transaction: made.id,
    });
  });

  test('R30: ids in the order of charge, transfer, payment, fee, then rows', () => {
    const ids = [...attempt.put.map(({ id }) => id), ...attempt.lines.map(({ id }) => id)];
    const born = ids.map((id) => id.split('_')[1]);
    expect(born).toEqual([...born].sort());
    expect(attempt.lines.map(({ source }) => source)).toEqual([made.id, transfer.id, payment.id, fee.id]);
  });

  test('events', () => {
    expect(events(attempt)).toEqual([
      'P charge.succeeded',
      'P transfer.created',
      'A payment.created',
      'P application_fee.created',
    ]);
  });

  test('a group that was given stays, one that was not is made of the charge where there is no intent', () => {
    const given = charge({ amount: 1000, to: {}, draft: { transfer_group: 'ORDER_1' } });
    expect(given.charge.transfer_group).toBe('ORDER_1');
    expect((given.put[1] as TransferObject).transfer_group).toBe('ORDER_1');
    const { amount, card, currency } = { amount: minor(1000), card: visa, currency: 'usd' as const };
    const seller = sellerOf(1);
    const platform = platformOf();
    const alone = attemptCharge(
      { amount, card, currency, transfer_data: { destination: A }, payment_method: 'card_1' },
      {
        capture: true,
        canAuthenticate: false,
        parties: { owner: platform, platform, destination: seller, onBehalfOf: undefined },
      },
      testContext(),
    ) as Captured;
    expect(alone.charge.transfer_group).toBe(`group_${alone.charge.id}`);
  });

  test('is small where it is stored', () => {
    expect(JSON.stringify(made).length).toBeLessThan(750);
  });
});

describe('an authorisation', () => {
  const platform = platformOf();
  const parties = { owner: platform, platform, destination: undefined, onBehalfOf: undefined };
  const draft: ChargeDraft = { amount: minor(1000), currency: 'usd', card: visa, payment_method: 'card_1' };

  test('M9: no rows, no postings, and an end after seven days', () => {
    const attempt = attemptCharge(draft, { capture: false, canAuthenticate: false, parties }, testContext());
    expect(attempt).toMatchObject({
      kind: 'authorised',
      charge: { captured: false, paid: true, amount_captured: 0, status: 'succeeded' },
      post: [],
      lines: [],
      schedule: [{ at: monday + 7 * 86_400, order: 3, job: 'charges.expire' }],
    });
  });

  test('X36, M9: a decline leaves a failed charge and no rows', () => {
    const card = cardFromAlias('pm_card_chargeDeclinedInsufficientFunds') as CardDetails;
    const attempt = attemptCharge({ ...draft, card }, { capture: true, canAuthenticate: true, parties }, testContext());
    expect(attempt).toMatchObject({
      kind: 'declined',
      charge: {
        status: 'failed',
        paid: false,
        captured: false,
        failure_code: 'card_declined',
        failure_message: 'Your card has insufficient funds.',
        outcome: { reason: 'insufficient_funds', type: 'issuer_declined' },
      },
      post: [],
      lines: [],
    });
    expect(events(attempt as Captured)).toEqual(['P charge.failed']);
  });

  test('a card is declined once its last month is over, whatever its bank would say', () => {
    const attemptAt = (now: number, alias: string) => {
      const card = { ...(cardFromAlias(alias) as CardDetails), exp_month: 12, exp_year: 2026 };
      return attemptCharge(
        { ...draft, card },
        { capture: true, canAuthenticate: true, parties },
        { ...testContext(), now },
      );
    };
    const january = Date.UTC(2027, 0) / 1000;
    expect(attemptAt(january - 1, 'pm_card_visa').kind).toBe('captured');
    for (const alias of ['pm_card_visa', 'pm_card_chargeDeclined', 'pm_card_authenticationRequired'])
      expect(attemptAt(january, alias)).toMatchObject({ kind: 'declined', charge: { failure_code: 'expired_card' } });
  });

  test('a bank that wants the customer is a decline when there is none, and nothing yet when there is', () => {
    const asking = { ...draft, card: cardFromAlias('pm_card_authenticationRequired') as CardDetails };
    const ask = (canAuthenticate: boolean) =>
      attemptCharge(asking, { capture: true, canAuthenticate, parties }, testContext());
    expect(ask(true)).toEqual({ kind: 'needsAuthentication' });
    expect(ask(false)).toMatchObject({ kind: 'declined', charge: { failure_code: 'authentication_required' } });
  });

  test('what the bank will do with refunds is remembered', () => {
    const later = (alias: string) =>
      (
        attemptCharge(
          { ...draft, card: cardFromAlias(alias) as CardDetails },
          { capture: true, canAuthenticate: false, parties },
          testContext(),
        ) as Captured
      ).charge.behaviour;
    expect(later('pm_card_pendingRefund')).toBe('pendingRefund');
    expect(later('pm_card_refundFail')).toBe('refundFail');
    expect(later('pm_card_visa')).toBeUndefined();
  });
});

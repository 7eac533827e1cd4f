import { describe, expect, test } from 'vitest';
import { platformOf, sellerOf } from '../../../test/support/parties.ts';
import { validateObject } from '../../../test/support/schema.ts';
import type { Decision } from '../../engine/command.ts';
import { monday, testAccount, testContext, testPlatform } from '../../engine/testing.ts';
import { mint } from '../../kernel/id.ts';
import { minor } from '../../kernel/money.ts';
import { isRefusal, type Refusal } from '../../kernel/refusal.ts';
import { checkDecision } from '../../ledger/invariants.ts';
import type { AccountObject } from '../accounts/object.ts';
import { applicationFeeView } from '../application-fees/view.ts';
import type { CustomerObject } from '../customers/object.ts';
import type { PaymentIntentObject } from '../payment-intents/object.ts';
import { aliasCard } from '../payment-methods/find.ts';
import type { CardDetails, PaymentMethodObject } from '../payment-methods/object.ts';
import type { RefundObject } from '../refunds/object.ts';
import { refundView } from '../refunds/view.ts';
import type { TokenObject } from '../tokens/object.ts';
import { captureCharge } from './capture.ts';
import { type CreateCharge, createCharge } from './create.ts';
import { expireCharge } from './expire.ts';
import { type ChargeObject, newPayment } from './object.ts';
import { updateCharge } from './update.ts';
import { chargeView } from './view.ts';

const A = testAccount(1);
const seller = sellerOf(1);
const platform = platformOf();
const parties = { owner: platform, platform, destination: seller, onBehalfOf: undefined };
const env = { livemode: false, book: 7, platform: testPlatform, application: 'ca_1', account: testPlatform };
const later = testContext({ seq: 2000, now: monday + 3600 });

const plain: CreateCharge = { amount: minor(10_000), currency: 'usd', source: 'tok_visa' };

function done<T extends Decision>(answer: T | Refusal): T {
  if (isRefusal(answer)) throw new Error(`refused: ${answer.error.message}`);
  checkDecision(answer.post ?? [], answer.lines ?? []);
  return answer;
}

const make = (more: Partial<CreateCharge> = {}, token?: TokenObject) =>
  createCharge.decide({ ...plain, ...more }, { parties, token, customer: undefined, saved: undefined }, testContext());
const made = (more: Partial<CreateCharge> = {}): ChargeObject => done(make(more)).result;
const eventsOf = (decision: Decision) => decision.emit?.map(({ type }) => type);

describe('a charge', () => {
  test('of a test token answers the card as source', () => {
    const decision = done(make());
    expect(chargeView.render(decision.result, env)).toMatchObject({
      payment_method: expect.stringMatching(/^card_/),
      source: { object: 'card', brand: 'Visa', last4: '4242' },
      outcome: { type: 'authorized', seller_message: 'Payment complete.' },
      payment_intent: null,
      status: 'succeeded',
    });
    expect(decision.put).toHaveLength(1);
    expect(eventsOf(decision)).toEqual(['charge.succeeded']);
  });

  test('uses a token up', () => {
    const { card } = made();
    const token: TokenObject = {
      id: mint('tok', 7, { seq: 900, pos: 0 }),
      account: testPlatform,
      created: monday,
      type: 'card',
      used: false,
      card: { ...card!, testCard: '4242424242424242', id: 'card_1' },
    };
    const decision = done(make({ source: token.id }, token));
    expect(decision.result.payment_method).toBe('card_1');
    expect(decision.put?.at(-1)).toMatchObject({ id: token.id, used: true });
    expect(make({ source: token.id }, { ...token, used: true })).toMatchObject({ name: 'token_already_used' });
  });

  test('of a card as it is typed in', () => {
    const source = { number: '5555555555554444', exp_month: 1, exp_year: 2030, cvc: '123' };
    expect(made({ source }).card).toMatchObject({ brand: 'mastercard', last4: '4444' });
    expect(make({ source: { ...source, number: '4242424242424241' } })).toMatchObject({
      status: 402,
      error: { code: 'incorrect_number' },
    });
  });

  test('that is declined stays, with its id in the refusal', () => {
    const decision = done(make({ source: 'tok_chargeDeclined' }));
    expect(decision.declined).toMatchObject({
      status: 402,
      error: { type: 'card_error', code: 'card_declined', decline_code: 'generic_decline', charge: decision.result.id },
    });
    expect(decision.result).toMatchObject({ status: 'failed', paid: false });
    expect(eventsOf(decision)).toEqual(['charge.failed']);
  });

  const refused: readonly [string, Partial<CreateCharge>][] = [
    ['amount_too_small', { customer: 'cus_x', amount: minor(49) }],
    ['no_such', { customer: 'cus_x' }],
    ['amount_too_small', { amount: minor(49), source: 'tok_unknown' }],
    ['no_such', { source: 'tok_unknown' }],
  ];
  test.each(refused)('%s', (name, params) => {
    expect(make(params)).toMatchObject({ refused: true, name });
  });
  test('without a source', () => {
    const { source: _, ...rest } = plain;
    expect(
      createCharge.decide(rest, { parties, token: undefined, customer: undefined, saved: undefined }, testContext()),
    ).toMatchObject({
      error: { code: 'parameter_missing', message: 'Must provide source or customer.' },
    });
  });
});

describe('capture', () => {
  const authorised = (more: Partial<CreateCharge> = {}) => made({ capture: false, ...more });
  const capture = (charge: ChargeObject, change: object = {}) =>
    captureCharge.decide({ charge: charge.id, ...change }, { charge, parties }, later);

  test('takes it all', () => {
    const charge = authorised();
    const decision = done(capture(charge));
    expect(decision.result).toMatchObject({ captured: true, amount_captured: 10_000, amount_refunded: 0 });
    expect(decision.lines?.map(({ type, amount, fee }) => [type, amount, fee])).toEqual([['charge', 10_000, 320]]);
    expect(eventsOf(decision)).toEqual(['charge.captured']);
    expect(decision.unschedule).toEqual([
      { at: monday + 7 * 86_400, order: 3, job: 'charges.expire', subject: charge.id },
    ]);
  });

  test('M9: of a part caps the fee and releases the rest', () => {
    const charge = authorised({ application_fee_amount: minor(1230), transfer_data: { destination: A } });
    const decision = done(capture(charge, { amount: minor(1000) }));
    expect(decision.result).toMatchObject({
      amount: 10_000,
      amount_captured: 1000,
      amount_refunded: 9000,
      application_fee_amount: 1230,
    });
    expect(decision.result.refunded).toBeUndefined();
    const rows = decision.lines?.map(({ type, amount, fee }) => [type, amount, fee]);
    expect(rows).toEqual([
      ['charge', 1000, 59],
      ['transfer', -1000, 0],
      ['payment', 1000, 1000],
      ['application_fee', 1000, 0],
    ]);
    const refund = decision.put?.find(({ id }) => id.startsWith('re_')) as RefundObject;
    expect(refund).toMatchObject({ amount: 9000, charge: charge.id, status: 'succeeded' });
    expect(refund).not.toHaveProperty('balance_transaction');
    expect(decision.result.refunds).toEqual([refund.id]);
    expect(validateObject(refundView.render(refund, env) as Record<string, unknown>)).toEqual([]);
    expect(eventsOf(decision)).toEqual([
      'charge.captured',
      'transfer.created',
      'payment.created',
      'application_fee.created',
    ]);
  });

  test('of a card that skips pending is available at once', () => {
    const decision = done(capture(authorised({ source: 'tok_bypassPending' })));
    expect(decision.lines?.[0]?.on).toBe('now');
  });

  test('may ask for another fee or another part', () => {
    const charge = authorised({ transfer_data: { destination: A } });
    const fee = done(capture(charge, { application_fee_amount: minor(100) }));
    expect(fee.lines?.map(({ type, amount }) => [type, amount])).toContainEqual(['application_fee', 100]);
    const part = done(capture(charge, { transfer_data: { amount: minor(700) } }));
    expect(part.lines?.map(({ type, amount }) => [type, amount])).toContainEqual(['transfer', -700]);
  });

  const refused: readonly [string, Partial<ChargeObject>, object][] = [
    ['charge_not_capturable', { status: 'failed', captured: true }, {}],
    ['charge_already_captured', { captured: true, expired: true, refunded: true }, {}],
    ['charge_expired_for_capture', { expired: true, refunded: true, payment_intent: 'pi_1' }, {}],
    ['charge_already_refunded', { refunded: true, payment_intent: 'pi_1' }, {}],
    ['charge_of_intent', { payment_intent: 'pi_1' }, { amount: minor(10_001) }],
    ['capture_too_large', {}, { amount: minor(10_001), application_fee_amount: minor(1) }],
    ['fee_without_connect', {}, { application_fee_amount: minor(1) }],
    [
      'fee_with_transfer_amount',
      { transfer_data: { destination: A, amount: minor(9000) } },
      { amount: minor(8000), application_fee_amount: minor(1) },
    ],
    [
      'transfer_amount_above_charge',
      { transfer_data: { destination: A, amount: minor(9000) } },
      { amount: minor(8000) },
    ],
  ];
  test.each(refused)('%s', (name, state, change) => {
    expect(capture({ ...authorised(), ...state }, change)).toMatchObject({ refused: true, name });
  });
  test('of nothing', () => {
    const answer = captureCharge.decide({ charge: 'ch_x' }, { charge: undefined, parties: undefined }, later);
    expect(answer).toMatchObject({ status: 404, error: { message: "No such charge: 'ch_x'", param: 'id' } });
  });
});

describe('the end of an authorisation', () => {
  test('releases the money and cancels the intent', () => {
    const charge = { ...made({ capture: false }), payment_intent: 'pi_1' } as ChargeObject;
    const intent = { id: 'pi_1', account: testPlatform, status: 'requires_capture' } as unknown as PaymentIntentObject;
    const decision = done(expireCharge.decide({ subject: charge.id }, { charge, intent }, later));
    const [expired, refund, canceled] = decision.put as unknown as [ChargeObject, RefundObject, PaymentIntentObject];
    expect(expired).toMatchObject({ refunded: true, amount_refunded: 10_000, expired: true, captured: false });
    expect(refund).toMatchObject({ amount: 10_000, reason: 'expired_uncaptured_charge' });
    expect(canceled).toMatchObject({ status: 'canceled', cancellation_reason: 'automatic', amount_capturable: 0 });
    expect(eventsOf(decision)).toEqual(['charge.expired', 'payment_intent.canceled']);
    expect(decision.lines ?? []).toEqual([]);
  });

  test('comes to nothing when it was captured or released before', () => {
    for (const state of [{ captured: true }, { refunded: true }]) {
      const charge = { ...made({ capture: false }), ...state };
      expect(expireCharge.decide({ subject: charge.id }, { charge, intent: undefined }, later)).toEqual({
        result: null,
      });
    }
  });
});

describe('an update', () => {
  const charge = made({ description: 'Order 7', metadata: { a: '1', b: '2' } });
  const change = (params: object, state = charge) =>
    updateCharge.decide({ charge: charge.id, ...params }, { charge: state, customer: undefined }, later);

  test('changes labels', () => {
    const decision = done(
      change({
        description: null,
        fraud_details: { user_report: 'fraudulent' },
        metadata: { a: '', c: '3' },
        receipt_email: 'buyer@example.com',
        transfer_group: 'ORDER_7',
      }),
    );
    expect(chargeView.render(decision.result, env)).toMatchObject({
      description: null,
      fraud_details: { user_report: 'fraudulent' },
      metadata: { b: '2', c: '3' },
      receipt_email: 'buyer@example.com',
      transfer_group: 'ORDER_7',
    });
    expect(eventsOf(decision)).toEqual(['charge.updated']);
  });

  test('gives a group once', () => {
    const grouped = { ...charge, transfer_group: 'ORDER_1' };
    expect(change({ transfer_group: 'ORDER_2' }, grouped)).toMatchObject({ name: 'set_once' });
    expect(done(change({ transfer_group: 'ORDER_1' }, grouped)).result.transfer_group).toBe('ORDER_1');
  });
});

describe('on the wire', () => {
  const isSorted = (wire: object): boolean => {
    const keys = Object.keys(wire).filter((key) => key !== 'id' && key !== 'object');
    const inside = Object.values(wire).filter((value) => typeof value === 'object' && value !== null);
    return keys.join() === [...keys].sort().join() && inside.every((value) => isSorted(value));
  };
  const destination = done(
    make({ application_fee_amount: minor(1230), transfer_data: { destination: A }, shipping: { name: 'B' } }),
  );
  const forms: readonly [string, ChargeObject][] = [
    ['a plain charge', made()],
    ['an authorisation', made({ capture: false })],
    ['a declined card', done(make({ source: 'tok_chargeDeclined' })).result],
    ['a destination charge', destination.result],
    ['its payment', destination.put?.[2] as ChargeObject],
    [
      'a payment from a balance',
      newPayment({
        id: 'py_1',
        account: testPlatform,
        created: monday,
        amount: minor(1),
        currency: 'usd',
        balance_transaction: 'txn_1',
        source_account: A,
        source_transfer: 'tr_1',
        settlesOn: 'now',
      }),
    ],
  ];
  test.each(forms)('%s', (_, charge) => {
    const wire = chargeView.render(charge, env) as Record<string, unknown>;
    expect(validateObject(wire)).toEqual([]);
    expect(isSorted(wire)).toBe(true);
    expect(Object.keys(wire).slice(0, 2)).toEqual(['id', 'object']);
  });

  test('a payment has no card and no words for a statement', () => {
    expect(chargeView.render(destination.put?.[2] as ChargeObject, env)).toMatchObject({
      calculated_statement_descriptor: null,
      outcome: null,
      payment_method: null,
      payment_method_details: { stripe_account: {}, type: 'stripe_account' },
      source: { id: testPlatform, object: 'account' },
      transfer_data: null,
      transfer_group: null,
    });
  });

  test('an authorisation says until when it may be captured', () => {
    const { payment_method_details } = chargeView.render(made({ capture: false }), env);
    expect(payment_method_details).toMatchObject({ card: { capture_before: monday + 7 * 86_400 } });
  });

  test('an application fee', () => {
    const fee = destination.put?.[3];
    const wire = applicationFeeView.render(fee as never, env) as Record<string, unknown>;
    expect(validateObject(wire)).toEqual([]);
    expect(isSorted(wire)).toBe(true);
    expect(wire).toMatchObject({
      account: A,
      amount: 1230,
      fee_source: { type: 'charge' },
      refunds: { total_count: 0 },
    });
  });
});

describe('a charge of a customer', () => {
  const customer: CustomerObject = {
    id: 'cus_1',
    account: testPlatform,
    created: 1,
    invoice_prefix: 'ABCDEFGH',
    methods: [],
    sources: ['card_1'],
    default_source: 'card_1',
  };
  const card = aliasCard('tok_visa') as CardDetails;
  const saved: PaymentMethodObject = {
    id: 'card_1',
    account: testPlatform,
    created: 1,
    type: 'card',
    card,
    customer: 'cus_1',
  };
  const { source: _, ...rest } = plain;
  const pay = (more: Partial<CreateCharge>, of: PaymentMethodObject | undefined = saved) =>
    createCharge.decide(
      { ...rest, customer: 'cus_1', ...more },
      { parties, token: undefined, customer, saved: of },
      testContext(),
    );

  test('takes the card that it has', () => {
    const decision = done(pay({}));
    expect(decision.result).toMatchObject({ customer: 'cus_1', payment_method: 'card_1', status: 'succeeded' });
    expect(decision.put?.map(({ id }) => id.split('_')[0])).toEqual(['ch']);
  });

  test.each([
    ['no_such_source_of_customer', { source: 'tok_visa' }, null],
    ['no_such_source_of_customer', { source: 'card_2' }, { ...saved, customer: 'cus_2' }],
    ['customer_without_card', {}, null],
    ['invalid_value', { source: { number: '4242424242424242', exp_month: 12, exp_year: 2030 } }, null],
  ] as const)('%s', (name, more, of) => {
    const answer = createCharge.decide(
      { ...rest, customer: 'cus_1', ...more },
      { parties, token: undefined, customer, saved: of ?? undefined },
      testContext(),
    );
    expect(answer).toMatchObject({ refused: true, name });
  });
});

describe('a test card that changes the account', () => {
  const trigger = (source: string, account = A) =>
    done(
      createCharge.decide(
        { ...plain, source, ...(account !== A && { on_behalf_of: A }) },
        {
          parties:
            account === A
              ? { ...parties, owner: seller }
              : {
                  ...parties,
                  onBehalfOf: { ...seller, capabilities: { card_payments: { requested: true, status: 'active' } } },
                },
          token: undefined,
          customer: undefined,
          saved: undefined,
        },
        testContext({ account }),
      ),
    );
  const table = [
    ['tok_visa_triggerNextRequirements', { charges_enabled: true, payouts_enabled: true }, undefined],
    ['tok_visa_triggerChargeBlock', { charges_enabled: false, payouts_enabled: true }, 'requirements.past_due'],
    ['tok_visa_triggerPayoutBlock', { charges_enabled: true, payouts_enabled: false }, 'requirements.past_due'],
  ] as const;
  for (const account of [A, testPlatform]) {
    test.each(table)(`${account === A ? 'directly' : 'on its behalf'} %s`, (source, enabled, disabled_reason) => {
      const decision = trigger(source, account);
      const changed = decision.put?.find(({ id }) => id === A);
      expect(changed).toMatchObject({ ...enabled, furtherRequirements: ['company.verification.document'] });
      expect((changed as AccountObject).disabled_reason).toBe(disabled_reason);
      expect(decision.emit?.at(-1)).toMatchObject({ type: 'account.updated', account: A });
    });
  }

  test('does nothing on the platform itself', () => {
    expect(done(make({ source: 'tok_visa_triggerChargeBlock' })).put).toHaveLength(1);
  });
});

import { describe, expect, test } from 'vitest';
import { platformOf, sellerOf } from '../../../test/support/parties.ts';
import { validateObject } from '../../../test/support/schema.ts';
import type { Decision } from '../../engine/command.ts';
import { monday, testAccount, testContext, testPlatform } from '../../engine/testing.ts';
import { minor } from '../../kernel/money.ts';
import { isRefusal, type Refusal } from '../../kernel/refusal.ts';
import { checkDecision } from '../../ledger/invariants.ts';
import type { ChargeObject } from '../charges/object.ts';
import type { CustomerObject } from '../customers/object.ts';
import { aliasCard, type FoundMethod } from '../payment-methods/find.ts';
import type { PaymentMethodObject } from '../payment-methods/object.ts';
import { paymentMethodView } from '../payment-methods/view.ts';
import { asCreated } from './as-created.ts';
import { authenticatePayment } from './authenticate.ts';
import { cancelPaymentIntent } from './cancel.ts';
import { capturePaymentIntent } from './capture.ts';
import { confirmPaymentIntent } from './confirm.ts';
import { type CreatePaymentIntent, createPaymentIntent } from './create.ts';
import { newIntent } from './new-intent.ts';
import type { PaymentIntentObject } from './object.ts';
import { applyCustomerBalance, incrementAuthorization, verifyMicrodeposits } from './unavailable.ts';
import { updatePaymentIntent } from './update.ts';
import { paymentIntentView } from './view.ts';

const A = testAccount(1);
const seller = sellerOf(1);
const platform = platformOf();
const parties = { owner: platform, platform, destination: seller, onBehalfOf: undefined };
const env = { livemode: false, book: 7, platform: testPlatform, application: 'ca_1', account: testPlatform };
const later = () => testContext({ seq: 2000, now: monday + 3600 });

function done<T extends Decision>(answer: T | Refusal): T {
  if (isRefusal(answer)) throw new Error(`refused: ${answer.error.message}`);
  checkDecision(answer.post ?? [], answer.lines ?? []);
  const { put = [] } = answer;
  expect(new Set(put.map(({ id }) => id)).size).toBe(put.length);
  for (const { object } of answer.emit ?? []) expect(put.map(({ id }) => id)).toContain('id' in object && object.id);
  return answer;
}

const eventsOf = (decision: Decision) => decision.emit?.map(({ type }) => type);
const foundBy = (id: string | undefined): FoundMethod => (id === undefined ? {} : { alias: aliasCard(id) });

const plain: CreatePaymentIntent = { amount: minor(10_000), currency: 'usd' };
const create = (more: Partial<CreatePaymentIntent> = {}, found?: FoundMethod) =>
  createPaymentIntent.decide(
    { ...plain, ...more },
    { parties, found: found ?? foundBy(more.payment_method), customer: undefined },
    testContext(),
  );
const created = (more: Partial<CreatePaymentIntent> = {}) => done(create(more)).result as PaymentIntentObject;
const paid = { confirm: true, payment_method: 'pm_card_visa' } as const;

const confirm = (intent: PaymentIntentObject, more: object = {}, found: FoundMethod = {}) =>
  confirmPaymentIntent.decide({ intent: intent.id, ...more }, { intent, parties, found, customer: undefined }, later());

describe('creating', () => {
  test('without a method', () => {
    const decision = done(create());
    expect(decision.result).toMatchObject({ status: 'requires_payment_method', amount_received: 0 });
    expect(decision.result.client_secret).toMatch(/^pi_\w+_secret_\w{25}$/);
    expect(eventsOf(decision)).toEqual(['payment_intent.created']);
  });

  test('with a method, which is made on the fly', () => {
    const decision = done(create({ payment_method: 'pm_card_visa' }));
    expect(decision.put?.map(({ id }) => id.split('_')[0])).toEqual(['pi', 'pm']);
    expect(decision.result).toMatchObject({ status: 'requires_confirmation', payment_method: decision.put?.[1]?.id });
  });

  test('and confirming, with everything that is born', () => {
    const decision = done(create({ ...paid, application_fee_amount: minor(1230), transfer_data: { destination: A } }));
    expect(decision.put?.map(({ id }) => id.split('_')[0])).toEqual(['pi', 'ch', 'tr', 'py', 'fee', 'pm']);
    expect(decision.result).toMatchObject({
      status: 'succeeded',
      amount_received: 10_000,
      amount_capturable: 0,
      latest_charge: decision.put?.[1]?.id,
    });
    expect(decision.put?.[1]).toMatchObject({ payment_intent: decision.result.id });
    expect(decision.put?.at(-1)).toMatchObject({ spent: true });
    expect(eventsOf(decision)).toEqual([
      'payment_intent.created',
      'charge.succeeded',
      'transfer.created',
      'payment.created',
      'application_fee.created',
      'payment_intent.succeeded',
    ]);
  });

  test('for a manual capture moves nothing', () => {
    const decision = done(create({ ...paid, capture_method: 'manual' }));
    expect(decision.result).toMatchObject({
      status: 'requires_capture',
      amount_capturable: 10_000,
      amount_received: 0,
    });
    expect(decision.lines).toEqual([]);
    expect(decision.schedule).toHaveLength(1);
    expect(eventsOf(decision)).toEqual([
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.amount_capturable_updated',
    ]);
  });

  test('with a card that is declined', () => {
    const decision = done(create({ confirm: true, payment_method: 'pm_card_chargeDeclined' }));
    const [intent, charge, method] = decision.put as unknown as [
      PaymentIntentObject,
      ChargeObject,
      PaymentMethodObject,
    ];
    expect(decision.declined).toMatchObject({
      status: 402,
      error: { code: 'card_declined', charge: charge.id, payment_intent: { id: intent.id }, payment_method: method },
    });
    expect(intent).toMatchObject({ status: 'requires_payment_method', latest_charge: charge.id });
    expect(intent).not.toHaveProperty('payment_method');
    expect(intent.last_payment_error).toMatchObject({ code: 'card_declined', charge: charge.id });
    expect(eventsOf(decision)).toEqual(['payment_intent.created', 'charge.failed', 'payment_intent.payment_failed']);
    expect(validateObject(paymentIntentView.render(intent, env) as Record<string, unknown>)).toEqual([]);
  });

  // Whatever the first try leaves on the intent, the news that it was made is of before.
  const tried: readonly (readonly [string, Partial<CreatePaymentIntent>])[] = [
    ['paid', paid],
    ['authorized', { ...paid, capture_method: 'manual' }],
    ['declined', { confirm: true, payment_method: 'pm_card_chargeDeclined' }],
    ['asked to authenticate', { confirm: true, payment_method: 'pm_card_threeDSecure2Required', return_url: 'a:b' }],
  ];
  test.each(tried)('%s in the same request: as created it had not been tried', (_, more) => {
    expect(created(more)).not.toEqual(created());
    expect(asCreated(created(more))).toEqual(newIntent({ ...plain, ...more }, testContext()));
  });

  test('as created it is what a request leaves that tries nothing', () => {
    for (const made of [created(), created({ payment_method: 'pm_card_visa' })]) expect(asCreated(made)).toEqual(made);
  });

  describe('with a card whose bank asks for the customer', () => {
    const asking = { confirm: true, payment_method: 'pm_card_threeDSecure2Required' } as const;

    test('waits', () => {
      const decision = done(create(asking));
      expect(decision.result).toMatchObject({ status: 'requires_action', next_action: {} });
      const url = `http://127.0.0.1:12111/authenticate/payment_intents/${decision.result.id}?client_secret=${decision.result.client_secret}`;
      expect(paymentIntentView.render(decision.result, env).next_action).toEqual({
        type: 'use_stripe_sdk',
        use_stripe_sdk: { stripe_js: url, type: 'three_d_secure_redirect' },
      });
      expect(decision.result).not.toHaveProperty('latest_charge');
      expect(eventsOf(decision)).toEqual(['payment_intent.created', 'payment_intent.requires_action']);
    });

    test('sends the customer back where there is a way back', () => {
      const intent = created({ ...asking, return_url: 'https://shop.example/done' });
      const { next_action } = paymentIntentView.render(intent, { ...env, origin: 'https://pay.example' });
      expect(next_action).toEqual({
        redirect_to_url: {
          return_url: 'https://shop.example/done',
          url: `https://pay.example/authenticate/payment_intents/${intent.id}?client_secret=${intent.client_secret}`,
        },
        type: 'redirect_to_url',
      });
    });

    for (const away of [
      { off_session: true },
      { off_session: 'recurring' },
      { error_on_requires_action: true },
    ] as const) {
      test(`is declined with ${Object.keys(away)[0]}`, () => {
        const { declined, result } = done(create({ ...asking, ...away }));
        expect(declined).toMatchObject({ status: 402, error: { code: 'authentication_required' } });
        expect(result).toMatchObject({ status: 'requires_payment_method' });
      });
    }
    test('waits with off_session=false', () => {
      expect(created({ ...asking, off_session: false }).status).toBe('requires_action');
    });
  });

  // Each row also breaks the rules of all rows after it.
  const refused: readonly [string, Partial<CreatePaymentIntent>, FoundMethod][] = [
    ['amount_too_small', { amount: minor(1), confirm: true, payment_method: 'pm_x' }, {}],
    ['no_such_payment_method', { confirm: true, payment_method: 'pm_x' }, {}],
    ['intent_without_method', { confirm: true }, {}],
  ];
  test.each(refused)('%s', (name, params, found) => {
    expect(create(params, found)).toMatchObject({ refused: true, name });
  });

  test("a connected account cannot pay with a platform's method", () => {
    const stored = { account: testPlatform } as PaymentMethodObject;
    const answer = createPaymentIntent.decide(
      { ...plain, payment_method: 'pm_x' },
      { parties: { ...parties, owner: seller }, found: { stored }, customer: undefined },
      testContext({ account: A }),
    );
    expect(answer).toMatchObject({ name: 'payment_method_of_platform' });
  });
});

describe('confirming', () => {
  test('pays what was created', () => {
    const decision = done(create({ payment_method: 'pm_card_visa' }));
    const stored = decision.put?.[1] as PaymentMethodObject;
    const confirmed = done(confirm(decision.result, {}, { stored }));
    expect(confirmed.result).toMatchObject({ status: 'succeeded', payment_method: stored.id });
    expect(eventsOf(confirmed)).toEqual(['charge.succeeded', 'payment_intent.succeeded']);
    // Used once, it is used up.
    const again = created();
    const spent = confirmed.put?.find(({ id }) => id === stored.id) as PaymentMethodObject;
    expect(confirm(again, { payment_method: stored.id }, { stored: spent })).toMatchObject({
      name: 'payment_method_used_up',
    });
  });

  test('after a decline forgets the error', () => {
    const failed = done(create({ confirm: true, payment_method: 'pm_card_chargeDeclined' })).result;
    expect(failed.last_payment_error).toBeDefined();
    const visa = { payment_method: 'pm_card_visa' };
    const { result } = done(confirm(failed, visa, foundBy('pm_card_visa')));
    expect(result.status).toBe('succeeded');
    expect(result).not.toHaveProperty('last_payment_error');
  });

  const refused = [
    ['succeeded', 'intent_already_succeeded'],
    ['canceled', 'intent_confirm_state'],
    ['requires_capture', 'intent_confirm_state'],
    ['requires_payment_method', 'intent_without_method'],
  ] as const;
  test.each(refused)('from %s: %s', (status, name) => {
    const intent = { ...created(), status };
    const answer = confirm(intent);
    expect(answer).toMatchObject({ name, status: 400, error: { code: 'payment_intent_unexpected_state' } });
    expect((answer as Refusal).error.payment_intent).toBe(intent);
  });
});

describe('capturing', () => {
  const authorised = (more: Partial<CreatePaymentIntent> = {}) => {
    const { put, result } = done(create({ ...paid, capture_method: 'manual', ...more }));
    return { intent: result, charge: put?.[1] as ChargeObject };
  };
  const capture = ({ intent, charge }: ReturnType<typeof authorised>, more: object = {}) =>
    capturePaymentIntent.decide({ intent: intent.id, ...more }, { intent, charge, parties }, later());

  test('a part', () => {
    const decision = done(
      capture(authorised({ application_fee_amount: minor(1230), transfer_data: { destination: A } }), {
        amount_to_capture: minor(6000),
        metadata: { a: '1' },
      }),
    );
    expect(decision.result).toMatchObject({
      status: 'succeeded',
      amount_received: 6000,
      amount_capturable: 0,
      metadata: { a: '1' },
    });
    expect(decision.lines?.map(({ amount }) => amount)).toEqual([6000, -6000, 6000, 1230]);
    expect(eventsOf(decision)).toEqual([
      'charge.captured',
      'transfer.created',
      'payment.created',
      'application_fee.created',
      'payment_intent.succeeded',
    ]);
    const charge = decision.put?.[1] as ChargeObject;
    expect(charge).toMatchObject({ amount_captured: 6000, amount_refunded: 4000 });
    expect(decision.unschedule).toHaveLength(1);
  });

  test('more than was authorised', () => {
    expect(capture(authorised(), { amount_to_capture: minor(10_001) })).toMatchObject({
      error: { code: 'amount_too_large', param: 'amount_to_capture' },
    });
  });

  test('what is not authorised', () => {
    const { intent, charge } = authorised();
    for (const status of ['requires_confirmation', 'succeeded', 'canceled'] as const) {
      expect(capture({ intent: { ...intent, status }, charge })).toMatchObject({
        error: {
          code: 'payment_intent_unexpected_state',
          message: `This PaymentIntent could not be captured because it has a status of ${status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.`,
          payment_intent: { status },
        },
      });
    }
  });

  test('is canceled instead', () => {
    const { intent, charge } = authorised();
    const params = { intent: intent.id, cancellation_reason: 'abandoned' } as const;
    const decision = done(cancelPaymentIntent.decide(params, { intent, charge }, later()));
    expect(decision.result).toMatchObject({
      status: 'canceled',
      amount_capturable: 0,
      canceled_at: monday + 3600,
      cancellation_reason: 'abandoned',
    });
    expect(decision.put?.[1]).toMatchObject({ refunded: true, amount_refunded: 10_000, captured: false });
    expect(decision.put?.[2]).toMatchObject({ amount: 10_000, status: 'succeeded' });
    expect(eventsOf(decision)).toEqual(['charge.refunded', 'payment_intent.canceled']);
    expect(decision.unschedule).toHaveLength(1);
  });
});

describe('canceling', () => {
  const cancel = (intent: PaymentIntentObject) =>
    cancelPaymentIntent.decide({ intent: intent.id }, { intent, charge: undefined }, later());

  test('what nobody paid', () => {
    const decision = done(cancel(created()));
    expect(decision.result.status).toBe('canceled');
    expect(eventsOf(decision)).toEqual(['payment_intent.canceled']);
  });

  test.each(['succeeded', 'canceled'] as const)('from %s', (status) => {
    const answer = cancel({ ...created(), status });
    expect(answer).toMatchObject({ name: 'intent_cancel_state', error: { payment_intent: { status } } });
  });
});

describe('updating', () => {
  const update = (intent: PaymentIntentObject, params: object, found: FoundMethod = {}) =>
    updatePaymentIntent.decide(
      { intent: intent.id, ...params },
      { intent, parties, found, customer: undefined },
      later(),
    );

  test('changes terms and labels while it is open', () => {
    const intent = created({ description: 'Order 7', receipt_email: 'a@example.com', metadata: { a: '1' } });
    const { result, emit } = done(
      update(intent, { amount: minor(2000), receipt_email: null, metadata: { a: '', b: '2' } }),
    );
    expect(result).toMatchObject({ amount: 2000, description: 'Order 7', metadata: { b: '2' } });
    expect(result).not.toHaveProperty('receipt_email');
    expect(emit ?? []).toEqual([]);
  });

  test('with a method it waits for its confirmation', () => {
    const params = { payment_method: 'pm_card_visa' };
    expect(done(update(created(), params, foundBy('pm_card_visa'))).result.status).toBe('requires_confirmation');
  });

  test('agrees on terms again', () => {
    expect(update(created(), { amount: minor(49) })).toMatchObject({ name: 'amount_too_small' });
    expect(update(created(), { application_fee_amount: minor(1) })).toMatchObject({ name: 'fee_without_connect' });
  });

  test('leaves terms alone once it is paid', () => {
    const intent = created(paid);
    expect(update(intent, { metadata: { a: '1' }, currency: 'eur', amount: minor(1) })).toMatchObject({
      error: {
        code: 'payment_intent_unexpected_state',
        param: 'amount',
        message:
          "This PaymentIntent's amount could not be updated because it has a status of succeeded. You may only update the amount of a PaymentIntent with one of the following statuses: requires_payment_method, requires_confirmation, requires_action.",
      },
    });
    expect(done(update(intent, { metadata: { a: '1' } })).result.metadata).toEqual({ a: '1' });
  });
});

describe('on the wire', () => {
  const isSorted = (wire: object): boolean => {
    const keys = Object.keys(wire).filter((key) => key !== 'id' && key !== 'object');
    const inside = Object.values(wire).filter((value) => typeof value === 'object' && value !== null);
    return keys.join() === [...keys].sort().join() && inside.every((value) => isSorted(value));
  };
  const forms: readonly [string, PaymentIntentObject][] = [
    ['without a method', created()],
    ['paid', created({ ...paid, shipping: { name: 'B', address: { line1: 'x' } }, transfer_data: { destination: A } })],
    ['named types', created({ payment_method_types: ['card'] })],
    ['waiting', created({ confirm: true, payment_method: 'pm_card_threeDSecure2Required' })],
    ['declined', done(create({ confirm: true, payment_method: 'pm_card_chargeDeclinedExpiredCard' })).result],
  ];
  test.each(forms)('%s', (_, intent) => {
    const wire = paymentIntentView.render(intent, env) as Record<string, unknown>;
    expect(validateObject(wire)).toEqual([]);
    expect(isSorted(wire)).toBe(true);
  });

  test('who names the types has no automatic choice', () => {
    expect(paymentIntentView.render(created({ payment_method_types: ['card'] }), env)).toMatchObject({
      automatic_payment_methods: null,
    });
    expect(paymentIntentView.render(created(), env)).toMatchObject({
      automatic_payment_methods: { allow_redirects: 'always', enabled: true },
    });
  });

  test('a payment method', () => {
    const billing_details = { name: 'B', address: { line1: 'x' } };
    const { put } = done(
      create(
        { payment_method_data: { type: 'card', card: { token: 'tok_visa' }, billing_details } },
        foundBy('tok_visa'),
      ),
    );
    const wire = paymentMethodView.render(put?.[1] as PaymentMethodObject, env) as Record<string, unknown>;
    expect(validateObject(wire)).toEqual([]);
    expect(isSorted(wire)).toBe(true);
    expect(wire).toMatchObject({ card: { brand: 'visa', last4: '4242' }, billing_details: { name: 'B', email: null } });
  });
});

describe('for a customer', () => {
  const customer: CustomerObject = {
    id: 'cus_1',
    account: testPlatform,
    created: monday,
    invoice_prefix: 'ABCDEFGH',
    methods: [],
    sources: [],
  };
  const card = aliasCard('pm_card_visa') as PaymentMethodObject['card'];
  const stored: PaymentMethodObject = { id: 'pm_1', account: testPlatform, created: monday, type: 'card', card };
  const pay = (more: Partial<CreatePaymentIntent>, found: FoundMethod, of: CustomerObject | undefined = customer) =>
    createPaymentIntent.decide(
      { ...plain, payment_method: 'pm_1', confirm: true, customer: 'cus_1', ...more },
      { parties, found, customer: of },
      testContext(),
    );

  test('a method that it keeps pays again and again', () => {
    const kept = { ...stored, customer: 'cus_1' };
    const decision = done(pay({}, { stored: kept }));
    // Nothing of it changes, so nothing of it is written.
    expect(decision.put?.map(({ id }) => id.split('_')[0])).toEqual(['pi', 'ch']);
    expect(decision.put).toMatchObject([{ customer: 'cus_1' }, { customer: 'cus_1' }]);
  });

  test('a method for future use is kept when it has paid', () => {
    const decision = done(pay({ setup_future_usage: 'off_session' }, { alias: card }));
    expect(eventsOf(decision)).toEqual([
      'payment_intent.created',
      'charge.succeeded',
      'payment_method.attached',
      'payment_intent.succeeded',
    ]);
    const [, , method, keeper] = decision.put as [unknown, unknown, PaymentMethodObject, CustomerObject];
    expect(method.customer).toBe('cus_1');
    expect(keeper.methods).toEqual([method.id]);
  });

  test('and is not when it was declined', () => {
    const decision = done(pay({ setup_future_usage: 'off_session' }, foundBy('pm_card_chargeDeclined')));
    expect(eventsOf(decision)).toEqual(['payment_intent.created', 'charge.failed', 'payment_intent.payment_failed']);
    expect(decision.put?.map(({ id }) => id.split('_')[0])).toEqual(['pi', 'ch', 'pm']);
  });

  test('without a customer it may still be attached', () => {
    const decision = done(
      createPaymentIntent.decide(
        { ...plain, payment_method: 'pm_card_visa', confirm: true, setup_future_usage: 'on_session' },
        { parties, found: { alias: card }, customer: undefined },
        testContext(),
      ),
    );
    expect(decision.put?.at(-1)).not.toHaveProperty('spent');
  });

  const refused: readonly [string, Partial<CreatePaymentIntent>, FoundMethod, (CustomerObject | null)?][] = [
    ['amount_too_small', { amount: minor(49) }, {}, null],
    ['no_such', {}, {}, null],
    ['payment_method_of_other_customer', {}, { stored: { ...stored, customer: 'cus_2' } }],
    ['payment_method_used_up', {}, { stored: { ...stored, spent: true } }],
  ];
  test.each(refused)('%s', (name, more, found, of) => {
    const answer = createPaymentIntent.decide(
      { ...plain, payment_method: 'pm_1', confirm: true, customer: 'cus_1', ...more },
      { parties, found, customer: of === null ? undefined : customer },
      testContext(),
    );
    expect(answer).toMatchObject({ refused: true, name });
  });

  test("its method is nobody else's", () => {
    const answer = create({ payment_method: 'pm_1' }, { stored: { ...stored, customer: 'cus_1' } });
    expect(answer).toMatchObject({ name: 'payment_method_without_customer' });
  });

  test('a card that was set up is not asked about again', () => {
    const asking = aliasCard('pm_card_authenticationRequiredOnSetup') as PaymentMethodObject['card'];
    const kept = { ...stored, customer: 'cus_1', card: asking };
    expect(done(pay({}, { stored: kept })).result.status).toBe('requires_action');
    expect(done(pay({}, { stored: { ...kept, isSetUp: true } })).result.status).toBe('succeeded');
    const always = aliasCard('pm_card_authenticationRequired') as PaymentMethodObject['card'];
    expect(done(pay({}, { stored: { ...kept, card: always, isSetUp: true } })).result.status).toBe('requires_action');
  });

  test('it is given once', () => {
    const intent = { ...created(), customer: 'cus_2' };
    const answer = updatePaymentIntent.decide(
      { intent: intent.id, customer: 'cus_1' },
      { intent, parties, found: {}, customer },
      later(),
    );
    expect(answer).toMatchObject({ name: 'set_once', error: { param: 'customer' } });
  });
});

describe("at the bank's page", () => {
  const decision = done(create({ confirm: true, payment_method: 'pm_card_threeDSecure2Required' }));
  const [intent, method] = decision.put as unknown as [PaymentIntentObject, PaymentMethodObject];
  const answer = (succeeds: boolean, more: { secret?: string; intent?: PaymentIntentObject } = {}) =>
    authenticatePayment.decide(
      { intent: intent.id, client_secret: more.secret ?? intent.client_secret, succeeds },
      { intent: more.intent ?? intent, parties, method, customer: undefined },
      later(),
    );

  test('yes is a payment', () => {
    const paidNow = done(answer(true));
    expect(paidNow.result).toMatchObject({ status: 'succeeded', amount_received: 10_000 });
    expect(paidNow.result).not.toHaveProperty('next_action');
    expect(eventsOf(paidNow)).toEqual(['charge.succeeded', 'payment_intent.succeeded']);
  });

  test('no is a failure', () => {
    const failed = done(answer(false));
    expect(failed.result).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'payment_intent_authentication_failure' },
    });
    expect(failed.result).not.toHaveProperty('payment_method');
    expect(eventsOf(failed)).toEqual(['payment_intent.payment_failed']);
    expect(validateObject(paymentIntentView.render(failed.result, env) as Record<string, unknown>)).toEqual([]);
  });

  test('what is settled stays, and a wrong secret is none', () => {
    const settled: PaymentIntentObject = { ...intent, status: 'canceled' };
    expect(answer(true, { intent: settled })).toEqual({ result: settled });
    expect(answer(true, { secret: 'x' })).toMatchObject({ status: 404 });
  });
});

describe('what no intent here can do', () => {
  const held = created({ ...paid, capture_method: 'manual' });
  const table: readonly (readonly [string, typeof verifyMicrodeposits, PaymentIntentObject, RegExp])[] = [
    ['an authorisation', incrementAuthorization, held, /cannot be incremented because its card/],
    [
      'one that is paid',
      incrementAuthorization,
      created(paid),
      /cannot be incremented because it has a status of succ/,
    ],
    ['a card payment', applyCustomerBalance, created(), /cannot be funded from a customer balance because/],
    ['a card payment', verifyMicrodeposits, created(), /cannot be verified by microdeposits because/],
  ];
  test.each(table)('of %s is refused, with its reason', (_, verb, intent, message) => {
    expect(verb.decide({ intent: intent.id }, { intent }, later())).toMatchObject({
      status: 400,
      error: { message: expect.stringMatching(message), payment_intent: intent },
    });
    expect(verb.decide({ intent: 'pi_x' }, { intent: undefined }, later())).toMatchObject({ status: 404 });
  });
});

import { describe, expect, test } from 'vitest';
import { validateObject } from '../../../test/support/schema.ts';
import type { Decision } from '../../engine/command.ts';
import { monday, testContext, testPlatform } from '../../engine/testing.ts';
import { isRefusal, type Refusal } from '../../kernel/refusal.ts';
import type { CustomerObject } from '../customers/object.ts';
import { aliasCard, type FoundMethod } from '../payment-methods/find.ts';
import type { PaymentMethodObject } from '../payment-methods/object.ts';
import { asCreated } from './as-created.ts';
import type { SetupAttemptObject } from './attempt.ts';
import { authenticateSetup } from './authenticate.ts';
import { cancelSetupIntent } from './cancel.ts';
import { confirmSetupIntent } from './confirm.ts';
import { type CreateSetupIntent, createSetupIntent } from './create.ts';
import type { SetupIntentObject } from './object.ts';
import { updateSetupIntent } from './update.ts';
import { setupAttemptView, setupIntentView } from './view.ts';

const env = { livemode: false, book: 7, platform: testPlatform, application: 'ca_1', account: testPlatform };
const customer: CustomerObject = {
  id: 'cus_1',
  account: testPlatform,
  created: monday,
  invoice_prefix: 'ABCDEFGH',
  methods: [],
  sources: [],
};
const later = () => testContext({ seq: 2000, now: monday + 60 });

function done<T extends Decision>(answer: T | Refusal): T {
  if (isRefusal(answer)) throw new Error(`refused: ${answer.error.message}`);
  const { put = [] } = answer;
  expect(new Set(put.map(({ id }) => id)).size).toBe(put.length);
  for (const { object } of answer.emit ?? []) expect(put).toContain(object);
  return answer;
}
const eventsOf = (decision: Decision) => decision.emit?.map(({ type }) => type);
const foundBy = (id: string | undefined): FoundMethod => (id === undefined ? {} : { alias: aliasCard(id) });

const create = (params: CreateSetupIntent = {}, found: FoundMethod = foundBy(params.payment_method)) =>
  createSetupIntent.decide(
    params,
    { customer: params.customer === customer.id ? customer : undefined, found, onBehalfOf: undefined },
    testContext(),
  );
const created = (params: CreateSetupIntent = {}) => done(create(params)).result as SetupIntentObject;
const kept = (alias: string, more: Partial<PaymentMethodObject> = {}): PaymentMethodObject => ({
  id: 'pm_1',
  account: testPlatform,
  created: monday,
  type: 'card',
  card: aliasCard(alias) as PaymentMethodObject['card'],
  ...more,
});

describe('creating', () => {
  test.each(['pm_card_visa', 'pm_card_chargeDeclined', 'pm_card_authenticationRequired'])(
    'with %s tried in the same request: as created it had not been tried',
    (payment_method) => {
      const made = created({ confirm: true, payment_method });
      expect(made).not.toEqual(created());
      expect(asCreated(made)).toEqual(created());
    },
  );

  test('as created it is what a request leaves that tries nothing', () => {
    for (const made of [created(), created({ payment_method: 'pm_card_visa' })]) expect(asCreated(made)).toEqual(made);
  });

  test('on behalf of an account that the caller may not see', () => {
    expect(create({ on_behalf_of: 'acct_1' })).toMatchObject({ name: 'no_such', error: { param: 'on_behalf_of' } });
  });

  test('of nothing', () => {
    const decision = done(create());
    expect(decision.result).toMatchObject({ status: 'requires_payment_method', usage: 'off_session' });
    expect(eventsOf(decision)).toEqual(['setup_intent.created']);
  });

  test('and confirming sets the method up for its customer', () => {
    const decision = done(create({ customer: 'cus_1', payment_method: 'pm_card_visa', confirm: true }));
    const [, method, keeper] = decision.put as [SetupIntentObject, PaymentMethodObject, CustomerObject];
    expect(decision.result).toMatchObject({ status: 'succeeded', payment_method: method.id });
    expect(method).toMatchObject({ customer: 'cus_1', isSetUp: true });
    expect(keeper.methods).toEqual([method.id]);
    expect(eventsOf(decision)).toEqual(['setup_intent.created', 'payment_method.attached', 'setup_intent.succeeded']);
  });

  test('without a customer nobody keeps it', () => {
    const decision = done(create({ payment_method: 'pm_card_visa', confirm: true, usage: 'on_session' }));
    expect(decision.put?.[1]).not.toHaveProperty('customer');
    expect(decision.put?.[1]).not.toHaveProperty('isSetUp');
    expect(eventsOf(decision)).toEqual(['setup_intent.created', 'setup_intent.succeeded']);
  });

  test('of a card that is declined', () => {
    const decision = done(create({ payment_method: 'pm_card_chargeDeclined', confirm: true }));
    expect(decision.declined).toMatchObject({
      status: 402,
      error: { code: 'card_declined', setup_intent: { status: 'requires_payment_method' } },
    });
    expect(decision.result).not.toHaveProperty('payment_method');
    expect(eventsOf(decision)).toEqual(['setup_intent.created', 'setup_intent.setup_failed']);
  });

  test('of a card that declines payments alone', () => {
    const decision = done(create({ payment_method: 'pm_card_chargeCustomerFail', confirm: true }));
    expect(decision.result.status).toBe('succeeded');
  });

  const refused: readonly [string, CreateSetupIntent, FoundMethod?][] = [
    ['no_such', { customer: 'cus_x', payment_method: 'pm_x', confirm: true }],
    ['no_such_payment_method', { payment_method: 'pm_x', confirm: true }],
    ['payment_method_used_up', { payment_method: 'pm_1' }, { stored: kept('tok_visa', { spent: true }) }],
    [
      'payment_method_of_other_customer',
      { customer: 'cus_1', payment_method: 'pm_1' },
      { stored: kept('tok_visa', { customer: 'cus_2' }) },
    ],
    [
      'payment_method_without_customer',
      { payment_method: 'pm_1', confirm: true },
      { stored: kept('tok_visa', { customer: 'cus_2' }) },
    ],
    ['setup_without_method', { confirm: true }],
  ];
  test.each(refused)('%s', (name, params, found) => {
    expect(create(params, found)).toMatchObject({ refused: true, name });
  });
});

describe('a bank that asks for the customer', () => {
  const asking = { customer: 'cus_1', payment_method: 'pm_card_authenticationRequired', confirm: true } as const;
  const waiting = created(asking);
  const method = done(create(asking)).put?.[1] as PaymentMethodObject;
  const begun = done(create(asking)).put?.at(-1) as SetupAttemptObject;
  const answer = (succeeds: boolean, client_secret = waiting.client_secret, intent = waiting) =>
    authenticateSetup.decide(
      { intent: waiting.id, client_secret, succeeds },
      { intent, method, customer, waiting: begun },
      later(),
    );

  test('keeps it waiting', () => {
    expect(waiting.status).toBe('requires_action');
    expect(setupIntentView.render(waiting, env).next_action).toMatchObject({ type: 'use_stripe_sdk' });
    const back = created({ ...asking, return_url: 'https://shop.example/back' });
    expect(setupIntentView.render(back, { ...env, origin: 'https://pay.example' }).next_action).toEqual({
      redirect_to_url: {
        return_url: 'https://shop.example/back',
        url: `https://pay.example/authenticate/setup_intents/${back.id}?client_secret=${back.client_secret}`,
      },
      type: 'redirect_to_url',
    });
  });

  test('yes', () => {
    const decision = done(answer(true));
    expect(decision.result).toMatchObject({ status: 'succeeded' });
    expect(decision.result).not.toHaveProperty('next_action');
    expect(eventsOf(decision)).toEqual(['payment_method.attached', 'setup_intent.succeeded']);
  });

  test('no', () => {
    const decision = done(answer(false));
    expect(decision.result).toMatchObject({
      status: 'requires_payment_method',
      last_setup_error: { code: 'setup_intent_authentication_failure' },
    });
    expect(eventsOf(decision)).toEqual(['setup_intent.setup_failed']);
  });

  test('twice, or by whoever does not know the secret', () => {
    expect(answer(true, waiting.client_secret, { ...waiting, status: 'succeeded' })).toEqual({
      result: { ...waiting, status: 'succeeded' },
    });
    expect(answer(true, 'x')).toMatchObject({ status: 404 });
  });
});

describe('later', () => {
  const statuses = [
    'requires_payment_method',
    'requires_confirmation',
    'requires_action',
    'succeeded',
    'canceled',
  ] as const;
  const open = new Set<string>(statuses.slice(0, 3));
  test.each(statuses)('from %s', (status) => {
    const intent: SetupIntentObject = { ...created(), status };
    const found = foundBy('pm_card_visa');
    const params = { intent: intent.id, payment_method: 'pm_card_visa' };
    const answers = [
      confirmSetupIntent.decide(params, { intent, customer: undefined, found }, later()),
      updateSetupIntent.decide(params, { intent, customer: undefined, found }, later()),
      cancelSetupIntent.decide({ intent: intent.id }, { intent, attempt: undefined }, later()),
    ];
    for (const answer of answers) {
      if (open.has(status)) expect(isRefusal(answer)).toBe(false);
      else {
        expect(answer).toMatchObject({
          error: { code: 'setup_intent_unexpected_state', setup_intent: { status } },
        });
      }
    }
  });

  test('labels change at any time', () => {
    const intent: SetupIntentObject = { ...created({ metadata: { a: '1' } }), status: 'succeeded' };
    const params = { intent: intent.id, description: 'Order 7', metadata: { a: '', b: '2' } };
    const { result } = done(updateSetupIntent.decide(params, { intent, customer: undefined, found: {} }, later()));
    expect(result).toMatchObject({ description: 'Order 7', metadata: { b: '2' }, status: 'succeeded' });
  });

  test('a customer is given once', () => {
    const intent = created({ customer: 'cus_1' });
    const other = { ...customer, id: 'cus_2' as const };
    const params = { intent: intent.id, customer: 'cus_2' };
    expect(updateSetupIntent.decide(params, { intent, customer: other, found: {} }, later())).toMatchObject({
      name: 'set_once',
    });
  });

  test('a method that is missing', () => {
    const intent = created();
    expect(
      confirmSetupIntent.decide({ intent: intent.id }, { intent, customer: undefined, found: {} }, later()),
    ).toMatchObject({ name: 'setup_without_method', error: { setup_intent: { id: intent.id } } });
  });
});

describe('an attempt', () => {
  const attemptIn = (decision: Decision) => decision.put?.at(-1) as SetupAttemptObject;
  const asking = { payment_method: 'pm_card_authenticationRequired', confirm: true } as const;

  const table: readonly (readonly [string, SetupAttemptObject['status'], boolean])[] = [
    ['pm_card_visa', 'succeeded', false],
    ['pm_card_chargeDeclined', 'failed', true],
    ['pm_card_authenticationRequired', 'requires_action', false],
  ];
  test.each(table)('with %s: %s', (payment_method, status, hasError) => {
    const decision = done(create({ payment_method, confirm: true, customer: 'cus_1', usage: 'on_session' }));
    const attempt = attemptIn(decision);
    expect(decision.result.latest_attempt).toBe(attempt.id);
    expect(attempt).toMatchObject({
      setup_intent: decision.result.id,
      status,
      customer: 'cus_1',
      payment_method: decision.put?.[1]?.id,
      usage: 'on_session',
    });
    expect(attempt.card).not.toHaveProperty('testCard');
    expect(attempt.setup_error !== undefined).toBe(hasError);
    expect(validateObject(setupAttemptView.render(attempt, env) as Record<string, unknown>)).toEqual([]);
  });

  test('that waits is the one that ends', () => {
    const first = done(create(asking));
    const waiting = attemptIn(first);
    const intent = first.result as SetupIntentObject;
    const method = first.put?.[1] as PaymentMethodObject;
    const end = (succeeds: boolean) =>
      done(
        authenticateSetup.decide(
          { intent: intent.id, client_secret: intent.client_secret, succeeds },
          { intent, method, customer: undefined, waiting },
          later(),
        ),
      );
    expect(attemptIn(end(true))).toEqual({ ...waiting, status: 'succeeded', three_d_secure: 'authenticated' });
    const shown = (attempt: SetupAttemptObject) => {
      const wire = setupAttemptView.render(attempt, env) as Record<string, unknown>;
      expect(validateObject(wire)).toEqual([]);
      return (wire.payment_method_details as { card: { three_d_secure: unknown } }).card.three_d_secure;
    };
    expect(shown(waiting)).toBeNull();
    expect(shown(attemptIn(end(true)))).toMatchObject({
      authentication_flow: 'challenge',
      electronic_commerce_indicator: '05',
      result: 'authenticated',
      result_reason: null,
      version: '2.2.0',
    });
    expect(shown(attemptIn(end(false)))).toMatchObject({ result: 'failed', result_reason: 'rejected' });
    expect(attemptIn(end(false))).toMatchObject({
      ...waiting,
      status: 'failed',
      setup_error: { payment_method: method },
    });
    const canceled = done(cancelSetupIntent.decide({ intent: intent.id }, { intent, attempt: waiting }, later()));
    expect(attemptIn(canceled)).toEqual({ ...waiting, status: 'abandoned' });
    const over = { ...waiting, status: 'failed' } as const;
    const { put } = done(cancelSetupIntent.decide({ intent: intent.id }, { intent, attempt: over }, later()));
    expect(put).toHaveLength(1);
  });

  test('is another one each time', () => {
    const first = done(create({ payment_method: 'pm_card_chargeDeclined', confirm: true }));
    const intent = first.result as SetupIntentObject;
    const params = { intent: intent.id, payment_method: 'pm_card_visa' };
    const found = foundBy('pm_card_visa');
    const second = done(confirmSetupIntent.decide(params, { intent, customer: undefined, found }, later()));
    expect(attemptIn(second).id).not.toBe(attemptIn(first).id);
    expect(second.result?.latest_attempt).toBe(attemptIn(second).id);
  });
});

describe('on the wire', () => {
  const forms: readonly [string, SetupIntentObject][] = [
    ['of nothing', created()],
    ['named types', created({ payment_method_types: ['card'] })],
    ['set up', created({ payment_method: 'pm_card_visa', confirm: true, description: 'x', metadata: { a: '1' } })],
    ['waiting', created({ payment_method: 'pm_card_authenticationRequired', confirm: true })],
    ['declined', done(create({ payment_method: 'pm_card_chargeDeclined', confirm: true })).result],
  ];
  test.each(forms)('%s', (_, intent) => {
    expect(validateObject(setupIntentView.render(intent, env) as Record<string, unknown>)).toEqual([]);
  });
});

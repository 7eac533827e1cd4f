import { describe, expect, test } from 'vitest';
import { monday, testAccount, testContext, testPlatform } from '../../engine/testing.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import type { CustomerObject } from '../customers/object.ts';
import { attachPaymentMethod } from './attach.ts';
import { createPaymentMethod } from './create.ts';
import { detachPaymentMethod } from './detach.ts';
import type { FoundMethod, MethodCard } from './find.ts';
import { aliasCard } from './find.ts';
import type { PaymentMethodObject } from './object.ts';
import { updatePaymentMethod } from './update.ts';

const typed = { number: '4242424242424242', exp_month: 12, exp_year: 2030, cvc: '123' };
const make = (card: MethodCard | undefined, found: FoundMethod = {}) =>
  createPaymentMethod.decide({ type: 'card', ...(card && { card }) }, { found, original: undefined }, testContext());

test('a card that was typed in, without its number', () => {
  const made = make(typed);
  if (isRefusal(made)) throw new Error(made.error.message);
  expect(made.result).toMatchObject({ account: testPlatform, created: monday, card: { last4: '4242', brand: 'visa' } });
  expect(made).not.toHaveProperty('emit');
});

test('a token', () => {
  expect(make({ token: 'tok_visa' }, { alias: aliasCard('tok_visa') })).toMatchObject({
    result: { card: { last4: '4242' } },
  });
});

const refused = [
  [undefined, 'Missing required param: card.'],
  [{ ...typed, token: 'tok_x' }, "No such token: 'tok_x'"],
  [{ exp_month: 12 }, 'Missing required param: card[number].'],
  [{ number: typed.number }, 'Missing required param: card[exp_month].'],
  [{ number: typed.number, exp_month: 13 }, 'Missing required param: card[exp_year].'],
  [{ ...typed, exp_month: 13, cvc: '1' }, "Your card's expiration month is invalid."],
  [{ ...typed, cvc: '1' }, "Your card's security code is invalid."],
] as const;
test.each(refused)('%o: %s', (card, message) => {
  expect(make(card)).toMatchObject({ error: { message } });
});

test('only what a customer keeps can be changed', () => {
  const made = make(typed);
  if (isRefusal(made)) throw new Error(made.error.message);
  const method: PaymentMethodObject = made.result;
  const params = { payment_method: method.id, card: { exp_year: 2031 }, metadata: { a: '1' } };
  expect(updatePaymentMethod.decide(params, { method }, testContext())).toMatchObject({
    name: 'payment_method_not_attached_to_update',
  });
  expect(updatePaymentMethod.decide(params, { method: undefined }, testContext())).toMatchObject({ status: 404 });
  const kept = { ...method, customer: 'cus_1' };
  expect(updatePaymentMethod.decide(params, { method: kept }, testContext())).toMatchObject({
    result: { card: { exp_year: 2031, last4: '4242' }, metadata: { a: '1' } },
    emit: [{ type: 'payment_method.updated' }],
  });
});

describe('a customer', () => {
  const customer: CustomerObject = {
    id: 'cus_1',
    account: testPlatform,
    created: monday,
    invoice_prefix: 'ABCDEFGH',
    methods: [],
    sources: [],
  };
  const card = aliasCard('tok_visa') as PaymentMethodObject['card'];
  const stored: PaymentMethodObject = { id: 'pm_1', account: testPlatform, created: monday, type: 'card', card };
  const attach = (found: FoundMethod, to: CustomerObject | undefined = customer, account = testPlatform) =>
    attachPaymentMethod.decide(
      { payment_method: 'pm_1', customer: 'cus_1' },
      { found, customer: to },
      testContext({ account }),
    );

  test('keeps a method', () => {
    expect(attach({ stored })).toMatchObject({
      result: { customer: 'cus_1' },
      put: [{ id: 'pm_1' }, { id: 'cus_1', methods: ['pm_1'] }],
      emit: [{ type: 'payment_method.attached' }],
    });
    expect(attach({ alias: aliasCard('pm_card_chargeCustomerFail') })).toMatchObject({ result: { customer: 'cus_1' } });
  });

  const full = { ...customer, methods: Array.from({ length: 500 }, (_, n) => `pm_x${n}`) };
  const declining = aliasCard('pm_card_chargeDeclinedLostCard') as PaymentMethodObject['card'];
  const gone = { ...stored, customer: 'cus_2', spent: true as const, card: declining };
  const refused: readonly [string, FoundMethod, CustomerObject?][] = [
    ['no_such_payment_method_in_path', {}],
    ['no_such_payment_method_in_path', { stored: { ...stored, account: testAccount(1) } }],
    ['payment_method_already_attached', { stored: gone }, full],
    ['payment_method_used_up', { stored: { ...stored, spent: true, card: declining } }, full],
    ['invalid_value', { stored: { ...stored, card: declining } }, full],
    ['card_lost', { stored: { ...stored, card: declining } }],
  ];
  test.each(refused)('%s', (name, found, to) => {
    expect(attach(found, to)).toMatchObject({ refused: true, name });
  });

  test('that is not there', () => {
    const answer = attachPaymentMethod.decide(
      { payment_method: 'pm_1', customer: 'cus_x' },
      { found: { stored }, customer: undefined },
      testContext(),
    );
    expect(answer).toMatchObject({ status: 400, error: { param: 'customer' } });
  });

  test("of a connected account cannot keep the platform's method", () => {
    expect(attach({ stored }, customer, testAccount(1))).toMatchObject({ name: 'payment_method_of_platform' });
  });

  test('lets a method go', () => {
    const kept = { ...stored, customer: 'cus_1' };
    const keeper = { ...customer, methods: ['pm_1'] };
    const params = { payment_method: 'pm_1' };
    const detached = detachPaymentMethod.decide(params, { method: kept, customer: keeper }, testContext());
    expect(detached).toMatchObject({
      result: { id: 'pm_1', spent: true },
      put: [{ id: 'pm_1' }, { methods: [] }],
      emit: [{ type: 'payment_method.detached' }],
    });
    expect(detachPaymentMethod.decide(params, { method: stored, customer: undefined }, testContext())).toMatchObject({
      name: 'payment_method_not_attached_to_detach',
    });
    expect(detachPaymentMethod.decide(params, { method: undefined, customer: undefined }, testContext())).toMatchObject(
      {
        status: 404,
      },
    );
  });
});

describe("a connected account's copy", () => {
  const card = aliasCard('tok_visa') as PaymentMethodObject['card'];
  const original: PaymentMethodObject = {
    id: 'pm_1',
    account: testPlatform,
    created: 1,
    type: 'card',
    card,
    customer: 'cus_1',
    billing_details: { name: 'Jenny' },
  };
  const copy = (more: object, of: PaymentMethodObject | undefined = original, account = testAccount(1)) =>
    createPaymentMethod.decide(
      { payment_method: 'pm_1', ...more },
      { original: of, found: {} },
      testContext({ account }),
    );

  test('is its own, and nobody keeps it', () => {
    const made = copy({ customer: 'cus_1', metadata: { a: '1' } });
    expect(made).toMatchObject({
      result: { account: testAccount(1), card, billing_details: { name: 'Jenny' }, metadata: { a: '1' } },
    });
    expect(made).not.toHaveProperty('result.customer');
  });

  test.each([
    ['invalid_value', { customer: 'cus_2' }, original, testPlatform],
    ['no_such_payment_method', { customer: 'cus_2' }, { ...original, account: testAccount(2) }, testAccount(1)],
    ['payment_method_used_up', {}, { ...original, spent: true as const }, testAccount(1)],
    ['payment_method_of_other_customer', { customer: 'cus_2' }, original, testAccount(1)],
    ['payment_method_without_customer', {}, original, testAccount(1)],
  ])('%s', (name, more, of, account) => {
    expect(copy(more, of, account)).toMatchObject({ refused: true, name });
  });

  test('needs to know of what, and anything else of which type', () => {
    const answer = (params: object) =>
      createPaymentMethod.decide(params, { original: undefined, found: {} }, testContext());
    expect(answer({ customer: 'cus_1' })).toMatchObject({ error: { param: 'payment_method' } });
    expect(answer({})).toMatchObject({ error: { param: 'type' } });
  });
});

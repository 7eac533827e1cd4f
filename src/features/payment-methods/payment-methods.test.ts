import { expect, test } from 'vitest';
import { monday, testContext, testPlatform } from '../../engine/testing.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { createPaymentMethod } from './create.ts';
import type { FoundMethod, MethodCard } from './find.ts';
import { aliasCard } from './find.ts';
import type { PaymentMethodObject } from './object.ts';
import { updatePaymentMethod } from './update.ts';

const typed = { number: '4242424242424242', exp_month: 12, exp_year: 2030, cvc: '123' };
const make = (card: MethodCard | undefined, found: FoundMethod = {}) =>
  createPaymentMethod.decide({ type: 'card', ...(card && { card }) }, found, testContext());

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

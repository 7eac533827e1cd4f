import { describe, expect, test } from 'vitest';
import { monday } from '../../engine/testing.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { cardFromAlias, cardFromNumber, fingerprintOf } from './card.ts';

// Monday 2026-03-02
const good = { number: '4242 4242-42424242', exp_month: 3, exp_year: 2026, cvc: '123' };

test('of a card everything is kept but its number and code', () => {
  const card = cardFromNumber({ ...good, name: 'Ada', address_line1: 'Main St 1', address_zip: '94107' }, monday);
  expect(card).toEqual({
    brand: 'visa',
    country: 'US',
    exp_month: 3,
    exp_year: 2026,
    fingerprint: fingerprintOf('4242424242424242'),
    funding: 'credit',
    last4: '4242',
    cvc_check: 'pass',
    name: 'Ada',
    address: { line1: 'Main St 1', postal_code: '94107' },
    testCard: '4242424242424242',
  });
});

test('two digits of a year are enough', () => {
  expect(cardFromNumber({ ...good, exp_year: 34 }, monday)).toMatchObject({ exp_year: 2034 });
});

describe('what is wrong with a card, in the order of answers', () => {
  const table = [
    ['4242424242424241', 13, 2025, '1', 'incorrect_number', 'number'],
    ['4012888888881881', 13, 2025, '1', 'card_declined', undefined],
    ['4242424242424242', 13, 2025, '1', 'invalid_expiry_month', 'exp_month'],
    ['4242424242424242', 0, 2025, '1', 'invalid_expiry_month', 'exp_month'],
    ['4242424242424242', 12, 2025, '1', 'invalid_expiry_year', 'exp_year'],
    ['4242424242424242', 12, 2077, '1', 'invalid_expiry_year', 'exp_year'],
    ['4242424242424242', 2, 2026, '1', 'invalid_expiry_month', 'exp_month'],
    ['4242424242424242', 3, 2026, '1', 'invalid_cvc', 'cvc'],
    ['4242424242424242', 3, 2026, '1234', 'invalid_cvc', 'cvc'],
  ] as const;
  test.each(table)('%s %i/%i %s: %s', (number, exp_month, exp_year, cvc, code, param) => {
    const answer = cardFromNumber({ number, exp_month, exp_year, cvc }, monday);
    expect(answer).toMatchObject({ refused: true, status: 402, error: { type: 'card_error', code } });
    expect(isRefusal(answer) && answer.error.param).toBe(param);
  });
  test('the code of an amex may have four digits', () => {
    expect(isRefusal(cardFromNumber({ ...good, number: '378282246310005', cvc: '1234' }, monday))).toBe(false);
  });
});

describe('aliases', () => {
  const table = [
    ['pm_card_visa', '4242', '4242424242424242'],
    ['tok_visa', '4242', '4242424242424242'],
    ['tok_visa_chargeDeclined', '0002', '4000000000000002'],
    ['tok_visa_debit_us_transferFail', '5572', '4000056655665556'],
  ] as const;
  test.each(table)('%s', (alias, last4, testCard) => {
    expect(cardFromAlias(alias)).toMatchObject({ last4, testCard });
  });
  test('anything else is no alias', () => {
    expect(cardFromAlias('tok_0001')).toBeUndefined();
    expect(cardFromAlias('4242424242424242')).toBeUndefined();
  });
});

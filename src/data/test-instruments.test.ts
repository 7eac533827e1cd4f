import { describe, expect, test } from 'vitest';
import { isCurrency } from './currencies.ts';
import {
  bankByToken,
  bankOutcome,
  bankPaymentByAlias,
  instantPayoutFails,
  isRoutingNumber,
  successNumberOf,
} from './test-banks.ts';
import { aliasesOf, cardByAlias, cardByNumber, passesLuhn, testCards } from './test-cards.ts';
import { debitCardByNumber, debitCardByToken, testDebitCards } from './test-debit-cards.ts';

describe('cards', () => {
  test.each(testCards.map((card) => [card.number, card] as const))(
    '%s has a check digit and leads back',
    (number, card) => {
      expect(passesLuhn(number)).toBe(true);
      expect(cardByNumber(number)).toBe(card);
      for (const alias of aliasesOf(card)) expect(cardByAlias(alias)).toBe(card);
    },
  );

  const spellings = [
    ['tok_visa', '4242'],
    ['pm_card_visa', '4242'],
    ['tok_chargeDeclined', '0002'],
    ['tok_visa_chargeDeclined', '0002'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', '9995'],
    ['tok_visa_createDispute', '0259'],
    ['tok_bypassPending', '0077'],
    ['pm_card_jp', '0003'],
    ['tok_visa_triggerTransferBlock', '4236'],
    ['tok_visa_triggerPayoutBlock', '4236'],
  ] as const;
  test.each(spellings)('%s ends in %s', (alias, last4) => {
    expect(cardByAlias(alias)?.last4).toBe(last4);
  });

  test('declines carry code and words', () => {
    expect(cardByNumber('4000000000000069')?.behaviour).toEqual({
      kind: 'decline',
      refusal: 'card_expired',
      code: 'expired_card',
      decline_code: null,
      param: 'exp_month',
      message: 'Your card has expired.',
    });
    expect(cardByNumber('4000000000009995')?.behaviour).toMatchObject({
      code: 'card_declined',
      decline_code: 'insufficient_funds',
    });
    expect(cardByAlias('pm_card_chargeCustomerFail')?.behaviour.kind).toBe('customerFail');
  });

  test('mistyped or unknown numbers', () => {
    expect(passesLuhn('4242424242424241')).toBe(false);
    expect(passesLuhn('4242 4242')).toBe(false);
    expect(cardByNumber('4242424242424241')).toBeUndefined();
    expect(cardByAlias('toString')).toBeUndefined();
  });
});

describe('banks', () => {
  const outcomes = [
    ['US', '000123456789', 'paid'],
    ['US', '000-123-456789', 'paid'],
    ['US', '000111111116', 'no_account'],
    ['US', '000111111113', 'account_closed'],
    ['US', '000222222227', 'insufficient_funds'],
    ['US', '000333333335', 'debit_not_authorized'],
    ['US', '000444444440', 'invalid_currency'],
    ['US', '000888888883', 'paid'],
    ['US', '123', undefined],
    ['CA', '000222222227', 'insufficient_funds'],
    ['GB', '00012345', 'paid'],
    ['GB', '11111116', 'no_account'],
    ['GB', 'GB82WEST12345698713003', 'insufficient_funds'],
    ['AU', '000123456', 'paid'],
    ['AU', '333333335', 'debit_not_authorized'],
    ['DE', 'DE89370400440532013000', 'paid'],
    ['DE', 'DE89 3704 0044 0532 0130 00', 'paid'],
    ['DE', 'DE62370400440532013001', 'no_account'],
    ['AT', 'AT89370400440532013005', 'invalid_currency'],
    ['DE', 'DE89370400440532013999', undefined],
    ['DE', '000123456789', undefined],
    ['HK', '000123-456', 'paid'],
    ['HK', '222222-227', 'insufficient_funds'],
    ['JP', '0001234', 'paid'],
    ['JP', '1111113', 'account_closed'],
    ['NZ', '110000000000010', 'paid'],
    ['NZ', '0000000010', 'paid'],
    ['BR', '000444444440', 'invalid_currency'],
    ['XX', '000123456789', undefined],
  ] as const;
  test.each(outcomes)('%s %s: %s', (country, account_number, outcome) => {
    expect(bankOutcome({ country, account_number })).toBe(outcome);
  });

  test('the recommended number works', () => {
    for (const country of [
      'US',
      'CA',
      'BR',
      'GB',
      'AU',
      'HK',
      'JP',
      'NZ',
      'SG',
      'MX',
      'TH',
      'MY',
      'IN',
      'AE',
      'DE',
      'CH',
    ]) {
      expect(bankOutcome({ country, account_number: successNumberOf(country) }), country).toBe('paid');
    }
  });

  test('routing numbers', () => {
    expect(isRoutingNumber('US', '110000000')).toBe(true);
    expect(isRoutingNumber('US', '1100')).toBe(false);
    expect(isRoutingNumber('US', null)).toBe(false);
    expect(isRoutingNumber('CA', '11000-000')).toBe(true);
    expect(isRoutingNumber('GB', '10-88-00')).toBe(true);
    expect(isRoutingNumber('DE', undefined)).toBe(true);
  });

  test('tokens and payment methods', () => {
    expect(bankByToken('btok_us_verified')).toMatchObject({ account_number: '000123456789', status: 'verified' });
    const failing = bankByToken('btok_us_verified_accountClosed')!;
    expect(bankOutcome(failing)).toBe('account_closed');
    expect(bankByToken('btok_xx')).toBeUndefined();
    expect(bankPaymentByAlias('pm_usBankAccount_dispute')?.outcome).toBe('dispute');
    expect(instantPayoutFails('000888888883')).toBe(true);
    expect(instantPayoutFails('000123456789')).toBe(false);
  });
});

describe('debit cards', () => {
  test.each(testDebitCards.map((card) => [card.number, card] as const))('%s', (number, card) => {
    expect(passesLuhn(number)).toBe(true);
    expect(isCurrency(card.currency)).toBe(true);
    expect(debitCardByNumber(number)).toBe(card);
    expect(debitCardByToken(card.token)).toBe(card);
  });

  test('tokens are spelled as published', () => {
    expect(debitCardByNumber('4000056655665572')?.token).toBe('tok_visa_debit_us_transferFail');
    expect(debitCardByToken('tok_mastercard_debit_us_transferSuccess')?.outcome).toBe('paid');
    expect(debitCardByToken('tok_discover_debit_us_transferSuccess')?.last4).toBe('1113');
    expect(debitCardByToken('tok_visa_debit_au_instantPayoutUnsupported')?.currency).toBe('aud');
  });
});

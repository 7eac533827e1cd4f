import { describe, expect, test } from 'vitest';
import { validateObject } from '../../../test/support/schema.ts';
import { type Country, countries } from '../../data/countries.ts';
import { testContext } from '../../engine/testing.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { successfulBankOf } from './bank.ts';
import { createToken } from './create.ts';
import { resolveExternalAccount } from './external.ts';
import type { TokenObject } from './object.ts';
import type { CreateToken } from './params.ts';
import { tokenView } from './view.ts';

const ctx = testContext();
const env = {
  livemode: false,
  book: ctx.book,
  platform: ctx.platform,
  application: ctx.application,
  account: ctx.account,
};
const bank = { country: 'US', currency: 'usd', account_number: '000111111116', routing_number: '110000000' } as const;
const debitCard = { number: '4000056655665556', exp_month: 12, exp_year: 2034, cvc: '123' };

function made(params: CreateToken): TokenObject {
  const answer = createToken.decide(params, null, ctx);
  if (isRefusal(answer)) throw new Error(answer.error.message);
  return answer.result;
}

describe('a token', () => {
  const table = [
    ['of a bank account', { bank_account: bank }],
    [
      'of a card',
      { card: { number: '378282246310005', exp_month: 12, exp_year: 34, name: 'Ada', address_zip: '10115' } },
    ],
    ['of a debit card', { card: { ...debitCard, currency: 'usd' } }],
    ['of a number that identifies', { pii: { id_number: '378282246310005' } }],
    ['of a security code', { cvc_update: { cvc: '123' } }],
    ['of a person', { person: { first_name: 'Jane', id_number: '378282246310005' } }],
    ['of an account', { account: { business_type: 'individual', individual: { id_number: '378282246310005' } } }],
  ] as const satisfies readonly (readonly [string, CreateToken])[];
  test.each(table)('%s', (_, params) => {
    const token = made(params);
    expect(validateObject({ ...tokenView.render(token, env) })).toEqual([]);
    const { testCard: _known, ...kept } = token.card ?? { testCard: '' };
    expect(JSON.stringify({ ...token, card: kept })).not.toMatch(/378282246310005|000111111116|4000056655665556/);
  });
  test('of nothing, and of two things', () => {
    expect(createToken.decide({}, null, ctx)).toMatchObject({ name: 'token_of_nothing' });
    const both = createToken.decide({ bank_account: bank, card: debitCard }, null, ctx);
    expect(both).toMatchObject({ name: 'parameters_exclusive' });
    expect(createToken.decide({ pii: {}, person: {} }, null, ctx)).toMatchObject({
      error: { message: 'Received both person and pii parameters. Please pass in only one.' },
    });
  });
});

describe('an external account', () => {
  const resolve = (sent: string, token?: TokenObject) =>
    resolveExternalAccount({ sent, token, country: 'US', at: 'external_account' }, ctx);
  test('comes from a token once', () => {
    const token = made({ bank_account: bank });
    const resolved = resolve(token.id, token);
    expect(resolved).toMatchObject({
      external: { id: token.external?.id, outcome: 'no_account' },
      spent: { used: true },
    });
    if (isRefusal(resolved)) throw new Error('refused');
    expect(resolve(token.id, resolved.spent)).toMatchObject({ name: 'token_already_used' });
  });
  test('comes from a debit card, not from another', () => {
    const card = made({ card: debitCard });
    expect(resolve(card.id, card)).toMatchObject({ external: { object: 'card', instant: true, outcome: 'paid' } });
    const credit = made({ card: { ...debitCard, number: '4242424242424242' } });
    expect(resolve(credit.id, credit)).toMatchObject({ name: 'external_account_card_unsupported' });
  });
  test('comes from fixed tokens again and again', () => {
    for (const _ of [1, 2]) {
      expect(resolve('btok_us_verified')).toMatchObject({ external: { status: 'verified', outcome: 'paid' } });
      expect(resolve('tok_visa_debit_us_instantPayoutUnsupported')).toMatchObject({ external: { instant: false } });
    }
  });
});

test('every country has a bank that pays', () => {
  for (const country of Object.keys(countries) as Country[]) {
    const { defaultCurrency } = countries[country];
    expect(successfulBankOf(country, defaultCurrency, 'ba_1', 0), country).toMatchObject({
      outcome: 'paid',
      status: 'verified',
    });
  }
});

import { expect, test } from 'vitest';
import { monday, testContext, testPlatform } from '../../engine/testing.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { createToken } from '../tokens/create.ts';
import type { TokenObject } from '../tokens/object.ts';
import type { CreateToken } from '../tokens/params.ts';
import { withAccountToken } from './account-token.ts';

function token(account: NonNullable<CreateToken['account']>): TokenObject {
  const made = createToken.decide({ account }, null, testContext());
  if (isRefusal(made)) throw new Error(made.error.message);
  return made.result;
}

test('R76 what a token says stands in the place of the params, and agrees to the terms', () => {
  const told = token({ business_type: 'individual', individual: { first_name: 'Ada' }, tos_shown_and_accepted: true });
  const params = { account_token: told.id, email: 'ada@example.com', business_type: 'company' as const };
  expect(withAccountToken(params, told)).toEqual({
    params: {
      ...params,
      business_type: 'individual',
      individual: { first_name: 'Ada' },
      tos_acceptance: { date: monday },
    },
    spent: [{ ...told, used: true }],
  });
  expect(withAccountToken({ account_token: told.id }, token({ business_type: 'company' }))).not.toHaveProperty(
    'params.tos_acceptance',
  );
});

test('without a token nothing changes', () => {
  const params = { email: 'ada@example.com' };
  expect(withAccountToken(params, undefined)).toEqual({ params, spent: [] });
});

test.each([
  ['no_such', undefined],
  ['no_such', { ...token({}), type: 'person' as const, used: true }],
  ['token_already_used', { ...token({}), used: true }],
])('%s', (name, found) => {
  expect(withAccountToken({ account_token: 'ct_1' }, found)).toMatchObject({ refused: true, name });
});

test('a token belongs to who made it', () => {
  expect(token({}).account).toBe(testPlatform);
});

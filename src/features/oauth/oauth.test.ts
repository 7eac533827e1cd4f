import { expect, test } from 'vitest';
import { platformOf, sellerOf } from '../../../test/support/parties.ts';
import { monday, testAccount, testContext, testPlatform } from '../../engine/testing.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { authorizeAccount } from './authorize.ts';
import { deauthorizeAccount } from './deauthorize.ts';
import { exchangeCode } from './exchange.ts';
import type { AuthorizationCodeObject } from './object.ts';

const platform = platformOf();

test('a connected account is standard, and ready', () => {
  const made = authorizeAccount.decide({ scope: 'read_write' }, { platform }, testContext());
  if (isRefusal(made)) throw new Error(made.error.message);
  expect(made.put?.[0]).toMatchObject({
    id: made.result.of,
    account: testPlatform,
    type: 'standard',
    charges_enabled: true,
    details_submitted: true,
  });
  expect(made.emit?.at(-1)).toMatchObject({ type: 'account.application.authorized', account: made.result.of });
});

test('in live mode somebody would have to be asked', () => {
  expect(authorizeAccount.decide({ scope: 'x' }, { platform }, testContext({ livemode: true }))).toMatchObject({
    name: 'test_mode_only',
  });
});

test('a code is good once', () => {
  const code: AuthorizationCodeObject = {
    id: 'ac_1',
    account: testPlatform,
    created: monday,
    of: testAccount(1),
    scope: 'read_write',
  };
  const exchange = (found: AuthorizationCodeObject | undefined) =>
    exchangeCode.decide({ code: 'ac_1' }, { code: found }, testContext());
  expect(exchange(code)).toMatchObject({ put: [{ used: true, of: testAccount(1) }] });
  expect(exchange({ ...code, used: true })).toMatchObject({ refused: true });
  expect(exchange(undefined)).toMatchObject({ refused: true });
});

test('X2 access that is given up is gone', () => {
  const account = sellerOf(1);
  const give = (found: typeof account | undefined) =>
    deauthorizeAccount.decide({ account: account.id }, { account: found, platform, balances: [] }, testContext());
  expect(give(account)).toMatchObject({
    put: [{ deleted: true, charges_enabled: false, payouts_enabled: false }],
    emit: [{ type: 'account.application.deauthorized', account: account.id }],
  });
  expect(give({ ...account, deleted: true })).toMatchObject({ name: 'account_access' });
  expect(give(platform)).toMatchObject({ name: 'account_access' });
  expect(give(undefined)).toMatchObject({ name: 'account_access' });
});

import { describe, expect, test } from 'vitest';
import {
  fakeApi,
  formerSeller,
  publishableKey,
  restrictedKey,
  revokedKey,
  secretKey,
  seller,
} from '../../test/support/fake-api.ts';
import { keyIn, maskKey, namedAccount } from './auth.ts';

test('a key comes as Bearer or Basic', () => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  const table: [string | undefined, string | null][] = [
    [undefined, null],
    ['', null],
    ['Bearer sk_test_x', 'sk_test_x'],
    ['bearer  sk_test_x ', 'sk_test_x'],
    ['Bearer ', null],
    ['sk_test_x', null],
    [basic('sk_test_x:'), 'sk_test_x'],
    [basic('sk_test_x:password'), 'sk_test_x'],
    [basic('sk_test_x'), 'sk_test_x'],
    [basic(':'), null],
    ['Digest x', null],
  ];
  for (const [header, key] of table) expect(keyIn(header), header).toBe(key);
});

test('a key is masked', () => {
  expect(maskKey('sk_test_0123456789abcdef')).toBe('sk_test_************cdef');
  expect(maskKey('sk_test_abcd')).toBe('sk_test_****');
  expect(maskKey('hunter2')).toBe('***ter2');
  expect(maskKey('pin')).toBe('***');
  expect(maskKey('x'.repeat(5000)).length).toBeLessThan(50);
});

test('the account that two headers name', () => {
  expect(namedAccount(undefined, undefined)).toBeNull();
  expect(namedAccount('acct_1', undefined)).toBe('acct_1');
  expect(namedAccount(undefined, 'acct_1')).toBe('acct_1');
  expect(namedAccount(undefined, 'acct_0/acct_1')).toBe('acct_1');
  expect(namedAccount('acct_1', 'acct_1')).toBe('acct_1');
  expect(() => namedAccount('acct_1', 'acct_2')).toThrow('name different accounts');
});

describe('X1: 401', () => {
  const keys: [string, string | null, string | undefined, RegExp][] = [
    ['no key', null, undefined, /^You did not provide an API key\. /],
    ['an unknown key', 'sk_test_nobodyhasthiskeyabcd', undefined, /^Invalid API Key provided: sk_test_\*+abcd$/],
    ['a revoked key', revokedKey, 'api_key_expired', /^Expired API Key provided: sk_test_\*+oked$/],
    ['a publishable key', publishableKey, 'secret_key_required', /cannot be made with a publishable API key/],
  ];
  test.each(keys)('%s', async (_, key, code, message) => {
    const { send } = fakeApi();
    const { status, headers, error } = await send('GET', '/v1/weight', { key });
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toBe('Basic realm="Stripe"');
    expect(error).toMatchObject({ type: 'invalid_request_error', message: expect.stringMatching(message) });
    expect(error?.code).toBe(code);
  });

  test('a key that is none, in Basic', async () => {
    const { send } = fakeApi();
    const { status } = await send('GET', '/v1/weight', { key: null, headers: { authorization: 'Basic ????' } });
    expect(status).toBe(401);
  });
});

test('a restricted key lacks what nobody granted', async () => {
  const { send } = fakeApi();
  const { status, error } = await send('POST', '/v1/boxes', { key: restrictedKey, body: 'amount=1' });
  expect(status).toBe(403);
  expect(error).toMatchObject({ message: expect.stringContaining("Having the 'rak_charge_write' permission") });
});

test('a key is looked up once in ten seconds, so that revoking it works', async () => {
  const { send, store, clock } = fakeApi();
  expect((await send('GET', '/v1/weight')).status).toBe(200);
  for (const [hash, owner] of store.owners) store.owners.set(hash, { ...owner, msLeft: 0 });
  expect((await send('GET', '/v1/weight')).status).toBe(200);
  clock.ms = 10_000;
  expect((await send('GET', '/v1/weight')).status).toBe(401);
});

describe('Stripe-Account', () => {
  test('acts as that account', async () => {
    const { send } = fakeApi();
    const { json, headers } = await send('GET', '/v1/weight', { headers: { 'stripe-account': seller } });
    expect(json).toMatchObject({ account: seller });
    expect(headers['stripe-account']).toBe(seller);
  });

  test('may come as a context', async () => {
    const { send } = fakeApi();
    const { json } = await send('GET', '/v1/weight', { headers: { 'stripe-context': `acct_x/${seller}` } });
    expect(json).toMatchObject({ account: seller });
  });

  test.each(['acct_unknown', 'acct_0000000000000000', formerSeller, 'ch_1'])('%s is refused', async (account) => {
    const { send } = fakeApi();
    for (const request of [
      send('GET', '/v1/weight', { headers: { 'stripe-account': account } }),
      send('GET', `/v1/accounts/${account}`),
    ]) {
      const { status, error } = await request;
      expect(status).toBe(403);
      expect(error).toMatchObject({
        code: 'account_invalid',
        message: `The provided key '${maskKey(secretKey)}' does not have access to account '${account}' (or that account does not exist). Application access may have been revoked.`,
      });
    }
  });

  test('is remembered for a second, so that a deleted account stops working', async () => {
    const { send, store, clock } = fakeApi();
    const ask = () => send('GET', `/v1/accounts/${seller}`, { headers: { 'stripe-account': seller } });
    expect((await ask()).status).toBe(200);
    store.put({ ...store.objectsById.get(seller), deleted: true } as never);
    clock.ms = 1000;
    expect((await ask()).status).toBe(403);
  });
});

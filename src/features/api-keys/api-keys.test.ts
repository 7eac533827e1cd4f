import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { maskKey } from '../../api/auth.ts';
import { permits, resources } from '../../data/permissions.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { hashStartOf, keptOf, keyIdOf, keyText } from './keys.ts';
import { sameTerms, termsOf } from './rules.ts';

test('a key is spelled in a fixed number of letters and digits, all 256 bits of it', () => {
  for (const bytes of [Buffer.alloc(32), Buffer.alloc(32, 255), randomBytes(32)]) {
    expect(keyText(bytes, 'secret', false)).toMatch(/^sk_test_[0-9A-Za-z]{43}$/);
  }
  const last = Buffer.alloc(32);
  last[31] = 1;
  expect(keyText(last, 'restricted', true)).not.toBe(keyText(Buffer.alloc(32), 'restricted', true));
  expect(keyText(randomBytes(32), 'restricted', true)).toMatch(/^rk_live_/);
  expect(keyText(randomBytes(32), 'publishable', true)).toMatch(/^pk_live_/);
  expect(() => keyText(Buffer.alloc(23), 'secret', false)).toThrow('256 bits');
});

test('keys do not repeat, and scanners for leaked keys know them', () => {
  const keys = new Set(Array.from({ length: 20_000 }, () => keyText(randomBytes(32), 'secret', true)));
  expect(keys.size).toBe(20_000);
  // As secret scanners look for them.
  for (const key of keys) if (!/\b[rs]k_(?:test|live)_[0-9a-zA-Z]{10,99}\b/.test(key)) throw new Error(key);
  // Each place but the first, which 256 bits do not fill, takes every digit about as often.
  const counts = new Map<string, number>();
  for (const key of keys) for (const digit of key.slice(9)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
  const expected = (20_000 * 42) / 62;
  expect(counts.size).toBe(62);
  for (const [digit, count] of counts) expect(Math.abs(count / expected - 1), digit).toBeLessThan(0.05);
});

test('what is kept of a key does not tell it', () => {
  const key = keyText(randomBytes(32), 'secret', false);
  const kept = keptOf(key);
  expect(kept).toMatchObject({ prefix: 'sk_test_', last4: key.slice(-4) });
  expect(JSON.stringify([kept, keyIdOf(kept), maskKey(key)])).not.toContain(key.slice(8, 30));
  expect(hashStartOf(keyIdOf(kept))).toBe(kept.hash.slice(0, 24));
  for (const id of ['key_', `key_${'g'.repeat(24)}`, `key_${'0'.repeat(25)}`, key, ''])
    expect(hashStartOf(id)).toBeNull();
});

test('a restricted key has what it was granted and nothing else', () => {
  const terms = termsOf({
    type: 'restricted',
    permissions: { transfer: 'write', charge: 'read', refund: 'none' },
    accounts: ['acct_2', 'acct_1', 'acct_2'],
  });
  if (isRefusal(terms)) throw new Error(terms.error.message);
  const { grants } = terms;
  expect(grants).toEqual({ permissions: { charge: 'read', transfer: 'write' }, accounts: ['acct_1', 'acct_2'] });
  for (const resource of resources) {
    expect(permits(grants, resource, 'read'), resource).toBe(['charge', 'transfer'].includes(resource));
    expect(permits(grants, resource, 'write'), resource).toBe(resource === 'transfer');
  }
  expect(permits(grants, null, 'read')).toBe(false);
  expect(permits(null, null, 'write')).toBe(true);
});

test.each([
  [{ permissions: {} }, 'permissions'],
  [{ type: 'publishable', accounts: 'all' }, 'accounts'],
  [{ type: 'restricted' }, 'permissions'],
] as const)('%j is refused', (params, param) => {
  const terms = termsOf(params as Parameters<typeof termsOf>[0]);
  expect(isRefusal(terms) && terms.error.param).toBe(param);
});

test('terms are the same in whatever order', () => {
  const one = {
    kind: 'restricted',
    name: 'a',
    grants: { accounts: 'all', permissions: { charge: 'read', file: 'write' } },
  };
  const other = {
    kind: 'restricted',
    name: 'a',
    grants: { permissions: { file: 'write', charge: 'read' }, accounts: 'all' },
  };
  type Terms = Parameters<typeof sameTerms>[0];
  expect(sameTerms(one as Terms, other as Terms)).toBe(true);
  expect(sameTerms(one as Terms, { ...(other as Terms), name: null })).toBe(false);
  expect(sameTerms(one as Terms, { kind: 'restricted', name: 'a', grants: { accounts: [], permissions: {} } })).toBe(
    false,
  );
});

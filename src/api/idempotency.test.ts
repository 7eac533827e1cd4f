import { expect, test } from 'vitest';
import { idempotencyOf } from './idempotency.ts';

const none = Object.create(null) as Record<string, never>;

test('two paths are two requests, whatever is hidden of them', () => {
  const [one, other] = ['4929420573595709', '4916385847364522'].map((number) =>
    idempotencyOf('k', 'POST', `/v1/customers/${number}`, none),
  );
  expect(one?.fingerprint).not.toBe(other?.fingerprint);
  expect([one?.path, other?.path]).toEqual(['/v1/customers/***', '/v1/customers/***']);
});

test('what is stored stays the same from one version to the next, so that a repeated request is known', () => {
  const { path, keyHash, fingerprint } = idempotencyOf('k', 'POST', '/v1/customers/cus_0001000000aBcDeF', none);
  expect({ path, keyHash, fingerprint }).toEqual({
    path: '/v1/customers/cus_0001000000aBcDeF',
    keyHash: '8254c329a92850f6d539dd376f4816ee',
    fingerprint: 'c2f021dfe58a666658a91b6b252c4962',
  });
});

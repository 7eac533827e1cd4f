import { expect, test } from 'vitest';
import { mint } from '../kernel/id.ts';
import { withoutKeys, withoutSecrets } from './mask.ts';

test.each([
  ['/v1/charges/sk_test_abcdefgh12', '/v1/charges/sk_test_***'],
  ["No such key: 'rk_live_abcdefgh12'", "No such key: 'rk_live_***'"],
  ['whsec_abcdefgh12 and sk_live_abcdefgh12', 'whsec_*** and sk_live_***'],
  ['/v1/charges/ch_0001000000aBcDeF', '/v1/charges/ch_0001000000aBcDeF'],
  ['sk_test_****abcd', 'sk_test_****abcd'],
])('%s: %s', (text, shown) => {
  expect(withoutKeys(text)).toBe(shown);
  expect(withoutSecrets(text)).toBe(shown);
});

test.each([
  ['/v1/customers/4929420573595709', '/v1/customers/***'],
  ['/v1/customers/4929420573595709@x', '/v1/customers/***@x'],
  ['/v1/charges/ch_4929420573595709', '/v1/charges/ch_***'],
  ['/v1/charges/ch_0004929420573595', '/v1/charges/ch_***'],
  ['/v1/charges/ch_a004929420573595', '/v1/charges/ch_a004929420573595'],
  ['1772445600', '1772445600'],
])('%s in the log: %s', (text, shown) => {
  expect(withoutSecrets(text)).toBe(shown);
});

/** Ids of sixteen digits, of customers of two books. */
const inDigits = Array.from({ length: 20_000 }, (_, seq) => mint('cus', 1 + (seq % 2), { seq: seq % 10, pos: seq }))
  .filter((id) => /^cus_\d{16}$/.test(id))
  .slice(0, 20);

test('an id of ours is no number of a card, though it be of digits alone', () => {
  expect(inDigits.length).toBeGreaterThan(5);
  for (const id of inDigits) {
    expect(withoutSecrets(`/v1/customers/${id}`)).toBe(`/v1/customers/${id}`);
    // Nor is it a reason to show a number, or a key.
    expect(withoutSecrets(`/v1/customers/${id.slice(4)}`)).toBe('/v1/customers/***');
    expect(withoutSecrets(`/v1/customers/sk_test_${id.slice(4)}`)).toBe('/v1/customers/sk_test_***');
  }
});

import { expect, test } from 'vitest';
import { crossOrigin, validateHeaders } from './headers.ts';

const sent = (method: string, headers: Record<string, string> = {}) => ({
  method,
  headers: new Map(Object.entries(headers)),
});

const received = (headers: Record<string, string> = {}, status = 200) => ({
  status,
  headers: new Map(
    Object.entries({
      'request-id': 'req_0123456789abcd',
      'stripe-version': '2026-10-28.endive',
      'cache-control': 'no-cache, no-store',
      'x-content-type-options': 'nosniff',
      ...crossOrigin,
      vary: 'Origin',
      ...headers,
    }),
  ),
});

test('a plain GET with every header is right', () => {
  expect(validateHeaders(sent('GET'), received(), new Set())).toEqual([]);
});

test('request ids are well-formed and unique', () => {
  const seen = new Set<string>();
  expect(validateHeaders(sent('GET'), received({ 'request-id': 'req_1' }), seen)).toEqual([
    "header request-id: malformed 'req_1'",
  ]);
  expect(validateHeaders(sent('GET'), received(), seen)).toEqual([]);
  expect(validateHeaders(sent('GET'), received(), seen)).toEqual([
    'header request-id: req_0123456789abcd was given to an earlier answer',
  ]);
});

test('version and account are echoed', () => {
  const request = sent('GET', { 'stripe-version': '2024-06-20', 'stripe-account': 'acct_1' });
  expect(
    validateHeaders(request, received({ 'stripe-version': '2024-06-20', 'stripe-account': 'acct_1' }), new Set()),
  ).toEqual([]);
  expect(validateHeaders(request, received(), new Set())).toHaveLength(2);
});

test('a POST is final, and names the request that ran under its key', () => {
  const request = sent('POST', { 'idempotency-key': 'k' });
  const first = { 'stripe-should-retry': 'false', 'idempotency-key': 'k', 'original-request': 'req_0123456789abcd' };
  expect(validateHeaders(request, received(first), new Set())).toEqual([]);
  expect(validateHeaders(request, received({ ...first, 'idempotent-replayed': 'true' }), new Set())).toEqual([
    'header original-request: a replay names itself',
  ]);
  expect(validateHeaders(sent('POST'), received(), new Set())).toEqual([
    "header stripe-should-retry: undefined, expected 'false'",
  ]);
});

test('what may succeed in a moment says so, and a refused key which scheme to use', () => {
  expect(validateHeaders(sent('GET'), received({ 'stripe-should-retry': 'true' }, 429), new Set())).toEqual([]);
  expect(validateHeaders(sent('POST'), received({}, 409), new Set())).toEqual([
    "header stripe-should-retry: undefined, expected 'true'",
  ]);
  expect(validateHeaders(sent('GET'), received({}, 401), new Set())).toEqual(['header www-authenticate: undefined']);
});

test('a GET does not say whether to retry, and no answer carries a notice', () => {
  expect(
    validateHeaders(sent('GET'), received({ 'stripe-should-retry': 'false', 'stripe-notice': 'x' }), new Set()),
  ).toHaveLength(2);
});

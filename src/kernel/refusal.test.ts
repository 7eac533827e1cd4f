import { describe, expect, test } from 'vitest';
import { type RefusalRow, refusals } from '../data/refusals.ts';
import { Fault } from './assert.ts';
import { isRefusal, oneOf, type RefusalName, refuse } from './refusal.ts';

test('X10 needs no details', () => {
  expect(refuse('transfer_balance_insufficient')).toEqual({
    refused: true,
    name: 'transfer_balance_insufficient',
    status: 400,
    error: {
      code: 'balance_insufficient',
      doc_url: 'https://stripe.com/docs/error-codes/balance-insufficient',
      message:
        'You have insufficient available funds in your Stripe account. Try adding funds directly to your available balance by creating Charges using the 4000000000000077 test card. See: https://stripe.com/docs/testing#available-balance',
      type: 'invalid_request_error',
    },
  });
});

test('X6, X7 differ in status', () => {
  const path = refuse('no_such_in_path', { object: 'charge', id: 'ch_1', param: 'id' });
  expect(path.status).toBe(404);
  expect(path.error.message).toBe("No such charge: 'ch_1'");
  const body = refuse('no_such', { object: 'destination', id: 'acct_1', param: 'transfer_data[destination]' });
  expect(body.status).toBe(400);
  expect(body.error.param).toBe('transfer_data[destination]');
});

test('a parameter of the row is filled in, or named anew', () => {
  expect(refuse('missing_parameter', { name: 'amount' }).error).toMatchObject({
    param: 'amount',
    message: 'Missing required param: amount.',
  });
  expect(refuse('debit_reference_missing', { object: 'payout', id: 'po_1' }).error.param).toBe(
    'reference_transaction[payout]',
  );
  const debit = { country: 'CA', platformCountry: 'US' };
  expect(refuse('debit_region', debit).error.param).toBe('destination');
  expect(refuse('debit_region', { ...debit, param: 'source' }).error.param).toBe('source');
});

test('keys are alphabetical, and absent when they do not apply', () => {
  const { error, status } = refuse('card_insufficient_funds', {
    extra: { charge: 'ch_1', payment_intent: { id: 'pi_1' } },
  });
  expect(status).toBe(402);
  expect(Object.keys(error)).toEqual([
    'charge',
    'code',
    'decline_code',
    'doc_url',
    'message',
    'payment_intent',
    'type',
  ]);
  expect(refuse('key_missing').error).not.toHaveProperty('code');
  expect(refuse('key_missing').error).not.toHaveProperty('doc_url');
});

test('X30 writes the amount as given', () => {
  expect(refuse('amount_too_small', { minimum: '$0.50', currency: 'usd' }).error.message).toBe(
    'Amount must be at least $0.50 usd',
  );
});

test('values are taken as they are, braces and dollar signs included', () => {
  expect(refuse('unknown_parameter', { name: '{id}$&' }).error.message).toBe('Received unknown parameter: {id}$&');
});

test('what a client said comes back cut', () => {
  const { error } = refuse('unknown_parameter', { name: 'x'.repeat(100_000) });
  expect([error.message.length, error.param?.length]).toEqual([40_000, 5000]);
});

test('the types know the variables of each row', () => {
  // @ts-expect-error {name} is missing
  expect(() => refuse('missing_parameter', {})).toThrow(Fault);
  // @ts-expect-error details are missing
  expect(() => refuse('missing_parameter')).toThrow(Fault);
  // @ts-expect-error there is no such row
  expect(() => refuse('no_such_row')).toThrow();
  // @ts-expect-error the row has no {id}
  refuse('key_missing', { id: 'x' });
});

test('isRefusal', () => {
  expect(isRefusal(refuse('key_missing'))).toBe(true);
  for (const value of [null, undefined, 'refused', { refused: false }, {}]) expect(isRefusal(value)).toBe(false);
});

test('oneOf', () => {
  expect(oneOf(['charge'])).toBe('charge');
  expect(oneOf(['charge', 'payout'])).toBe('charge or payout');
  expect(oneOf(['a', 'b', 'c'])).toBe('a, b, or c');
});

describe('every row', () => {
  const rows = Object.entries(refusals) as [RefusalName, RefusalRow][];
  const anything = new Proxy({}, { get: () => 'x' }) as Record<string, string>;
  const variables = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);

  test.each(rows)('%s renders', (name, row) => {
    const used = [...variables(row.message), ...variables(row.param ?? '')];
    const details = Object.fromEntries(used.map((variable) => [variable, anything[variable]]));
    // The names are not known to the types here, so the details are taken on trust.
    const { error } = (refuse as (name: RefusalName, details: object) => ReturnType<typeof refuse>)(name, details);
    expect(error.message).not.toMatch(/[{}]/);
    expect(error.doc_url === undefined).toBe(row.code === undefined);
    expect(name).toMatch(/^[a-z0-9]+(_[a-z0-9]+)*$/);
    expect(used).not.toContain('extra');
  });

  test('409 is for a key in use alone: clients repeat it', () => {
    expect(rows.filter(([, row]) => row.status === 409).map(([name]) => name)).toEqual(['idempotency_key_in_use']);
  });

  test('every numbered refusal has a row', () => {
    const numbers = '1-8 10-17 19-21 23-27 29-33 35-36 40-45 47 49-52 54-62 64 70-72 80'.split(' ').flatMap((range) => {
      const [first, last = first] = range.split('-').map(Number) as [number, number?];
      return Array.from({ length: last! - first + 1 }, (_, index) => `X${first + index}`);
    });
    const present = new Set<string>(rows.flatMap(([, row]) => row.rule ?? []));
    expect([...present].sort()).toEqual(numbers.sort());
  });
});

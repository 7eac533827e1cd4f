import { describe, expect, test } from 'vitest';
import { validateObject, validateResponse } from './schema.ts';

const transfer = {
  id: 'tr_1',
  object: 'transfer',
  amount: 7000,
  amount_reversed: 0,
  balance_transaction: 'txn_1',
  created: 1_772_445_600,
  currency: 'usd',
  description: null,
  destination: 'acct_1',
  destination_payment: 'py_1',
  livemode: false,
  metadata: {},
  reversals: { object: 'list', data: [], has_more: false, total_count: 0, url: '/v1/transfers/tr_1/reversals' },
  reversed: false,
  source_transaction: null,
  source_type: 'card',
  transfer_group: null,
};

const balanceTransaction = {
  id: 'txn_1',
  object: 'balance_transaction',
  amount: -7000,
  available_on: 1_772_445_600,
  balance_type: 'payments',
  created: 1_772_445_600,
  currency: 'usd',
  description: null,
  exchange_rate: null,
  fee: 0,
  fee_details: [],
  net: -7000,
  reporting_category: 'transfer',
  source: 'tr_1',
  status: 'available',
  type: 'transfer',
};

const page = (...data: unknown[]) => ({ object: 'list', data, has_more: false, url: '/v1/transfers' });

const retrieve = (body: unknown, expand: string[] = []) =>
  validateResponse('GET', '/v1/transfers/tr_1', 200, JSON.stringify(body), expand);

describe('an object', () => {
  test('of the right shape has no violations', () => {
    expect(retrieve(transfer)).toEqual([]);
    expect(validateResponse('GET', '/v1/transfers', 200, JSON.stringify(page(transfer)), [])).toEqual([]);
  });

  test('must have every key', () => {
    const { transfer_group: _, ...rest } = transfer;
    expect(retrieve(rest)).toEqual([": must have required property 'transfer_group' (transfer)"]);
    expect(validateResponse('GET', '/v1/transfers', 200, JSON.stringify(page(rest)), [])).toEqual([
      "/data/0: must have required property 'transfer_group' (transfer)",
    ]);
  });

  test('must not have a key of our invention, also inside a list', () => {
    expect(retrieve({ ...transfer, book: 'b_1' })).toEqual([": unknown key 'book'"]);
    const listed = { ...page({ ...transfer, book: 'b_1' }), next: 2 };
    expect(validateResponse('GET', '/v1/transfers', 200, JSON.stringify(listed), [])).toEqual([
      "/data/0: unknown key 'book'",
      ": unknown key 'next'",
    ]);
  });

  test('must have the right types, enum values and nulls', () => {
    expect(retrieve({ ...transfer, amount: 70.5 })).toEqual(['/amount: must be integer (transfer)']);
    expect(retrieve({ ...transfer, amount: null })).toEqual(['/amount: must be integer (transfer)']);
    expect(retrieve({ ...transfer, object: 'tr' })).toEqual([
      '/object: must be equal to one of the allowed values: ["transfer"] (transfer)',
    ]);
  });
});

describe('an expandable field', () => {
  test('is an id unless the request asked for the object', () => {
    expect(retrieve({ ...transfer, balance_transaction: balanceTransaction })).toEqual([
      "/balance_transaction: expanded, though the request did not ask for 'balance_transaction'",
    ]);
  });

  test('is an object if the request asked for it', () => {
    expect(retrieve(transfer, ['balance_transaction'])).toEqual([
      "/balance_transaction: not expanded, though the request asked for 'balance_transaction'",
    ]);
    expect(retrieve({ ...transfer, balance_transaction: balanceTransaction }, ['balance_transaction'])).toEqual([]);
  });

  test('is checked by its own schema, and a path asks for all of its steps', () => {
    const deep = { ...transfer, balance_transaction: { ...balanceTransaction, source: transfer, net: 'x' } };
    expect(retrieve(deep, ['balance_transaction.source'])).toEqual([
      '/balance_transaction/net: must be integer (balance_transaction)',
    ]);
  });

  test('is asked for with data. in a list', () => {
    const body = JSON.stringify(page({ ...transfer, balance_transaction: balanceTransaction }));
    expect(validateResponse('GET', '/v1/transfers', 200, body, ['data.balance_transaction'])).toEqual([]);
    expect(validateResponse('GET', '/v1/transfers', 200, body, ['balance_transaction'])).toHaveLength(1);
  });
});

describe('an error', () => {
  const refused = (error: unknown) => validateResponse('POST', '/v1/transfers', 400, JSON.stringify({ error }), []);

  test('has a known type, a message, and no nulls', () => {
    expect(
      refused({ type: 'invalid_request_error', message: "No such destination: 'acct_x'", param: 'destination' }),
    ).toEqual([]);
    expect(refused({ type: 'authentication_error', message: 'x' })).toHaveLength(1);
    expect(refused({ type: 'api_error' })).toEqual(['/error: must have a message']);
    expect(refused({ type: 'api_error', message: 'x', code: null })).toHaveLength(2);
    expect(refused({ type: 'api_error', message: 'x', stack: 'at …' })).toEqual(["/error: unknown key 'stack'"]);
    expect(refused({ type: 'api_error', message: 'x', doc_url: 'https://…' })).toEqual([
      '/error/doc_url: only with a code',
    ]);
  });

  test('has the same shape on our own routes', () => {
    expect(validateResponse('POST', '/evenkeel/v1/platforms', 401, '{"message":"no"}', [])).not.toEqual([]);
    expect(validateResponse('POST', '/evenkeel/v1/platforms', 200, '{"id":"acct_1"}', [])).toEqual([]);
    expect(validateResponse('GET', '/healthz', 200, 'ok', [])).toEqual(['not JSON: ok']);
  });
});

describe('a route', () => {
  test('with a literal path goes before one with a template', () => {
    const balance = { object: 'balance', available: [], livemode: false, pending: [] };
    expect(validateResponse('GET', '/v1/balance', 200, JSON.stringify(balance), [])).toEqual([]);
  });

  test('that the API does not have may not succeed', () => {
    expect(validateResponse('GET', '/v1/nonsense', 200, '{}', [])).toEqual([
      'the API description has no GET /v1/nonsense',
    ]);
    expect(validateResponse('GET', '/v1/files/file_1/contents', 200, 'a,b\n', [])).toEqual([]);
  });

  test('may answer a deleted stub', () => {
    const stub = { id: 'acct_1', object: 'account', deleted: true };
    expect(validateResponse('DELETE', '/v1/accounts/acct_1', 200, JSON.stringify(stub), [])).toEqual([]);
  });
});

test("an event's subject is checked by its own schema", () => {
  const event = {
    id: 'evt_1',
    object: 'event',
    api_version: '2026-10-28.endive',
    created: 1_772_445_600,
    data: { object: { ...transfer, amount: '7000' } },
    livemode: false,
    pending_webhooks: 0,
    request: { id: 'req_1', idempotency_key: null },
    type: 'transfer.created',
  };
  expect(validateObject(event)).toEqual(['/data/object/amount: must be integer (transfer)']);
});

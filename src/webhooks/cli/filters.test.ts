import { describe, expect, test } from 'vitest';
import { type AnsweredRequest, requestFilter } from './filters.ts';

const request: AnsweredRequest = {
  id: 'req_1',
  method: 'POST',
  path: '/v1/charges',
  status: 402,
  created: 1_772_445_600,
  ip: '127.0.0.1',
  onBehalf: false,
  error: { type: 'card_error' },
};

describe('filters of requests', () => {
  const table: readonly [string, boolean, Partial<AnsweredRequest>?][] = [
    ['', true],
    ['{}', true],
    ['{"filter_http_method":["post"]}', true],
    ['{"filter_http_method":["GET","DELETE"]}', false],
    ['{"filter_status_code":["402"]}', true],
    ['{"filter_status_code_type":["400"]}', true],
    ['{"filter_status_code_type":["4XX"]}', true],
    ['{"filter_status_code_type":["200"]}', false],
    ['{"filter_request_status":["FAILED"]}', true],
    ['{"filter_request_status":["SUCCEEDED"]}', true, { status: 200 }],
    ['{"filter_request_path":["/v1/charges"]}', true],
    ['{"filter_request_path":["/v1/charge"]}', false],
    ['{"filter_ip_address":["127.0.0.1"]}', true],
    ['{"filter_source":["API"]}', true],
    ['{"filter_source":["DASHBOARD"]}', false],
    ['{"filter_account":["self"]}', true],
    ['{"filter_account":["connect_out"]}', false],
    ['{"filter_account":["connect_out"]}', true, { onBehalf: true }],
    ['{"filter_account":["connect_in"]}', false],
    // All of several must agree.
    ['{"filter_http_method":["POST"],"filter_status_code":["200"]}', false],
    ['{"filter_http_method":["POST"],"filter_status_code":["200","402"]}', true],
    // What is not understood lets nothing through, so that nobody takes silence for proof.
    ['{"filter_moon":["full"]}', false],
    ['{"filter_http_method":"POST"}', false],
    ['not JSON', false],
    ['null', false],
  ];
  test.for(table)('%s: %s', ([text, expected, given = {}]) => {
    expect(requestFilter(text)({ ...request, ...given })).toBe(expected);
  });
});

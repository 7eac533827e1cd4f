import { beforeEach, describe, expect, test } from 'vitest';
import { type Box, book, fakeApi, platform, seller } from '../../test/support/fake-api.ts';
import { mint } from '../kernel/id.ts';

const boxId = (seq: number) => mint('bx', book, { seq, pos: 0 });

let api: ReturnType<typeof fakeApi>;
beforeEach(() => {
  api = fakeApi();
  for (let seq = 10; seq < 22; seq++) {
    const box: Box = {
      id: boxId(seq),
      account: platform,
      created: seq,
      amount: seq,
      color: seq % 2 ? 'red' : 'blue',
      ...(seq > 15 && { partner: boxId(10) }),
    };
    api.store.put(box);
  }
  api.store.put({ id: boxId(30), account: seller, created: 30, amount: 1 } as Box);
  api.store.put({ id: boxId(31), account: platform, created: 31, amount: 1, deleted: true } as Box);
});

type Page = { data: { id: string; amount: number }[]; has_more: boolean };
async function page(query: string) {
  const { status, json, error } = await api.send('GET', `/v1/boxes${query}`);
  const body = json as unknown as Page;
  return { status, error, ids: body?.data?.map(({ amount }) => amount), hasMore: body?.has_more };
}

describe('a page', () => {
  const table: [string, number[], boolean, string][] = [
    ['', [21, 20, 19, 18, 17, 16, 15, 14, 13, 12], true, 'ten, newest first, without what is deleted or not ours'],
    ['?limit=2', [21, 20], true, 'two'],
    ['?limit=0', [21], true, 'at least one'],
    ['?limit=-5', [21], true, 'at least one'],
    ['?limit=500', [21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10], false, 'at most all'],
    [`?limit=2&starting_after=${boxId(12)}`, [11, 10], false, 'older ones'],
    [`?limit=2&ending_before=${boxId(12)}`, [14, 13], true, 'newer ones'],
    [`?limit=2&starting_after=${boxId(31)}`, [21, 20], true, 'after one that is deleted'],
    [`?partner=${boxId(10)}&limit=3`, [21, 20, 19], true, 'filtered by a ref'],
    ['?color=red&limit=2', [21, 19], true, 'filtered by a field'],
    ['?color=pink', [], false, 'of no items'],
    ['?created[gte]=20', [21, 20], false, 'of a time'],
  ];
  test.each(table)('%s: %j, more: %s, %s', async (query, ids, hasMore) => {
    expect(await page(query)).toMatchObject({ status: 200, ids, hasMore });
  });

  test('has four keys, and its path', async () => {
    const { json } = await api.send('GET', '/v1/boxes?color=pink');
    expect(json).toEqual({ object: 'list', data: [], has_more: false, url: '/v1/boxes' });
  });

  test('of what belongs to an object', async () => {
    const { json } = await api.send('GET', `/v1/boxes/${boxId(10)}/inner?limit=1`);
    expect(json).toMatchObject({ url: `/v1/boxes/${boxId(10)}/inner`, has_more: true, data: [{ id: boxId(21) }] });
  });
});

describe('refused', () => {
  const table: [string, number, string | undefined, string | undefined, string][] = [
    ['?limit=x', 400, 'parameter_invalid_integer', 'limit', 'Invalid integer: x'],
    ['?starting_after=bx_x', 400, 'resource_missing', 'starting_after', "No such box: 'bx_x'"],
    [`?ending_before=${boxId(30)}`, 400, 'resource_missing', 'ending_before', `No such box: '${boxId(30)}'`],
    ['?box=bx_x', 400, 'resource_missing', 'box', "No such box: 'bx_x'"],
    [
      `?starting_after=${boxId(10)}&ending_before=${boxId(11)}`,
      400,
      undefined,
      undefined,
      'Received both starting_after and ending_before parameters. Please pass in only one.',
    ],
    ['?wat=1', 400, 'parameter_unknown', 'wat', 'Received unknown parameter: wat'],
    ['/bx_x', 404, 'resource_missing', 'box', "No such box: 'bx_x'"],
    [`/${boxId(30)}`, 404, 'resource_missing', 'box', `No such box: '${boxId(30)}'`],
    ['/bx_x/inner', 404, 'resource_missing', 'box', "No such box: 'bx_x'"],
    [`/${mint('acct', book, { seq: 1, pos: 0 })}`, 404, 'resource_missing', 'box', `No such box: '${platform}'`],
  ];
  test.each(table)('%s', async (query, expected, code, param, message) => {
    const { status, error } = await page(query);
    expect(status).toBe(expected);
    expect(error).toMatchObject({ type: 'invalid_request_error', message });
    expect([error?.code, error?.param]).toEqual([code, param]);
  });
});

import { beforeEach, describe, expect, test } from 'vitest';
import { type Box, book, fakeApi, platform, seller } from '../../test/support/fake-api.ts';
import { mint } from '../kernel/id.ts';

const boxId = (seq: number) => mint('bx', book, { seq, pos: 0 });
const line = mint('txn', book, { seq: 10, pos: 1 });

let api: ReturnType<typeof fakeApi>;
beforeEach(() => {
  api = fakeApi();
  const put = (box: Partial<Box> & { id: string }) =>
    api.store.put({ account: platform, created: 10, amount: 1, ...box } as Box);
  put({ id: boxId(10), partner: boxId(11), line });
  put({ id: boxId(11), account: seller, partner: boxId(12) });
  put({ id: boxId(12), account: seller, deleted: true });
  put({ id: boxId(13) });
  put({ id: boxId(14), partner: boxId(10) });
  api.store.lines.set(line, { line: { id: line, source: boxId(10) }, created: 10, settled: true } as never);
});

const get = (path: string, headers?: Record<string, string>) => api.send('GET', path, headers ? { headers } : {});

describe('an object', () => {
  test('is expanded, deeper and deeper, across accounts, up to a deleted stub', async () => {
    const { json } = await get(`/v1/boxes/${boxId(10)}?expand[0]=partner.partner&expand[1]=line.source`);
    expect(json).toMatchObject({
      partner: { id: boxId(11), partner: { id: boxId(12), object: 'box', deleted: true } },
      nested: { partner: boxId(11) },
    });
    expect(json).toMatchObject({ line: { id: line, source: { id: boxId(10), line } } });
  });

  test('names the application', async () => {
    const { json } = await get(`/v1/boxes/${boxId(10)}?expand[]=application`);
    const application = mint('ca', book, { seq: 1, pos: 1 });
    expect(json).toMatchObject({ application: { id: application, object: 'application', name: 'Boxes Inc.' } });
  });

  test('is expanded within a hash', async () => {
    const { json } = await get(`/v1/boxes/${boxId(10)}?expand[]=nested.partner`);
    expect(json).toMatchObject({ partner: boxId(11), nested: { partner: { id: boxId(11) } } });
  });

  test('keeps null, and ids that name nothing', async () => {
    api.store.put({ ...(api.store.objectsById.get(boxId(13)) as Box), partner: 'bx_unknown' } as Box);
    const { status, json } = await get(`/v1/boxes/${boxId(13)}?expand[]=line.source&expand[]=partner`);
    expect(status).toBe(200);
    expect(json).toMatchObject({ line: null, partner: 'bx_unknown' });
  });

  test('shows a list that is there only when asked for, in its place', async () => {
    const { json } = await get(`/v1/boxes/${boxId(10)}?expand[]=inner.data.partner`);
    expect(json).toMatchObject({
      inner: { object: 'list', total_count: 1, data: [{ id: boxId(14), partner: { id: boxId(10) } }] },
    });
    const keys = Object.keys(json ?? {});
    expect(keys.slice(2)).toEqual(keys.slice(2).sort());
  });
});

test('a page is expanded in as many queries as there are levels', async () => {
  for (let seq = 20; seq < 60; seq++) {
    api.store.put({ id: boxId(seq), account: platform, created: seq, amount: 1, partner: boxId(11) } as Box);
  }
  api.store.queries = 0;
  const { json } = await get('/v1/boxes?limit=40&expand[]=data.partner.partner');
  expect(JSON.stringify(json).match(/"deleted":true/g)).toHaveLength(40);
  expect(api.store.queries).toBe(3);
});

describe('refused', () => {
  const table: [string, string, string | undefined, string][] = [
    [
      'object',
      'a.b.c.d.e',
      'property_expansion_max_depth',
      'You cannot expand more than 4 levels of a property. Property: a.b.c.d.e',
    ],
    ['object', 'amount', undefined, 'This property cannot be expanded (amount).'],
    ['object', 'nonsense', undefined, 'This property cannot be expanded (nonsense).'],
    ['object', 'partner.amount', undefined, 'This property cannot be expanded (partner.amount).'],
    [
      'list',
      'partner',
      undefined,
      "This property cannot be expanded (partner). You may want to try expanding 'data.partner' instead.",
    ],
    ['list', 'total_count', undefined, 'This property cannot be expanded (total_count).'],
    ['list', 'data.color', undefined, 'This property cannot be expanded (data.color).'],
    [
      'list',
      'data.a.b.c.d',
      'property_expansion_max_depth',
      'You cannot expand more than 4 levels of a property. Property: data.a.b.c.d',
    ],
  ];
  test.each(table)('on the %s: %s', async (where, path, code, message) => {
    const { status, error } = await get(`/v1/boxes${where === 'list' ? '' : `/${boxId(10)}`}?expand[]=${path}`);
    expect(status).toBe(400);
    expect(error?.code).toBe(code);
    expect(error?.message).toBe(message);
  });

  test('before anything is done', async () => {
    const { status } = await api.send('POST', '/v1/boxes', { body: 'amount=1&expand[]=amount' });
    expect(status).toBe(400);
    expect(api.engine.tasks).toHaveLength(0);
  });

  test('as no list', async () => {
    expect((await get(`/v1/boxes/${boxId(10)}?expand=partner`)).error).toMatchObject({ message: 'Invalid array' });
  });
});

test('data alone does nothing', async () => {
  expect((await get('/v1/boxes?expand[]=data')).status).toBe(200);
});

describe('under an idempotency key', () => {
  test('an expanded answer is the same when repeated, whatever happened since', async () => {
    const send = () =>
      api.send('POST', '/v1/boxes', {
        body: `amount=1&partner=${boxId(13)}&expand[]=partner`,
        headers: { 'idempotency-key': 'k' },
      });
    const first = await send();
    expect(first.json).toMatchObject({ partner: { id: boxId(13), amount: 1 } });
    api.store.put({ ...(api.store.objectsById.get(boxId(13)) as Box), amount: 99 } as Box);
    const second = await send();
    expect(second.text).toBe(first.text);
    expect(second.headers['idempotent-replayed']).toBe('true');
  });

  test('so is an answer that takes more than the object', async () => {
    const send = () => api.send('POST', '/v1/boxes/weigh', { body: 'amount=1', headers: { 'idempotency-key': 'k' } });
    const first = await send();
    expect(first.json).toMatchObject({ object: 'scale', amount: 1 });
    await api.send('POST', '/v1/boxes', { body: 'amount=1' });
    expect((await send()).text).toBe(first.text);
  });
});

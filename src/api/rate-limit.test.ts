import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fakeApi, secretKey } from '../../test/support/fake-api.ts';
import { Bucket } from './rate-limit.ts';

describe('a bucket', () => {
  const clock = { ms: 0 };
  const taken = (bucket: Bucket, times: number) =>
    Array.from({ length: times }, () => bucket.take(clock.ms)).filter(Boolean);

  test('holds a second’s worth, and fills up again', () => {
    const bucket = new Bucket(10, clock.ms);
    expect(taken(bucket, 15)).toHaveLength(10);
    clock.ms += 99;
    expect(bucket.take(clock.ms)).toBe(false);
    clock.ms += 1;
    expect(taken(bucket, 5)).toHaveLength(1);
    clock.ms += 300;
    expect(taken(bucket, 5)).toHaveLength(3);
    clock.ms += 3_600_000;
    expect(taken(bucket, 15)).toHaveLength(10);
  });

  test('of one a second', () => {
    const bucket = new Bucket(1, clock.ms);
    expect(taken(bucket, 3)).toHaveLength(1);
    clock.ms += 1000;
    expect(taken(bucket, 3)).toHaveLength(1);
  });
});

describe('a key', () => {
  test('that asks too often is told to come again', async () => {
    const api = fakeApi({ rateLimit: 2 });
    const ask = () => api.send('POST', '/v1/boxes', { body: 'amount=1', headers: { 'idempotency-key': 'k' } });
    expect((await ask()).status).toBe(200);
    expect((await ask()).headers['idempotent-replayed']).toBe('true');
    const sent = await ask();
    expect(sent.status).toBe(429);
    expect(sent.error).toEqual({
      code: 'rate_limit',
      doc_url: 'https://stripe.com/docs/error-codes/rate-limit',
      message:
        'Testmode request rate limit exceeded, the rate limits in testmode are lower than livemode. You can learn more about rate limits here https://stripe.com/docs/rate-limits.',
      type: 'invalid_request_error',
    });
    expect(sent.headers).toMatchObject({ 'stripe-should-retry': 'true', 'retry-after': '1' });
    api.clock.ms += 500;
    expect((await ask()).status).toBe(200);
    expect((await ask()).status).toBe(429);
    // What is remembered of a key is forgotten after a while; how often it asked is not.
    api.clock.ms += 10_001;
    expect([(await ask()).status, (await ask()).status, (await ask()).status]).toEqual([200, 200, 429]);
  });

  test('is counted wherever it asks, and alone', async () => {
    const api = fakeApi({ rateLimit: 2 });
    const owner = [...api.store.owners.values()][0];
    const other = 'sk_test_another0123456789';
    if (owner) api.store.owners.set(createHash('sha256').update(other).digest('hex'), owner);
    const statuses: number[] = [];
    for (const [url, key] of [
      ['/v1/nonsense', secretKey],
      ['/v1/boxes', secretKey],
      ['/v1/weight', secretKey],
      ['/v1/weight', other],
    ] as const) {
      statuses.push((await api.send('GET', url, { key })).status);
    }
    expect(statuses).toEqual([404, 200, 429, 200]);
  });

  test('is counted from its first requests on, however many come at once', async () => {
    const api = fakeApi({ rateLimit: 2 });
    const answers = await Promise.all(Array.from({ length: 10 }, () => api.send('GET', '/v1/weight')));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(2);
  });

  test('may ask as often as it likes where there is no limit', async () => {
    const api = fakeApi({ rateLimit: 0 });
    for (let n = 0; n < 50; n++) expect((await api.send('GET', '/v1/weight')).status).toBe(200);
  });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { stopClean } from '../support/audit.ts';
import { createPlatform, stripeFor } from '../support/platform.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { errorOf, send } from '../support/wire.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startServer({ env: { EVENKEEL_RATE_LIMIT: '5' } });
}, 60_000);

afterAll(() => stopClean(server), 60_000);

test('a key that asks too often is told to wait, and the operator never', async () => {
  const { secret_key: key } = await createPlatform(server);
  const answers = await Promise.all(Array.from({ length: 30 }, () => send(server, { path: '/v1/balance', key })));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(10);
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(5);
  for (const answer of refused) {
    expect(errorOf(answer).code).toBe('rate_limit');
    expect(answer.headers.get('retry-after')).toBe('1');
  }
  const listed = { path: '/evenkeel/v1/platforms', key: server.adminKey };
  const asOperator = await Promise.all(Array.from({ length: 30 }, () => send(server, listed)));
  expect(new Set(asOperator.map(({ status }) => status))).toEqual(new Set([200]));
});

test('Stripe’s client comes again, and makes one payment', async () => {
  const stripe = stripeFor(server, await createPlatform(server), { maxNetworkRetries: 3 });
  await Promise.all(Array.from({ length: 5 }, () => stripe.balance.retrieve()));
  const { id } = await stripe.paymentIntents.create({ amount: 1000, currency: 'usd' });
  expect(id).toMatch(/^pi_/);
  const { data } = await stripe.paymentIntents.list();
  expect(data.map((intent) => intent.id)).toEqual([id]);
});

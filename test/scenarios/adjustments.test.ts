/** What the operator does to balances: corrections, fees of the processor, debts that it gives up on. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stopClean } from '../support/audit.ts';
import { admin, createPlatform, stripeFor } from '../support/platform.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
}, 60_000);

afterAll(() => stopClean(server), 60_000);

test('M43, M44, M47: an account is taken below zero by a fee, and the processor gives up on what it owes', async () => {
  const platform = await createPlatform(server);
  const stripe = stripeFor(server, platform);
  const open = async (type: 'standard' | 'express') => {
    const { id } = await stripe.accounts.create({ type, capabilities: { transfers: { requested: true } } });
    return id;
  };
  const seller = await open('standard');
  const adjust = (account: string, amount: number, type?: string) =>
    admin(server, platform.secret_key, 'POST', '/evenkeel/v1/adjustments', {
      account,
      amount,
      currency: 'usd',
      ...(type && { type }),
    });
  const available = async (account: string) =>
    (await stripe.balance.retrieve({}, { stripeAccount: account })).available[0]?.amount;

  await adjust(seller, 1000);
  await adjust(seller, -1700, 'stripe_fee');
  expect(await available(seller)).toBe(-700);
  await expect(adjust(seller, 701, 'loss')).rejects.toMatchObject({ status: 400 });
  await adjust(seller, 700, 'loss');
  expect(await available(seller)).toBe(0);
  await expect(adjust(seller, 1, 'loss')).rejects.toMatchObject({ status: 400 });
  const { data } = await stripe.balanceTransactions.list({ currency: 'USD' }, { stripeAccount: seller });
  expect(data.map(({ type, reporting_category, amount }) => [type, reporting_category, amount])).toEqual([
    ['adjustment', 'other_adjustment', 700],
    ['stripe_fee', 'fee', -1700],
    ['adjustment', 'other_adjustment', 1000],
  ]);

  const ours = await open('express');
  await adjust(ours, -300);
  await expect(adjust(ours, 300, 'loss')).rejects.toMatchObject({ status: 400 });
  expect(await available(ours)).toBe(-300);
});

/** The role of docs/guides/operating.md: it serves, and can change nothing that was written into the books. */
import fs from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { migrate } from '../../src/store/postgres/migrate.ts';
import { createDatabase, databaseUrl, dropDatabase } from '../support/database.ts';
import { projectRoot } from '../support/paths.ts';
import { createPlatform, stripeFor } from '../support/platform.ts';
import { startServer, type TestServer } from '../support/server.ts';

const postgres = inject('postgres');
const database = `role_${process.pid}`;
const role = `app_${process.pid}`;
const url = databaseUrl(postgres, database);
let server: TestServer;
let owner: Client;

const guide = fs.readFileSync(path.join(projectRoot, 'docs/guides/operating.md'), 'utf8');
const grants = (/```sql\n(create role [^`]*)```/.exec(guide)?.[1] ?? '').replaceAll('evenkeel_app', role);

const asRole = (): string => databaseUrl({ ...postgres, user: role }, database);

beforeAll(async () => {
  await createDatabase(postgres, database);
  await migrate({ url });
  owner = new Client({ connectionString: url });
  await owner.connect();
  await owner.query(grants);
  server = await startServer({ env: { DATABASE_URL: asRole() } });
}, 60_000);
afterAll(async () => {
  await server?.stop();
  await owner.query(`drop owned by ${role}; drop role ${role}`);
  await owner.end();
  await dropDatabase(postgres, database);
});

test('serves: platforms, charges, refunds, transfers, settings, webhooks, keys and files', async () => {
  const platform = await createPlatform(server, { test_clock: { frozen_time: 1_772_445_600 } });
  const stripe = stripeFor(server, platform);
  const seller = await stripe.accounts.create({
    type: 'express',
    country: 'US',
    capabilities: { transfers: { requested: true } },
  });
  await stripe.webhookEndpoints.create({ url: 'http://127.0.0.1:9/', enabled_events: ['charge.succeeded'] });
  const charge = await stripe.charges.create(
    { amount: 5000, currency: 'usd', source: 'tok_bypassPending', expand: ['balance_transaction'] },
    { idempotencyKey: 'role' },
  );
  await stripe.transfers.create({ amount: 1000, currency: 'usd', destination: seller.id });
  await stripe.refunds.create({ charge: charge.id, amount: 100 });
  await stripe.testHelpers.testClocks.advance(platform.test_clock as string, {
    frozen_time: 1_772_445_600 + 3 * 86_400,
  });
  const file = { data: Buffer.from('%PDF-1.7\n'), name: 'a.pdf', type: 'application/pdf' };
  await stripe.files.create({ purpose: 'dispute_evidence', file });
  await expect.poll(async () => (await stripe.balanceTransactions.list()).data.length).toBeGreaterThan(2);
  expect(server.logs()).not.toContain('permission denied');
  await server.restart();
  expect((await stripe.charges.retrieve(charge.id)).amount_refunded).toBe(100);
});

test.each([
  'update operations set time = time',
  'delete from operations',
  'truncate operations',
  'update balance_transactions set amount = amount + 1',
  'delete from balance_transactions',
  'delete from account_operations',
  'update expanded_answers set body = body',
  'delete from migrations',
  'drop table operations',
  'alter table operations disable trigger all',
  'create table public.mine (x integer)',
  `grant update on operations to ${role}`,
])('does not: %s', async (sql) => {
  const { rows } = await owner.query('select count(*)::integer as count from operations');
  const client = new Client({ connectionString: asRole() });
  await client.connect();
  try {
    if (sql.startsWith('grant')) {
      await client.query(sql);
      const can = await client.query(`select has_table_privilege('operations', 'update') as yes`);
      expect(can.rows).toEqual([{ yes: false }]);
    } else await expect(client.query(sql)).rejects.toThrow(/permission denied|must be owner/);
  } finally {
    await client.end();
  }
  expect(rows[0].count).toBeGreaterThan(5);
});

/** The server as it is started, with a mail server in its environment. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditClean } from '../support/audit.ts';
import { admin, createPlatform, stripeFor } from '../support/platform.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { until } from '../webhooks/receiver.ts';
import { PostOffice } from './post-office.ts';

const now = Math.floor(Date.now() / 1000);
let office: PostOffice;
let server: TestServer;

beforeAll(async () => {
  office = await PostOffice.open();
  server = await startServer({ env: { SMTP_URL: office.url, EVENKEEL_MAIL_FROM: 'Shop <shop@example.com>' } });
}, 60_000);

afterAll(async () => {
  await office.close();
  if (!server) return; // it did not start, and has said why
  try {
    await auditClean(server);
  } finally {
    await server.stop();
  }
}, 60_000);

async function debit(on: TestServer): Promise<void> {
  const platform = await createPlatform(on);
  const stripe = stripeFor(on, platform);
  await admin(on, platform.secret_key, 'POST', '/evenkeel/v1/notifications', { enabled: true });
  const seller = await stripe.accounts.create({
    type: 'custom',
    email: 'jenny@example.com',
    capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
    tos_acceptance: { date: now, ip: '127.0.0.1' },
  });
  await stripe.charges.create(
    { amount: 5000, currency: 'usd', source: 'tok_bypassPending' },
    { stripeAccount: seller.id },
  );
  await stripe.charges.create({ amount: 700, currency: 'usd', source: seller.id });
}

test('R200 a seller is told of a debit', async () => {
  await debit(server);
  await until(() => office.letters.length > 0);
  expect(office.letters[0]).toMatchObject({ from: 'shop@example.com', to: ['jenny@example.com'] });
  expect(office.letters[0]?.text).toContain('$7.00 (USD)');
});

test('a mail server that hangs does not keep the server from stopping', async () => {
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
  }).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const hanging = await startServer({
    env: { SMTP_URL: `smtp://127.0.0.1:${(silent.address() as AddressInfo).port}` },
  });
  try {
    await debit(hanging);
    await until(() => sockets.size > 0);
  } finally {
    // Fails when it takes longer than it may.
    await hanging.stop();
    for (const socket of sockets) socket.destroy();
    silent.close();
  }
});

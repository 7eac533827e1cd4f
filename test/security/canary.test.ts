/** Secrets of every kind are sent to where they belong and to where they do not; then everything that is left is searched. */
import { connect } from 'node:net';
import { Client } from 'pg';
import type Stripe from 'stripe';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { passesLuhn } from '../../src/data/test-cards.ts';
import { admin, createPlatform, stripeFor, type TestPlatform } from '../support/platform.ts';
import { startServer, type TestServer } from '../support/server.ts';

/** Cards that nobody may have told us of, but that a bank may have made. */
const realCards = ['4539578763621486', '5425233430109903', '4716461583322103', '6771798021000008'].filter(passesLuhn);
/** Published, and kept as the names of what they do. */
const testCards = ['4242424242424242', '5555555555554444', '4000056655665556'];
const inText = '4929420573595709';
const bankNumbers = ['000111111116', '987654321987'];
const identities = ['318426075', '900700555'];
const encryptionKey = 'c0ffee'.repeat(11).slice(0, 64);

let server: TestServer;
let platform: TestPlatform;
let stripe: Stripe;
let restricted: string;
let signing: string;
const errors: string[] = [];
/** Whoever has one of these may open what it belongs to. */
const openers = new Set<string>();

const form = 'application/x-www-form-urlencoded';

async function ask(
  method: string,
  path: string,
  body = '',
  { key = platform.secret_key, type = form, ...headers }: Record<string, string> = {},
): Promise<{ status: number; json: Record<string, unknown> }> {
  const answer = await fetch(server.url + path, {
    method,
    redirect: 'manual',
    headers: { authorization: key.includes(' ') ? key : `Bearer ${key}`, ...headers, 'content-type': type },
    ...(method !== 'GET' && { body }),
  });
  const text = await answer.text();
  if (answer.status >= 400) errors.push(text);
  const json = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
  return { status: answer.status, json };
}

let keys = 0;
const once = () => ({ 'idempotency-key': `canary ${keys++}` });

beforeAll(async () => {
  server = await startServer({ env: { LOG_LEVEL: 'trace', EVENKEEL_ENCRYPTION_KEY: encryptionKey } });
  platform = await createPlatform(server);
  stripe = stripeFor(server, platform);
  const asked = { type: 'restricted', permissions: { charge: 'read' } };
  restricted = (await admin<{ secret: string }>(server, platform.secret_key, 'POST', '/evenkeel/v1/api_keys', asked))
    .secret;
  const endpoint = { url: 'http://127.0.0.1:9/hook', enabled_events: ['charge.succeeded' as const] };
  signing = (await stripe.webhookEndpoints.create(endpoint)).secret as string;
}, 60_000);
afterAll(() => server?.stop());

test('cards, where they belong and where they do not', async () => {
  for (const number of [...realCards, ...testCards]) {
    const card = (at: string) => `${at}[number]=${number}&${at}[exp_month]=12&${at}[exp_year]=2034&${at}[cvc]=123`;
    const isReal = realCards.includes(number);
    const asked = await Promise.all([
      ask('POST', '/v1/tokens', card('card'), once()),
      ask('POST', '/v1/payment_methods', `type=card&${card('card')}`, once()),
      ask('POST', '/v1/charges', `amount=500&currency=usd&${card('source')}&source[object]=card`, once()),
      ask(
        'POST',
        '/v1/payment_intents',
        `amount=500&currency=usd&confirm=true&payment_method_data[type]=card&${card('payment_method_data[card]')}`,
        once(),
      ),
    ]);
    if (isReal) for (const { status } of asked) expect(status, number).toBeGreaterThanOrEqual(400);
    else expect(asked[0]?.status).toBe(200);
  }
});

test('cards in any text', async () => {
  const { id } = await stripe.customers.create({ name: inText, description: inText, metadata: { card: inText } });
  await ask('POST', `/v1/customers/${id}`, `metadata[${inText}]=x&email=${inText}@example.com`, once());
  await ask('GET', `/v1/customers/${inText}`);
  await ask('GET', `/v1/charges?customer=${inText}`);
  await ask('POST', '/v1/customers', `${inText}=1`);
  await ask('POST', '/v1/charges', `amount=${inText}&currency=usd&source=tok_visa`, once());
  await ask('POST', '/evenkeel/v1/adjustments', `{"account":"${inText}","amount":`, { type: 'application/json' });
  await ask('POST', '/v1/files', `--x\r\nContent-Disposition: form-data; name="file"; filename="${inText}"\r\n`, {
    type: 'multipart/form-data; boundary=x',
  });
});

test('bank accounts and identities', async () => {
  const [valid, none] = bankNumbers;
  const bank = (at: string, number = valid) =>
    `${at}[country]=US&${at}[currency]=usd&${at}[routing_number]=110000000&${at}[account_number]=${number}`;
  const account = (more: string) => ask('POST', '/v1/accounts', `type=custom&country=US&${more}`, once());
  const made = await account(`${bank('external_account')}&external_account[object]=bank_account`);
  expect(made.status).toBe(200);
  expect((await ask('POST', '/v1/tokens', bank('bank_account'), once())).status).toBe(200);
  expect((await ask('POST', '/v1/tokens', bank('bank_account', none), once())).status).toBe(400);
  const [one, two] = identities;
  expect((await account(`business_type=individual&individual[id_number]=${one}`)).status).toBe(200);
  expect((await account(`business_type=company&company[tax_id]=${two}`)).status).toBe(200);
  expect((await ask('POST', '/v1/tokens', `pii[id_number]=${one}`, once())).status).toBe(200);
});

test('keys, where they belong and where they do not', async () => {
  const basic = Buffer.from(`${platform.secret_key}:`).toString('base64');
  expect((await ask('GET', '/v1/balance', '', { key: `Basic ${basic}` })).status).toBe(200);
  expect((await ask('POST', '/v1/charges', '', { key: restricted })).status).toBe(403);
  for (const secret of [platform.secret_key, restricted, signing]) {
    const changed = secret.slice(0, -5) + secret.slice(-5).split('').reverse().join('');
    for (const key of [changed, `${secret}x`, `Basic ${secret}`]) await ask('GET', '/v1/balance', '', { key });
    await ask('GET', `/v1/charges/${secret}`);
    await ask('GET', `/v1/charges?customer=${secret}&key=${secret}`);
    await ask('GET', `/v1/accounts/${secret}`);
    await ask('GET', '/v1/balance', '', { 'stripe-account': secret });
    await ask('GET', '/v1/balance', '', { 'stripe-version': secret });
    await ask('POST', `/v1/charges/${secret}/capture`, '', once());
    await ask('POST', '/v1/refunds', `charge=${secret}`, once());
    await ask('POST', '/v1/transfers', `amount=1&currency=usd&destination=${secret}`, once());
    await ask('POST', '/v1/refunds', `${secret}=1`, once());
    await ask('DELETE', `/evenkeel/v1/api_keys/${secret}`);
    await ask('GET', `/v1/nowhere/${secret}`);
    await ask('POST', '/evenkeel/v1/platforms', `{"platform":"${secret}"`, { type: 'application/json' });
  }
  const raw = `GET /v1/balance HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${platform.secret_key}\r\nBad header ${signing}\r\n\r\n`;
  await new Promise<void>((resolve) => {
    const socket = connect({ port: server.port, host: '127.0.0.1' }, () => socket.write(raw));
    socket.on('data', (chunk: Buffer) => errors.push(chunk.toString())).on('close', () => resolve());
  });
});

test('what opens a page or a payment', async () => {
  const seller = await stripe.accounts.create({ type: 'express', country: 'US' });
  const link = await stripe.accountLinks.create({
    account: seller.id,
    type: 'account_onboarding',
    refresh_url: 'https://shop.example/again',
    return_url: 'https://shop.example/back',
  });
  const intent = await stripe.paymentIntents.create({
    amount: 500,
    currency: 'usd',
    confirm: true,
    payment_method: 'pm_card_authenticationRequired',
    return_url: 'https://shop.example/back',
  });
  const addresses = [link.url, intent.next_action?.redirect_to_url?.url ?? ''];
  openers.add(new URL(addresses[0] as string).pathname.split('/').at(-1) as string);
  openers.add(intent.client_secret as string);
  for (const address of addresses) {
    const { pathname, search } = new URL(address);
    await ask('GET', pathname + search);
    await ask('GET', `${pathname}x${search}`);
  }
  await ask('GET', `/v1/payment_intents/${intent.id}?client_secret=${intent.client_secret}`);
  expect([...openers].every((opener) => opener.length > 10)).toBe(true);
});

/** All rows of all tables as text. */
async function dumped(): Promise<string> {
  const client = new Client({ connectionString: server.env.DATABASE_URL });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'public'`,
    );
    const texts: string[] = [];
    for (const { name } of rows) {
      const found = await client.query<{ row: string }>(`select t::text as row from ${name} t`);
      texts.push(...found.rows.map(({ row }) => row));
    }
    return texts.join('\n');
  } finally {
    await client.end();
  }
}

test('nothing of it is left, in no log, no error and no table', async () => {
  await expect
    .poll(
      () =>
        server
          .logs()
          .split('\n')
          .filter((line) => line.includes('"message":"request"')).length,
    )
    .toBeGreaterThan(60);
  const everywhere = [
    ...[platform.secret_key, restricted, signing, server.adminKey, encryptionKey],
    ...[...realCards, ...bankNumbers, ...identities],
  ];
  const [logs, dump] = [server.logs(), await dumped()];
  // That it is looked for where it would be.
  expect(dump).toContain(inText);
  expect(dump).toContain(platform.id);
  expect(logs).toContain('/v1/charges/sk_test_***');
  expect(everywhere.filter((secret) => dump.includes(secret))).toEqual([]);
  expect(
    [...everywhere, ...openers, ...testCards, inText].filter((secret) => logs.includes(secret.slice(0, 40))),
  ).toEqual([]);
  const answered = errors.join('\n');
  expect(everywhere.filter((secret) => answered.includes(secret))).toEqual([]);
  expect([logs, answered].filter((text) => /\bselect \b|postgres|node_modules/i.test(text))).toEqual([]);
});

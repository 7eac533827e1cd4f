/** Requests as integrations really send them, of today and of years ago: every spelling of one wish has the same effect. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stopClean } from '../support/audit.ts';
import { admin, createPlatform, type TestPlatform } from '../support/platform.ts';
import { validateResponse } from '../support/schema.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let platform: TestPlatform;
/** An account that is sent money, spelled into requests as SELLER. */
let seller: string;

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

const form = { 'content-type': 'application/x-www-form-urlencoded' };

/** One request, byte for byte as it stands there. */
async function send(
  method: string,
  path: string,
  body?: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const said = (text: string) => text.replaceAll('SELLER', seller);
  const response = await fetch(server.url + said(path), {
    method,
    headers: { authorization: `Bearer ${platform.secret_key}`, ...form, ...headers },
    ...(body !== undefined && { body: said(body) }),
  });
  const text = await response.text();
  const name = path.split('?')[0] ?? '';
  server.violations.push(
    ...validateResponse(method, said(name), response.status, text, []).map((each) => `${path}: ${each}`),
  );
  return { status: response.status, body: JSON.parse(text) };
}

/** Without what differs between two objects that were made alike: ids, and the addresses and secrets that hold them. */
function effect(value: unknown): unknown {
  if (typeof value === 'string')
    return value.replaceAll(/(?<![A-Za-z0-9])([a-z]{2,8})_[0-9A-Za-z]{12,}(?:_secret_\w+)?/g, '$1_…');
  if (Array.isArray(value)) return value.map(effect);
  if (typeof value !== 'object' || value === null) return value;
  const unlike = new Set(['created', 'fingerprint', 'invoice_prefix', 'network_transaction_id']);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, unlike.has(key) ? typeof inner : effect(inner)]),
  );
}

beforeAll(async () => {
  server = await startServer();
  platform = await createPlatform(server, { payout_interval: 'manual', test_clock: { frozen_time: 1_772_445_600 } });
  await admin(server, platform.secret_key, 'POST', '/evenkeel/v1/adjustments', {
    account: platform.id,
    amount: 1_000_000,
    currency: 'usd',
    description: 'Opening balance',
  });
  const { body } = await send(
    'POST',
    '/v1/accounts',
    'type=express&capabilities[transfers][requested]=true&capabilities[card_payments][requested]=true',
  );
  seller = body.id as string;
}, 60_000);

afterAll(() => stopClean(server), 60_000);

/** What is wished → path, today's spelling, and others. A `?` in a body's place begins the query. */
const wishes: Readonly<Record<string, readonly [path: string, today: string, ...others: readonly string[]]>> = {
  'a customer': [
    '/v1/customers',
    'name=Jenny Rosen&address[line1]=1 Main St&metadata[order]=7&preferred_locales[0]=en&preferred_locales[1]=de',
    // Python encodes brackets in queries, curl and browsers blanks as +.
    'name=Jenny+Rosen&address%5Bline1%5D=1+Main+St&metadata%5Border%5D=7&preferred_locales%5B0%5D=en&preferred_locales%5B1%5D=de',
    'name=Jenny%20Rosen&address%5bline1%5d=1%20Main%20St&metadata[order]=7&preferred_locales[]=en&preferred_locales[]=de',
    // Indices tell the order and nothing else.
    'preferred_locales[7]=de&preferred_locales[3]=en&metadata[order]=7&address[line1]=1 Main St&name=Jenny Rosen',
    // The last of several counts; null and nothing are the same when something is made.
    'name=Nobody&name=Jenny Rosen&address[line1]=1 Main St&metadata[order]=7&preferred_locales[]=en&preferred_locales[]=de&phone=&description=&address[city]=',
    '?name=Jenny+Rosen&metadata%5Border%5D=7&address[line1]=1+Main+St&preferred_locales[]=en&preferred_locales[]=de',
  ],
  'a customer with a card': [
    '/v1/customers',
    'source=tok_visa',
    'card=tok_visa',
    'source=tok_visa&validate=True&name=',
  ],
  'a payment': [
    '/v1/payment_intents',
    'amount=2000&currency=usd&confirm=true&payment_method=pm_card_visa&payment_method_types[0]=card',
    'amount=2000&currency=USD&confirm=True&payment_method=pm_card_visa&payment_method_types[]=card',
    'amount=2000&currency=Usd&confirm=TRUE&payment_method=pm_card_visa&payment_method_types%5B%5D=card&off_session=False',
    'amount=%2B2000&currency=usd&confirm=true&payment_method=pm_card_visa&payment_method_types[5]=card',
  ],
  'a destination charge': [
    '/v1/charges',
    'amount=2000&currency=usd&source=tok_visa&application_fee_amount=200&transfer_data[destination]=SELLER',
    'amount=2000&currency=USD&card=tok_visa&application_fee=200&destination=SELLER',
    'amount=2000&currency=usd&source=tok_visa&application_fee=200&destination[account]=SELLER',
    'amount=2000&currency=usd&source=tok_visa&application_fee_amount=200&transfer_data%5Bdestination%5D=SELLER&capture=True',
  ],
  'a charge that keeps a part back': [
    '/v1/charges',
    'amount=2000&currency=usd&source=tok_visa&transfer_data[destination]=SELLER&transfer_data[amount]=500',
    'amount=2000&currency=usd&source=tok_visa&destination[account]=SELLER&destination[amount]=500',
  ],
  'an authorisation': [
    '/v1/charges',
    'amount=2000&currency=usd&source=tok_visa&capture=false',
    'amount=2000&currency=USD&card=tok_visa&capture=False',
  ],
  'a transfer': [
    '/v1/transfers',
    'amount=100&currency=usd&destination=SELLER&metadata[a b]=c d',
    'amount=100&currency=USD&destination=SELLER&metadata[a+b]=c+d',
    'amount=100&currency=usd&destination=SELLER&metadata%5Ba%20b%5D=c%20d',
  ],
  'an account': [
    '/v1/accounts',
    'type=custom&country=US&email=anna@example.com&capabilities[transfers][requested]=true&capabilities[card_payments][requested]=true',
    'type=custom&country=US&email=anna%40example.com&requested_capabilities[]=transfers&requested_capabilities[]=card_payments',
    'type=custom&email=anna@example.com&capabilities%5Btransfers%5D%5Brequested%5D=True&capabilities%5Bcard_payments%5D%5Brequested%5D=True',
  ],
  'a payout': ['/v1/payouts', 'amount=100&currency=usd', 'amount=100&currency=USD&method=standard'],
  'an endpoint': [
    '/v1/webhook_endpoints',
    'url=http://127.0.0.1:9/hook&enabled_events[0]=charge.failed&enabled_events[1]=payout.failed',
    'url=http%3A%2F%2F127.0.0.1%3A9%2Fhook&enabled_events[]=charge.failed&enabled_events[]=payout.failed&connect=False',
  ],
};

describe('every spelling makes the same of', () => {
  test.for(Object.entries(wishes))('%s', async ([, [path, today, ...others]]) => {
    const first = await send('POST', path, today);
    expect(first).toMatchObject({ status: 200 });
    for (const other of others) {
      const again = other.startsWith('?') ? await send('POST', path + other, '') : await send('POST', path, other);
      expect([other, again.status, effect(again.body)]).toEqual([other, 200, effect(first.body)]);
    }
  });
});

describe('changing', () => {
  const made = async () => (await send('POST', '/v1/customers', 'name=Jenny&phone=1&metadata[a]=1&metadata[b]=2')).body;
  const change = async (body: string) => (await send('POST', `/v1/customers/${(await made()).id}`, body)).body;

  const table: readonly (readonly [string, object])[] = [
    ['name=', { name: null, phone: '1', metadata: { a: '1', b: '2' } }],
    ['metadata[a]=', { name: 'Jenny', metadata: { b: '2' } }],
    ['metadata%5Ba%5D=', { metadata: { b: '2' } }],
    ['metadata=', { metadata: {} }],
    ['metadata[a]=&metadata[c]=3', { metadata: { b: '2', c: '3' } }],
    // Numbers and words where texts are asked for are texts.
    ['phone=5551234&metadata[n]=1.50&metadata[t]=True', { phone: '5551234', metadata: { n: '1.50', t: 'True' } }],
    // Nothing is trimmed.
    ['name=+Jenny+', { name: ' Jenny ' }],
    ['name=J%C3%A9nny+%F0%9F%8E%88', { name: 'Jénny 🎈' }],
    ['', { name: 'Jenny' }],
  ];
  test.each(table)('%s', async (body, expected) => {
    expect(await change(body)).toMatchObject(expected);
  });
});

describe('reading', () => {
  test.each([
    ['/v1/charges?created[gte]=0&limit=3', '/v1/charges?created%5Bgte%5D=0&limit=3'],
    [
      '/v1/charges?limit=3&expand[]=data.balance_transaction',
      '/v1/charges?limit=3&expand%5B0%5D=data.balance_transaction',
    ],
  ])('%s', async (plain, encoded) => {
    const answers = [];
    for (const path of [plain, encoded]) {
      const response = await fetch(server.url + path, {
        headers: { authorization: `Bearer ${platform.secret_key}`, ...form },
      });
      answers.push({ status: response.status, text: await response.text() });
    }
    expect(answers[0]?.status).toBe(200);
    expect(answers[1]).toEqual(answers[0]);
  });

  test('with the key as the user of Basic', async () => {
    for (const credentials of [`${platform.secret_key}:`, `${platform.secret_key}:anything`]) {
      const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
      expect((await send('GET', '/v1/balance', undefined, { authorization })).status).toBe(200);
    }
  });

  test('an id that is spelled with percent signs', async () => {
    const { body } = await send('POST', '/v1/customers', 'name=Jenny');
    const encoded = String(body.id).replace('_', '%5F');
    expect((await send('GET', `/v1/customers/${encoded}`)).body.id).toBe(body.id);
  });
});

describe('what no spelling can mean is refused, and nothing breaks', () => {
  const charge = 'currency=usd&source=tok_visa';
  const table: readonly (readonly [string, string, object])[] = [
    ['/v1/charges', `amount=10.0&${charge}`, { code: 'parameter_invalid_integer', param: 'amount' }],
    ['/v1/charges', `amount=abc&${charge}`, { code: 'parameter_invalid_integer', param: 'amount' }],
    ['/v1/charges', `amount=1e3&${charge}`, { code: 'parameter_invalid_integer', param: 'amount' }],
    ['/v1/charges', `amount=2000&capture=1&${charge}`, { param: 'capture' }],
    ['/v1/charges', `amount=2000&source=tok_visa&currency=dollars`, { param: 'currency' }],
    ['/v1/charges', `amount[value]=2000&${charge}`, { param: 'amount' }],
    ['/v1/customers', 'metadata=7', { param: 'metadata' }],
    ['/v1/customers', 'a[b[c]]=1', { code: 'parameter_unknown' }],
    ['/v1/customers', 'name[=1', { code: 'parameter_unknown' }],
    ['/v1/customers', '[name]=1', { code: 'parameter_unknown' }],
    ['/v1/customers', '__proto__[polluted]=1', { code: 'parameter_unknown' }],
    // Where there is nothing to unset, an empty text is a mistake.
    ['/v1/charges', `amount=2000&description=&${charge}`, { code: 'parameter_invalid_empty', param: 'description' }],
    ['/v1/charges', `amount=&${charge}`, { code: 'parameter_invalid_empty', param: 'amount' }],
    ['/v1/customers', 'expand=name', {}],
  ];
  test.each(table)('%s %s', async (path, body, expected) => {
    const answer = await send('POST', path, body);
    expect(answer).toMatchObject({ status: 400, body: { error: { type: 'invalid_request_error', ...expected } } });
  });

  test('a body of JSON', async () => {
    const headers = { 'content-type': 'application/json' };
    expect(await send('POST', '/v1/customers', '{"name":"Jenny"}', headers)).toMatchObject({
      status: 400,
      body: { error: { message: 'Invalid request body; expected form-encoding' } },
    });
  });
});

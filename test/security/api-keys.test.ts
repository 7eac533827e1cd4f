/** Keys of a platform, from their making to their end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { commandLine } from '../support/paths.ts';
import { admin, createPlatform, type TestPlatform } from '../support/platform.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { errorOf, send } from '../support/wire.ts';

interface Key {
  readonly id: string;
  readonly secret: string;
  readonly type: string;
  readonly last4: string;
  readonly last_used: number | null;
  readonly expires_at: number | null;
}

const path = '/evenkeel/v1/api_keys';
let server: TestServer;
let platform: TestPlatform;

beforeAll(async () => {
  server = await startServer();
  platform = await createPlatform(server);
}, 60_000);
afterAll(() => server?.stop());

const make = (body: Record<string, unknown> = {}) => admin<Key>(server, platform.secret_key, 'POST', path, body);
const listed = async (key = platform.secret_key) => (await admin<{ data: Key[] }>(server, key, 'GET', path)).data;
const status = async (key: string) => (await send(server, { path: '/v1/balance', key })).status;
const post = (at: string, key: string, body: unknown, idempotencyKey?: string) =>
  send(server, {
    method: 'POST',
    path: at,
    key,
    raw: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...(idempotencyKey && { 'idempotency-key': idempotencyKey }) },
  });

async function tables(): Promise<Client> {
  const client = new Client({ connectionString: server.env.DATABASE_URL });
  await client.connect();
  return client;
}

describe('a key', () => {
  test('is shown once, and stored as its hash', async () => {
    const made = [
      await make(),
      await make({ type: 'restricted', permissions: { balance: 'read' } }),
      await make({ type: 'publishable' }),
    ];
    expect(made.map(({ secret }) => secret.slice(0, 8))).toEqual(['sk_test_', 'rk_test_', 'pk_test_']);
    const list = JSON.stringify(await listed());
    const client = await tables();
    const { rows } = await client.query<{ row: string }>('select k::text as row from api_keys k');
    await client.end();
    const stored = rows.map(({ row }) => row).join('\n');
    for (const { id, secret, last4 } of made) {
      expect(list).toContain(id);
      expect(list + stored).not.toContain(secret.slice(8, 20));
      expect(stored).toContain(last4);
    }
  });

  test('is listed with what it may and when it was used', async () => {
    const { id, secret } = await make({ type: 'restricted', name: 'Reports', permissions: { balance: 'read' } });
    expect(await status(secret)).toBe(200);
    await vi.waitFor(async () => {
      const key = (await listed()).find((each) => each.id === id);
      expect(key).toMatchObject({
        name: 'Reports',
        type: 'restricted',
        permissions: { balance: 'read' },
        accounts: [],
      });
      expect(key?.last_used).toBeGreaterThan(Date.now() / 1000 - 60);
    });
  });

  test('that was revoked lets nobody in', async () => {
    const { id, secret } = await make();
    // Not used before: within ten seconds of its last use a process still knows it.
    expect(await admin(server, platform.secret_key, 'DELETE', `${path}/${id}`)).toEqual({
      id,
      object: 'api_key',
      deleted: true,
    });
    const answer = await send(server, { path: '/v1/balance', key: secret });
    expect([answer.status, errorOf(answer).code]).toEqual([401, 'api_key_expired']);
    expect((await listed()).map((key) => key.id)).not.toContain(id);
    const rolled = await post(`${path}/${id}/roll`, platform.secret_key, {});
    expect([rolled.status, errorOf(rolled).message]).toEqual([400, expect.stringContaining(id)]);
  });

  test('of another platform is not there', async () => {
    const elsewhere = await createPlatform(server);
    const { id } = await make();
    for (const [method, at] of [
      ['DELETE', `${path}/${id}`],
      ['POST', `${path}/${id}/roll`],
    ] as const) {
      const answer = await send(server, { method, path: at, key: elsewhere.secret_key });
      const nothing = await send(server, {
        method,
        path: at.replace(id, `key_${'0'.repeat(24)}`),
        key: elsewhere.secret_key,
      });
      expect(answer.status).toBe(404);
      expect(answer.text.replaceAll(id, `key_${'0'.repeat(24)}`)).toBe(nothing.text);
    }
    expect((await listed()).map((key) => key.id)).toContain(id);
  });
});

describe('rolling', () => {
  test('makes a key of the same reach, and the old one ends', async () => {
    const old = await make({ type: 'restricted', name: 'Till', permissions: { balance: 'read' } });
    const fresh = await admin<Key>(server, platform.secret_key, 'POST', `${path}/${old.id}/roll`, { expires_in: 2 });
    expect(fresh).toMatchObject({
      name: 'Till',
      type: 'restricted',
      permissions: { balance: 'read' },
      expires_at: null,
    });
    const before = (await listed()).find(({ id }) => id === old.id);
    expect(before?.expires_at).toBeGreaterThan(Date.now() / 1000);
    expect([await status(old.secret), await status(fresh.secret)]).toEqual([200, 200]);
    await vi.waitFor(async () => expect(await status(old.secret)).toBe(401), { timeout: 5000, interval: 100 });
    expect(await status(fresh.secret)).toBe(200);
  });

  test('overlaps for seven days at most', async () => {
    const { id } = await make();
    const answer = await post(`${path}/${id}/roll`, platform.secret_key, { expires_in: 7 * 86_400 + 1 });
    expect([answer.status, errorOf(answer).param]).toEqual([400, 'expires_in']);
  });
});

describe('under an idempotency key', () => {
  test('the same key is made, and shown, twice', async () => {
    const body = { type: 'restricted', permissions: { balance: 'read' } };
    const [one, two] = [
      await post(path, platform.secret_key, body, 'k1'),
      await post(path, platform.secret_key, body, 'k1'),
    ];
    expect([one.status, two.text]).toEqual([200, one.text]);
    const other = await post(path, platform.secret_key, { ...body, name: 'x' }, 'k1');
    expect([other.status, errorOf(other).type]).toEqual([400, 'idempotency_error']);
  });

  test('no key of another kind is made, and its text would be another one', async () => {
    const body = { type: 'restricted', permissions: { balance: 'read' } };
    const one = await post(path, platform.secret_key, body, 'k2');
    expect(one.status).toBe(200);
    for (const type of ['secret', 'publishable']) {
      const refused = await post(path, platform.secret_key, { type }, 'k2');
      expect([refused.status, errorOf(refused).type]).toEqual([400, 'idempotency_error']);
    }
    const lettersOf = (secret: unknown) => String(secret).slice(8);
    const elsewhere = await post(path, platform.secret_key, { type: 'publishable' }, 'k3');
    expect(lettersOf(elsewhere.body.secret)).not.toBe(lettersOf(one.body.secret));
  });

  test('a key is rolled once', async () => {
    const { id } = await make();
    const [one, two] = [
      await post(`${path}/${id}/roll`, platform.secret_key, {}, 'r1'),
      await post(`${path}/${id}/roll`, platform.secret_key, {}, 'r1'),
    ];
    expect([one.status, two.text]).toEqual([200, one.text]);
    // It is over by now, and another request makes nothing of it.
    expect((await post(`${path}/${id}/roll`, platform.secret_key, {}, 'r2')).status).toBe(400);
  });
});

test('keys are managed by secret keys, and by the operator for a platform', async () => {
  const { secret } = await make({ type: 'restricted', permissions: { account: 'write', event: 'write' } });
  expect((await send(server, { path, key: secret })).status).toBe(403);
  const made = await post(path, server.adminKey, { platform: platform.id, name: 'Of the operator' });
  expect(await status(made.body.secret as string)).toBe(200);
  expect(errorOf(await post(path, server.adminKey, {})).param).toBe('platform');
});

test('there are 100 keys at most', async () => {
  const own = await createPlatform(server);
  for (let n = 1; n < 100; n++) await admin(server, own.secret_key, 'POST', path, {});
  const answer = await post(path, own.secret_key, {});
  expect([answer.status, errorOf(answer).message]).toEqual([400, expect.stringContaining('100 API keys')]);
  const [last] = await listed(own.secret_key);
  await admin(server, own.secret_key, 'DELETE', `${path}/${last?.id}`);
  expect((await post(path, own.secret_key, {})).status).toBe(200);
});

test('the command line makes, lists, rolls and revokes', async () => {
  const run = async (...args: readonly string[]) => {
    const child = spawn(process.execPath, [commandLine, 'keys', ...args], {
      env: { ...process.env, EVENKEEL_URL: server.url, EVENKEEL_API_KEY: platform.secret_key },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk;
    });
    const [code] = await once(child, 'close');
    return { code, said };
  };
  const made = JSON.parse(
    (await run('create', '--name', 'Till', '--permission', 'balance=read', 'charge=write')).said,
  ) as Key;
  expect(made).toMatchObject({ type: 'restricted', name: 'Till', permissions: { balance: 'read', charge: 'write' } });
  expect((await run('list')).said).toContain(made.id);
  const rolled = JSON.parse((await run('roll', made.id, '--overlap', '1h')).said) as Key;
  expect([await status(made.secret), await status(rolled.secret)]).toEqual([200, 200]);
  expect(JSON.parse((await run('revoke', rolled.id)).said)).toMatchObject({ deleted: true });
  expect(await run('create', '--publishable', '--permission', 'charge=read')).toEqual({
    code: 1,
    said: 'evenkeel: --publishable goes with neither --permission nor --account: these are for restricted keys\n',
  });
});

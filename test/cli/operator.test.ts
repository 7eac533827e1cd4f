/** What an operator sees first: a database of one's own, no admin key yet, a URL that is not right. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createDatabase, databaseUrl, dropDatabase } from '../support/database.ts';
import { builtMain, commandLine } from '../support/paths.ts';
import { admin, createPlatform } from '../support/platform.ts';
import { freePort, ServerProcess, stopMsMax } from '../support/process.ts';
import { startServer, type TestServer } from '../support/server.ts';

const postgres = inject('postgres');
const names = ['empty', 'read_only'].map((name) => `operator_${name}_${process.pid}`) as [string, string];
const [empty, readOnly] = names;
let server: TestServer;

beforeAll(async () => {
  server = await startServer();
  for (const name of names) await createDatabase(postgres, name);
  const client = new Client({ connectionString: databaseUrl(postgres, 'postgres') });
  await client.connect();
  await client.query(`alter database ${readOnly} set default_transaction_read_only = on`);
  await client.end();
}, 60_000);
afterAll(async () => {
  for (const name of names) await dropDatabase(postgres, name);
  await server?.stop();
}, 60_000);

async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [commandLine, ...args], {
    env: { ...process.env, EVENKEEL_URL: server.url, EVENKEEL_ADMIN_KEY: server.adminKey, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    said.out += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said.err += chunk;
  });
  const [status] = await once(child, 'close');
  return { status: status as number, ...said };
}

test('a start without an admin key says so where nobody has a platform, and only there', {
  timeout: 60_000,
}, async () => {
  const said = async (env: Readonly<Record<string, string>>) => {
    const port = await freePort();
    let heard = '';
    const child = new ServerProcess(
      builtMain,
      { PORT: String(port), HOST: '127.0.0.1', DATABASE_URL: databaseUrl(postgres, empty), ...env },
      (text) => {
        heard += text;
      },
    );
    const url = `http://127.0.0.1:${port}`;
    try {
      await child.untilReady(url);
      if (env.EVENKEEL_ADMIN_KEY) await createPlatform({ ...server, url, adminKey: env.EVENKEEL_ADMIN_KEY });
    } finally {
      await child.end('SIGTERM', stopMsMax);
    }
    return heard;
  };
  const hint = 'none can be founded: set EVENKEEL_ADMIN_KEY';
  expect(await said({})).toContain(hint);
  expect(await said({ EVENKEEL_ADMIN_KEY: 'admin_own' })).not.toContain(hint);
  expect(await said({})).not.toContain(hint);
});

test('`platforms` without the admin key, or with another, is one line', async () => {
  const own = { DATABASE_URL: 'postgres://me@127.0.0.1:1/books' };
  for (const command of ['list', 'create']) {
    expect(await run(['platforms', command], { ...own, EVENKEEL_ADMIN_KEY: '' })).toEqual({
      status: 1,
      out: '',
      err: 'evenkeel: EVENKEEL_ADMIN_KEY must be set, to what the server has: platforms are founded and listed by the operator\n',
    });
    expect(await run(['platforms', command], { EVENKEEL_ADMIN_KEY: '' })).toEqual({
      status: 1,
      out: '',
      err: `evenkeel: the server at ${server.url} has another admin key, or none: set EVENKEEL_ADMIN_KEY for both, to the same\n`,
    });
  }
});

test('`platforms create` founds the same platform in live mode, with an address', async () => {
  const twin = await createPlatform(server);
  const email = 'money@shop.example';
  const { status, out } = await run(['platforms', 'create', '--live', '--other-mode', twin.id, '--email', email]);
  expect(status).toBe(0);
  const made = JSON.parse(out) as { id: string; secret_key: string };
  expect(made.secret_key).toMatch(/^sk_live_/);
  const { data } = JSON.parse((await run(['platforms', 'list'])).out) as { data: { id: string; other_mode: string }[] };
  expect(data.find(({ id }) => id === made.id)).toMatchObject({ livemode: true, other_mode: twin.id });
  expect(await admin(server, made.secret_key, 'GET', '/v1/account')).toMatchObject({ email });
  expect(await run(['platforms', 'create', '--email', 'nobody'])).toMatchObject({
    status: 1,
    err: 'evenkeel: Invalid email address: nobody\n',
  });
});

test.each<[string, () => string, string | RegExp]>([
  [
    'a single server that takes no writes',
    () => databaseUrl(postgres, readOnly),
    `evenkeel: the database cannot be reached: no server takes writes: ${postgres.host}:${postgres.port} is read-only\n`,
  ],
  [
    'several servers that do not know the database',
    () => `${databaseUrl(postgres, 'nodb')}&target_session_attrs=read-write`,
    `evenkeel: the database cannot be reached: no server takes writes: ${postgres.host}:${postgres.port} lets nobody in (database "nodb" does not exist)\n`,
  ],
  [
    'a parameter that is none',
    () => `${databaseUrl(postgres, empty)}&foo=bar`,
    "evenkeel: DATABASE_URL has a parameter that PostgreSQL does not know: 'foo'\n",
  ],
])('%s: the start ends with one line', async (_, url, err) => {
  expect(await run(['serve'], { DATABASE_URL: url(), PORT: '0' })).toEqual({ status: 1, out: '', err });
});

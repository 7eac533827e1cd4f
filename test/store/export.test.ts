/** A platform as a file: out of one database, into another, and everything goes on there. */
import { spawn } from 'node:child_process';
import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { allKinds } from '../../src/registry.ts';
import { startEmbedded } from '../../src/store/embedded/start.ts';
import { newClient } from '../../src/store/postgres/connection.ts';
import { copyIn } from '../../src/store/postgres/copy.ts';
import { importBook } from '../../src/store/postgres/import.ts';
import { migrate } from '../../src/store/postgres/migrate.ts';
import { PostOffice } from '../notifications/post-office.ts';
import { auditClean } from '../support/audit.ts';
import { asked, createDatabase, databaseUrl, dropDatabase } from '../support/database.ts';
import { commandLine, projectRoot } from '../support/paths.ts';
import { admin, advanceClock, createPlatform, stripeFor, type TestPlatform } from '../support/platform.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { until } from '../webhooks/receiver.ts';

const monday = 1_772_445_600;
const day = 86_400;
const postgres = inject('postgres');

let server: TestServer;
let other: TestPlatform;
let platform: TestPlatform;
let stripe: Stripe;
let seller: string;
/** Answered under a key: plain, and expanded. */
let plain: string;
let expanded: string;
let file: Stripe.File;
let exported: Buffer;
const databases: string[] = [];

/** Bytes of no format, the same ones in each run. */
const noise = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(50_000));

async function evenkeel(
  url: string,
  args: readonly string[],
  input?: Buffer,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly exitCode: number | null; readonly output: Buffer; readonly said: string }> {
  const child = spawn(process.execPath, [commandLine, ...args], {
    cwd: projectRoot,
    env: { ...process.env, DATABASE_URL: url, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const [output, said]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  // An import that refuses does not read to the end.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, output: Buffer.concat(output), said: Buffer.concat(said).toString() };
}

async function emptyDatabase(): Promise<string> {
  const name = `export_${randomBytes(6).toString('hex')}`;
  databases.push(name);
  await createDatabase({ ...postgres, template: null }, name);
  return databaseUrl(postgres, name);
}

const charge = (to: TestServer, key: string, expand: boolean): Promise<Response> =>
  fetch(`${to.url}/v1/charges`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${platform.secret_key}`,
      'content-type': 'application/x-www-form-urlencoded',
      'idempotency-key': key,
    },
    body: `amount=10000&currency=usd&source=tok_visa&transfer_data[destination]=${seller}&description=Tab%09and%5C%0Aline${expand ? '&expand[]=balance_transaction' : ''}`,
  });

const urlOf = (of: TestServer): string => of.env.DATABASE_URL as string;

/** The encryption key that a database keeps itself. */
const keyOf = async (of: TestServer): Promise<string> =>
  (await asked<{ key: string }>(urlOf(of), `select encode(key, 'hex') as key from encryption_key`))[0]?.key as string;

beforeAll(async () => {
  // Where nobody takes mail, messages wait.
  server = await startServer({ env: { SMTP_URL: 'smtp://127.0.0.1:9' } });
  other = await createPlatform(server);
  platform = await createPlatform(server, { payout_interval: 'daily', test_clock: { frozen_time: monday } });
  stripe = stripeFor(server, platform);
  seller = (
    await stripe.accounts.create({
      type: 'express',
      country: 'US',
      external_account: {
        object: 'bank_account',
        country: 'US',
        currency: 'usd',
        routing_number: '110000000',
        account_number: '000123456789',
      },
      settings: { payouts: { schedule: { interval: 'daily' } } },
      capabilities: { transfers: { requested: true }, card_payments: { requested: true } },
    })
  ).id;
  await stripe.webhookEndpoints.create({ url: 'http://127.0.0.1:9/nobody', enabled_events: ['*'] });
  plain = await (await charge(server, 'plain', false)).text();
  expanded = await (await charge(server, 'expanded', true)).text();
  for (let i = 0; i < 300; i++) await charge(server, `many ${i}`, false);
  file = await stripe.files.create({
    purpose: 'dispute_evidence',
    file: {
      data: Buffer.concat([Buffer.from('%PDF-1.7\n\\.\n'), randomBytes(70_000)]),
      name: 'a.pdf',
      type: 'application/pdf',
    },
  });
  exported = (await evenkeel(urlOf(server), ['export', platform.id])).output;
}, 120_000);

afterAll(async () => {
  await server?.stop();
  for (const name of databases) await dropDatabase(postgres, name);
}, 60_000);

/** Where nothing ever comes in. */
let untouched: string | undefined;
/** The file with some of it put differently. */
const changed = (from: string, to: string): Buffer => {
  const text = exported.toString('latin1');
  expect(text).toContain(from);
  return Buffer.from(text.replace(from, to), 'latin1');
};

const sha256 = (text: string): string => createHash('sha256').update(text, 'latin1').digest('hex');

/** An export that somebody wrote by hand: `lines` without the last one, which is calculated. */
function forged(lines: readonly string[]): Buffer {
  const body = `${lines.join('\n')}\n`;
  return Buffer.from(`${body}${JSON.stringify({ sha256: sha256(body) })}\n`, 'latin1');
}

/** The lines of an export but for the last. */
const linesOf = (file: Buffer): string[] => file.toString('latin1').trimEnd().split('\n').slice(0, -1);

describe('an export', () => {
  test('says first what it is, and last what it must be', () => {
    const lines = exported.toString('utf8').trimEnd().split('\n');
    expect(JSON.parse(lines[0] as string)).toMatchObject({ format: 'evenkeel book', version: 2, book: 2 });
    expect(JSON.parse(lines[lines.length - 1] as string)).toEqual({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(lines).toContain('COPY balances (book, account, currency, available, reserved) FROM stdin;');
  });

  test('leaves out no table that has rows of a book', async () => {
    const tables = await asked<{ name: string }>(
      urlOf(server),
      `select distinct table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'book'
         and table_name !~ '^idempotency_keys_'`,
    );
    const { rows } = JSON.parse(exported.toString('utf8', 0, exported.indexOf(10))) as { rows: object };
    expect(Object.keys(rows).sort()).toEqual(tables.map(({ name }) => name).sort());
  });

  test('has no key as it is, and nothing of another platform', () => {
    expect(exported.includes(platform.secret_key)).toBe(false);
    expect(exported.includes(other.id)).toBe(false);
    expect(exported.toString('latin1')).not.toMatch(/^1\t/m);
  });

  test('of what is no platform is refused', async () => {
    const { exitCode, output, said } = await evenkeel(urlOf(server), ['export', seller]);
    expect([exitCode, output.length, said]).toEqual([1, 0, `evenkeel: '${seller}' is no id of a platform: acct_…\n`]);
  });
});

describe('an import', () => {
  test('gives the same platform: the same export, clean books, the same answers, and work that goes on', async () => {
    const url = await emptyDatabase();
    const imported = await evenkeel(url, ['import', '-'], exported);
    expect(imported.said).toBe('');
    expect(imported.output.toString()).toMatch(
      new RegExp(
        `^imported ${platform.id}: \\d+ operations, audit clean\nstart it with the encryption key of the old place, as EVENKEEL_ENCRYPTION_KEY: webhooks are signed by it\n$`,
      ),
    );
    expect((await evenkeel(url, ['export', platform.id])).output.equals(exported)).toBe(true);

    const there = await startServer({ env: { DATABASE_URL: url, EVENKEEL_ENCRYPTION_KEY: await keyOf(server) } });
    try {
      for (const [key, before] of [
        ['plain', plain],
        ['expanded', expanded],
      ] as const) {
        const again = await charge(there, key, key === 'expanded');
        expect(again.headers.get('idempotent-replayed')).toBe('true');
        expect(await again.text()).toBe(before);
      }
      const bytes = (from: TestServer) =>
        fetch(`${from.url}/v1/files/${file.id}/contents`, {
          headers: { authorization: `Bearer ${platform.secret_key}` },
        }).then(async (response) => Buffer.from(await response.arrayBuffer()));
      expect((await bytes(there)).equals(await bytes(server))).toBe(true);

      // Both go on, and come to the same: balances, and payouts on their days.
      const books = await Promise.all(
        [server, there].map(async (each) => {
          const client = stripeFor(each, platform);
          await advanceClock(client, platform.test_clock as string, monday + 10 * day);
          const account = { stripeAccount: seller };
          const payouts = await client.payouts.list({ limit: 100 }, account);
          return {
            platform: (await client.balance.retrieve()).available,
            seller: (await client.balance.retrieve({}, account)).available,
            payouts: payouts.data.map(({ id, amount, status }) => [id, amount, status]),
          };
        }),
      );
      expect(books[1]).toEqual(books[0]);
      expect(books[0]?.payouts).not.toEqual([]);

      const cursors = await asked<{ book: number }>(url, 'select book, seq from webhook_cursors');
      expect(cursors).toEqual([{ book: 2, seq: expect.any(String) }]);
      // New platforms get numbers of their own.
      const next = await createPlatform(there);
      expect(next.id).not.toBe(platform.id);
      expect((await stripeFor(there, next).accounts.list()).data).toEqual([]);
      await auditClean(there);
    } finally {
      await there.stop();
    }
  }, 120_000);

  test.each<[string, () => Buffer, RegExp]>([
    ['cut off', () => exported.subarray(0, exported.length - 40), /cut off or changed/],
    ['cut off in a row', () => exported.subarray(0, Math.floor(exported.length / 2)), /cut off or changed/],
    ['cut off after its first line', () => exported.subarray(0, exported.indexOf(10) + 1), /cut off or changed/],
    ['empty', () => Buffer.alloc(0), /cut off or changed/],
    ['with more behind it', () => Buffer.concat([exported, Buffer.from('\n')]), /cut off or changed/],
    ['with a changed amount', () => changed('"amount":10000', '"amount":10001'), /cut off or changed/],
    ['with a row of another book', () => changed('\n2\t1\t1\t', '\n1\t1\t1\t'), /cut off or changed/],
    ['with a value that is none', () => changed('\n2\t1\t1\t', '\n2\tx\t1\t'), /cut off or changed/],
    ['of a newer format', () => changed('"version":2', '"version":3'), /format 3, this version reads 2: use a newer/],
    [
      'of an older format',
      () => changed('"version":2', '"version":1'),
      /reads 2: import it with the Evenkeel that wrote/,
    ],
    ['of newer tables', () => changed('"schema":"0', '"schema":"9'), /tables of 9\d+-.*use a newer Evenkeel/],
    ['of older tables', () => changed('"schema":"001', '"schema":"000'), /import it with the Evenkeel that wrote it/],
    ['compressed', () => gzipSync(exported), /is compressed: gunzip -c FILE | evenkeel import -/],
    ['something else', () => Buffer.from('{"a":1}\n'), /is no export of Evenkeel/],
    ['a picture', () => Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), noise]), /is no export of Evenkeel/],
    ['noise', () => noise, /is no export of Evenkeel/],
    [
      'noise that begins as if compressed',
      () => Buffer.concat([Buffer.from([0x1f]), noise]),
      /is no export of Evenkeel/,
    ],
  ])(
    'of a file that is %s is refused in one line, and leaves nothing',
    async (_, damaged, reason) => {
      untouched ??= await emptyDatabase();
      const url = untouched;
      const { exitCode, output, said } = await evenkeel(url, ['import', '-'], damaged());
      expect(said).toMatch(/^evenkeel: [^\n]+\n$/);
      expect(said).toMatch(reason);
      expect([exitCode, output.length]).toEqual([1, 0]);
      expect(await asked(url, 'select book from books')).toEqual([]);
      expect(await asked(url, 'select book from operations limit 1')).toEqual([]);
      expect(await asked(url, 'select book from account_operations limit 1')).toEqual([]);
    },
    60_000,
  );

  test('of a file whose digest was calculated anew is refused: its books are wrong', async () => {
    const url = await emptyDatabase();
    const wrong = forged(linesOf(changed('\t10000\t', '\t10001\t')));
    const { exitCode, said } = await evenkeel(url, ['import', '-'], wrong);
    expect([exitCode, said]).toEqual([1, expect.stringMatching(/^evenkeel: the books in the file are wrong: .+\n$/)]);
    expect(await asked(url, 'select book from books')).toEqual([]);
  });

  test('that hides a key of another platform behind a carriage return plants none', async () => {
    const url = await emptyDatabase();
    const lines = linesOf(exported);
    const at = lines.findIndex((line) => line.startsWith('COPY api_keys ')) + 1;
    const columns = /\((.*)\)/.exec(lines[at - 1] as string)?.[1]?.split(', ') ?? [];
    const planted = [1, 9].map((book) => {
      const hash = sha256(`planted ${book}`);
      const seal = sha256(`${hash} ${book} secret sk_test_ evil 1 NULL NULL NULL`);
      const values: Record<string, string> = {
        book: String(book),
        key_hash: `\\\\x${hash}`,
        kind: 'secret',
        prefix: 'sk_test_',
        last4: 'evil',
        created: '1',
        seal: `\\\\x${seal}`,
      };
      return columns.map((column) => values[column] ?? '\\N').join('\t');
    });
    lines[at] = [lines[at], ...planted, '\\.', ''].join('\r');
    const { exitCode, said } = await evenkeel(url, ['import', '-'], forged(lines));
    expect([exitCode, said]).toEqual([1, expect.stringMatching(/cut off or changed\n$/)]);
    expect(await asked(url, 'select book from api_keys')).toEqual([]);
  });

  test.each<[string, (row: string, evil: string) => readonly string[]]>([
    ['a carriage return', (row, evil) => [`${row}\r${evil}\r\\.\r`]],
    ['a carriage return at the end of the row', (row) => [`${row}\r`]],
    ['an end of rows before there is one', (row) => ['\\.', row]],
    ['an end of rows in a row', (row) => [`${row}\\.`]],
    ['an escape that COPY never writes', (row) => [`${row}\\q`]],
  ])(
    'of rows with %s is refused, in each table',
    async (_, forge) => {
      untouched ??= await emptyDatabase();
      const database = { url: untouched };
      await migrate(database);
      const lines = linesOf(exported);
      const header = JSON.parse(lines[0] as string) as { rows: Record<string, number> };
      for (const table of Object.keys(header.rows)) {
        const at = lines.findIndex((line) => line.startsWith(`COPY ${table} (`)) + 1;
        const hasRows = lines[at] !== '\\.';
        const row = hasRows ? (lines[at] as string) : '2\t1';
        const made = forge(row, row.replace(/^2/, '1'));
        const before = header.rows[table] as number;
        const rows = { ...header.rows, [table]: before - (hasRows ? 1 : 0) + made.length };
        const file = forged([
          JSON.stringify({ ...header, rows }),
          ...lines.slice(1, at),
          ...made,
          ...lines.slice(hasRows ? at + 1 : at),
        ]);
        const taken = importBook(
          database,
          (async function* () {
            yield file;
          })(),
          { kinds: allKinds, register: 0, withoutKey: null, adopt: async () => {} },
        );
        await expect(taken, table).rejects.toThrow(/^the file is not as it was exported/);
      }
      expect(await asked(untouched, 'select book from api_keys')).toEqual([]);
    },
    60_000,
  );

  test('takes rows of the book only, and counts them', async () => {
    const client = newClient({ url: urlOf(server) });
    await client.connect();
    const rows = async function* () {
      yield Buffer.from('2\t1\n1\t1\n2\t2\n');
    };
    try {
      await client.query('create temporary table taken (book integer, seq bigint)');
      expect(await copyIn(client, 'copy taken from stdin where book = 2', rows())).toBe(2);
    } finally {
      await client.end();
    }
  });

  test('of a row that does not end is given up, in a time that does not grow with its square', async () => {
    untouched ??= await emptyDatabase();
    const database = { url: untouched };
    await migrate(database);
    const [header, ...lines] = linesOf(exported);
    const at = lines.findIndex((line) => line.startsWith('COPY api_keys ')) + 1;
    let sent = 0;
    const endless = async function* () {
      yield Buffer.from(`${[header, ...lines.slice(0, at)].join('\n')}\n2\t`, 'latin1');
      // In pieces as small as a pipe's.
      for (const piece = Buffer.alloc(4096, 'a'); ; sent += piece.length) yield piece;
    };
    const started = performance.now();
    const taken = importBook(database, endless(), {
      kinds: allKinds,
      register: 0,
      withoutKey: null,
      adopt: async () => {},
    });
    await expect(taken).rejects.toThrow(/^the file is not as it was exported/);
    expect(sent).toBeLessThan(100_000_000);
    expect(performance.now() - started).toBeLessThan(20_000);
  }, 60_000);

  test.each<[string, (header: Record<string, unknown>) => object]>([
    ['no numbers of rows', ({ rows, ...header }) => header],
    ['null numbers of rows', (header) => ({ ...header, rows: null })],
    ['numbers of rows that are none', (header) => ({ ...header, rows: { api_keys: '1' } })],
    ['a hash that is none', (header) => ({ ...header, hash: 'x' })],
    ['no encryption key', ({ key, ...header }) => header],
    ['an encryption key that is none', (header) => ({ ...header, key: 'x' })],
    ['a schema with more in it', (header) => ({ ...header, schema: '9999-\u001b[2J' })],
    ['a version that is none', (header) => ({ ...header, version: '2\n' })],
    ['an entry of another', (header) => ({ ...header, book: 3 })],
  ])('of a first line with %s is refused', async (_, forge) => {
    untouched ??= await emptyDatabase();
    const [header, ...lines] = linesOf(exported);
    const file = forged([JSON.stringify(forge(JSON.parse(header as string))), ...lines]);
    const { exitCode, said } = await evenkeel(untouched, ['import', '-'], file);
    expect([exitCode, said]).toEqual([1, expect.stringMatching(/^evenkeel: .* cut off or changed\n$/)]);
  });

  test('keeps the secrets of webhook endpoints: another encryption key is refused, then and at every start', async () => {
    const url = await emptyDatabase();
    const other = randomBytes(32).toString('hex');
    const refused = await evenkeel(url, ['import', '-'], exported, { EVENKEEL_ENCRYPTION_KEY: other });
    expect([refused.exitCode, refused.said]).toEqual([
      1,
      "evenkeel: the secrets of the platform's webhook endpoints follow from another encryption key than EVENKEEL_ENCRYPTION_KEY: bring that of the old place along, or delete the endpoints before the export\n",
    ]);
    expect(await asked(url, 'select book from books')).toEqual([]);
    const key = await keyOf(server);
    const taken = await evenkeel(url, ['import', '-'], exported, { EVENKEEL_ENCRYPTION_KEY: key });
    expect(taken.output.toString()).toMatch(/^imported [^\n]+\n$/);
    for (const [env, why] of [
      [{}, 'is not set, but this database was used with one'],
      [{ EVENKEEL_ENCRYPTION_KEY: other }, 'is not the one that this database was used with'],
    ] as const) {
      const start = await evenkeel(url, ['serve'], undefined, { PORT: '0', ...env });
      expect([start.exitCode, start.said]).toEqual([1, expect.stringContaining(why)]);
    }
  }, 60_000);

  test('goes into a database with another encryption key when no secret follows from it', async () => {
    const there = await startServer();
    try {
      const before = await asked(urlOf(there), 'select proof from encryption_key');
      const first = await createPlatform(server);
      const endpoint = await stripeFor(server, first).webhookEndpoints.create({
        url: 'http://127.0.0.1:9/',
        enabled_events: ['*'],
      });
      const withEndpoint = (await evenkeel(urlOf(server), ['export', first.id])).output;
      const refused = await evenkeel(urlOf(there), ['import', '-'], withEndpoint);
      expect([refused.exitCode, refused.said]).toEqual([1, expect.stringContaining("than this database's: ")]);
      await stripeFor(server, first).webhookEndpoints.del(endpoint.id);
      const without = (await evenkeel(urlOf(server), ['export', first.id])).output;
      const taken = await evenkeel(urlOf(there), ['import', '-'], without);
      expect([taken.exitCode, taken.output.toString()]).toEqual([0, expect.stringMatching(/^imported [^\n]+\n$/)]);
      expect(await asked(urlOf(there), 'select proof from encryption_key')).toEqual(before);
      await auditClean(there);
    } finally {
      await there.stop();
    }
  }, 60_000);

  test('where the number is taken, or was passed over, is refused', async () => {
    const before = await asked(urlOf(server), 'select book, version from books order by book');
    const again = await evenkeel(urlOf(server), ['import', '-'], exported);
    expect([again.exitCode, again.said]).toEqual([
      1,
      'evenkeel: this database has a platform of number 2 already, and every id spells that number: import into a database where it is free\n',
    ]);
    expect(await asked(urlOf(server), 'select book, version from books order by book')).toEqual(before);

    const there = await startServer();
    try {
      for (let i = 0; i < 3; i++) await createPlatform(there);
      await asked(urlOf(there), `delete from books where book = 2`);
      const taken = await evenkeel(urlOf(there), ['import', '-'], exported);
      expect([taken.exitCode, taken.said]).toEqual([
        1,
        expect.stringMatching(
          /^evenkeel: this database has rows of a platform of number 2 in \w+, and no such platform/,
        ),
      ]);
    } finally {
      await there.stop();
    }
  }, 60_000);

  test('takes of an entry what the platform is by itself', async () => {
    const [first, ...lines] = linesOf(exported);
    const header = JSON.parse(first as string);
    const entry = { ...header.entry, otherMode: other.id.replace('acct', 'platform'), isDefault: true, more: 1 };
    const url = await emptyDatabase();
    const { exitCode, said } = await evenkeel(
      url,
      ['import', '-'],
      forged([JSON.stringify({ ...header, entry }), ...lines]),
    );
    expect([exitCode, said]).toEqual([0, '']);
    const [row] = await asked<{ changes: string }>(
      url,
      `select changes from operations where book = 0 order by seq desc limit 1`,
    );
    expect(JSON.parse(row?.changes as string).put).toEqual([header.entry]);
    for (const wrong of [{ livemode: true }, { account: other.id }, { country: 'XX' }]) {
      const file = forged([JSON.stringify({ ...header, entry: { ...entry, ...wrong } }), ...lines]);
      untouched ??= await emptyDatabase();
      const refused = await evenkeel(untouched, ['import', '-'], file);
      expect([refused.exitCode, refused.said]).toEqual([1, expect.stringMatching(/cut off or changed\n$/)]);
    }
    expect(await asked(untouched as string, 'select book from books')).toEqual([]);
  }, 60_000);

  test('leaves the key of a first start out of a database that others reach', async () => {
    const embedded = await startServer({ embedded: true });
    const second = await mkdtemp(join(tmpdir(), 'ek-second-'));
    await chmod(second, 0o755);
    try {
      const key = 'sk_test_evenkeel';
      const response = await fetch(`${embedded.url}/v1/account`, { headers: { authorization: `Bearer ${key}` } });
      const { id } = (await response.json()) as { id: string };
      const file = (
        await evenkeel('', ['export', id], undefined, {
          EVENKEEL_DATA: embedded.env.EVENKEEL_DATA as string,
        })
      ).output;
      expect(file.includes(sha256(key))).toBe(true);

      const url = await emptyDatabase();
      const { exitCode, output, said } = await evenkeel(url, ['import', '-'], file);
      expect([exitCode, said]).toEqual([0, '']);
      expect(output.toString()).toMatch(/^imported .+\nleft out the key sk_test_evenkeel, which anyone knows: .+\n$/);
      expect(await asked(url, 'select book from api_keys')).toEqual([]);

      const data = join(second, 'data');
      const kept = await evenkeel('', ['import', '-'], file, { EVENKEEL_DATA: data });
      expect(kept.output.toString()).toMatch(/^imported [^\n]+\n$/);
      const again = (await evenkeel('', ['export', id], undefined, { EVENKEEL_DATA: data })).output;
      // It is not the platform of a first start there.
      expect(linesOf(again).slice(1)).toEqual(linesOf(file).slice(1));
    } finally {
      await embedded.stop();
      await rm(second, { recursive: true, force: true });
    }
  }, 120_000);

  test('mails nothing that a file says: what waits is written anew from the journal', async () => {
    const shop = await createPlatform(server);
    const client = stripeFor(server, shop);
    await admin(server, shop.secret_key, 'POST', '/evenkeel/v1/notifications', { enabled: true });
    const owner = await client.accounts.create({
      type: 'express',
      country: 'US',
      email: 'anna@example.com',
      capabilities: { transfers: { requested: true }, card_payments: { requested: true } },
    });
    const sold = await client.charges.create({
      amount: 10_000,
      currency: 'usd',
      source: 'tok_visa',
      transfer_data: { destination: owner.id },
    });
    await client.refunds.create({ charge: sold.id, reverse_transfer: true });
    const waiting = () => asked<{ book: number }>(urlOf(server), 'select book from messages where status = 0');
    await until(async () => (await waiting()).length === 1);
    const [{ book } = { book: 0 }] = await waiting();
    // The operator of the other place may write what they like, and the seal of it.
    await asked(
      urlOf(server),
      `update messages set recipient = 'victim@example.com', subject = 'Pay here',
              seal = message_seal(book, seq, pos, type, account, 'victim@example.com', 'Pay here', body, created)
       where book = ${book}`,
    );
    const file = (await evenkeel(urlOf(server), ['export', shop.id])).output;
    expect(file.includes('Pay here')).toBe(true);

    const damaged = forged(linesOf(file).map((line) => line.replace('Pay here', 'Pay there')));
    const refused = await evenkeel(await emptyDatabase(), ['import', '-'], damaged);
    expect(refused.said).toMatch(
      /the books in the file are wrong: messages: event \d+\.\d+: its message is not as it was written\n$/,
    );

    const url = await emptyDatabase();
    const { exitCode, said } = await evenkeel(url, ['import', '-'], file);
    expect([exitCode, said]).toEqual([0, '']);
    expect(await asked(url, 'select subject from messages')).toEqual([]);
    const office = await PostOffice.open();
    const there = await startServer({ env: { DATABASE_URL: url, SMTP_URL: office.url } });
    try {
      await until(() => office.letters.length > 0);
      expect(office.letters).toMatchObject([
        { to: ['anna@example.com'], subject: expect.stringMatching(/ was returned for a refund$/) },
      ]);
      await auditClean(there);
    } finally {
      await there.stop();
      await office.close();
    }
  }, 120_000);

  test('works where commits wait for a standby', async () => {
    const home = await mkdtemp(join(tmpdir(), 'ek-standby-'));
    await chmod(home, 0o755);
    const cluster = await startEmbedded(join(home, 'data'));
    try {
      const url = databaseUrl({ ...cluster, template: null }, cluster.database);
      await asked(url, `alter system set synchronous_standby_names = 'nobody'`);
      // There is none: only the setting is looked at here, and no commit waits.
      await asked(url, `alter role current_user set synchronous_commit = local`);
      await asked(url, 'select pg_reload_conf()');
      const { exitCode, said } = await evenkeel(url, ['import', '-'], exported);
      expect([exitCode, said]).toEqual([0, '']);
      expect(
        await asked(
          url,
          `select book, current_setting('synchronous_standby_names') as standby from books where book > 0`,
        ),
      ).toEqual([{ book: 2, standby: 'nobody' }]);
    } finally {
      await cluster.stop();
      await rm(home, { recursive: true, force: true });
    }
  }, 60_000);

  test('of a file that is not there makes no database', async () => {
    const { exitCode, said } = await evenkeel(await emptyDatabase(), ['import', '/nowhere/book']);
    expect([exitCode, said]).toEqual([1, "evenkeel: ENOENT: no such file or directory, open '/nowhere/book'\n"]);
  });
});

import { bookOf } from '../../src/kernel/id.ts';
import { Connection, post } from './connection.ts';
import { adminKey, type BenchServer } from './instance.ts';

export interface Platform {
  readonly id: string;
  readonly key: string;
  readonly book: number;
  /** The id of its test clock; null on the machine's clock. */
  readonly clock: string | null;
}

/** A POST to our own API. @throws what it was answered, unless that is 200 */
export async function asAdmin<T>({ port }: BenchServer, key: string, path: string, body: object): Promise<T> {
  const answer = await fetch(`http://127.0.0.1:${port}/evenkeel/v1/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${text}`);
  return JSON.parse(text) as T;
}

export async function foundPlatform(server: BenchServer, settings: object = {}): Promise<Platform> {
  const platform = await asAdmin<{ id: string; secret_key: string; test_clock: string | null }>(
    server,
    adminKey,
    'platforms',
    settings,
  );
  const book = bookOf(platform.id);
  if (book === null) throw new Error(`${platform.id} is of no book`);
  return { id: platform.id, key: platform.secret_key, book, clock: platform.test_clock };
}

/** Does `each` for every index from several connections at a time. */
export async function inParallel(
  { port }: BenchServer,
  count: number,
  each: (connection: Connection, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: 32 }, async () => {
      const connection = await Connection.open(port);
      while (next < count) await each(connection, next++);
      connection.close();
    }),
  );
}

/** The object that a request was answered. @throws what it was answered, unless that is 200 */
export async function sent<T extends { id: string }>(connection: Connection, request: string): Promise<T> {
  const { status, body } = await connection.send(request);
  if (status !== 200) throw new Error(`${status} ${body}`);
  return JSON.parse(body.toString()) as T;
}

/** Connected accounts. @returns their ids */
export async function makeAccounts(
  server: BenchServer,
  { key }: Platform,
  count: number,
  form: (index: number) => string = () => 'type=express&country=US&capabilities[transfers][requested]=true',
): Promise<readonly string[]> {
  const accounts: string[] = [];
  await inParallel(server, count, async (connection, i) => {
    accounts[i] = (await sent(connection, post({ path: '/v1/accounts', form: form(i) }, key, `account ${i}`))).id;
  });
  return accounts;
}

import pg from 'pg';
import { NoPrimary, Servers, whyNoWrites } from './servers.ts';
import { readDatabaseUrl } from './url.ts';

/** Where PostgreSQL is: a URL, several servers of which one takes writes, or the socket of the embedded server. */
export type Database =
  | { readonly url: string }
  | { readonly servers: Servers }
  | { readonly host: string; readonly port: number; readonly user: string; readonly database: string };

/** bigint columns hold safe integers by the checks of the kernel; a value that is not one must never be rounded silently. */
function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is not a safe integer`);
  return value;
}

const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8
      ? safeInteger
      : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
};

/** What `DATABASE_URL` names. Several servers are watched until `close`. @throws UrlError */
export function databaseAt(url: string): { readonly database: Database; close(): void } {
  const { urls, choose } = readDatabaseUrl(url);
  if (!choose) return { database: { url }, close: () => {} };
  const servers = new Servers(urls);
  return { database: { servers }, close: () => servers.close() };
}

/** @throws NoPrimary when the server says that it takes no writes. Of several one is chosen that does, whenever it is needed. */
export async function requireWrites(database: Database): Promise<void> {
  const why = 'url' in database ? await whyNoWrites(database.url) : null;
  if (why !== null) throw new NoPrimary(`no server takes writes: ${why}`);
}

function placeOf(database: Database): pg.ClientConfig {
  if ('url' in database) return { connectionString: database.url };
  if ('servers' in database) return { connectionString: database.servers.urls[0] as string };
  // PGSSLMODE in the environment must not make the driver ask a socket for TLS.
  return { ...database, ssl: false };
}

function clientConfig(database: Database): pg.ClientConfig {
  return {
    ...placeOf(database),
    types,
    application_name: 'evenkeel',
    // A server that does not answer for this long is as good as gone; the journal tells afterwards what was written.
    query_timeout: 30_000,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  };
}

/** What the server says beside an answer. `routine` is the place in its source, the same in every language. */
export interface NoticeMessage {
  readonly routine?: string | undefined;
}

/** Whether a session was told not to wait for a standby any more: its "done" holds on this server alone. */
export const isCalledOff = ({ routine }: NoticeMessage): boolean => routine === 'SyncRepWaitForLSN';

/** A connection that is not made yet. */
export function newClient(
  database: Database,
  config: pg.ClientConfig & { readonly pipeline?: boolean } = {},
): pg.Client {
  const Client = 'servers' in database ? database.servers.Client : pg.Client;
  return new Client({ ...clientConfig(database), ...config });
}

/**
 * Has a session end when its client is gone while it waits for a row's lock: otherwise those that were given up would pile up
 * for as long as a commit before them waits for its standby. Servers on Windows know no such thing.
 */
export async function endWithClient(client: pg.ClientBase): Promise<void> {
  await client.query(`select set_config('client_connection_check_interval', '5s', false)`).catch(() => {});
}

/**
 * Everything on these connections goes by key, and a plan made while a table was small stays when it is large. So no plan
 * may scan, and queries that go from many keys to their rows say `lateral … limit 1`, which leaves the planner no other way
 * (measured 2026-11-25, two cores: a lone command took 17 ms instead of 2 with a join planned on empty tables). Nor may a list
 * be sorted: the first ten of 200,000 rows took 80 ms through a bitmap, until the table was analyzed.
 */
export const byKey = {
  // Planning the look-ups anew at each bind took ten times as long as running them.
  options:
    '-c enable_seqscan=off -c enable_bitmapscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off -c plan_cache_mode=force_generic_plan',
} as const;

/** Connections for everything but the writing of batches. */
export function openPool(database: Database, max: number): pg.Pool {
  const settings: pg.PoolConfig = {
    ...clientConfig(database),
    ...byKey,
    max,
    idleTimeoutMillis: 30_000,
    onConnect: endWithClient,
  };
  const pool = new pg.Pool('servers' in database ? { ...settings, Client: database.servers.Client } : settings);
  // A connection that breaks while nobody uses it says so here or nowhere; unheard, it would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => {
    client.on('error', () => {});
  });
  return pool;
}

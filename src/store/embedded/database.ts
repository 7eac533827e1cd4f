import pg from 'pg';
import { sleep } from './process.ts';

interface Address {
  readonly host: string;
  readonly port: number;
  readonly user: string;
}

/** 57P03: the server says it is ready a moment before it takes sessions. */
const isTooEarly = (error: unknown): boolean =>
  ['57P03', 'ECONNREFUSED', 'ENOENT'].includes((error as { code?: string }).code ?? '');

/** Makes the database `name` if it is missing. */
export async function ensureDatabase(address: Address, name: string): Promise<void> {
  for (const end = performance.now() + 10_000; ; await sleep(20)) {
    // PGSSLMODE in the environment would make the driver ask a local socket for TLS.
    const client = new pg.Client({ ...address, database: 'postgres', ssl: false });
    // Without a listener a connection that breaks later ends the process.
    client.on('error', () => {});
    try {
      await client.connect();
      const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
      if (rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
      return;
    } catch (error) {
      if (!isTooEarly(error) || performance.now() > end) throw error;
    } finally {
      await client.end().catch(() => {});
    }
  }
}

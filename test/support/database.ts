import { Client, type QueryResultRow } from 'pg';

/** The PostgreSQL of one test run, see global-setup.ts. */
export interface SharedPostgres {
  readonly host: string; // directory of the Unix socket
  readonly port: number;
  readonly user: string;
  readonly template: string | null; // a migrated, empty database to clone, if there is one
}

/** The form that libpq and the driver both read; the socket's directory cannot stand before the path. */
export function databaseUrl({ host, port, user }: SharedPostgres, database: string): string {
  const query = new URLSearchParams({ host, port: String(port), user });
  return `postgresql:///${database}?${query}`;
}

/** What a statement answers, on a connection of its own. */
export async function asked<Row extends QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

const administer = (postgres: SharedPostgres, statement: string): Promise<unknown> =>
  asked(databaseUrl(postgres, 'postgres'), statement);

/** A fresh database, cloned from the migrated template if there is one. `name` is ours, made of [a-z0-9_]. */
export async function createDatabase(postgres: SharedPostgres, name: string): Promise<void> {
  const template = postgres.template === null ? '' : ` TEMPLATE ${postgres.template}`;
  await administer(postgres, `CREATE DATABASE ${name}${template}`);
}

export async function dropDatabase(postgres: SharedPostgres, name: string): Promise<void> {
  await administer(postgres, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

import { Client } from 'pg';

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

async function administer(postgres: SharedPostgres, statement: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl(postgres, 'postgres') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** A fresh database, cloned from the migrated template if there is one. `name` is ours, made of [a-z0-9_]. */
export async function createDatabase(postgres: SharedPostgres, name: string): Promise<void> {
  const template = postgres.template === null ? '' : ` TEMPLATE ${postgres.template}`;
  await administer(postgres, `CREATE DATABASE ${name}${template}`);
}

export async function dropDatabase(postgres: SharedPostgres, name: string): Promise<void> {
  await administer(postgres, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

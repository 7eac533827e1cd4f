/** A PostgreSQL server on 127.0.0.1, whoever keeps it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

export const roleName = 'evenkeel';
export const databaseName = 'evenkeel';

/** Of every server; what an own PostgreSQL should have for money, at a size for tests. */
export const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'on',
  synchronous_commit: 'on',
  shared_buffers: '64MB',
  max_wal_size: '1GB',
  jit: 'off',
};

export class DatabaseServer {
  readonly name: string;
  readonly port: number;

  constructor(name: string, port: number) {
    this.name = name;
    this.port = port;
  }

  get url(): string {
    return `postgres://${roleName}@127.0.0.1:${this.port}/${databaseName}`;
  }

  async ask(sql: string, database = databaseName): Promise<Record<string, unknown>[]> {
    const client = await this.connect(database);
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async connect(database = databaseName): Promise<Client> {
    const client = new Client({ host: '127.0.0.1', port: this.port, user: roleName, database });
    client.on('error', () => {});
    await client.connect();
    return client;
  }
}

/** What Evenkeel is given: all of them, of which one takes writes. */
export const urlOf = (servers: readonly DatabaseServer[]): string =>
  `postgres://${roleName}@${servers.map(({ port }) => `127.0.0.1:${port}`).join(',')}/${databaseName}?target_session_attrs=read-write`;

/** Whether a server that was given up tells anybody within two seconds that a write is done. */
export async function acknowledgesLate(old: DatabaseServer): Promise<boolean> {
  const client = await old.connect().catch(() => null);
  if (client === null) return false;
  const done = client.query('create table late ()').then(
    () => true,
    () => false,
  );
  const acknowledged = await Promise.race([done, sleep(2000, false)]);
  await client.end().catch(() => {});
  return acknowledged;
}

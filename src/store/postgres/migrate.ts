import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { type Database, newClient } from './connection.ts';

/** The database cannot be used as it is; the message tells the operator why, in one line. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

const directory = new URL('./schema/', import.meta.url);
// Any constant will do that no other program takes a lock on: the letters 'evenkeel' as numbers.
const lockNumber = 0x6576656e;
const oldestServer = 15;

function migrations(): Migration[] {
  return readdirSync(directory)
    .filter((file) => /^\d{4}-[a-z0-9-]+\.sql$/.test(file))
    .sort()
    .map((file) => {
      const sql = readFileSync(new URL(file, directory), 'utf8');
      return {
        number: Number(file.slice(0, 4)),
        name: file.slice(0, -4),
        sql,
        checksum: createHash('sha256').update(sql).digest('hex'),
      };
    });
}

/**
 * Brings the schema up to this version, one file a transaction, while other processes wait their turn.
 *
 * @returns the names of what was applied
 * @throws MigrationError when a released file was changed, the database is newer than this program, or the server too old
 */
export async function migrate(database: Database, onApplied: (name: string) => void = () => {}): Promise<string[]> {
  const client = newClient(database, { query_timeout: 0 });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows: server } = await client.query('show server_version_num');
    const major = Math.floor(Number(server[0].server_version_num) / 10_000);
    if (major < oldestServer)
      throw new MigrationError(`PostgreSQL ${oldestServer} or newer is needed; this is ${major}`);
    await client.query('select pg_advisory_lock($1)', [lockNumber]);
    const { rows: there } = await client.query<{ yes: boolean }>("select to_regclass('migrations') is not null as yes");
    // Even where there is one, making it asks for a right that who only serves need not have.
    if (!there[0]?.yes) {
      await client.query(`create table migrations (
        number integer primary key, name text not null, checksum text not null, applied timestamptz not null default now())`);
    }
    const { rows } = await client.query<{ number: number; name: string; checksum: string }>(
      'select number, name, checksum from migrations order by number',
    );
    const all = migrations();
    for (const done of rows) {
      const known = all.find((migration) => migration.number === done.number);
      if (known === undefined) {
        throw new MigrationError(
          `the database has migration ${done.name}, which this version does not know: use a newer Evenkeel`,
        );
      }
      if (known.checksum !== done.checksum) {
        throw new MigrationError(`migration ${known.name} is not the one that was applied to this database`);
      }
    }
    const applied: string[] = [];
    for (const migration of all.slice(rows.length)) {
      await client.query('begin');
      await client.query(migration.sql);
      await client.query('insert into migrations (number, name, checksum) values ($1, $2, $3)', [
        migration.number,
        migration.name,
        migration.checksum,
      ]);
      await client.query('commit');
      applied.push(migration.name);
      onApplied(migration.name);
    }
    return applied;
  } finally {
    await client.end();
  }
}

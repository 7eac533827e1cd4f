import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { StoredObject } from '../../kernel/kind.ts';
import { type Database, newClient } from './connection.ts';
import { copyOut } from './copy.ts';
import { objectIn, readChanges } from './journal.ts';
import type { Questions } from './session.ts';

/**
 * A book as a file: one line that says what it is, then table by table what `COPY` writes, and last the SHA-256 of all that
 * goes before:
 *
 *     {"format":"evenkeel book","version":2,"schema":"0009-notifications","book":7,…,"rows":{"account_operations":12,…}}
 *     COPY account_operations (book, account, seq, events) FROM stdin;
 *     7	1	1	{12}
 *     \.
 *     …
 *     {"sha256":"…"}
 *
 * Rows are in the order of their primary keys, so the same book is the same file, byte for byte.
 */
export const exportFormat = 'evenkeel book';
export const exportVersion = 2;

/** The first line of an export. */
export interface ExportHeader {
  readonly format: typeof exportFormat;
  readonly version: number;
  /** The last migration of the schema that its tables are of. */
  readonly schema: string;
  readonly book: number;
  /** How the operator's own book has it: its entry in the register. */
  readonly entry: StoredObject;
  readonly operations: number;
  /** The hash of the journal; hexadecimal. */
  readonly hash: string;
  /**
   * By what the encryption key is known that secrets of its webhook endpoints follow from (`proofOf`); hexadecimal. Null when
   * there are no such endpoints.
   */
  readonly key: string | null;
  /** Rows of each table. */
  readonly rows: Readonly<Record<string, number>>;
}

/** A file that cannot be made, or that cannot be taken in; the message tells the operator why, in one line. */
export class TransferError extends Error {
  override readonly name = 'TransferError';
}

/** A table that has something of a book, as its part of an export. */
export interface BookTable {
  readonly name: string;
  /** The book's number first. */
  readonly columns: readonly string[];
  /** What the rows are sorted by. */
  readonly order: string;
}

/** Columns that say which server is at work on something: they mean nothing anywhere else. */
const ofServers: readonly string[] = ['webhook_queues.owner'];

/** All tables with a book's number in them, by name; so a new one is exported from the day it is made. */
export async function bookTables(client: Questions): Promise<readonly BookTable[]> {
  const { rows } = await client.query<{ name: string; columns: string[]; order: string[] }>(
    `select c.relname::text as name,
            (select array_agg(a.attname::text order by a.attname <> 'book', a.attnum) from pg_attribute a
             where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
            (select array_agg(a.attname || case when a.atttypid = 'text'::regtype then ' collate "C"' else '' end order by k.n)
             from pg_index i cross join lateral unnest(i.indkey::smallint[]) with ordinality as k(attnum, n)
             join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
             where i.indrelid = c.oid and i.indisprimary) as "order"
     from pg_class c
     where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'book')
     order by c.relname collate "C"`,
  );
  return rows.map(({ name, columns, order }) => ({
    name,
    columns: columns.filter((column) => !ofServers.includes(`${name}.${column}`)),
    order: order.join(', '),
  }));
}

/** The line before a table's rows. */
export const heading = ({ name, columns }: BookTable): string => `COPY ${name} (${columns.join(', ')}) FROM stdin;`;
export const endOfRows = '\\.';

export async function schemaOf(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ name: string }>('select name from migrations order by number desc limit 1');
  return rows[0]?.name ?? '';
}

/** A connection on which statements may take as long as they like, and texts are spelled the same everywhere. */
export async function connectForTransfer(database: Database): Promise<pg.Client> {
  const client = newClient(database, { query_timeout: 0 });
  client.on('error', () => {});
  await client.connect();
  await client.query(`set client_encoding = 'UTF8'; set bytea_output = 'hex'; set statement_timeout = 0`);
  return client;
}

/**
 * The bytes of a book, in pieces. All of one moment, while servers go on writing.
 *
 * @param register the number of the operators' book, where the entry of this one stands
 * @throws TransferError when there is no such book
 */
export async function* exportBook(
  database: Database,
  { book, register }: { readonly book: number; readonly register: number },
): AsyncGenerator<Buffer> {
  const client = await connectForTransfer(database);
  try {
    await client.query('begin transaction isolation level repeatable read read only');
    const tables = await bookTables(client);
    const header = await headerOf(client, { book, register, tables });
    const digest = createHash('sha256');
    const hashed = (piece: Buffer): Buffer => {
      digest.update(piece);
      return piece;
    };
    yield hashed(Buffer.from(`${JSON.stringify(header)}\n`));
    for (const table of tables) {
      yield hashed(Buffer.from(`${heading(table)}\n`));
      const sql = `copy (select ${table.columns.join(', ')} from ${table.name} where book = ${book} order by ${table.order}) to stdout`;
      for await (const piece of copyOut(client, sql)) yield hashed(piece);
      yield hashed(Buffer.from(`${endOfRows}\n`));
    }
    await client.query('commit');
    yield Buffer.from(`${JSON.stringify({ sha256: digest.digest('hex') })}\n`);
  } finally {
    await client.end();
  }
}

async function headerOf(
  client: pg.Client,
  {
    book,
    register,
    tables,
  }: { readonly book: number; readonly register: number; readonly tables: readonly BookTable[] },
): Promise<ExportHeader> {
  const { rows: books } = await client.query<{ version: number; hash: string }>(
    `select version, encode(hash, 'hex') as hash from books where book = $1`,
    [book],
  );
  const birth = { seq: book, pos: 0 };
  const { rows: entries } = await client.query<{ changes: string }>(
    `select op.changes from objects o join operations op on op.book = o.book and op.seq = o.changed
     where o.book = $1 and o.seq = $2 and o.pos = $3`,
    [register, birth.seq, birth.pos],
  );
  const entry = entries[0] === undefined ? null : objectIn(readChanges(entries[0].changes), register, birth);
  if (books[0] === undefined || entry === null) throw new TransferError('there is no such platform in this database');
  const rows: Record<string, number> = {};
  for (const { name } of tables) {
    const { rows: counts } = await client.query<{ n: number }>(`select count(*) as n from ${name} where book = $1`, [
      book,
    ]);
    rows[name] = counts[0]?.n ?? 0;
  }
  const { version: operations, hash } = books[0];
  const schema = await schemaOf(client);
  const key = (await needsKey(client, book)) ? await keyProofOf(client) : null;
  return { format: exportFormat, version: exportVersion, schema, book, entry, operations, hash, key, rows };
}

/** Whether the book has webhook endpoints (kind 30) whose secret is not stored with them. */
async function needsKey(client: pg.Client, book: number): Promise<boolean> {
  const { rows } = await client.query<{ seq: number; pos: number; changes: string }>(
    `select o.seq, o.pos, op.changes from objects o join operations op on op.book = o.book and op.seq = o.changed
     where o.book = $1 and o.kind = 30`,
    [book],
  );
  return rows.some(({ seq, pos, changes }) => {
    const endpoint = objectIn(readChanges(changes), book, { seq, pos }) as EndpointSecret | null;
    return endpoint !== null && endpoint.deleted === undefined && endpoint.secret === undefined;
  });
}

interface EndpointSecret extends StoredObject {
  /** Of older versions only. */
  readonly secret?: string;
  readonly deleted?: true;
}

/** @returns null in a database that no server was started on */
export async function keyProofOf(client: pg.Client): Promise<string | null> {
  const { rows } = await client.query<{ proof: string }>(`select encode(proof, 'hex') as proof from encryption_key`);
  return rows[0]?.proof ?? null;
}

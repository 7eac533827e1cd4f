/**
 * Destination charges as they are usually written, to compare with: a request is a transaction of its own, which locks the
 * balances it moves, looks things up, inserts table by table, and commits. It leaves the same rows as ours does, in tables
 * of the same shape, with the same keys and indexes; it has no rules and renders nothing, but answers the bytes of a charge
 * that was made before.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import pg from 'pg';
import { birthOf } from '../../src/kernel/id.ts';

/** What is told on the command line, as JSON. */
export interface PlainSettings {
  readonly url: string;
  readonly port: number;
  readonly book: number;
  /** The charge whose rows are written again for each request, and what it was answered. */
  readonly charge: { readonly seq: number; readonly destination: string; readonly body: string };
}

const tables = ['operations', 'objects', 'balance_transactions', 'account_operations', 'idempotency_keys'] as const;
const connections = 16;
/** Columns that hold the number of the operation. */
const numbered = new Set(['seq', 'changed', 'source_seq']);

type Row = Readonly<Record<string, string | null>>;

interface Table {
  readonly insert: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

const { url, port, book, charge } = JSON.parse(process.argv[2] ?? '') as PlainSettings;
const pool = new pg.Pool({ connectionString: url, max: connections });
const seqOf = (account: string): string => String(birthOf(account, book)?.seq);
const seller = seqOf(charge.destination);

/** The rows that the charge left in a table, as text, and the statement that writes as many. */
async function prepare(table: string): Promise<Table> {
  await pool.query(`create table plain.${table} (like ${table} including all)`);
  const { rows: names } = await pool.query<{ name: string }>(
    `select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
    [table],
  );
  const columns = names.map(({ name }) => name);
  const { rows } = await pool.query<Row>(
    `select ${columns.map((name) => `${name}::text`).join(', ')} from ${table} where book = $1 and seq = $2`,
    [book, charge.seq],
  );
  const values = rows.map((_, i) => `(${columns.map((_, j) => `$${i * columns.length + j + 1}`).join(', ')})`);
  return { insert: `insert into plain.${table} (${columns.join(', ')}) values ${values.join(', ')}`, columns, rows };
}

await pool.query('create schema plain');
await pool.query('create sequence plain.numbers start 1000000000');
const prepared = new Map<string, Table>();
for (const table of tables) prepared.set(table, await prepare(table));
for (const table of ['balances', 'maturing']) {
  await pool.query(`create table plain.${table} (like ${table} including all)`);
  await pool.query(`insert into plain.${table} select * from ${table} where book = $1`, [book]);
}

async function make(destination: string): Promise<void> {
  const to = seqOf(destination);
  const client = await pool.connect();
  const ask = (name: string, text: string, values: unknown[]) => client.query<Row>({ name, text, values });
  try {
    await client.query('begin');
    const key = randomUUID();
    await ask('key', 'select seq from plain.idempotency_keys where book = $1 and key_hash = $2', [book, key]);
    await ask(
      'account',
      'select o.changes from objects a join operations o on o.book = a.book and o.seq = a.changed where a.book = $1 and a.seq = $2 and a.pos = 0',
      [book, to],
    );
    // In the order of their numbers, or two requests could wait for each other.
    await ask(
      'lock',
      'select * from plain.balances where book = $1 and account in (1, $2) order by account for update',
      [book, to],
    );
    const { rows: next } = await ask('number', `select nextval('plain.numbers')::text as seq`, []);
    const seq = next[0]?.seq ?? null;
    for (const [table, { insert, columns, rows }] of prepared) {
      const values = rows.flatMap((row) =>
        columns.map((column) => {
          const value = row[column] ?? null;
          if (column === 'key_hash') return key;
          if (column === 'account') return value === seller ? to : value;
          return numbered.has(column) && value === String(charge.seq) ? seq : value;
        }),
      );
      await ask(table, insert, values);
    }
    await ask(
      'balances',
      'update plain.balances set available = available + 1 where book = $1 and account in (1, $2)',
      [book, to],
    );
    await ask('maturing', 'update plain.maturing set amount = amount + 1 where book = $1 and account in (1, $2)', [
      book,
      to,
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

createServer(async (request, response) => {
  let status = 200;
  let body = charge.body;
  try {
    if (request.method === 'POST') await make((await formOf(request)).get('transfer_data[destination]') ?? '');
  } catch (error) {
    status = 500;
    body = String(error);
  }
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}).listen(port, '127.0.0.1');

process.on('SIGTERM', () => process.exit());

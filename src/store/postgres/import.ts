import { createHash, type Hash } from 'node:crypto';
import type pg from 'pg';
import { birthOf } from '../../kernel/id.ts';
import type { Store } from '../store.ts';
import { auditBook, onOne } from './audit.ts';
import type { Kinds } from './audit-journal.ts';
import type { Database } from './connection.ts';
import { copyIn } from './copy.ts';
import { proofOf } from './encryption-key.ts';
import {
  type BookTable,
  bookTables,
  connectForTransfer,
  type ExportHeader,
  endOfRows,
  exportFormat,
  exportVersion,
  heading,
  keyProofOf,
  schemaOf,
  TransferError,
} from './export.ts';
import { storeOn } from './postgres.ts';

// Any constant will do that no other program locks with: the letters 'book' as numbers.
const lockNumber = 0x626f6f6b;
const newline = 10;
const carriageReturn = 13;
const backslash = 92;
/** What COPY writes after a backslash. A dot there would tell a reader that rows end. */
const escapes: ReadonlySet<number | undefined> = new Set(Buffer.from('\\bfnrtvN'));
/** Longer than any row is. */
const lineBytesMax = 64 * 1024 * 1024;
const useWriter =
  'import it with the Evenkeel that wrote it, into a database of its own, and let this one bring that up to date';
export const altered = 'the file is not as it was exported: it was cut off or changed';

export interface Imported {
  readonly header: ExportHeader;
  readonly keysLeftOut: number;
  /** The database can be used with the encryption key of the old place only, from now on. */
  readonly keyIsNew: boolean;
}

/**
 * Takes a book in that `exportBook` wrote, whole or not at all. Nothing is committed before the last line has proved all
 * lines before it.
 *
 * @param kinds what objects the book may have
 * @param register the number of the operators' book, which `adopt` writes to
 * @param withoutKey the hash of a key of the API that is not taken along, hexadecimal; or null
 * @param encryptionKey that the database is to be used with, where it is known
 * @param adopt enters the book there, in the same transaction, of which it is given a store
 * @throws TransferError
 */
export async function importBook(
  database: Database,
  file: AsyncIterable<Buffer>,
  {
    kinds,
    register,
    withoutKey,
    encryptionKey = null,
    adopt,
  }: {
    readonly kinds: Kinds;
    readonly register: number;
    readonly withoutKey: string | null;
    readonly encryptionKey?: Buffer | null;
    readonly adopt: (header: ExportHeader, store: Store) => Promise<void>;
  },
): Promise<Imported> {
  const lines = new Lines(file);
  const client = await connectForTransfer(database);
  try {
    const header = readHeader(await lines.line(), register);
    await checkSchema(client, header);
    await client.query('begin');
    // One import of a number at a time.
    await client.query('select pg_advisory_xact_lock($1, $2)', [lockNumber, header.book]);
    const tables = await bookTables(client);
    await checkFree(client, header, tables);
    const keyIsNew = await takeKey(client, header, encryptionKey);
    for (const table of tables) await importTable(client, header, table, lines);
    const digest = lines.digest();
    if ((await lines.line()) !== JSON.stringify({ sha256: digest }) || !(await lines.atEnd()))
      throw new TransferError(altered);
    // What the planner knows of these tables is of before.
    await client.query(`analyze ${tables.map(({ name }) => name).join(', ')}`);
    await checkBook(client, header, kinds);
    await rewriteMessages(client, header);
    const { rowCount } = await client.query(`delete from api_keys where book = $1 and key_hash = decode($2, 'hex')`, [
      header.book,
      withoutKey,
    ]);
    // Others that write to the register wait for us, and then find that it moved on.
    await client.query('select from books where book = $1 for update', [register]);
    await adopt(header, storeOn(client));
    await client.query('commit');
    return { header, keysLeftOut: rowCount ?? 0, keyIsNew };
  } finally {
    // Not committed: the database undoes it when the connection ends.
    await client.end();
  }
}

function readHeader(line: string, register: number): ExportHeader {
  // The magic number of gzip and its only method (1f 8b 08), as it reads when taken for text.
  if (line.startsWith('\u001f\ufffd\b'))
    throw new TransferError('the file is compressed: gunzip -c FILE | evenkeel import -');
  let header: ExportHeader;
  try {
    header = JSON.parse(line) as ExportHeader;
  } catch {
    throw new TransferError('the file is no export of Evenkeel');
  }
  if (header?.format !== exportFormat) throw new TransferError('the file is no export of Evenkeel');
  if (!isCount(header.version)) throw new TransferError(altered);
  if (header.version !== exportVersion) {
    const advice = header.version > exportVersion ? 'use a newer Evenkeel' : useWriter;
    throw new TransferError(`the file is of format ${header.version}, this version reads ${exportVersion}: ${advice}`);
  }
  const { schema, book, entry, operations, hash, key, rows } = header;
  const isWhole =
    /^\d{4}-[a-z-]+$/.test(schema) &&
    isCount(book) &&
    book > 0 &&
    birthOf(String(entry?.id), register)?.seq === book &&
    isCount(operations) &&
    /^[0-9a-f]{64}$/.test(hash) &&
    (key === null || /^[0-9a-f]{64}$/.test(key)) &&
    rows !== null &&
    typeof rows === 'object' &&
    Object.values(rows).every(isCount);
  if (!isWhole) throw new TransferError(altered);
  return header;
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

async function checkSchema(client: pg.Client, header: ExportHeader): Promise<void> {
  const schema = await schemaOf(client);
  if (schema === header.schema) return;
  const advice = header.schema > schema ? 'use a newer Evenkeel' : useWriter;
  throw new TransferError(`the file has tables of ${header.schema}, this version those of ${schema}: ${advice}`);
}

async function checkFree(client: pg.Client, { book }: ExportHeader, tables: readonly BookTable[]): Promise<void> {
  const { rows } = await client.query('select from books where book = $1', [book]);
  if (rows.length > 0) {
    throw new TransferError(
      `this database has a platform of number ${book} already, and every id spells that number: import into a database where it is free`,
    );
  }
  for (const { name } of tables) {
    const { rows: strays } = await client.query(`select from ${name} where book = $1 limit 1`, [book]);
    if (strays.length > 0) {
      throw new TransferError(
        `this database has rows of a platform of number ${book} in ${name}, and no such platform: evenkeel audit tells of them`,
      );
    }
  }
}

/**
 * Endpoints must go on being signed to with their secrets. So a database without an encryption key takes over that of the
 * platform, by its proof alone: the next start has to bring the key.
 *
 * @returns whether it did
 */
async function takeKey(client: pg.Client, { key }: ExportHeader, given: Buffer | null): Promise<boolean> {
  if (key === null) return false;
  const here = await keyProofOf(client);
  const other = here ?? (given === null ? key : proofOf(given).toString('hex'));
  if (other !== key) {
    throw new TransferError(
      `the secrets of the platform's webhook endpoints follow from another encryption key than ${here === null ? 'EVENKEEL_ENCRYPTION_KEY' : "this database's"}: bring that of the old place along, or delete the endpoints before the export`,
    );
  }
  if (here !== null) return false;
  await client.query(`insert into encryption_key (proof) values (decode($1, 'hex'))`, [key]);
  return true;
}

async function importTable(
  client: pg.Client,
  { book, rows }: ExportHeader,
  table: BookTable,
  lines: Lines,
): Promise<void> {
  if ((await lines.line()) !== heading(table)) throw new TransferError(altered);
  // Whatever the rows say, those of another book are not written.
  const sql = `copy ${table.name} (${table.columns.join(', ')}) from stdin where book = ${book}`;
  const count = rows[table.name] ?? 0;
  let written: number;
  try {
    written = await copyIn(client, sql, lines.rows(`${book}\t`, count));
  } catch (error) {
    throw refusedRow(error, table);
  }
  if (written !== count || (await lines.line()) !== endOfRows) throw new TransferError(altered);
}

/** Rows that the tables refuse. Those of another platform may be in the way although the number is free: keys of the API. */
function refusedRow(error: unknown, { name }: BookTable): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === '23505' && name === 'api_keys')
    return new TransferError('a key of the platform opens another platform of this database: revoke it there first');
  // Class 22: a value is none of its type; 23: a check. The last line would have told the same.
  return /^2[23]/.test(code) ? new TransferError(altered) : error;
}

/** The header against the book's row, and the book against itself: what comes in is as good as what is here. */
async function checkBook(client: pg.Client, { book, operations, hash }: ExportHeader, kinds: Kinds): Promise<void> {
  const { rows } = await client.query(
    `select from books where book = $1 and version = $2 and hash = decode($3, 'hex')`,
    [book, operations, hash],
  );
  if (rows.length !== 1) throw new TransferError(altered);
  await auditBook(onOne(client), book, kinds, (promise, row, says) => {
    throw new TransferError(`the books in the file are wrong: ${promise}: ${row}: ${says}`);
  });
}

/**
 * Messages that wait are mailed in the operator's name, and whatever a file says can have its seal. So none is taken over: the
 * cursor goes back before them, and the server writes them anew from the journal. Where there is a message, none is written.
 */
async function rewriteMessages(client: pg.Client, { book }: ExportHeader): Promise<void> {
  await client.query(
    `with waiting as (delete from messages where book = $1 and status = 0 returning seq)
     update notification_cursors set seq = least(seq, (select min(seq) from waiting) - 1) where book = $1`,
    [book],
  );
}

/** A file as lines and as runs of rows; whatever was handed out went into the digest. */
class Lines {
  readonly #source: AsyncIterator<Buffer>;
  readonly #digest: Hash = createHash('sha256');
  #rest: Buffer = Buffer.alloc(0);
  #ended = false;

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Reads on to the end of a line at least. Answers whether there is one. @throws TransferError when it is too long */
  async #more(): Promise<boolean> {
    const pieces = [this.#rest];
    let bytes = this.#rest.length;
    let ends = false;
    // Put together once: a long line that came in many pieces would otherwise be copied as often.
    while (!ends) {
      const { value, done } = await this.#source.next();
      if (done) {
        this.#ended = true;
        break;
      }
      pieces.push(value);
      bytes += value.length;
      ends = value.includes(newline);
      if (!ends && bytes > lineBytesMax) throw new TransferError(altered);
    }
    this.#rest = Buffer.concat(pieces);
    return ends;
  }

  #take(bytes: number): Buffer {
    const taken = this.#rest.subarray(0, bytes);
    this.#rest = this.#rest.subarray(bytes);
    this.#digest.update(taken);
    return taken;
  }

  /** The next line, without its end. @throws TransferError when there is none, or it has no end */
  async line(): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf(newline);
      if (end >= 0) return this.#take(end + 1).toString('utf8', 0, end);
      if (!(await this.#more())) throw new TransferError(altered);
    }
  }

  /** So many rows as COPY writes them, in pieces, each of which begins with `start`. */
  async *rows(start: string, count: number): AsyncGenerator<Buffer> {
    const first = Buffer.from(start);
    let left = count;
    while (left > 0) {
      let end = 0;
      while (left > 0) {
        const next = this.#rest.indexOf(newline, end);
        if (next < 0) break;
        if (!this.#rest.subarray(end, end + first.length).equals(first)) throw new TransferError(altered);
        end = next + 1;
        left--;
      }
      if (end > 0) {
        const rows = this.#take(end);
        if (!isAsWritten(rows)) throw new TransferError(altered);
        yield rows;
      }
      if (left > 0 && !(await this.#more())) throw new TransferError(altered);
    }
  }

  /** The SHA-256 of all that was handed out so far; hexadecimal. */
  digest(): string {
    return this.#digest.copy().digest('hex');
  }

  async atEnd(): Promise<boolean> {
    while (this.#rest.length === 0 && !this.#ended) await this.#more();
    return this.#rest.length === 0;
  }
}

/**
 * Whether a reader finds the rows that we find. COPY takes a carriage return for the end of a row, or `\.` for that of all rows,
 * where it finds one as it is; it never writes either.
 */
function isAsWritten(rows: Buffer): boolean {
  if (rows.includes(carriageReturn)) return false;
  for (let at = rows.indexOf(backslash); at >= 0; at = rows.indexOf(backslash, at + 2))
    if (!escapes.has(rows[at + 1])) return false;
  return true;
}

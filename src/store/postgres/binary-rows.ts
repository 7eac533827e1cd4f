import type { Socket } from 'node:net';
import type pg from 'pg';
import type { Session } from './session.ts';

/**
 * Rows as the bytes that the database sends, for whoever reads very many: nothing is made of a row before somebody looks at a
 * column, and many rows are compared at once. The driver would make a text of every column first.
 *
 * A row is a message of PostgreSQL's protocol: `D`, the length of what follows (4 bytes, this one's included), the number of
 * columns (2), and for each column its length (4, or -1 for null) and its value: integers with their highest byte first, texts
 * and bytes as they are.
 */

const dataRow = 'D'.charCodeAt(0);
const readyForQuery = 'Z'.charCodeAt(0);
const messageHead = 5;
const rowHead = messageHead + 2;

const initialBytes = 65_536;

/** The driver's connection, as far as it is read from; its published types leave this out. */
interface Wire {
  readonly stream: Socket;
  query(text: string): void;
}

type Listener = (bytes: Buffer) => void;

/**
 * A statement whose rows stay bytes. While it runs, what comes in passes through here: rows are kept, all other messages go
 * on to the driver.
 */
class Statement implements pg.Submittable {
  readonly over: Promise<Buffer>;
  readonly #sql: string;
  #bytes: Buffer;
  #end = 0;
  /** Up to where the messages are looked at. */
  #seen = 0;
  #succeed: (rows: Buffer) => void = () => {};
  #fail: (error: Error) => void = () => {};

  /** @param memory where the rows go while there is room */
  constructor(sql: string, memory: Buffer) {
    this.#sql = sql;
    this.#bytes = memory;
    this.over = new Promise((resolve, reject) => {
      this.#succeed = resolve;
      this.#fail = reject;
    });
  }

  submit(connection: pg.Connection): void {
    const { stream, query } = connection as unknown as Wire;
    const driver = stream.listeners('data') as Listener[];
    const toDriver: Listener = (bytes) => {
      for (const listener of driver) listener(bytes);
    };
    const listener: Listener = (chunk) => {
      this.#append(chunk);
      const isOver = this.#sort(toDriver);
      if (isOver === null) return;
      stream.removeListener('data', listener);
      for (const each of driver) stream.on('data', each);
      toDriver(isOver);
    };
    stream.removeAllListeners('data');
    stream.on('data', listener);
    query.call(connection, this.#sql);
  }

  #append(chunk: Buffer): void {
    if (this.#end + chunk.length > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(this.#end + chunk.length, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, this.#end);
      this.#bytes = larger;
    }
    chunk.copy(this.#bytes, this.#end);
    this.#end += chunk.length;
  }

  /**
   * Takes messages that are no rows out from between the rows.
   *
   * @returns the message that ends it all, when it is there, and what came after it: the database may say more unasked
   */
  #sort(toDriver: Listener): Buffer | null {
    while (this.#seen + messageHead <= this.#end) {
      const type = this.#bytes[this.#seen];
      const next = this.#seen + 1 + int32At(this.#bytes, this.#seen + 1);
      if (next > this.#end) return null;
      if (type === dataRow) {
        this.#seen = next;
        continue;
      }
      const to = type === readyForQuery ? this.#end : next;
      const message = Buffer.from(this.#bytes.subarray(this.#seen, to));
      this.#bytes.copyWithin(this.#seen, to, this.#end);
      this.#end -= message.length;
      if (type === readyForQuery) return message;
      toDriver(message);
    }
    return null;
  }

  handleError(error: Error): void {
    this.#fail(error);
  }
  handleReadyForQuery(): void {
    this.#succeed(this.#bytes.subarray(0, this.#end));
  }
  handleCommandComplete(): void {}
  handleRowDescription(): void {}
  handleDataRow(): void {}
}

/**
 * The rows of a query, few in memory at a time: while some are looked at, the database makes the next. Several may be read
 * in turn on one connection, in a transaction.
 */
export class BinaryCursor {
  readonly #session: Session;
  readonly #name: string;
  readonly #rowsAtOnce: number;
  #ahead: Promise<Buffer>;
  readonly #spare: Buffer[] = [];

  private constructor(session: Session, name: string, rowsAtOnce: number) {
    this.#session = session;
    this.#name = name;
    this.#rowsAtOnce = rowsAtOnce;
    this.#ahead = this.#fetch(initialBytes);
  }

  static async open(
    session: Session,
    { name, sql, values, rowsAtOnce }: { name: string; sql: string; values: unknown[]; rowsAtOnce: number },
  ): Promise<BinaryCursor> {
    await session.query(`declare ${name} binary no scroll cursor for ${sql}`, values);
    return new BinaryCursor(session, name, rowsAtOnce);
  }

  #fetch(bytes: number): Promise<Buffer> {
    const sql = `fetch ${this.#rowsAtOnce} from ${this.#name}`;
    const memory = this.#spare.pop() ?? Buffer.allocUnsafeSlow(bytes);
    const fetched = this.#session.inTurn((client) => client.query(new Statement(sql, memory)).over);
    // Whoever waits hears it; nobody need wait.
    fetched.catch(() => {});
    return fetched;
  }

  /** Takes rows back that nobody looks at any more. New memory for all would have the garbage collector run all the time. */
  reuse(rows: Uint8Array): void {
    this.#spare.push(Buffer.from(rows.buffer));
  }

  /** The next rows, one after the other, in memory of their own; none when there are no more. */
  async next(): Promise<Buffer> {
    const rows = await this.#ahead;
    // Whoever asks again after the last gets other memory, too: it may have been handed to another thread.
    if (rows.length === 0) return Buffer.allocUnsafeSlow(0);
    // Most are about as many bytes as those before.
    this.#ahead = this.#fetch(Math.ceil(rows.length * 1.25));
    return rows;
  }

  async close(): Promise<void> {
    await this.#session.query(`close ${this.#name}`);
  }
}

const high = 2 ** 32;

// The methods of Buffer check what they are given, which takes several times as long.
const int32At = (bytes: Buffer, at: number): number =>
  ((bytes[at] as number) << 24) |
  ((bytes[at + 1] as number) << 16) |
  ((bytes[at + 2] as number) << 8) |
  (bytes[at + 3] as number);

function putInt32(bytes: Buffer, at: number, value: number): void {
  bytes[at] = value >> 24;
  bytes[at + 1] = value >> 16;
  bytes[at + 2] = value >> 8;
  bytes[at + 3] = value;
}

function putInt16(bytes: Buffer, at: number, value: number): void {
  bytes[at] = value >> 8;
  bytes[at + 1] = value;
}

/** Beyond safe integers the nearest number. */
const bigintAt = (bytes: Buffer, at: number): number => int32At(bytes, at) * high + (int32At(bytes, at + 4) >>> 0);

/** A bigint or a shorter integer of a row. @throws RangeError when no safe integer is it */
function integerAt(bytes: Buffer, at: number, size: number): number {
  if (size === 8) {
    const value = bigintAt(bytes, at);
    if (Number.isSafeInteger(value)) return value;
  } else if (size === 4) return int32At(bytes, at);
  else if (size === 2) return bytes.readInt16BE(at);
  throw new RangeError(`${bytes.toString('hex', at, at + Math.max(0, size))} is not a safe integer`);
}

/** The elements of an array of integers, which has no nulls. */
function integersAt(bytes: Buffer, at: number): number[] {
  const dimensions = int32At(bytes, at);
  if (dimensions === 0) return [];
  if (dimensions !== 1) throw new RangeError('an array of arrays');
  const integers = new Array<number>(int32At(bytes, at + 12));
  let next = at + 20;
  for (let i = 0; i < integers.length; i++) {
    const size = int32At(bytes, next);
    integers[i] = integerAt(bytes, next + 4, size);
    next += 4 + size;
  }
  return integers;
}

/** One row among others: where its columns are. */
export class BinaryRow {
  bytes: Buffer = Buffer.alloc(0);
  /** Where the row begins and the next one would. */
  from = 0;
  to = 0;
  /** Where each column begins, and how long it is: -1 for null. */
  readonly at: number[] = [];
  readonly size: number[] = [];

  read(bytes: Buffer, from: number): void {
    this.bytes = bytes;
    this.from = from;
    this.to = endOfRow(bytes, from);
    let next = from + rowHead;
    for (let i = 0; next < this.to; i++) {
      const size = int32At(bytes, next);
      next += 4;
      this.at[i] = next;
      this.size[i] = size;
      if (size > 0) next += size;
    }
  }

  integer(column: number): number {
    return integerAt(this.bytes, this.at[column] as number, this.size[column] as number);
  }

  /** Of a bigint, whatever its value: beyond safe integers the nearest number. */
  nearest(column: number): number {
    return bigintAt(this.bytes, this.at[column] as number);
  }

  /** An integer of any size and value, spelled. */
  digits(column: number): string {
    const at = this.at[column] as number;
    return this.size[column] === 8 ? String(this.bytes.readBigInt64BE(at)) : String(this.integer(column));
  }

  integers(column: number): number[] {
    return integersAt(this.bytes, this.at[column] as number);
  }

  isNull(column: number): boolean {
    return (this.size[column] as number) < 0;
  }

  /** Of bytes. */
  hexadecimal(column: number): string {
    const at = this.at[column] as number;
    return this.bytes.toString('hex', at, at + (this.size[column] as number));
  }

  /** Empty for null. */
  text(column: number): string {
    const at = this.at[column] as number;
    return this.bytes.toString('utf8', at, at + Math.max(0, this.size[column] as number));
  }
}

export const endOfRow = (bytes: Buffer, from: number): number => from + 1 + int32At(bytes, from + 1);

/** Where the rows end, from `from` on, whose first column, a bigint, is at most `last`. */
export function endOfRowsUpTo(bytes: Buffer, from: number, last: number): number {
  let at = from;
  while (at < bytes.length && bigintAt(bytes, at + rowHead + 4) <= last) at = endOfRow(bytes, at);
  return at;
}

/** Bytes put together, row by row or in runs of rows: written as the database sends them. */
export class BinaryRows {
  #bytes = Buffer.allocUnsafeSlow(initialBytes);
  length = 0;
  #row = 0;

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
    this.#row = 0;
  }

  #room(bytes: number): Buffer {
    if (this.length + bytes > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(this.length + bytes, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, this.length);
      this.#bytes = larger;
    }
    return this.#bytes;
  }

  append(bytes: Buffer, from: number, to: number): void {
    bytes.copy(this.#room(to - from), this.length, from, to);
    this.length += to - from;
  }

  begin(columns: number): void {
    const bytes = this.#room(rowHead);
    this.#row = this.length;
    bytes[this.length] = dataRow;
    putInt16(bytes, this.length + messageHead, columns);
    this.length += rowHead;
  }

  end(): void {
    putInt32(this.#bytes, this.#row + 1, this.length - this.#row - 1);
    this.#row = this.length;
  }

  /** Takes back a row that was begun and did not come to its end. */
  undo(): void {
    this.length = this.#row;
  }

  bigint(value: number): void {
    if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a safe integer`);
    const bytes = this.#room(12);
    putInt32(bytes, this.length, 8);
    const top = Math.floor(value / high);
    putInt32(bytes, this.length + 4, top);
    putInt32(bytes, this.length + 8, value - top * high);
    this.length += 12;
  }

  integer(value: number): void {
    if (value !== value >> 0) throw new RangeError(`${value} is no integer`);
    const bytes = this.#room(8);
    putInt32(bytes, this.length, 4);
    putInt32(bytes, this.length + 4, value);
    this.length += 8;
  }

  smallint(value: number): void {
    if (value !== (value << 16) >> 16) throw new RangeError(`${value} is no smallint`);
    const bytes = this.#room(6);
    putInt32(bytes, this.length, 2);
    putInt16(bytes, this.length + 4, value);
    this.length += 6;
  }

  null(): void {
    putInt32(this.#room(4), this.length, -1);
    this.length += 4;
  }

  text(bytes: Buffer, from = 0, to = bytes.length): void {
    const room = this.#room(4 + to - from);
    putInt32(room, this.length, to - from);
    this.length += 4;
    // A call costs more than the few bytes of most texts.
    for (let i = from; i < to; i++) room[this.length++] = bytes[i] as number;
  }

  smallints(values: readonly number[]): void {
    const isEmpty = values.length === 0;
    const bytes = this.#room(24 + 6 * values.length);
    const start = this.length;
    putInt32(bytes, start, isEmpty ? 12 : 20 + 6 * values.length);
    putInt32(bytes, start + 4, isEmpty ? 0 : 1);
    putInt32(bytes, start + 8, 0);
    putInt32(bytes, start + 12, smallintType);
    this.length += 16;
    if (isEmpty) return;
    putInt32(bytes, start + 16, values.length);
    putInt32(bytes, start + 20, 1);
    this.length += 8;
    for (const value of values) this.smallint(value);
  }
}

/** The number of the type smallint in every PostgreSQL. */
const smallintType = 21;

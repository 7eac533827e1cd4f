import { hash } from 'node:crypto';
import type { BinaryRow } from './binary-rows.ts';

/** The columns of an operation: those that its hash takes in (see `chain`), in that order; the hash; what stands beside it. */
export const column = {
  seq: 0,
  time: 1,
  command: 2,
  account: 3,
  request: 4,
  key: 5,
  path: 6,
  fingerprint: 7,
  legs: 8,
  status: 9,
  body: 10,
  changes: 11,
  hash: 12,
  key_day: 13,
} as const;

const newline = '\n'.charCodeAt(0);
const comma = ','.charCodeAt(0);
const minus = '-'.charCodeAt(0);
const zero = '0'.charCodeAt(0);
const hexDigits = Buffer.from('0123456789abcdef');
/** Below it numbers are quick to divide. */
const billion = 1_000_000_000;
/** More than any integer has, with its comma. */
const digitsMax = 20;

/** What `chain` hashes, put together from the bytes of an operation's row: no text is made of them first. */
export class ChainedBytes {
  #bytes = Buffer.allocUnsafeSlow(65_536);
  #length = 0;

  /** The hash of an operation that follows one with the hash `before`; hexadecimal. */
  hash(before: string, row: BinaryRow, legs: readonly number[]): string {
    const room = row.to - row.from + (legs.length + 8) * digitsMax + before.length;
    if (room > this.#bytes.length) this.#bytes = Buffer.allocUnsafeSlow(2 * room);
    this.#length = this.#bytes.write(before, 'latin1');
    this.#integer(row, column.seq);
    this.#integer(row, column.time);
    this.#text(row, column.command);
    this.#integer(row, column.account);
    this.#text(row, column.request);
    this.#text(row, column.key);
    this.#text(row, column.path);
    this.#hexadecimal(row, column.fingerprint);
    this.#integers(legs);
    this.#integer(row, column.status);
    this.#text(row, column.body);
    this.#text(row, column.changes);
    return hash('sha256', this.#bytes.subarray(0, this.#length), 'hex');
  }

  #integer(row: BinaryRow, at: number): void {
    this.#bytes[this.#length++] = newline;
    this.#digits(row.integer(at));
  }

  #integers(values: readonly number[]): void {
    this.#bytes[this.#length++] = newline;
    for (let i = 0; i < values.length; i++) {
      if (i > 0) this.#bytes[this.#length++] = comma;
      this.#digits(values[i] as number);
    }
  }

  #digits(value: number): void {
    if (value < 0) this.#bytes[this.#length++] = minus;
    const size = Math.abs(value);
    if (size < billion) {
      let digits = 1;
      for (let limit = 10; limit <= size; limit *= 10) digits++;
      this.#small(size, digits);
    } else {
      const high = Math.floor(size / billion);
      this.#digits(high);
      this.#small(size - high * billion, 9);
    }
  }

  #small(value: number, digits: number): void {
    let rest = value | 0;
    for (let at = this.#length + digits - 1; at >= this.#length; at--) {
      const next = (rest / 10) | 0;
      this.#bytes[at] = zero + rest - next * 10;
      rest = next;
    }
    this.#length += digits;
  }

  /** Nothing for null. */
  #text(row: BinaryRow, at: number): void {
    this.#bytes[this.#length++] = newline;
    const size = row.size[at] as number;
    if (size <= 0) return;
    const from = row.at[at] as number;
    row.bytes.copy(this.#bytes, this.#length, from, from + size);
    this.#length += size;
  }

  #hexadecimal(row: BinaryRow, at: number): void {
    this.#bytes[this.#length++] = newline;
    const from = row.at[at] as number;
    for (let i = from; i < from + (row.size[at] as number); i++) {
      const byte = row.bytes[i] as number;
      this.#bytes[this.#length++] = hexDigits[byte >> 4] as number;
      this.#bytes[this.#length++] = hexDigits[byte & 15] as number;
    }
  }
}

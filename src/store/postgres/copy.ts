import { once } from 'node:events';
import type { Socket } from 'node:net';
import type pg from 'pg';

/**
 * PostgreSQL's COPY in both directions, as bytes in its text format: a row a line, columns between tabs. However large a table
 * is, little of it is in memory at a time: whoever is slower makes the other side wait.
 */

/** The driver's connection, as far as COPY needs it; its published types leave this out. */
interface Wire {
  readonly stream: Socket;
  query(text: string): void;
  sendCopyFromChunk(bytes: Buffer): void;
  endCopyFrom(): void;
}

const aheadBytes = 1_000_000;

/** A statement that the driver hands the connection to. The methods are those that it calls. */
class Statement implements pg.Submittable {
  readonly #sql: string;
  wire: Wire | null = null;
  /** Settles when the statement is over. */
  readonly over: Promise<void>;
  #succeed: () => void = () => {};
  #fail: (error: Error) => void = () => {};

  constructor(sql: string) {
    this.#sql = sql;
    this.over = new Promise((resolve, reject) => {
      this.#succeed = resolve;
      this.#fail = reject;
    });
    // Whoever waits hears it; nobody need wait.
    this.over.catch(() => {});
  }

  submit(connection: pg.Connection): void {
    this.wire = connection as unknown as Wire;
    this.wire.query(this.#sql);
  }
  handleError(error: Error): void {
    this.#fail(error);
  }
  handleReadyForQuery(): void {
    this.#succeed();
  }
  handleCommandComplete(_: { readonly text: string }): void {}
  handleRowDescription(): void {}
  handleDataRow(): void {}
}

class Out extends Statement {
  chunks: Buffer[] = [];
  bytes = 0;
  wake: () => void = () => {};

  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    // The driver uses its buffer again.
    this.chunks.push(Buffer.from(chunk));
    this.bytes += chunk.length;
    if (this.bytes > aheadBytes) this.wire?.stream.pause();
    this.wake();
  }
}

/** What `COPY … TO STDOUT` sends, in pieces of whole rows. */
export async function* copyOut(client: pg.Client, sql: string): AsyncGenerator<Buffer> {
  const out = client.query(new Out(sql));
  let over = false;
  const ended = out.over.finally(() => {
    over = true;
    out.wake();
  });
  ended.catch(() => {});
  while (!over || out.chunks.length > 0) {
    if (out.chunks.length === 0) {
      await new Promise<void>((resolve) => {
        out.wake = resolve;
      });
      continue;
    }
    const piece = Buffer.concat(out.chunks);
    out.chunks = [];
    out.bytes = 0;
    yield piece;
    out.wire?.stream.resume();
  }
  await ended;
}

class In extends Statement {
  rows = 0;
  readonly ready: Promise<void>;
  #begin: () => void = () => {};

  constructor(sql: string) {
    super(sql);
    this.ready = new Promise((resolve) => {
      this.#begin = resolve;
    });
  }

  handleCopyInResponse(): void {
    this.#begin();
  }
  override handleCommandComplete({ text }: { readonly text: string }): void {
    this.rows = Number(text.slice('COPY '.length));
  }
}

/**
 * Sends rows to `COPY … FROM STDIN`.
 *
 * @returns how many were written
 * @throws the database's refusal; the transaction is then as good as rolled back
 */
export async function copyIn(client: pg.Client, sql: string, rows: AsyncIterable<Buffer>): Promise<number> {
  const into = client.query(new In(sql));
  await Promise.race([into.ready, into.over]);
  const wire = into.wire as Wire;
  for await (const piece of rows) {
    wire.sendCopyFromChunk(piece);
    // A refusal comes before the last row; the database then takes the rest in and forgets it.
    if (wire.stream.writableNeedDrain) await Promise.race([once(wire.stream, 'drain'), into.over]);
  }
  wire.endCopyFrom();
  await into.over;
  return into.rows;
}

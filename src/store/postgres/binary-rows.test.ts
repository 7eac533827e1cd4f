import { EventEmitter } from 'node:events';
import type pg from 'pg';
import { expect, test } from 'vitest';
import { BinaryCursor, BinaryRow } from './binary-rows.ts';
import type { Session } from './session.ts';

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5, type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

function row(seq: number, text: string): Buffer {
  const columns = Buffer.alloc(2 + 4 + 8 + 4);
  columns.writeInt16BE(2, 0);
  columns.writeInt32BE(8, 2);
  columns.writeBigInt64BE(BigInt(seq), 6);
  columns.writeInt32BE(Buffer.byteLength(text), 14);
  return message('D', Buffer.concat([columns, Buffer.from(text)]));
}

const notice = message('N', Buffer.from('SNOTICE\0\0'));
const description = message('T', Buffer.from([0, 0]));
const complete = message('C', Buffer.from('FETCH 2\0'));
const ready = message('Z', Buffer.from('T'));
const parameter = message('S', Buffer.from('TimeZone\0UTC\0'));

/** A connection whose database answers each `fetch` with what comes next, in these chunks. */
function connected(answers: readonly (readonly Buffer[])[]): {
  readonly session: Session;
  readonly told: () => Buffer;
} {
  const stream = new EventEmitter();
  const left = [...answers];
  const told: Buffer[] = [];
  let statement: pg.Submittable & { handleReadyForQuery(): void };
  stream.on('data', (bytes: Buffer) => {
    told.push(bytes);
    if (bytes[0] === ready[0]) statement.handleReadyForQuery();
  });
  const connection = {
    stream,
    query: () => setImmediate(() => left.shift()?.forEach((chunk) => void stream.emit('data', chunk))),
  };
  const client = {
    query(asked: typeof statement) {
      statement = asked;
      asked.submit(connection as unknown as pg.Connection);
      return asked;
    },
  };
  const session = {
    query: async () => ({ rows: [] }),
    inTurn: <T>(ask: (client: pg.Client) => Promise<T>) => ask(client as unknown as pg.Client),
  };
  return { session: session as unknown as Session, told: () => Buffer.concat(told) };
}

const asked = { name: 'some', sql: 'select', values: [], rowsAtOnce: 2 };

function read(rows: Buffer): [number, string][] {
  const found: [number, string][] = [];
  const each = new BinaryRow();
  for (let at = 0; at < rows.length; at = each.to) {
    each.read(rows, at);
    found.push([each.integer(0), each.text(1)]);
  }
  return found;
}

test('wherever the answer is cut, rows are kept and all else goes to the driver, also what comes unasked after its end', async () => {
  const answer = Buffer.concat([description, row(1, 'é'), notice, row(2, ''), complete, ready, parameter]);
  const none = [description, complete, ready];
  for (let cut = 0; cut <= answer.length; cut++) {
    const { session, told } = connected([[answer.subarray(0, cut), answer.subarray(cut)], none]);
    const cursor = await BinaryCursor.open(session, asked);
    expect(read(await cursor.next())).toEqual([
      [1, 'é'],
      [2, ''],
    ]);
    expect(await cursor.next()).toHaveLength(0);
    expect(told()).toEqual(Buffer.concat([description, notice, complete, ready, parameter, ...none]));
  }
});

test('a row that is larger than the memory it is read into', async () => {
  const text = 'x'.repeat(200_000);
  const { session } = connected([
    [row(1, text), row(2, text), complete, ready],
    [complete, ready],
  ]);
  const cursor = await BinaryCursor.open(session, asked);
  expect(read(await cursor.next())).toEqual([
    [1, text],
    [2, text],
  ]);
});

test('whoever asks again after the last row gets other memory each time: another thread may have been given it', async () => {
  const { session } = connected([[complete, ready]]);
  const cursor = await BinaryCursor.open(session, asked);
  const first = await cursor.next();
  const second = await cursor.next();
  expect(second.buffer).not.toBe(first.buffer);
});

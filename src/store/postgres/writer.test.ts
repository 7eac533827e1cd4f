import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { Batch } from '../store.ts';
import { Writer } from './writer.ts';

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5, type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const ready = message('Z', Buffer.from('I'));
const welcome = Buffer.concat([message('R', Buffer.alloc(4)), ready]);

/** A database that lets everybody in, and after the first question reads no more. */
const server = createServer((socket: Socket) => {
  socket.on('error', () => {});
  sockets.push(socket);
  socket.once('data', () => {
    socket.write(welcome);
    socket.once('data', () => {
      socket.pause();
      socket.write(Buffer.concat([message('C', Buffer.from('SELECT 1\0')), ready]));
    });
  });
});
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

const batch: Batch = {
  book: 1,
  id: 1,
  from: 0,
  fromHash: '',
  operations: [
    {
      seq: 1,
      time: 0,
      command: 'x'.repeat(20_000_000),
      account: 1,
      request: null,
      key: null,
      path: null,
      fingerprint: null,
      legs: [],
      changes: '{}',
      status: 200,
      body: null,
      hash: '',
      objects: [],
      lines: [],
      accounts: new Map(),
    } as unknown as Batch['operations'][number],
  ],
  balances: [],
  schedule: [],
  unschedule: [],
  after: { hash: '', lastTime: 0, settledThrough: 0, frozenTime: null, advanceTo: null } as Batch['after'],
  nextDue: null,
  wallDay: 0,
  newKeys: [],
};

test('many books may wait for a batch to be out of the house; none waits any more when the connection is gone', async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const warnings: Error[] = [];
  const heard = (warning: Error) => warnings.push(warning);
  process.on('warning', heard);
  const writer = new Writer({ url: `postgres://u@127.0.0.1:${port}/d?sslmode=disable` });
  const written = writer.commit(batch).catch((error: Error) => error);
  let over = 0;
  let waiting: Promise<unknown>[] = [];
  await expect
    .poll(async () => {
      over = 0;
      waiting = Array.from({ length: 20 }, () => writer.handedOver().then(() => over++));
      await new Promise((resolve) => setTimeout(resolve, 20));
      return over;
    })
    .toBe(0);
  for (const socket of sockets) socket.destroy();
  await Promise.all(waiting);
  expect(await written).toMatchObject({ name: 'LostAnswer' });
  expect(warnings).toEqual([]);
  process.off('warning', heard);
  await writer.close();
});
